-- GET /bundle/USER/NAME/mbox/: a public one, or one of the viewer. Parameters of all serve_*: sql/README.md. -> body, filename
select patchmail.bundle_mbox(b.id, true) as body, 'bundle-' || b.id || '-'
    || btrim(regexp_replace(b.name, '[^-_A-Za-z0-9\.]+', '-', 'g'), '-') || '.mbox' as filename
from patchwork_bundle b
join auth_user u on u.id = b.owner_id
where u.username = $5::text and b.name = $6::text and (b.public or b.owner_id = $4::int4)
