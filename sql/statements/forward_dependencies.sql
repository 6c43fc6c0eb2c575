-- Dependencies on and of series that are given up pass to the heir.
-- $1 int4[] given up, $2 int4[] heir.
with heirs as (
    select * from unnest($1::int4[], $2::int4[]) as u (series_id, heir_id)
), gone as (
    delete from patchwork_series_dependencies d
    using heirs h
    where h.series_id in (d.from_series_id, d.to_series_id)
    returning d.from_series_id, d.to_series_id
)
insert into patchwork_series_dependencies (from_series_id, to_series_id)
select distinct coalesce(f.heir_id, g.from_series_id), coalesce(t.heir_id, g.to_series_id)
from gone g
left join heirs f on f.series_id = g.from_series_id
left join heirs t on t.series_id = g.to_series_id
where coalesce(f.heir_id, g.from_series_id) <> coalesce(t.heir_id, g.to_series_id)
on conflict do nothing
