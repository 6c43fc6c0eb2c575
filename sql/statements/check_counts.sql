-- -> projects, held replies, quarantined mails, states, whether people have their index
select
    (select count(*) from patchwork_project),
    (select count(*) from patchmail.orphan),
    (select count(*) from patchmail.quarantine),
    (select count(*) from patchwork_state),
    to_regclass('patchmail_person_email') is not null
