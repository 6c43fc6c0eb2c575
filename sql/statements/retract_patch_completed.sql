-- A patch that counts as completed no more. $1 int4[] patches.
delete from patchwork_event e
where e.patch_id = any ($1::int4[]) and e.category || '' = 'patch-completed'
