-- Secure links to top up a balance of a customer's own.

CREATE TABLE top_ups (
    agency_id text COLLATE "C" NOT NULL,
    token_hash bytea NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    email text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    -- Ids with spaces between them, oldest first.
    payments text COLLATE "C" NOT NULL,
    PRIMARY KEY (agency_id, token_hash)
);
CREATE INDEX top_ups_by_token ON top_ups (token_hash);
CREATE INDEX top_ups_by_account ON top_ups (agency_id, account_id, expires_at);
CREATE INDEX top_ups_by_expiry ON top_ups (expires_at);

SELECT sluice_protect('top_ups'::regclass);

CREATE POLICY look_up ON top_ups FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY prune ON top_ups FOR DELETE TO CURRENT_USER USING (true);

CREATE FUNCTION sluice_top_up(token bytea) RETURNS TABLE (
    agency_id text, account_id text, email text, created_at bigint, expires_at bigint, payments text
)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT t.agency_id, t.account_id, t.email, t.created_at, t.expires_at, t.payments
    FROM top_ups t WHERE t.token_hash = token;
END;

CREATE FUNCTION sluice_prune_top_ups(before bigint) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER
BEGIN ATOMIC
    WITH gone AS (DELETE FROM top_ups t WHERE t.expires_at <= before RETURNING 1) SELECT count(*) FROM gone;
END;

REVOKE ALL ON FUNCTION sluice_top_up, sluice_prune_top_ups FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sluice_top_up, sluice_prune_top_ups TO sluice_app;
