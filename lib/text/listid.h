/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/text/header.h"

/*
 * The list ids a mail may belong to, in the order in which Patchwork tries them:
 * List-ID, X-Mailing-List, X-list, first header of each; the last <...> of it,
 * else its single token. (transfer full): a strv, maybe empty.
 */
char **pm_list_ids(const PmHeaders *headers);
