-- What find_kin asks, of series that Patchwork's own parser made and we have not met: a mail
-- of each that leads to it. $1 int4[] project, $2 text[] email, $3 int4[] version,
-- $4 int4[] total, $5 int8[] date (seconds), $6 int8 window in seconds.
-- -> ordinal from 1, msgid
with asked as materialized (
    select u.project_id, u.email, u.version, u.total, u.sent, u.ord
    from unnest($1::int4[], $2::text[], $3::int4[], $4::int4[], $5::int8[])
        with ordinality as u (project_id, email, version, total, sent, ord)
), senders as materialized (
    select distinct a.email, p.id
    from (select distinct email from asked) a
    cross join lateral (
        select q.id, q.email
        from patchwork_person q
        where upper(q.email) >= upper(a.email)
        order by upper(q.email), q.id
        limit 1
    ) p
    where upper(p.email) = upper(a.email)
), theirs as materialized (
    select x.email, s.id, s.project_id, s.version, s.total,
        extract(epoch from s.date at time zone current_setting('TimeZone')) as sent
    from senders x
    join patchwork_series s on s.submitter_id = x.id
    where extract(epoch from s.date at time zone current_setting('TimeZone')) between
        (select min(sent) from asked) - $6::int8 and (select max(sent) from asked) + $6::int8
)
select a.ord, p.msgid
from asked a
join theirs t
    on t.email = a.email and t.project_id = a.project_id and t.version = a.version
    and t.total = a.total and t.sent between a.sent - $6::int8 and a.sent + $6::int8
cross join lateral (
    select k.msgid, k.project_id
    from patchwork_patch k
    where k.series_id = t.id
    order by k.series_id, k.number
    limit 1
) p
where not exists (
    select from patchmail.message m
    where m.msgid >= p.msgid and m.msgid <= p.msgid and m.project_id + 0 = p.project_id and m.kind <> 'g')
