-- Usage: events with their draws, what they sum up to per day, prices, and the keys that machines send them with.

CREATE TABLE api_keys (
    agency_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    hash bytea NOT NULL,
    -- Words with spaces between.
    scopes text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (agency_id, id)
);
CREATE UNIQUE INDEX api_keys_by_hash ON api_keys (hash);

CREATE TABLE prices (
    agency_id text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    subject text COLLATE "C" NOT NULL,
    from_at bigint NOT NULL,
    setting text COLLATE "C" NOT NULL,
    set_at bigint NOT NULL,
    set_by text COLLATE "C" NOT NULL,
    PRIMARY KEY (agency_id, number)
);
CREATE TRIGGER prices_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON prices
    FOR EACH STATEMENT EXECUTE FUNCTION sluice_append_only();

CREATE TABLE metering (
    agency_id text COLLATE "C" PRIMARY KEY,
    events bigint NOT NULL,
    indexed bigint NOT NULL,
    version bigint NOT NULL
) WITH (fillfactor = 40);

-- What every server has to forget: an account's payer, or (no account) the prices.
CREATE TABLE metering_changes (
    agency_id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    account_id text COLLATE "C",
    PRIMARY KEY (agency_id, version)
);

-- In the order of arrival. There is no index by account or identity: a B-tree of random keys is what slows down as it grows.
-- An account's events are chained by `previous` from its lines of days; identities are in `event_index`.
CREATE TABLE events (
    agency_id text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    received_at bigint NOT NULL,
    source text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    data text COLLATE "C" NOT NULL,
    payload bytea NOT NULL,
    -- The draw; all of it is absent while the type has no price.
    entry bigint,
    payer text COLLATE "C",
    quantity_micros bigint,
    used_before_micros bigint,
    amount_micros bigint,
    price bigint,
    markup bigint,
    previous bigint,
    PRIMARY KEY (agency_id, number)
);
CREATE INDEX events_unpriced ON events (agency_id, type, number) WHERE entry IS NULL;
CREATE TRIGGER events_stay BEFORE UPDATE ON events
    FOR EACH ROW WHEN (old.entry IS NOT NULL) EXECUTE FUNCTION sluice_append_only();
CREATE TRIGGER events_remain BEFORE DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION sluice_append_only();

CREATE TABLE usage_days (
    agency_id text COLLATE "C" NOT NULL,
    day bigint NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    payer text COLLATE "C" NOT NULL,
    events bigint NOT NULL,
    late_events bigint NOT NULL,
    quantity_micros bigint NOT NULL,
    amount_micros bigint NOT NULL,
    last_event bigint NOT NULL,
    -- The newest event before the last addition: what the first event of that addition is chained to.
    last_before bigint NOT NULL,
    PRIMARY KEY (agency_id, day, account_id, type, payer)
) WITH (fillfactor = 60);
CREATE INDEX usage_days_by_account ON usage_days (agency_id, account_id, type, day);

-- Identities of events, sorted within segments of consecutive events and packed into pages.
CREATE TABLE event_index (
    agency_id text COLLATE "C" NOT NULL,
    segment bigint NOT NULL,
    first bytea NOT NULL,
    entries bytea NOT NULL,
    PRIMARY KEY (agency_id, segment, first)
);

SELECT sluice_protect(name::regclass) FROM unnest(ARRAY[
    'api_keys', 'metering', 'metering_changes', 'usage_days', 'event_index'
]) AS name;
SELECT sluice_protect('prices', append_only => true);
SELECT sluice_protect('events', append_only => true);
-- An event that waited for a price gets its draw; the trigger keeps it from getting another.
GRANT UPDATE ON events TO sluice_app;

CREATE POLICY look_up ON api_keys FOR SELECT TO CURRENT_USER USING (true);

CREATE FUNCTION sluice_key(secret bytea) RETURNS TABLE (
    agency_id text, id text, name text, hash bytea, scopes text, created_at bigint
)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT k.agency_id, k.id, k.name, k.hash, k.scopes, k.created_at FROM api_keys k WHERE k.hash = secret;
END;
REVOKE ALL ON FUNCTION sluice_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sluice_key TO sluice_app;
