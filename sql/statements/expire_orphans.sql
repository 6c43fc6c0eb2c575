-- Lets go of replies whose parent did not come in time, the oldest first, not all at once. What is
-- left of each is that it is referred to: should it come again, it is as new.
-- $1 int8: seconds. -> how many
with expired as materialized (
    select o.msgid, o.project_id
    from patchmail.orphan o
    where o.held_at < now() - make_interval(secs => $1::int8)
    order by o.held_at
    limit 10000
), dropped as (
    delete from patchmail.orphan o
    using expired e
    where o.msgid >= e.msgid and o.msgid <= e.msgid and o.project_id = e.project_id
), raws as (
    delete from patchmail.raw r
    using expired e
    where r.msgid >= e.msgid and r.msgid <= e.msgid and r.project_id = e.project_id
), ghosts as (
    update patchmail.message m
    set kind = 'g', refs = null, tags = null
    from expired e
    where m.msgid >= e.msgid and m.msgid <= e.msgid and m.project_id = e.project_id
        and m.kind::text = 'h'
)
select count(*) from expired
