-- Where a token for publishing is good, as the platform said when it was kept: the account's server, its name there, and
-- its lasting identifier. None where the program has no client for the platform.
ALTER TABLE credential ADD COLUMN server TEXT;
ALTER TABLE credential ADD COLUMN remote_name TEXT;
ALTER TABLE credential ADD COLUMN remote_id TEXT;
