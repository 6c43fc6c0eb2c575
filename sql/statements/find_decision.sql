-- A decision, and where its mails were. $1 int4: id.
-- -> project, whether it was undone, a later decision about the same series or null, then of
--    each mail: msgid, series, number
select d.project_id, d.undone_at is not null,
    (select min(l.decision_id)
        from patchmail.decided_series s
        join patchmail.decided_series l on l.series_id = s.series_id and l.decision_id > s.decision_id
        join patchmail.decision o on o.id = l.decision_id and o.undone_at is null
        where s.decision_id = d.id),
    m.msgid, m.series_id, m.slot
from patchmail.decision d
left join patchmail.decision_mail m on m.decision_id = d.id
where d.id = $1::int4
order by m.series_id, m.slot
