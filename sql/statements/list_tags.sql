-- -> id, pattern
select t.id, t.pattern from patchwork_tag t order by t.id
