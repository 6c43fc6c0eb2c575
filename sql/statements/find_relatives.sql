-- Submissions of series that may replace one of this batch or be replaced by it: of
-- clusters that hold a title of the same submitter, or the same change-id. Near are
-- those that have this in common with the batch; far those that have it with near
-- ones, which must be known to decide what the near ones replace. By its title a series
-- replaces what was sent within 366 days (lib/series/lineage.c goes by the first mail of each,
-- so here it is two weeks more); of one title the newest 40 of these are looked at.
-- $1 int8[] the stored clusters that are grouped anew, or those of the mails $2 text[] in
-- $3 int4[] together with what find_kin and find_runs have just found for them; of new
-- submissions $4 int4[] project, $5 text[] submitter's address, $6 int8[] title key, $7 text[]
-- change-id, $8 int8[] when it was sent.
-- -> as find_members, then whether it is near, the recorded link of its series, why
with mine as materialized (
    select u.id
    from unnest($1::int8[]) as u (id)
    union
    select m.cluster_id
    from unnest($2::text[], $3::int4[]) as u (msgid, project_id)
    cross join lateral (
        select q.cluster_id
        from patchmail.message q
        where q.msgid = u.msgid and q.project_id = u.project_id
        order by q.msgid, q.project_id
    ) m
    union
    select unnest(nullif(current_setting('patchmail.kin', true), '')::int8[])
    where cardinality($2::text[]) > 0
    union
    select unnest(nullif(current_setting('patchmail.runs', true), '')::int8[])
    where cardinality($2::text[]) > 0
),
keys as materialized (
    select k.project_id, k.submitter_id, k.title_key, k.change_id,
        min(k.sent) - 380 * 86400 as sent_from, max(k.sent) + 380 * 86400 as sent_to
    from (
        select u.project_id, p.id as submitter_id, u.title_key, u.change_id, u.sent
        from unnest($4::int4[], $5::text[], $6::int8[], $7::text[], $8::int8[])
            as u (project_id, email, title_key, change_id, sent)
        left join lateral (
            select q.id, q.email
            from patchwork_person q
            where upper(q.email) >= upper(u.email)
            order by upper(q.email), q.id
            limit 1
        ) p on upper(p.email) = upper(u.email)
        union all
        select m.project_id, m.submitter_id, m.title_key, m.change_id, m.sent
        from mine u
        cross join lateral (
            select c.project_id, c.submitter_id, c.title_key, c.change_id, c.sent
            from patchmail.message c
            where c.cluster_id >= u.id and c.cluster_id <= u.id and c.kind in ('p', 'c')
            order by c.cluster_id
        ) m
    ) k
    group by k.project_id, k.submitter_id, k.title_key, k.change_id
),
near as materialized (
    select distinct h.cluster_id as id
    from keys k
    cross join lateral (
        (select m.cluster_id
        from patchmail.message m
        where m.project_id = k.project_id and m.submitter_id = k.submitter_id
            and m.title_key = k.title_key and m.sent between k.sent_from and k.sent_to
        order by m.project_id desc, m.submitter_id desc, m.title_key desc, m.sent desc
        limit 40)
        union all
        (select m.cluster_id
        from patchmail.message m
        where m.change_id = k.change_id and m.project_id = k.project_id
        order by m.change_id desc, m.project_id desc
        limit 40)
    ) h
    where not exists (select from mine u where u.id = h.cluster_id)
),
near_keys as materialized (
    select m.project_id, m.submitter_id, m.title_key, m.change_id,
        min(m.sent) - 380 * 86400 as sent_from, max(m.sent) + 380 * 86400 as sent_to
    from near n
    cross join lateral (
        select c.project_id, c.submitter_id, c.title_key, c.change_id, c.sent
        from patchmail.message c
        where c.cluster_id >= n.id and c.cluster_id <= n.id and c.kind in ('p', 'c')
        order by c.cluster_id
    ) m
    group by m.project_id, m.submitter_id, m.title_key, m.change_id
),
far as materialized (
    select distinct h.cluster_id as id
    from near_keys k
    cross join lateral (
        (select m.cluster_id
        from patchmail.message m
        where m.project_id = k.project_id and m.submitter_id = k.submitter_id
            and m.title_key = k.title_key and m.sent between k.sent_from and k.sent_to
        order by m.project_id desc, m.submitter_id desc, m.title_key desc, m.sent desc
        limit 40)
        union all
        (select m.cluster_id
        from patchmail.message m
        where m.change_id = k.change_id and m.project_id = k.project_id
        order by m.change_id desc, m.project_id desc
        limit 40)
    ) h
    where not exists (select from mine u where u.id = h.cluster_id)
        and not exists (select from near n where n.id = h.cluster_id)
)
select
    m.msgid, m.project_id, m.kind, m.thread_id, m.cluster_id, m.anchor,
    m.patch_id, m.cover_id, m.series_id, m.is_foreign, m.refs,
    m.slot, m.tags, m.sent, m.submitter_id, m.version, m.version_text, m.number,
    m.fraction, m.total, m.prefixes, m.name, m.title_at, m.run, m.change_id,
    m.shortlog, m.comment_id, r.is_near, v.supersedes_id, v.reason
from (
    select n.id, true as is_near from near n
    union all
    select f.id, false from far f
) r
cross join lateral (
    select *
    from patchmail.message c
    where c.cluster_id >= r.id and c.cluster_id <= r.id and c.kind in ('p', 'c')
    order by c.cluster_id
) m
left join lateral (
    select q.supersedes_id, q.reason
    from patchmail.series_revision q
    where q.series_id >= m.series_id and q.series_id <= m.series_id
    order by q.series_id
) v on true
