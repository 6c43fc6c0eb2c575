/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/reading.h"

#include <pthread.h>

typedef struct {
	GBytes *bytes;
	const PmProject *project;
	PmMail *mail;
	PmItem *item;
	GError *error;
} PmReading;

static void *
run_reading(void *data)
{
	PmReading *reading = data;
	size_t len = 0;
	const char *bytes = g_bytes_get_data(reading->bytes, &len);

	reading->mail = pm_mail_new(bytes, len, &reading->error);
	if (reading->mail != NULL && reading->project != NULL)
		reading->item = pm_classify(reading->mail, reading->project);
	return NULL;
}

void
pm_run_with_mail_stack(void *(*run)(void *), void *data)
{
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, PM_MAIL_STACK_SIZE);
	if (pthread_create(&thread, &attributes, run, data) != 0)
		g_error("could not start a thread");
	pthread_attr_destroy(&attributes);
	pthread_join(thread, NULL);
}

PmMail *
pm_read_mail(GBytes *bytes, const PmProject *project, PmItem **item_out, GError **error)
{
	PmReading reading = {.bytes = bytes, .project = project};

	pm_run_with_mail_stack(run_reading, &reading);
	if (reading.error != NULL)
		g_propagate_error(error, reading.error);
	if (item_out != NULL)
		*item_out = reading.item;
	else
		pm_item_free(reading.item);
	return reading.mail;
}
