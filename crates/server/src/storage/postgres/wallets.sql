-- What is kept beside a balance; without an account it is the agency's own.

CREATE TABLE wallets (
    agency_id text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    wallet text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    -- The books watch this threshold while the auto-recharge is on.
    recharge_below_micros bigint,
    PRIMARY KEY (agency_id, account_id)
);

CREATE TABLE balance_links (
    agency_id text COLLATE "C" NOT NULL,
    token_hash bytea NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    email text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (agency_id, token_hash)
);
CREATE INDEX balance_links_by_token ON balance_links (token_hash);
CREATE INDEX balance_links_by_expiry ON balance_links (expires_at);

CREATE TABLE card_setups (
    agency_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    customer text COLLATE "C",
    confirmation_token text COLLATE "C",
    intent text COLLATE "C",
    PRIMARY KEY (agency_id, id)
);
CREATE INDEX card_setups_by_id ON card_setups (id);
CREATE INDEX card_setups_by_age ON card_setups (created_at);

-- Whose link an address asks for.
CREATE INDEX accounts_by_payer ON accounts (lower(funding::jsonb -> 'customer' ->> 'email'))
    WHERE phase IN ('customer', 'returning');

SELECT sluice_protect(name::regclass) FROM unnest(ARRAY['wallets', 'balance_links', 'card_setups']) AS name;

CREATE POLICY look_up ON balance_links FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY look_up ON card_setups FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY prune ON balance_links FOR DELETE TO CURRENT_USER USING (true);
CREATE POLICY prune ON card_setups FOR DELETE TO CURRENT_USER USING (true);

CREATE FUNCTION sluice_balance_link(token bytea) RETURNS TABLE (
    agency_id text, account_id text, email text, created_at bigint, expires_at bigint
)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT l.agency_id, l.account_id, l.email, l.created_at, l.expires_at
    FROM balance_links l WHERE l.token_hash = token;
END;

CREATE FUNCTION sluice_paid_by(address text, most bigint) RETURNS TABLE (agency_id text, account_id text)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT a.agency_id, a.id FROM accounts a
    WHERE lower(a.funding::jsonb -> 'customer' ->> 'email') = address AND a.phase IN ('customer', 'returning')
    ORDER BY a.agency_id, a.id LIMIT most;
END;

CREATE FUNCTION sluice_card_setup_agency(setup text) RETURNS TABLE (agency_id text)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT s.agency_id FROM card_setups s WHERE s.id = setup;
END;

CREATE FUNCTION sluice_prune_wallets(before bigint) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER
BEGIN ATOMIC
    WITH links AS (DELETE FROM balance_links l WHERE l.expires_at <= before RETURNING 1),
         setups AS (DELETE FROM card_setups s WHERE s.created_at <= before RETURNING 1)
    SELECT (SELECT count(*) FROM links) + (SELECT count(*) FROM setups);
END;

REVOKE ALL ON FUNCTION sluice_balance_link, sluice_paid_by, sluice_card_setup_agency, sluice_prune_wallets FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sluice_balance_link, sluice_paid_by, sluice_card_setup_agency, sluice_prune_wallets
    TO sluice_app;
