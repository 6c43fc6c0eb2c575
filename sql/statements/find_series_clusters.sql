-- Where the mails of these series are decided. $1 int4[] series.
-- -> series, msgid, cluster (null: patchmail has not met the mail)
select q.series_id, q.msgid, m.cluster_id
from (
    select p.series_id, p.msgid, p.project_id
    from unnest($1::int4[]) as u (id)
    join patchwork_patch p on p.series_id = u.id
    union all
    select s.id, c.msgid, c.project_id
    from unnest($1::int4[]) as u (id)
    join patchwork_series s on s.id = u.id
    join patchwork_cover c on c.id = s.cover_letter_id
) q
left join patchmail.message m
    on m.msgid = q.msgid and m.project_id + 0 = q.project_id and m.kind in ('p', 'c')
