-- Ways in: when a session was last used, who somebody is to a provider, what they show beside their password.

ALTER TABLE sessions ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
-- Whether a provider vouched for who began it: 1 if so.
ALTER TABLE sessions ADD COLUMN vouched INTEGER NOT NULL DEFAULT 0;
-- Nobody has counted yet: all that is known is that they began.
UPDATE sessions SET used_at = created_at;

-- Who somebody is to the OpenID provider that they first signed in with; nothing before that.
ALTER TABLE users ADD COLUMN oidc_issuer TEXT;
ALTER TABLE users ADD COLUMN oidc_subject TEXT;

-- Authenticator apps, and the hashes of recovery codes, one after the other.
CREATE TABLE second_factors (
    agency_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    secret BLOB NOT NULL,
    -- Nothing before the first code was shown.
    on_since INTEGER,
    last_step INTEGER NOT NULL,
    recovery BLOB NOT NULL,
    PRIMARY KEY (agency_id, user_id)
) STRICT, WITHOUT ROWID;
