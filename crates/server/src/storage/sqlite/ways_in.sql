-- Ways in: when a session was last used.

ALTER TABLE sessions ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
-- Nobody has counted yet: all that is known is that they began.
UPDATE sessions SET used_at = created_at;
