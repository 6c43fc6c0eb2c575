-- Takes away the functions of sql/api as an older program made them: replacing would fail where
-- parameters or results have changed. They hold nothing. Triggers are not among them.
do $$
declare
    item regprocedure;
begin
    for item in
        select p.oid
        from pg_proc p
        where p.pronamespace = 'patchmail'::regnamespace and p.prokind = 'f'
            and p.prorettype <> 'trigger'::regtype
    loop
        execute format('drop function %s', item);
    end loop;
    set local check_function_bodies = off;
end
$$
