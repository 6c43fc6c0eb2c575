-- SPDX-License-Identifier: GPL-2.0-or-later
-- Patchwork looks people up by address ignoring case and has no index for it.
create index if not exists patchmail_person_email
    on patchwork_person (upper(email), id);
