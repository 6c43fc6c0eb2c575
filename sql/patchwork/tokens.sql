-- SPDX-License-Identifier: GPL-2.0-or-later
-- The tokens of the REST API, as Django REST framework makes them; for databases of our own. Beside the
-- users: a role that is called patchmail would make it in the schema of that name.

do $$
declare
    place text := (select c.relnamespace::regnamespace from pg_class c where c.oid = 'auth_user'::regclass);
begin
    execute format('create table if not exists %s.authtoken_token (
            key character varying(40) not null,
            created timestamp with time zone not null,
            user_id integer not null,
            constraint authtoken_token_pkey primary key (key),
            constraint authtoken_token_user_id_key unique (user_id),
            constraint authtoken_token_user_id_35299eff_fk_auth_user_id foreign key (user_id)
                references auth_user (id) deferrable initially deferred
        )', place);
    execute format('create index if not exists authtoken_token_key_10f0b77e_like
        on %s.authtoken_token (key varchar_pattern_ops)', place);
end
$$;
