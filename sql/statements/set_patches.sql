-- Changes patches, all or none. $1 text[]: ids or Message-IDs; text, null where it stays, '' for none:
-- $2 state, $3 delegate, $4 archived, $5 commit_ref; $6 text: who did it, null for nobody
-- -> error, id, msgid, name, changed, state, delegate, archived, commit_ref
select
    s.error, s.id, s.msgid, s.name, s.changed, s.state, s.delegate, s.archived, s.commit_ref
from (
    select coalesce(jsonb_object_agg(f.key, f.value) filter (where f.value is not null), '{}') as fields
    from (values ('state', $2::text), ('delegate', $3::text), ('archived', $4::text), ('commit_ref', $5::text))
        f (key, value)
) g
cross join lateral patchmail.patches_set($1::text[], g.fields, $6::text) s
