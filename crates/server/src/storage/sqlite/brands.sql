-- How agencies show themselves to their clients. What was not chosen is not there.

CREATE TABLE brands (
    agency_id TEXT NOT NULL PRIMARY KEY,
    accent TEXT,
    -- All of these or none.
    logo_digest TEXT,
    logo_type TEXT,
    logo_width INTEGER,
    logo_height INTEGER,
    logo BLOB
) STRICT, WITHOUT ROWID;
