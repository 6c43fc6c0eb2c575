-- Ends a batch.
commit
