-- Standing: balances to look at, what was told of them, where webhooks go, and those that have not arrived.

-- An empty account is the agency's own balance; so in dips.
CREATE TABLE notices (
    agency_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    from_standing TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- The last of the agency's accounts that was told; empty at the beginning.
    after TEXT NOT NULL,
    PRIMARY KEY (agency_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX notices_by_age ON notices (at);

-- The worst standing that letters were written about since the balance was last active.
CREATE TABLE dips (
    agency_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    worst TEXT NOT NULL,
    PRIMARY KEY (agency_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE standings_told (
    agency_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    standing TEXT NOT NULL,
    PRIMARY KEY (agency_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE endpoints (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    url TEXT NOT NULL,
    -- What messages are signed with. As it is: signing needs it, and it opens nothing here.
    secret TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    delivered_at INTEGER,
    error TEXT,
    -- Tries that failed since something last arrived, and until when to send nothing.
    failures INTEGER NOT NULL,
    quiet_until INTEGER NOT NULL,
    served_at INTEGER NOT NULL,
    PRIMARY KEY (agency_id, id)
) STRICT, WITHOUT ROWID;

-- The newest message per endpoint and account, until it has arrived.
CREATE TABLE deliveries (
    agency_id TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    -- open or failed
    state TEXT NOT NULL,
    run_at INTEGER NOT NULL,
    leased_until INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    error TEXT,
    PRIMARY KEY (agency_id, endpoint_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_due ON deliveries (agency_id, endpoint_id, state, run_at);
CREATE INDEX deliveries_leased ON deliveries (agency_id, endpoint_id, leased_until) WHERE leased_until > 0;
