/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/api/options.h"

#include <json-glib/json-glib.h>

#include "daemon/api/reply.h"

static void
add_list(JsonBuilder *builder, const char *name, const char *const *values)
{
	json_builder_set_member_name(builder, name);
	json_builder_begin_array(builder);
	for (; *values != NULL; values++)
		json_builder_add_string_value(builder, *values);
	json_builder_end_array(builder);
}

void
pm_answer_options(PmRequest *request)
{
	static const char *const renders[] = {"application/json", NULL};
	static const char *const parses[] = {"application/json",
					     "application/x-www-form-urlencoded", NULL};
	const char *name = request->match.route->name;
	g_autoptr(JsonBuilder) builder = json_builder_new();

	if (name == NULL) {
		pm_reply_text(request, 200, "text/plain; charset=utf-8", "");
		return;
	}
	json_builder_begin_object(builder);
	json_builder_set_member_name(builder, "name");
	json_builder_add_string_value(builder, name);
	json_builder_set_member_name(builder, "description");
	json_builder_add_string_value(builder, "");
	add_list(builder, "renders", renders);
	add_list(builder, "parses", parses);
	json_builder_end_object(builder);
	g_autoptr(JsonNode) root = json_builder_get_root(builder);
	g_autofree char *text = json_to_string(root, FALSE);
	pm_reply_text(request, 200, "application/json", text);
}
