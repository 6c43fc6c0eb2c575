-- Deferred foreign keys speak here, while the batch can still be told which
-- statement it was, instead of at commit.
set constraints all immediate
