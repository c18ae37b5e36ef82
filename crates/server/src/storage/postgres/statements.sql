-- Statements and receipts: numbered without gaps, never changed once they are issued.

-- The time zone that the agency's months begin in, an IANA name; UTC while none was chosen.
ALTER TABLE agencies ADD COLUMN time_zone text COLLATE "C";

-- Months that are over: which entries are in them.
CREATE TABLE statement_periods (
    agency_id text COLLATE "C" NOT NULL,
    -- Counted from January 1970.
    month bigint NOT NULL,
    zone text COLLATE "C" NOT NULL,
    from_at bigint NOT NULL,
    to_at bigint NOT NULL,
    after_entry bigint NOT NULL,
    last_entry bigint NOT NULL,
    closed_at bigint NOT NULL,
    -- How far its statements are issued: an account's id, empty for none yet; null when they all are.
    issued_upto text COLLATE "C",
    PRIMARY KEY (agency_id, month)
);
CREATE TRIGGER periods_stay
BEFORE UPDATE OF month, zone, from_at, to_at, after_entry, last_entry, closed_at ON statement_periods
    FOR EACH STATEMENT EXECUTE FUNCTION sluice_append_only();
CREATE TRIGGER periods_remain BEFORE DELETE OR TRUNCATE ON statement_periods
    FOR EACH STATEMENT EXECUTE FUNCTION sluice_append_only();

CREATE TABLE statements (
    agency_id text COLLATE "C" NOT NULL,
    serial bigint NOT NULL,
    -- Empty for the agency's own balance.
    account_id text COLLATE "C" NOT NULL,
    month bigint NOT NULL,
    issued_at bigint NOT NULL,
    opening_micros bigint NOT NULL,
    closing_micros bigint NOT NULL,
    content text NOT NULL,
    digest bytea NOT NULL,
    PRIMARY KEY (agency_id, serial)
);
CREATE UNIQUE INDEX statements_by_balance ON statements (agency_id, account_id, month);
CREATE TRIGGER statements_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON statements
    FOR EACH STATEMENT EXECUTE FUNCTION sluice_append_only();

CREATE TABLE receipts (
    agency_id text COLLATE "C" NOT NULL,
    serial bigint NOT NULL,
    payment_id text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    issued_at bigint NOT NULL,
    content text NOT NULL,
    digest bytea NOT NULL,
    PRIMARY KEY (agency_id, serial)
);
CREATE UNIQUE INDEX receipts_by_payment ON receipts (agency_id, payment_id);
CREATE TRIGGER receipts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON receipts
    FOR EACH STATEMENT EXECUTE FUNCTION sluice_append_only();

SELECT sluice_protect('statement_periods'::regclass);
SELECT sluice_protect('statements'::regclass, append_only => true);
SELECT sluice_protect('receipts'::regclass, append_only => true);
