-- What a session that answers HTTP requests wants besides: lists are planned for what they ask,
-- as the planner likes; no request holds a connection for long.
reset enable_seqscan;
reset enable_sort;
reset enable_incremental_sort;
reset enable_hashjoin;
reset enable_mergejoin;
set statement_timeout = '20s';
set idle_in_transaction_session_timeout = '20s';
