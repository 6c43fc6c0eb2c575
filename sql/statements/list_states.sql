-- -> id, name, in the order of Patchwork's menus; the first is that of new patches
select s.id, s.name from patchwork_state s order by s.ordering
