-- Ways in: when a session was last used, who somebody is to a provider.

ALTER TABLE sessions ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
-- Nobody has counted yet: all that is known is that they began.
UPDATE sessions SET used_at = created_at;

-- Who somebody is to the OpenID provider that they first signed in with; nothing before that.
ALTER TABLE users ADD COLUMN oidc_issuer TEXT;
ALTER TABLE users ADD COLUMN oidc_subject TEXT;
