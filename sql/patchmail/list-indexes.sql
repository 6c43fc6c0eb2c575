-- SPDX-License-Identifier: GPL-2.0-or-later
-- Clients list the newest first, and what is new since a date; Patchwork has no index for
-- either.
create index if not exists patchmail_patch_date on patchwork_patch (date, id);
create index if not exists patchmail_event_date on patchwork_event (date, id);
