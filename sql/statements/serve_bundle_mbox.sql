-- GET /bundle/USER/NAME/mbox/: a public one, or one of the viewer; $7 as for a series. Parameters of all serve_*: sql/README.md.
-- -> body, filename, where to go on
select m.body, 'bundle-' || b.id || '-' || btrim(regexp_replace(b.name, '[^-_A-Za-z0-9\.]+', '-', 'g'), '-') || '.mbox' as filename,
    m.next
from patchwork_bundle b
join auth_user u on u.id = b.owner_id
cross join lateral patchmail.mbox_part(array(
    select o.patch_id from patchwork_bundlepatch o where o.bundle_id = b.id order by o."order", o.id), true,
    coalesce($7::text::int4, 0)) m
where u.username = $5::text and b.name = $6::text and (b.public or b.owner_id = $4::int4)
