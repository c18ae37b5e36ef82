-- Secure links to top up a balance of a customer's own.

CREATE TABLE top_ups (
    agency_id TEXT NOT NULL,
    token_hash BLOB NOT NULL,
    account_id TEXT NOT NULL,
    email TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- Ids with spaces between them, oldest first.
    payments TEXT NOT NULL,
    PRIMARY KEY (agency_id, token_hash)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX top_ups_by_token ON top_ups (token_hash);
CREATE INDEX top_ups_by_account ON top_ups (agency_id, account_id, expires_at);
CREATE INDEX top_ups_by_expiry ON top_ups (expires_at);
