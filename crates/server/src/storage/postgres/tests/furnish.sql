-- One agency, from a temporary table `given` of its accounts (n, id). The words with a colon are replaced by values.

INSERT INTO agencies (id, name, currency, low_below_micros, created_at, last_link)
VALUES (:agency, 'Agency', 'USD', 5, 1, '');

INSERT INTO accounts
SELECT :agency, id, 'Client ' || n, 'client ' || lpad(n::text, 5, '0'), 'X-' || lpad(n::text, 5, '0'),
    'client ' || lpad(n::text, 5, '0') || ' x-' || n, 1, :by, 5,
    CASE n % 100 WHEN 0 THEN 'requested' ELSE 'agency' END, n, :funding
FROM given;
INSERT INTO standings_told SELECT :agency, id, 'active' FROM given;
INSERT INTO balances SELECT :agency, 'customer', id, 1 FROM given;
INSERT INTO balances VALUES (:agency, 'agency', '', 1);
INSERT INTO wallets SELECT :agency, id, '{}', 1, 1 FROM given;
INSERT INTO wallets VALUES (:agency, '', '{}', 1, 1);
INSERT INTO card_setups SELECT :agency, 'set ' || n, id, 1 FROM given;
INSERT INTO dips SELECT :agency, id, 'low' FROM given;
INSERT INTO funding_events
SELECT :agency, id, number, 1, '', '' FROM given, generate_series(1, 2) AS number;
INSERT INTO requests SELECT :agency, 'req ' || n, id, '' FROM given;
INSERT INTO payments
SELECT :agency, 'pay ' || :agency || n, id, 'settled', '' FROM given;

INSERT INTO entries
SELECT :agency, number, number, 'adjustment', id, 'r' || number, decode(repeat('00', 32), 'hex')
FROM generate_series(1, :entries) AS number JOIN given ON n = number % (SELECT count(*) FROM given);
INSERT INTO postings
SELECT :agency, number, leg, CASE leg WHEN 0 THEN 'agency' ELSE 'adjustments' END, NULL, 1 - 2 * leg, 1
FROM generate_series(1, :entries) AS number, generate_series(0, 1) AS leg;
INSERT INTO changes SELECT :agency, number, number, '{}' FROM generate_series(1, :entries) AS number;
UPDATE agencies SET change_seq = :entries, entry_count = :entries WHERE id = :agency;

INSERT INTO metering VALUES (:agency, :entries, 0, :entries);
INSERT INTO metering_changes SELECT :agency, number, NULL FROM generate_series(1, :entries) AS number;
INSERT INTO prices
SELECT :agency, number, 'list sms.sent', 0, '{}', 0, :by FROM generate_series(1, 400) AS number;
-- One event in a hundred waits for a price.
INSERT INTO events
SELECT :agency, number, id, number, number, 'source', number::text, 'sms.sent', '{}',
    decode(repeat('00', 16), 'hex'), 1, 'agency', 1, 0, 1, 1, NULL, 0
FROM generate_series(1, :entries) AS number JOIN given ON n = number % (SELECT count(*) FROM given)
WHERE number % 100 > 0;
INSERT INTO events (agency_id, number, account_id, at, received_at, source, id, type, data, payload)
SELECT :agency, number, (SELECT min(id) FROM given), number, number, 'source', number::text, 'mms.sent', '{}',
    decode(repeat('00', 16), 'hex')
FROM generate_series(100, :entries, 100) AS number;
-- One account in fifty has used something, every day.
INSERT INTO usage_days
SELECT :agency, day, id, 'sms.sent', 'agency', 1, 0, 1, 1, 1, 0
FROM given, generate_series(0, 99) AS day WHERE n % 50 = 7;
INSERT INTO event_index
SELECT :agency, segment, decode(md5(segment || ' ' || page), 'hex'), ''
FROM generate_series(0, 9) AS segment, generate_series(1, 200) AS page;
