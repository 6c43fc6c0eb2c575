-- SPDX-License-Identifier: GPL-2.0-or-later
-- The tokens of the REST API, as Django REST framework makes them; for databases of our own.

create table if not exists authtoken_token (
    key character varying(40) not null,
    created timestamp with time zone not null,
    user_id integer not null,
    constraint authtoken_token_pkey primary key (key),
    constraint authtoken_token_user_id_key unique (user_id),
    constraint authtoken_token_user_id_35299eff_fk_auth_user_id foreign key (user_id)
        references auth_user (id) deferrable initially deferred
);
create index if not exists authtoken_token_key_10f0b77e_like on authtoken_token (key varchar_pattern_ops);
