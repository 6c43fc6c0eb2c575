-- Frees covers before they are given to another series.
-- $1 int4[]: series.
update patchwork_series s set cover_letter_id = null
where s.id = any ($1::int4[])
