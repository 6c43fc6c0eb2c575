-- What somebody decided, where the mails were, and the series that it is about.
-- $1 int4 project, $2 text verb, $3 text[] arguments, $4 text[] msgid, $5 int4[] series and
-- $6 int4[] number as they were, $7 int4[] series. -> id
with decided as (
    insert into patchmail.decision (project_id, verb, arguments)
    values ($1::int4, $2::text, $3::text[])
    returning id
), mails as (
    insert into patchmail.decision_mail (decision_id, msgid, series_id, slot)
    select d.id, u.msgid, u.series_id, u.slot
    from decided d
    cross join unnest($4::text[], $5::int4[], $6::int4[]) as u (msgid, series_id, slot)
), kept as (
    insert into patchmail.decided_series (series_id, decision_id)
    select u.id, d.id
    from decided d
    cross join unnest($7::int4[]) as u (id)
)
select id from decided
