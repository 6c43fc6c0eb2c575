-- SPDX-License-Identifier: GPL-2.0-or-later
-- The states and tags that Patchwork's fixtures give a new installation.

insert into patchwork_state (id, name, slug, ordering, action_required) values
    (1, 'New', 'new', 0, true),
    (2, 'Under Review', 'under-review', 1, true),
    (3, 'Accepted', 'accepted', 2, false),
    (4, 'Rejected', 'rejected', 3, false),
    (5, 'RFC', 'rfc', 4, false),
    (6, 'Not Applicable', 'not-applicable', 5, false),
    (7, 'Changes Requested', 'changes-requested', 6, false),
    (8, 'Awaiting Upstream', 'awaiting-upstream', 7, false),
    (9, 'Superseded', 'superseded', 8, false),
    (10, 'Deferred', 'deferred', 9, false);
select setval('patchwork_state_id_seq', 10);

insert into patchwork_tag (id, name, pattern, abbrev, show_column) values
    (1, 'Acked-by', '^Acked-by:', 'A', true),
    (2, 'Reviewed-by', '^Reviewed-by:', 'R', true),
    (3, 'Tested-by', '^Tested-by:', 'T', true);
select setval('patchwork_tag_id_seq', 3);
