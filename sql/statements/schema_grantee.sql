-- The role that schema_grant.sql is about. $1 text: role.
select set_config('patchmail.grantee', $1::text, true)
