-- What is kept beside a balance; without an account it is the agency's own.

CREATE TABLE wallets (
    agency_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    wallet TEXT NOT NULL,
    version INTEGER NOT NULL,
    -- The books watch this threshold while the auto-recharge is on.
    recharge_below_micros INTEGER,
    PRIMARY KEY (agency_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE balance_links (
    agency_id TEXT NOT NULL,
    token_hash BLOB NOT NULL,
    account_id TEXT NOT NULL,
    email TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (agency_id, token_hash)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX balance_links_by_token ON balance_links (token_hash);
CREATE INDEX balance_links_by_expiry ON balance_links (expires_at);

CREATE TABLE card_setups (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    customer TEXT,
    confirmation_token TEXT,
    intent TEXT,
    PRIMARY KEY (agency_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX card_setups_by_id ON card_setups (id);
CREATE INDEX card_setups_by_age ON card_setups (created_at);

-- Whose link an address asks for.
CREATE INDEX accounts_by_payer ON accounts (lower(json_extract(funding, '$.customer.email')))
    WHERE phase IN ('customer', 'returning');
