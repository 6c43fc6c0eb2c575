-- For the daemon's figures. -> held replies, quarantined mails, their bytes
select
    (select count(*) from patchmail.orphan),
    q.mails,
    q.bytes
from (
    select count(*) as mails, coalesce(sum(octet_length(bytes)), 0) as bytes
    from patchmail.quarantine
) q
