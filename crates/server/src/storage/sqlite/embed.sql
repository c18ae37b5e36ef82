-- The widget: sites that may show a balance, tokens that were minted for them, tickets to live streams.

CREATE TABLE embed_origins (
    agency_id TEXT NOT NULL,
    origin TEXT NOT NULL,
    PRIMARY KEY (agency_id, origin)
) STRICT, WITHOUT ROWID;

CREATE TABLE embed_sessions (
    agency_id TEXT NOT NULL,
    token_hash BLOB NOT NULL,
    account_id TEXT NOT NULL,
    -- Words with spaces between them.
    components TEXT NOT NULL,
    origins TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (agency_id, token_hash)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX embed_sessions_by_token ON embed_sessions (token_hash);
CREATE INDEX embed_sessions_by_expiry ON embed_sessions (expires_at);

CREATE TABLE embed_tickets (
    agency_id TEXT NOT NULL,
    ticket_hash BLOB NOT NULL,
    -- Whose: the session's.
    token_hash BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (agency_id, ticket_hash)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX embed_tickets_by_ticket ON embed_tickets (ticket_hash);
CREATE INDEX embed_tickets_by_expiry ON embed_tickets (expires_at);

-- The frame's page is asked for by an account's id alone.
CREATE INDEX accounts_by_id ON accounts (id);
