-- Usage: events with their draws, what they sum up to per day, prices, and the keys that machines send them with.

CREATE TABLE api_keys (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    hash BLOB NOT NULL,
    -- Words with spaces between.
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (agency_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX api_keys_by_hash ON api_keys (hash);

CREATE TABLE prices (
    agency_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    subject TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    setting TEXT NOT NULL,
    set_at INTEGER NOT NULL,
    set_by TEXT NOT NULL,
    PRIMARY KEY (agency_id, number)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER prices_stay BEFORE UPDATE ON prices BEGIN SELECT RAISE(ABORT, 'prices are append-only'); END;
CREATE TRIGGER prices_remain BEFORE DELETE ON prices BEGIN SELECT RAISE(ABORT, 'prices are append-only'); END;

CREATE TABLE metering (
    agency_id TEXT PRIMARY KEY NOT NULL,
    events INTEGER NOT NULL,
    indexed INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What every server has to forget: an account's payer, or (no account) the prices.
CREATE TABLE metering_changes (
    agency_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    account_id TEXT,
    PRIMARY KEY (agency_id, version)
) STRICT, WITHOUT ROWID;

-- In the order of arrival. There is no index by account or identity: a B-tree of random keys is what slows down as it grows.
-- An account's events are chained by `previous` from its lines of days; identities are in `event_index`.
CREATE TABLE events (
    agency_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    account_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    payload BLOB NOT NULL,
    -- The draw; all of it is absent while the type has no price.
    entry INTEGER,
    payer TEXT,
    quantity_micros INTEGER,
    used_before_micros INTEGER,
    amount_micros INTEGER,
    price INTEGER,
    markup INTEGER,
    previous INTEGER,
    PRIMARY KEY (agency_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX events_unpriced ON events (agency_id, type, number) WHERE entry IS NULL;
CREATE TRIGGER events_stay BEFORE UPDATE ON events WHEN old.entry IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'draws are append-only'); END;
CREATE TRIGGER events_remain BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TABLE usage_days (
    agency_id TEXT NOT NULL,
    day INTEGER NOT NULL,
    account_id TEXT NOT NULL,
    type TEXT NOT NULL,
    payer TEXT NOT NULL,
    events INTEGER NOT NULL,
    late_events INTEGER NOT NULL,
    quantity_micros INTEGER NOT NULL,
    amount_micros INTEGER NOT NULL,
    last_event INTEGER NOT NULL,
    -- The newest event before the last addition: what the first event of that addition is chained to.
    last_before INTEGER NOT NULL,
    PRIMARY KEY (agency_id, day, account_id, type, payer)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_days_by_account ON usage_days (agency_id, account_id, type, day);

-- Identities of events, sorted within segments of consecutive events and packed into pages.
CREATE TABLE event_index (
    agency_id TEXT NOT NULL,
    segment INTEGER NOT NULL,
    first BLOB NOT NULL,
    entries BLOB NOT NULL,
    PRIMARY KEY (agency_id, segment, first)
) STRICT, WITHOUT ROWID;
