-- For the daemon's figures. -> held replies, quarantined mails
select
    (select count(*) from patchmail.orphan),
    (select count(*) from patchmail.quarantine)
