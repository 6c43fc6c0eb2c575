-- Patchwork's foreign keys are deferred to the commit. Of a large batch they are checked before
-- lock_events, since all others wait from there.
set constraints all immediate
