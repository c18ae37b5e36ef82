-- Standing: balances to look at, what was told of them, where webhooks go, and those that have not arrived.

-- An empty account is the agency's own balance; so in dips.
CREATE TABLE notices (
    agency_id text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    from_standing text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    -- The last of the agency's accounts that was told; empty at the beginning.
    after text COLLATE "C" NOT NULL,
    PRIMARY KEY (agency_id, account_id)
);
CREATE INDEX notices_by_age ON notices (at);

-- The worst standing that letters were written about since the balance was last active.
CREATE TABLE dips (
    agency_id text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    worst text COLLATE "C" NOT NULL,
    PRIMARY KEY (agency_id, account_id)
);

CREATE TABLE standings_told (
    agency_id text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    standing text COLLATE "C" NOT NULL,
    PRIMARY KEY (agency_id, account_id)
);

CREATE TABLE endpoints (
    agency_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    url text COLLATE "C" NOT NULL,
    -- What messages are signed with. As it is: signing needs it, and it opens nothing here.
    secret text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    delivered_at bigint,
    error text COLLATE "C",
    -- Tries that failed since something last arrived, and until when to send nothing.
    failures bigint NOT NULL,
    quiet_until bigint NOT NULL,
    served_at bigint NOT NULL,
    PRIMARY KEY (agency_id, id)
);

-- The newest message per endpoint and account, until it has arrived.
CREATE TABLE deliveries (
    agency_id text COLLATE "C" NOT NULL,
    endpoint_id text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    body text COLLATE "C" NOT NULL,
    -- open or failed
    state text COLLATE "C" NOT NULL,
    run_at bigint NOT NULL,
    leased_until bigint NOT NULL,
    attempts bigint NOT NULL,
    error text COLLATE "C",
    PRIMARY KEY (agency_id, endpoint_id, account_id)
);
CREATE INDEX deliveries_due ON deliveries (agency_id, endpoint_id, state, run_at);
CREATE INDEX deliveries_leased ON deliveries (agency_id, endpoint_id, leased_until) WHERE leased_until > 0;

SELECT sluice_protect(name::regclass) FROM unnest(ARRAY[
    'notices', 'dips', 'standings_told', 'endpoints', 'deliveries'
]) AS name;

CREATE POLICY look_up ON notices FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY look_up ON endpoints FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY look_up ON deliveries FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY lease ON deliveries FOR UPDATE TO CURRENT_USER USING (true);
CREATE POLICY prune ON deliveries FOR DELETE TO CURRENT_USER USING (true);

-- Which agencies have something to do. Whoever does it enters them, in this order, and reads again.
CREATE FUNCTION sluice_noticed(most bigint) RETURNS TABLE (agency_id text)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT DISTINCT oldest.agency_id
    FROM (SELECT n.agency_id FROM notices n ORDER BY n.at LIMIT most) oldest ORDER BY 1;
END;

CREATE FUNCTION sluice_delivering(now bigint, most bigint) RETURNS TABLE (agency_id text)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT DISTINCT due.agency_id FROM (
        SELECT e.agency_id FROM endpoints e
        WHERE e.quiet_until <= now AND EXISTS (
            SELECT FROM deliveries d
            WHERE d.agency_id = e.agency_id AND d.endpoint_id = e.id
                AND d.state = 'open' AND d.run_at <= now AND d.leased_until <= now)
        ORDER BY e.served_at LIMIT most
    ) due ORDER BY 1;
END;

CREATE FUNCTION sluice_forget_delivery_leases(own_listener integer) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER
BEGIN ATOMIC
    WITH forgotten AS (
        UPDATE deliveries d SET leased_until = 0
        WHERE d.leased_until > 0 AND NOT EXISTS (
            SELECT FROM pg_locks l JOIN pg_database b ON b.oid = l.database
            WHERE b.datname = current_database() AND l.locktype = 'advisory'
                AND l.classid = 7583 AND l.objid = 2 AND l.objsubid = 2 AND l.pid <> own_listener
        )
        RETURNING 1
    )
    SELECT count(*) FROM forgotten;
END;

CREATE FUNCTION sluice_prune_deliveries(before bigint) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER
BEGIN ATOMIC
    WITH gone AS (DELETE FROM deliveries d WHERE d.state = 'failed' AND d.run_at < before RETURNING 1)
    SELECT count(*) FROM gone;
END;

REVOKE ALL ON FUNCTION sluice_noticed, sluice_delivering, sluice_forget_delivery_leases, sluice_prune_deliveries
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sluice_noticed, sluice_delivering, sluice_forget_delivery_leases, sluice_prune_deliveries
    TO sluice_app;
