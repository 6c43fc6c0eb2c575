/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/series/project.h"

void
pm_project_free(PmProject *project)
{
	if (project == NULL)
		return;
	g_free(project->linkname);
	g_free(project->list_id);
	g_free(project->list_email);
	g_clear_pointer(&project->subject_match, pm_pattern_free);
	g_free(project);
}
