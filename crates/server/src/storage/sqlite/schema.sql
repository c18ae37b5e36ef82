-- One SQLite file. Every key starts with the agency, so that tenants cannot mix and PostgreSQL can distribute by it.
-- Times are milliseconds since 1970, amounts millionths of the currency unit, ids their text form.

CREATE TABLE agencies (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    low_below_micros INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    -- How many sub-accounts are in each phase: counting them anew would scan them all at every change.
    in_agency INTEGER NOT NULL DEFAULT 0,
    in_requested INTEGER NOT NULL DEFAULT 0,
    in_paying INTEGER NOT NULL DEFAULT 0,
    in_customer INTEGER NOT NULL DEFAULT 0,
    in_returning INTEGER NOT NULL DEFAULT 0,
    change_seq INTEGER NOT NULL DEFAULT 0,
    entry_count INTEGER NOT NULL DEFAULT 0,
    last_link BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (agency_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX users_by_email ON users (lower(email));

CREATE TABLE sessions (
    agency_id TEXT NOT NULL,
    token_hash BLOB NOT NULL,
    user_id TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (agency_id, token_hash)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sessions_by_token ON sessions (token_hash);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE accounts (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    -- Lower case: what the list is sorted by.
    name_key TEXT NOT NULL,
    external_id TEXT NOT NULL,
    -- Lower case name, external id and the e-mail address in play: what is searched.
    search_text TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    low_below_micros INTEGER NOT NULL,
    phase TEXT NOT NULL,
    since INTEGER NOT NULL,
    funding TEXT NOT NULL,
    PRIMARY KEY (agency_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX accounts_by_external_id ON accounts (agency_id, external_id);
CREATE INDEX accounts_by_name ON accounts (agency_id, name_key, id);
CREATE INDEX accounts_by_phase ON accounts (agency_id, phase, name_key, id);
CREATE INDEX accounts_by_since ON accounts (agency_id, since, id);

CREATE TABLE funding_events (
    agency_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    event TEXT NOT NULL,
    recorded TEXT NOT NULL,
    PRIMARY KEY (agency_id, account_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE requests (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    request TEXT NOT NULL,
    closure TEXT,
    closed_at INTEGER,
    gateway_customer TEXT,
    PRIMARY KEY (agency_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE links (
    agency_id TEXT NOT NULL,
    token_hash BLOB NOT NULL,
    request_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (agency_id, token_hash)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX links_by_token ON links (token_hash);

CREATE TABLE payments (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    status TEXT NOT NULL,
    payment TEXT NOT NULL,
    confirmation_token TEXT,
    intent_id TEXT,
    quarantined TEXT,
    PRIMARY KEY (agency_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX payments_by_id ON payments (id);
CREATE UNIQUE INDEX payments_by_intent ON payments (intent_id) WHERE intent_id IS NOT NULL;
CREATE INDEX payments_by_account ON payments (agency_id, account_id, id);

CREATE TABLE entries (
    agency_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    account_id TEXT,
    reference TEXT NOT NULL,
    link BLOB NOT NULL,
    PRIMARY KEY (agency_id, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX entries_by_reference ON entries (agency_id, kind, reference);
CREATE INDEX entries_by_account ON entries (agency_id, account_id, number);

CREATE TABLE postings (
    agency_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    leg INTEGER NOT NULL,
    book TEXT NOT NULL,
    account_id TEXT,
    amount_micros INTEGER NOT NULL,
    balance_after_micros INTEGER NOT NULL,
    PRIMARY KEY (agency_id, number, leg)
) STRICT, WITHOUT ROWID;

-- Append-only: a correction is a new entry.
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
CREATE TRIGGER entries_remain BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
CREATE TRIGGER postings_stay BEFORE UPDATE ON postings BEGIN SELECT RAISE(ABORT, 'postings are append-only'); END;
CREATE TRIGGER postings_remain BEFORE DELETE ON postings BEGIN SELECT RAISE(ABORT, 'postings are append-only'); END;

CREATE TABLE balances (
    agency_id TEXT NOT NULL,
    book TEXT NOT NULL,
    -- Empty but for a customer's book.
    account_id TEXT NOT NULL,
    amount_micros INTEGER NOT NULL,
    PRIMARY KEY (agency_id, book, account_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE changes (
    agency_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    change TEXT NOT NULL,
    PRIMARY KEY (agency_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX changes_by_age ON changes (at);

CREATE TABLE jobs (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    key TEXT NOT NULL,
    effect TEXT NOT NULL,
    -- open, done or failed
    state TEXT NOT NULL,
    run_at INTEGER NOT NULL,
    leased_until INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    error TEXT,
    PRIMARY KEY (agency_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX jobs_by_key ON jobs (agency_id, key);
CREATE INDEX jobs_by_time ON jobs (state, run_at);

CREATE TABLE idempotency (
    agency_id TEXT NOT NULL,
    used_by TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    status INTEGER,
    body TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (agency_id, used_by, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (at);

CREATE TABLE audit (
    agency_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    account_id TEXT,
    before TEXT,
    after TEXT,
    request_id TEXT NOT NULL,
    PRIMARY KEY (agency_id, number)
) STRICT, WITHOUT ROWID;

-- The gateway's events and a demo's mailbox belong to no agency.
CREATE TABLE webhooks (
    id TEXT PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE mailbox (
    id TEXT PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    from_name TEXT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    html TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX mailbox_by_age ON mailbox (at);
