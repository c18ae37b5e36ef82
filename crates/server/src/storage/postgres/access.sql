-- Who may see what. `sluice_app` is what the server works as: it owns nothing, and sees the rows of the agency that the
-- transaction has entered, nothing else. What knows no agency goes through the functions below, which say exactly what they
-- find; they belong to whoever migrates, whom the policies `look_up` allow that much and no more.

-- Roles belong to the cluster: another database of it may make this one at the same moment.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sluice_app') THEN
        CREATE ROLE sluice_app NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        EXECUTE format('GRANT sluice_app TO %I', current_user);
    END IF;
EXCEPTION
    WHEN unique_violation THEN NULL;
END $$;

-- Every table of agencies' rows is given to this when it is made.
CREATE FUNCTION sluice_protect(of_agencies regclass, append_only boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', of_agencies);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', of_agencies);
    EXECUTE format(
        'CREATE POLICY own_agency ON %s USING (agency_id = current_setting(''sluice.agency'', true))',
        of_agencies);
    IF append_only THEN
        EXECUTE format('GRANT SELECT, INSERT ON %s TO sluice_app', of_agencies);
    ELSE
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO sluice_app', of_agencies);
    END IF;
END $$;
REVOKE ALL ON FUNCTION sluice_protect FROM PUBLIC;

SELECT sluice_protect(name::regclass) FROM unnest(ARRAY[
    'users', 'sessions', 'accounts', 'requests', 'links', 'payments', 'balances', 'changes', 'jobs', 'idempotency'
]) AS name;
SELECT sluice_protect(name::regclass, append_only => true) FROM unnest(ARRAY[
    'funding_events', 'entries', 'postings', 'audit'
]) AS name;

ALTER TABLE agencies ENABLE ROW LEVEL SECURITY;
ALTER TABLE agencies FORCE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON agencies USING (id = current_setting('sluice.agency', true));
GRANT SELECT, INSERT, UPDATE ON agencies TO sluice_app;
GRANT SELECT, INSERT ON webhooks, mailbox TO sluice_app;
GRANT SELECT ON schema_migrations TO sluice_app;

-- Enters an agency: its rows are seen from here on, and for a writer nobody else changes them before the transaction ends.
-- Whoever may not wait is told instead that somebody else is in there.
CREATE FUNCTION sluice_enter(agency text, waits boolean) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('sluice.agency', agency, true);
    IF waits THEN
        PERFORM 1 FROM agencies WHERE id = agency FOR UPDATE;
        RETURN true;
    END IF;
    PERFORM 1 FROM agencies WHERE id = agency FOR UPDATE SKIP LOCKED;
    RETURN found OR NOT EXISTS (SELECT FROM agencies WHERE id = agency);
END $$;

CREATE POLICY look_up ON agencies FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY look_up ON users FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY look_up ON sessions FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY look_up ON links FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY look_up ON payments FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY look_up ON jobs FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY look_up ON changes FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY look_up ON idempotency FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY lease ON jobs FOR UPDATE TO CURRENT_USER USING (true);
CREATE POLICY prune ON sessions FOR DELETE TO CURRENT_USER USING (true);
CREATE POLICY prune ON changes FOR DELETE TO CURRENT_USER USING (true);
CREATE POLICY prune ON idempotency FOR DELETE TO CURRENT_USER USING (true);
CREATE POLICY prune ON jobs FOR DELETE TO CURRENT_USER USING (true);

CREATE FUNCTION sluice_agencies() RETURNS TABLE (agency_id text)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT a.id FROM agencies a ORDER BY a.id;
END;

CREATE FUNCTION sluice_user_by_email(address text) RETURNS TABLE (
    agency_id text, id text, name text, email text, password_hash text, created_at bigint
)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT u.agency_id, u.id, u.name, u.email, u.password_hash, u.created_at
    FROM users u WHERE lower(u.email) = lower(address);
END;

CREATE FUNCTION sluice_session(token bytea, now bigint) RETURNS TABLE (
    agency_id text, id text, name text, email text, password_hash text, created_at bigint
)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT u.agency_id, u.id, u.name, u.email, u.password_hash, u.created_at
    FROM sessions s JOIN users u ON u.agency_id = s.agency_id AND u.id = s.user_id
    WHERE s.token_hash = token AND s.expires_at > now;
END;

CREATE FUNCTION sluice_end_session(token bytea) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER
BEGIN ATOMIC
    DELETE FROM sessions s WHERE s.token_hash = token;
END;

CREATE FUNCTION sluice_link(token bytea) RETURNS TABLE (agency_id text, request_id text)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT l.agency_id, l.request_id FROM links l WHERE l.token_hash = token;
END;

CREATE FUNCTION sluice_payment(payment_id text) RETURNS TABLE (agency_id text)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT p.agency_id FROM payments p WHERE p.id = payment_id;
END;

CREATE FUNCTION sluice_payment_by_intent(intent text) RETURNS TABLE (agency_id text, id text)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT p.agency_id, p.id FROM payments p WHERE p.intent_id = intent;
END;

-- Two servers that ask at once get different jobs, and neither waits for the other.
CREATE FUNCTION sluice_lease_jobs(now bigint, until bigint, most bigint) RETURNS TABLE (
    agency_id text, id text, account_id text, effect text, created_at bigint, attempts bigint, run_at bigint
)
LANGUAGE sql VOLATILE SECURITY DEFINER
BEGIN ATOMIC
    WITH due AS (
        SELECT j.agency_id, j.id FROM jobs j
        WHERE j.state = 'open' AND j.run_at <= now AND j.leased_until <= now
        ORDER BY j.run_at LIMIT most FOR UPDATE SKIP LOCKED
    )
    UPDATE jobs j SET leased_until = until FROM due
    WHERE j.agency_id = due.agency_id AND j.id = due.id
    RETURNING j.agency_id, j.id, j.account_id, j.effect, j.created_at, j.attempts, j.run_at;
END;

-- Only when no other server is there: each holds a shared lock (class 7583, object 2) for as long as it lives.
CREATE FUNCTION sluice_forget_leases(own_listener integer) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER
BEGIN ATOMIC
    WITH forgotten AS (
        UPDATE jobs j SET leased_until = 0
        WHERE j.state = 'open' AND j.leased_until > 0 AND NOT EXISTS (
            SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
            WHERE d.datname = current_database() AND l.locktype = 'advisory'
                AND l.classid = 7583 AND l.objid = 2 AND l.objsubid = 2 AND l.pid <> own_listener
        )
        RETURNING 1
    )
    SELECT count(*) FROM forgotten;
END;

CREATE FUNCTION sluice_job_counts() RETURNS TABLE (open bigint, failed bigint)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT count(*) FILTER (WHERE j.state = 'open'), count(*) FILTER (WHERE j.state = 'failed') FROM jobs j;
END;

CREATE FUNCTION sluice_prune_sessions(before bigint) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER
BEGIN ATOMIC
    WITH gone AS (DELETE FROM sessions s WHERE s.expires_at <= before RETURNING 1) SELECT count(*) FROM gone;
END;

CREATE FUNCTION sluice_prune_changes(before bigint) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER
BEGIN ATOMIC
    WITH gone AS (DELETE FROM changes c WHERE c.at < before RETURNING 1) SELECT count(*) FROM gone;
END;

CREATE FUNCTION sluice_prune_idempotency(before bigint) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER
BEGIN ATOMIC
    WITH gone AS (DELETE FROM idempotency i WHERE i.at < before RETURNING 1) SELECT count(*) FROM gone;
END;

CREATE FUNCTION sluice_prune_jobs(before bigint) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER
BEGIN ATOMIC
    WITH gone AS (DELETE FROM jobs j WHERE j.state = 'done' AND j.run_at < before RETURNING 1) SELECT count(*) FROM gone;
END;

-- A function is everybody's until it is taken away.
DO $$
DECLARE
    made regprocedure;
BEGIN
    FOR made IN
        SELECT p.oid FROM pg_proc p
        WHERE p.pronamespace = current_schema()::regnamespace AND p.proname LIKE 'sluice\_%' AND p.prosecdef
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', made);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO sluice_app', made);
    END LOOP;
END $$;
