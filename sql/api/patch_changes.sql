-- SPDX-License-Identifier: GPL-2.0-or-later
-- What the body of a request wants of a patch, as ids, and what is wrong with it:
-- {"changes": {...}, "errors": {...}}.
create or replace function patchmail.api_patch_changes(project_id int, fields jsonb)
returns jsonb language plpgsql stable as $$
#variable_conflict use_column
declare
    changes jsonb := '{}';
    errors jsonb := '{}';
    value text;
    found_id int;
begin
    if fields ? 'state' then
        value := regexp_replace(lower(btrim(patchmail.api_given(fields, 'state'))), '\s+', '-', 'g');
        found_id := (select t.id from patchwork_state t where t.slug = value
            or lower(t.name) = lower(btrim(patchmail.api_given(fields, 'state'))) limit 1);
        if found_id is null then
            errors := errors || jsonb_build_object('state', jsonb_build_array(
                case when value is null then 'This field may not be null.'
                else format('Invalid state %s. Expected one of: %s.', value, (
                    select string_agg(t.slug, ', ' order by t.ordering) from patchwork_state t)) end));
        end if;
        changes := changes || jsonb_build_object('state_id', found_id);
    end if;
    if fields ? 'delegate' then
        value := patchmail.api_given(fields, 'delegate');
        found_id := patchmail.api_id_of('user', value);
        if value is not null and found_id is null then
            errors := errors || jsonb_build_object('delegate', jsonb_build_array(
                format('Invalid pk "%s" - object does not exist.', value)));
        elsif found_id is not null and not patchmail.api_maintains(project_id, found_id) then
            errors := errors || jsonb_build_object('delegate', jsonb_build_array(format(
                'User ''%s'' is not a maintainer for project ''%s''',
                (select u.username from auth_user u where u.id = found_id),
                (select r.name from patchwork_project r where r.id = api_patch_changes.project_id))));
        end if;
        changes := changes || jsonb_build_object('delegate_id', found_id);
    end if;
    if fields ? 'archived' then
        if patchmail.api_given_flag(fields, 'archived') is null then
            errors := errors || '{"archived": ["Must be a valid boolean."]}';
        end if;
        changes := changes || jsonb_build_object('archived', patchmail.api_given_flag(fields, 'archived'));
    end if;
    if fields ? 'commit_ref' then
        value := patchmail.api_given(fields, 'commit_ref');
        if jsonb_typeof(fields -> 'commit_ref') in ('object', 'boolean') then
            errors := errors || '{"commit_ref": ["Not a valid string."]}';
        elsif length(value) > 255 then
            errors := errors || '{"commit_ref": ["Ensure this field has no more than 255 characters."]}';
        end if;
        changes := changes || jsonb_build_object('commit_ref', value);
    end if;
    return jsonb_build_object('changes', changes, 'errors', errors);
end
$$;
