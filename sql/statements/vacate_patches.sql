-- First half of a move: frees the slots, since (series, number) is unique at once.
-- $1 int4[]: patches.
update patchwork_patch p set series_id = null, number = null
where p.id = any ($1::int4[])
