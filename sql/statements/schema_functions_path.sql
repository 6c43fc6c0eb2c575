-- Those functions that are called from outside look up Patchwork's tables where they are now,
-- whatever the caller's search_path is; what they call (api_*) inherits that.
do $$
declare
    item regprocedure;
    place text := (select c.relnamespace::regnamespace from pg_class c
        where c.oid = 'patchwork_patch'::regclass);
begin
    for item in
        select p.oid
        from pg_proc p
        where p.pronamespace = 'patchmail'::regnamespace and p.prokind = 'f'
            and p.prorettype <> 'trigger'::regtype and p.proname not like 'api\_%'
    loop
        execute format('alter function %s set search_path = %s, pg_temp', item, place);
        -- Compiling a page takes longer than making it.
        execute format('alter function %s set jit = off', item);
        -- So does planning for one id, or a list of them.
        execute format('alter function %s set plan_cache_mode = force_generic_plan', item);
    end loop;
end
$$
