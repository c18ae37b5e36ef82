-- Ways in: when a session was last used, who somebody is to a provider, what they show beside their password.

ALTER TABLE sessions ADD COLUMN used_at bigint NOT NULL DEFAULT 0;
-- Whether a provider vouched for who began it: 1 if so.
ALTER TABLE sessions ADD COLUMN vouched bigint NOT NULL DEFAULT 0;
-- Nobody has counted yet: all that is known is that they began. Whoever migrates sees no agency's rows, but for this moment.
ALTER TABLE sessions NO FORCE ROW LEVEL SECURITY;
UPDATE sessions SET used_at = created_at;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;

-- Who somebody is to the OpenID provider that they first signed in with; nothing before that.
ALTER TABLE users ADD COLUMN oidc_issuer text COLLATE "C";
ALTER TABLE users ADD COLUMN oidc_subject text COLLATE "C";

-- Authenticator apps, and the hashes of recovery codes, one after the other.
CREATE TABLE second_factors (
    agency_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    secret bytea NOT NULL,
    -- Nothing before the first code was shown.
    on_since bigint,
    last_step bigint NOT NULL,
    recovery bytea NOT NULL,
    PRIMARY KEY (agency_id, user_id)
);
SELECT sluice_protect('second_factors');

-- The same questions as before; their answers have more columns.
DROP FUNCTION sluice_user_by_email(text);
CREATE FUNCTION sluice_user_by_email(address text) RETURNS TABLE (
    agency_id text, id text, name text, email text, password_hash text, created_at bigint, role text, accounts text,
    oidc_issuer text, oidc_subject text
)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT u.agency_id, u.id, u.name, u.email, u.password_hash, u.created_at, u.role, u.accounts,
        u.oidc_issuer, u.oidc_subject
    FROM users u WHERE lower(u.email) = lower(address);
END;

DROP FUNCTION sluice_session(bytea, bigint);
CREATE FUNCTION sluice_session(token bytea, now bigint) RETURNS TABLE (
    agency_id text, id text, name text, email text, password_hash text, created_at bigint, role text, accounts text,
    oidc_issuer text, oidc_subject text, token_hash bytea, begun_at bigint, expires_at bigint, agent text, used_at bigint,
    vouched bigint
)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT u.agency_id, u.id, u.name, u.email, u.password_hash, u.created_at, u.role, u.accounts,
        u.oidc_issuer, u.oidc_subject, s.token_hash, s.created_at, s.expires_at, s.agent, s.used_at, s.vouched
    FROM sessions s JOIN users u ON u.agency_id = s.agency_id AND u.id = s.user_id
    WHERE s.token_hash = token AND s.expires_at > now;
END;

DROP FUNCTION sluice_prune_sessions(bigint);
CREATE FUNCTION sluice_prune_sessions(now bigint, used_after bigint) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER
BEGIN ATOMIC
    WITH gone AS (
        DELETE FROM sessions s WHERE s.expires_at <= now OR s.used_at <= used_after RETURNING 1
    )
    SELECT count(*) FROM gone;
END;

REVOKE ALL ON FUNCTION sluice_user_by_email, sluice_session, sluice_prune_sessions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sluice_user_by_email, sluice_session, sluice_prune_sessions TO sluice_app;
