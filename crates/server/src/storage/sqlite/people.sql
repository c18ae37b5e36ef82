-- Who may do what: roles, what people are invited and reset by, what is known of sessions and keys.

-- Everybody who was there before there were roles could do everything.
ALTER TABLE users ADD COLUMN role TEXT NOT NULL DEFAULT 'owner';
-- The sub-accounts of a client user, separated by spaces; empty for everybody else.
ALTER TABLE users ADD COLUMN accounts TEXT NOT NULL DEFAULT '';

ALTER TABLE sessions ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN agent TEXT NOT NULL DEFAULT '';
-- Sessions have always lasted fourteen days.
UPDATE sessions SET created_at = expires_at - 1209600000;
CREATE INDEX sessions_by_user ON sessions (agency_id, user_id);

ALTER TABLE api_keys ADD COLUMN used_at INTEGER;

-- What a link in a letter to a person lets them do: accept an invitation, or set a new password.
CREATE TABLE tickets (
    agency_id TEXT NOT NULL,
    token_hash BLOB NOT NULL,
    user_id TEXT NOT NULL,
    -- invitation or reset
    purpose TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (agency_id, token_hash)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tickets_by_token ON tickets (token_hash);
CREATE INDEX tickets_by_user ON tickets (agency_id, user_id);
CREATE INDEX tickets_by_expiry ON tickets (expires_at);

CREATE INDEX audit_by_account ON audit (agency_id, account_id, number);
