-- $1 int4[]: patches that lost tags.
delete from patchwork_patchtag t
where t.patch_id = any ($1::int4[]) and t.count <= 0
