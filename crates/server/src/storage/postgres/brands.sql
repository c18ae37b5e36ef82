-- How agencies show themselves to their clients. What was not chosen is not there.

CREATE TABLE brands (
    agency_id text COLLATE "C" NOT NULL PRIMARY KEY,
    accent text COLLATE "C",
    -- All of these or none.
    logo_digest text COLLATE "C",
    logo_type text COLLATE "C",
    logo_width bigint,
    logo_height bigint,
    logo bytea
);

SELECT sluice_protect('brands'::regclass);
