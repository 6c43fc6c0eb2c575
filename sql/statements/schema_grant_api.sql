-- What a role needs to answer over HTTP, and no more: it reads, changes what endpoints change, and
-- stores no mail. The role's name comes from the setting patchmail.grantee.
do $$
declare
    role_name text := current_setting('patchmail.grantee');
    item text;
begin
    execute format('grant usage on schema patchmail to %I', role_name);
    execute format('grant select on patchmail.meta, patchmail.raw, patchmail.series_revision to %I', role_name);
    foreach item in array array['patchwork_project', 'patchwork_state', 'patchwork_tag', 'patchwork_patchtag',
        'patchwork_person', 'patchwork_patch', 'patchwork_cover', 'patchwork_patchcomment',
        'patchwork_covercomment', 'patchwork_series', 'patchwork_series_dependencies', 'patchwork_event',
        'patchwork_check', 'patchwork_patchrelation', 'patchwork_bundle', 'patchwork_bundlepatch',
        'patchwork_userprofile', 'patchwork_userprofile_maintainer_projects', 'authtoken_token',
        'patchwork_patchchangenotification']
    loop
        if to_regclass(item) is not null then
            execute format('grant select on %I to %I', item, role_name);
        end if;
    end loop;
    -- An older version gave all columns. An owner keeps them.
    if not pg_has_role(role_name, (select c.relowner from pg_class c where c.oid = 'auth_user'::regclass), 'usage') then
        execute format('revoke select on auth_user from %I', role_name);
    end if;
    execute format('grant select (id, username, first_name, last_name, email, password, is_active) on auth_user to %I', role_name);
    execute format('grant update (state_id, delegate_id, archived, commit_ref, related_id) on patchwork_patch to %I',
        role_name);
    execute format('grant update (addressed) on patchwork_patchcomment, patchwork_covercomment to %I', role_name);
    execute format('grant insert on patchwork_event, patchwork_check, patchwork_patchrelation to %I', role_name);
    execute format('grant insert, update, delete on patchwork_bundle, patchwork_bundlepatch, '
        'patchwork_patchchangenotification to %I', role_name);
    foreach item in array array['patchwork_event', 'patchwork_check', 'patchwork_patchrelation',
        'patchwork_bundle', 'patchwork_bundlepatch']
    loop
        execute format('grant usage on sequence %s to %I', pg_get_serial_sequence(item, 'id'), role_name);
    end loop;
end
$$
