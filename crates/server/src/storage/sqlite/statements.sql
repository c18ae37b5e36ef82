-- Statements and receipts: numbered without gaps, never changed once they are issued.

-- The time zone that the agency's months begin in, an IANA name; UTC while none was chosen.
ALTER TABLE agencies ADD COLUMN time_zone TEXT;

-- Months that are over: which entries are in them.
CREATE TABLE statement_periods (
    agency_id TEXT NOT NULL,
    -- Counted from January 1970.
    month INTEGER NOT NULL,
    zone TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    to_at INTEGER NOT NULL,
    after_entry INTEGER NOT NULL,
    last_entry INTEGER NOT NULL,
    closed_at INTEGER NOT NULL,
    -- How far its statements are issued: an account's id, empty for none yet; null when they all are.
    issued_upto TEXT,
    PRIMARY KEY (agency_id, month)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER periods_stay
BEFORE UPDATE OF month, zone, from_at, to_at, after_entry, last_entry, closed_at ON statement_periods
BEGIN SELECT RAISE(ABORT, 'months stay closed'); END;
CREATE TRIGGER periods_remain BEFORE DELETE ON statement_periods BEGIN SELECT RAISE(ABORT, 'months stay closed'); END;

CREATE TABLE statements (
    agency_id TEXT NOT NULL,
    serial INTEGER NOT NULL,
    -- Empty for the agency's own balance.
    account_id TEXT NOT NULL,
    month INTEGER NOT NULL,
    issued_at INTEGER NOT NULL,
    opening_micros INTEGER NOT NULL,
    closing_micros INTEGER NOT NULL,
    content TEXT NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (agency_id, serial)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX statements_by_balance ON statements (agency_id, account_id, month);
CREATE TRIGGER statements_stay BEFORE UPDATE ON statements BEGIN SELECT RAISE(ABORT, 'statements are immutable'); END;
CREATE TRIGGER statements_remain BEFORE DELETE ON statements BEGIN SELECT RAISE(ABORT, 'statements are immutable'); END;

CREATE TABLE receipts (
    agency_id TEXT NOT NULL,
    serial INTEGER NOT NULL,
    payment_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    content TEXT NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (agency_id, serial)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX receipts_by_payment ON receipts (agency_id, payment_id);
CREATE TRIGGER receipts_stay BEFORE UPDATE ON receipts BEGIN SELECT RAISE(ABORT, 'receipts are immutable'); END;
CREATE TRIGGER receipts_remain BEFORE DELETE ON receipts BEGIN SELECT RAISE(ABORT, 'receipts are immutable'); END;
