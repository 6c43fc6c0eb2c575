-- SPDX-License-Identifier: GPL-2.0-or-later
-- The mbox of one patch or cover (kind), null where there is none.
create or replace function patchmail.api_mbox_of(kind text, mail_id int, tags boolean)
returns bytea language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select case when w.bytes is not null
            then patchmail.api_mbox_raw(h.head, w.bytes, r.listemail, h.submitter,
            case when tags then patchmail.api_responses(kind, m.id) else '' end)
            else patchmail.api_mbox_rebuilt(h.head,
                patchmail.api_mbox_headers(m.headers, r.listemail, h.submitter)
                    || case when E'\n' || m.headers ~* '\ndate:' then '' else
                        to_char(m.date::timestamp, E'"\nDate: "Dy, DD Mon YYYY HH24:MI:SS "-0000"') end,
                case when tags then patchmail.api_with_responses(coalesce(m.content, ''),
                    patchmail.api_responses(kind, m.id)) else coalesce(m.content, '') end || E'\n'
                    || coalesce(E'\n' || nullif(m.diff, ''), '')) end
        from (
            select p.id, p.msgid, p.project_id, p.submitter_id, p.delegate_id, p.date, p.headers,
                p.content, p.diff
            from patchwork_patch p
            where kind = 'patch' and p.id = mail_id
            union all
            select c.id, c.msgid, c.project_id, c.submitter_id, null, c.date, c.headers, c.content, null
            from patchwork_cover c
            where kind = 'cover' and c.id = mail_id
        ) m
        join patchwork_project r on r.id = m.project_id
        join patchwork_person u on u.id = m.submitter_id
        left join auth_user d on d.id = m.delegate_id
        left join patchmail.raw w on w.msgid = m.msgid and w.project_id = m.project_id
        cross join lateral (
            select patchmail.api_mailbox(u.name, u.email) as submitter,
                'From patchwork ' || to_char(m.date::timestamp, 'Dy Mon ')
                    || lpad(to_char(m.date::timestamp, 'FMDD'), 2)
                    || to_char(m.date::timestamp, ' HH24:MI:SS YYYY')
                    || E'\nX-Patchwork-Submitter: ' || patchmail.api_mailbox(u.name, u.email)
                    || E'\nX-Patchwork-Id: ' || m.id || E'\n'
                    || coalesce('X-Patchwork-Delegate: ' || d.email || E'\n', '') as head
        ) h
    );
end
$$;
