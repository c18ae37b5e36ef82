-- Since when an account is closed, to list by.

ALTER TABLE accounts ADD COLUMN closed_at bigint;
