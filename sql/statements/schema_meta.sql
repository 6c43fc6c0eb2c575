-- -> key, value
select m.key, m.value from patchmail.meta m
