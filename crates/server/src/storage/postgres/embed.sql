-- The widget: sites that may show a balance, tokens that were minted for them, tickets to live streams.

CREATE TABLE embed_origins (
    agency_id text COLLATE "C" NOT NULL,
    origin text COLLATE "C" NOT NULL,
    PRIMARY KEY (agency_id, origin)
);

CREATE TABLE embed_sessions (
    agency_id text COLLATE "C" NOT NULL,
    token_hash bytea NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    -- Words with spaces between them.
    components text COLLATE "C" NOT NULL,
    origins text COLLATE "C" NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (agency_id, token_hash)
);
CREATE INDEX embed_sessions_by_token ON embed_sessions (token_hash);
CREATE INDEX embed_sessions_by_expiry ON embed_sessions (expires_at);

CREATE TABLE embed_tickets (
    agency_id text COLLATE "C" NOT NULL,
    ticket_hash bytea NOT NULL,
    -- Whose: the session's.
    token_hash bytea NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (agency_id, ticket_hash)
);
CREATE INDEX embed_tickets_by_ticket ON embed_tickets (ticket_hash);
CREATE INDEX embed_tickets_by_expiry ON embed_tickets (expires_at);

-- The frame's page is asked for by an account's id alone.
CREATE INDEX accounts_by_id ON accounts (id);

SELECT sluice_protect(name::regclass) FROM unnest(ARRAY[
    'embed_origins', 'embed_sessions', 'embed_tickets'
]) AS name;

CREATE POLICY look_up ON accounts FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY look_up ON embed_origins FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY look_up ON embed_sessions FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY look_up ON embed_tickets FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY take ON embed_tickets FOR DELETE TO CURRENT_USER USING (true);
CREATE POLICY prune ON embed_sessions FOR DELETE TO CURRENT_USER USING (true);

-- Which sites may frame a page about this account: what the page's own header says to everybody.
CREATE FUNCTION sluice_embed_origins(account text) RETURNS TABLE (origin text)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT o.origin FROM accounts a JOIN embed_origins o ON o.agency_id = a.agency_id
    WHERE a.id = account ORDER BY o.origin;
END;

CREATE FUNCTION sluice_embed_session(token bytea, now bigint) RETURNS TABLE (
    agency_id text, account_id text, components text, origins text, expires_at bigint
)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT s.agency_id, s.account_id, s.components, s.origins, s.expires_at
    FROM embed_sessions s WHERE s.token_hash = token AND s.expires_at > now;
END;

CREATE FUNCTION sluice_take_embed_ticket(ticket bytea, now bigint) RETURNS TABLE (token_hash bytea)
LANGUAGE sql VOLATILE SECURITY DEFINER
BEGIN ATOMIC
    WITH taken AS (
        DELETE FROM embed_tickets t WHERE t.ticket_hash = ticket RETURNING t.token_hash, t.expires_at
    )
    SELECT k.token_hash FROM taken k WHERE k.expires_at > now;
END;

CREATE FUNCTION sluice_prune_embedding(before bigint) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER
BEGIN ATOMIC
    WITH sessions AS (DELETE FROM embed_sessions s WHERE s.expires_at <= before RETURNING 1),
        tickets AS (DELETE FROM embed_tickets t WHERE t.expires_at <= before RETURNING 1)
    SELECT (SELECT count(*) FROM sessions) + (SELECT count(*) FROM tickets);
END;

REVOKE ALL ON FUNCTION sluice_embed_origins, sluice_embed_session, sluice_take_embed_ticket, sluice_prune_embedding
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sluice_embed_origins, sluice_embed_session, sluice_take_embed_ticket, sluice_prune_embedding
    TO sluice_app;
