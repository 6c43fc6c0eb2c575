-- What a role needs to take in mail and to show it, and no more. The role's name comes from
-- the setting patchmail.grantee, since statements like these take no parameters.
do $$
declare
    role_name text := current_setting('patchmail.grantee');
    item text;
begin
    execute format('grant usage on schema patchmail to %I', role_name);
    execute format('grant select, insert, update, delete on all tables in schema patchmail to %I', role_name);
    execute format('revoke insert, update, delete on patchmail.meta, patchmail.project_policy from %I', role_name);
    execute format('grant usage on all sequences in schema patchmail to %I', role_name);
    foreach item in array array['patchwork_project', 'patchwork_state', 'patchwork_tag',
        'patchwork_delegationrule', 'patchwork_check', 'patchwork_patchrelation',
        'patchwork_bundle', 'patchwork_bundlepatch', 'patchwork_userprofile',
        'patchwork_userprofile_maintainer_projects']
    loop
        execute format('grant select on %I to %I', item, role_name);
    end loop;
    -- An older version gave all columns. An owner keeps them.
    if not pg_has_role(role_name, (select c.relowner from pg_class c where c.oid = 'auth_user'::regclass), 'usage') then
        execute format('revoke select on auth_user from %I', role_name);
    end if;
    execute format('grant select (id, username, first_name, last_name, email) on auth_user to %I', role_name);
    foreach item in array array['patchwork_person', 'patchwork_patch', 'patchwork_cover',
        'patchwork_patchcomment', 'patchwork_covercomment', 'patchwork_series',
        'patchwork_seriesreference', 'patchwork_series_dependencies', 'patchwork_patchtag',
        'patchwork_event']
    loop
        execute format('grant select, insert, update, delete on %I to %I', item, role_name);
        execute format('grant usage on sequence %s to %I',
            pg_get_serial_sequence(item, 'id'), role_name);
    end loop;
    execute format('grant select, insert, update, delete on patchwork_patchchangenotification to %I',
        role_name);
    execute format('revoke delete on patchwork_person, patchwork_patch, patchwork_cover from %I', role_name);
end
$$
