-- What there is of the agency's own balance besides its sum. Its payments and receipts are those without an account.

CREATE TABLE treasuries (
    agency_id text COLLATE "C" PRIMARY KEY,
    treasury text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    -- The agency as a customer of the gateway.
    gateway_customer text COLLATE "C"
);

SELECT sluice_protect('treasuries'::regclass);
