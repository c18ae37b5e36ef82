-- One transaction per draw in one round trip: what a careful service without group commit does.
CREATE TABLE balances (id text PRIMARY KEY, amount_micros bigint NOT NULL);
CREATE TABLE events (
    id uuid PRIMARY KEY,
    account int NOT NULL,
    at timestamptz NOT NULL,
    type text NOT NULL,
    quantity int NOT NULL,
    amount_micros bigint NOT NULL
);
CREATE TABLE postings (
    event uuid NOT NULL,
    leg int NOT NULL,
    balance text NOT NULL,
    amount_micros bigint NOT NULL,
    PRIMARY KEY (event, leg)
);
INSERT INTO balances VALUES ('agency', 0), ('revenue', 0);
CREATE FUNCTION draw(drawn uuid, account int, quantity int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    cost bigint := quantity * 33;
    left_over bigint;
BEGIN
    PERFORM 1 FROM balances WHERE id = 'agency' FOR UPDATE;
    IF EXISTS (SELECT 1 FROM events WHERE id = drawn) THEN
        RETURN NULL;
    END IF;
    INSERT INTO events VALUES (drawn, account, now(), 'tokens.used', quantity, cost);
    INSERT INTO postings VALUES (drawn, 0, 'agency', -cost), (drawn, 1, 'revenue', cost);
    UPDATE balances SET amount_micros = amount_micros - cost WHERE id = 'agency' RETURNING amount_micros INTO left_over;
    UPDATE balances SET amount_micros = amount_micros + cost WHERE id = 'revenue';
    RETURN left_over;
END
$$;
