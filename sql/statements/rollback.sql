-- Gives a batch up.
rollback
