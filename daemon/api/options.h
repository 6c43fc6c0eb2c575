/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/api/request.h"

/* OPTIONS of what was found: its name, and what it takes and gives. */
void pm_answer_options(PmRequest *request);
