-- The same tables and columns as in SQLite. Text is compared byte by byte, so that both databases sort alike.
-- Times are milliseconds since 1970, amounts millionths of the currency unit, ids their text form, JSON as it was written.

CREATE TABLE agencies (
    id text COLLATE "C" PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    low_below_micros bigint NOT NULL,
    created_at bigint NOT NULL,
    -- How many sub-accounts are in each phase: counting them anew would scan them all at every change.
    in_agency bigint NOT NULL DEFAULT 0,
    in_requested bigint NOT NULL DEFAULT 0,
    in_paying bigint NOT NULL DEFAULT 0,
    in_customer bigint NOT NULL DEFAULT 0,
    in_returning bigint NOT NULL DEFAULT 0,
    change_seq bigint NOT NULL DEFAULT 0,
    entry_count bigint NOT NULL DEFAULT 0,
    last_link bytea NOT NULL
-- Its rows change at every command: room on the page keeps the new version beside the old one.
) WITH (fillfactor = 40);

CREATE TABLE users (
    agency_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    email text COLLATE "C" NOT NULL,
    password_hash text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (agency_id, id)
);
CREATE UNIQUE INDEX users_by_email ON users (lower(email));

CREATE TABLE sessions (
    agency_id text COLLATE "C" NOT NULL,
    token_hash bytea NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (agency_id, token_hash)
);
CREATE UNIQUE INDEX sessions_by_token ON sessions (token_hash);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE accounts (
    agency_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    -- Lower case: what the list is sorted by.
    name_key text COLLATE "C" NOT NULL,
    external_id text COLLATE "C" NOT NULL,
    -- Lower case name, external id and the e-mail address in play: what is searched.
    search_text text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    created_by text COLLATE "C" NOT NULL,
    low_below_micros bigint NOT NULL,
    phase text COLLATE "C" NOT NULL,
    since bigint NOT NULL,
    funding text COLLATE "C" NOT NULL,
    PRIMARY KEY (agency_id, id)
);
CREATE UNIQUE INDEX accounts_by_external_id ON accounts (agency_id, external_id);
CREATE INDEX accounts_by_name ON accounts (agency_id, name_key, id);
CREATE INDEX accounts_by_phase ON accounts (agency_id, phase, name_key, id);
CREATE INDEX accounts_by_since ON accounts (agency_id, since, id);

CREATE TABLE funding_events (
    agency_id text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    at bigint NOT NULL,
    event text COLLATE "C" NOT NULL,
    recorded text COLLATE "C" NOT NULL,
    PRIMARY KEY (agency_id, account_id, number)
);

CREATE TABLE requests (
    agency_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    request text COLLATE "C" NOT NULL,
    closure text COLLATE "C",
    closed_at bigint,
    gateway_customer text COLLATE "C",
    PRIMARY KEY (agency_id, id)
);

CREATE TABLE links (
    agency_id text COLLATE "C" NOT NULL,
    token_hash bytea NOT NULL,
    request_id text COLLATE "C" NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (agency_id, token_hash)
);
CREATE UNIQUE INDEX links_by_token ON links (token_hash);

CREATE TABLE payments (
    agency_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    payment text COLLATE "C" NOT NULL,
    confirmation_token text COLLATE "C",
    intent_id text COLLATE "C",
    quarantined text COLLATE "C",
    PRIMARY KEY (agency_id, id)
);
CREATE UNIQUE INDEX payments_by_id ON payments (id);
CREATE UNIQUE INDEX payments_by_intent ON payments (intent_id) WHERE intent_id IS NOT NULL;
CREATE INDEX payments_by_account ON payments (agency_id, account_id, id);

CREATE TABLE entries (
    agency_id text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    at bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    account_id text COLLATE "C",
    reference text COLLATE "C" NOT NULL,
    link bytea NOT NULL,
    PRIMARY KEY (agency_id, number)
);
CREATE UNIQUE INDEX entries_by_reference ON entries (agency_id, kind, reference);
CREATE INDEX entries_by_account ON entries (agency_id, account_id, number);

CREATE TABLE postings (
    agency_id text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    leg bigint NOT NULL,
    book text COLLATE "C" NOT NULL,
    account_id text COLLATE "C",
    amount_micros bigint NOT NULL,
    balance_after_micros bigint NOT NULL,
    PRIMARY KEY (agency_id, number, leg)
);

-- Append-only: a correction is a new entry.
CREATE FUNCTION sluice_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% are append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION sluice_append_only();
CREATE TRIGGER postings_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON postings
    FOR EACH STATEMENT EXECUTE FUNCTION sluice_append_only();

CREATE TABLE balances (
    agency_id text COLLATE "C" NOT NULL,
    book text COLLATE "C" NOT NULL,
    -- Empty but for a customer's book.
    account_id text COLLATE "C" NOT NULL,
    amount_micros bigint NOT NULL,
    PRIMARY KEY (agency_id, book, account_id)
) WITH (fillfactor = 60);

CREATE TABLE changes (
    agency_id text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    at bigint NOT NULL,
    change text COLLATE "C" NOT NULL,
    PRIMARY KEY (agency_id, seq)
);
CREATE INDEX changes_by_age ON changes (at);

CREATE TABLE jobs (
    agency_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    effect text COLLATE "C" NOT NULL,
    -- open, done or failed
    state text COLLATE "C" NOT NULL,
    run_at bigint NOT NULL,
    leased_until bigint NOT NULL,
    attempts bigint NOT NULL,
    created_at bigint NOT NULL,
    error text COLLATE "C",
    PRIMARY KEY (agency_id, id)
);
CREATE UNIQUE INDEX jobs_by_key ON jobs (agency_id, key);
CREATE INDEX jobs_by_time ON jobs (state, run_at);

CREATE TABLE idempotency (
    agency_id text COLLATE "C" NOT NULL,
    used_by text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    fingerprint bytea NOT NULL,
    status bigint,
    body text COLLATE "C",
    at bigint NOT NULL,
    PRIMARY KEY (agency_id, used_by, key)
);
CREATE INDEX idempotency_by_age ON idempotency (at);

CREATE TABLE audit (
    agency_id text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    at bigint NOT NULL,
    actor text COLLATE "C" NOT NULL,
    action text COLLATE "C" NOT NULL,
    account_id text COLLATE "C",
    before text COLLATE "C",
    after text COLLATE "C",
    request_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (agency_id, number)
);

-- The gateway's events and a demo's mailbox belong to no agency.
CREATE TABLE webhooks (
    id text COLLATE "C" PRIMARY KEY,
    at bigint NOT NULL
);

CREATE TABLE mailbox (
    id text COLLATE "C" PRIMARY KEY,
    at bigint NOT NULL,
    message_id text COLLATE "C" NOT NULL UNIQUE,
    from_name text COLLATE "C" NOT NULL,
    recipient text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    text text COLLATE "C" NOT NULL,
    html text COLLATE "C" NOT NULL
);
CREATE INDEX mailbox_by_age ON mailbox (at);
