-- Starts a batch.
begin
