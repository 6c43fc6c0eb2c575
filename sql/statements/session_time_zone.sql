-- The zone in which an existing Patchwork keeps its wall clocks. $1 text: name.
select set_config('TimeZone', $1::text, false)
