-- What there is of the agency's own balance besides its sum. Its payments and receipts are those without an account.

CREATE TABLE treasuries (
    agency_id TEXT PRIMARY KEY NOT NULL,
    treasury TEXT NOT NULL,
    version INTEGER NOT NULL,
    -- The agency as a customer of the gateway.
    gateway_customer TEXT
) STRICT, WITHOUT ROWID;
