-- Who may do what: roles, what people are invited and reset by, what is known of sessions and keys.

-- Everybody who was there before there were roles could do everything.
ALTER TABLE users ADD COLUMN role text COLLATE "C" NOT NULL DEFAULT 'owner';
-- The sub-accounts of a client user, separated by spaces; empty for everybody else.
ALTER TABLE users ADD COLUMN accounts text COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE sessions ADD COLUMN created_at bigint NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN agent text COLLATE "C" NOT NULL DEFAULT '';
-- Sessions have always lasted fourteen days. Whoever migrates sees no agency's rows, but for this moment.
ALTER TABLE sessions NO FORCE ROW LEVEL SECURITY;
UPDATE sessions SET created_at = expires_at - 1209600000;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
CREATE INDEX sessions_by_user ON sessions (agency_id, user_id);

ALTER TABLE api_keys ADD COLUMN used_at bigint;

-- What a link in a letter to a person lets them do: accept an invitation, or set a new password.
CREATE TABLE tickets (
    agency_id text COLLATE "C" NOT NULL,
    token_hash bytea NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    -- invitation or reset
    purpose text COLLATE "C" NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (agency_id, token_hash)
);
CREATE UNIQUE INDEX tickets_by_token ON tickets (token_hash);
CREATE INDEX tickets_by_user ON tickets (agency_id, user_id);
CREATE INDEX tickets_by_expiry ON tickets (expires_at);
SELECT sluice_protect('tickets');

CREATE INDEX audit_by_account ON audit (agency_id, account_id, number);

CREATE POLICY look_up ON tickets FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY prune ON tickets FOR DELETE TO CURRENT_USER USING (true);

-- The same questions as before; their answers have more columns.
DROP FUNCTION sluice_user_by_email(text);
CREATE FUNCTION sluice_user_by_email(address text) RETURNS TABLE (
    agency_id text, id text, name text, email text, password_hash text, created_at bigint, role text, accounts text
)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT u.agency_id, u.id, u.name, u.email, u.password_hash, u.created_at, u.role, u.accounts
    FROM users u WHERE lower(u.email) = lower(address);
END;

DROP FUNCTION sluice_session(bytea, bigint);
CREATE FUNCTION sluice_session(token bytea, now bigint) RETURNS TABLE (
    agency_id text, id text, name text, email text, password_hash text, created_at bigint, role text, accounts text
)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT u.agency_id, u.id, u.name, u.email, u.password_hash, u.created_at, u.role, u.accounts
    FROM sessions s JOIN users u ON u.agency_id = s.agency_id AND u.id = s.user_id
    WHERE s.token_hash = token AND s.expires_at > now;
END;

CREATE FUNCTION sluice_ticket(token bytea) RETURNS TABLE (
    agency_id text, user_id text, purpose text, expires_at bigint
)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT t.agency_id, t.user_id, t.purpose, t.expires_at FROM tickets t WHERE t.token_hash = token;
END;

CREATE FUNCTION sluice_prune_tickets(before bigint) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER
BEGIN ATOMIC
    WITH gone AS (DELETE FROM tickets t WHERE t.expires_at <= before RETURNING 1) SELECT count(*) FROM gone;
END;

REVOKE ALL ON FUNCTION sluice_user_by_email, sluice_session, sluice_ticket, sluice_prune_tickets FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sluice_user_by_email, sluice_session, sluice_ticket, sluice_prune_tickets TO sluice_app;
