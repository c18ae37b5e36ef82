//! What the document's examples are made of: one agency, one of its accounts, and what happens to it. A test reads each example
//! as the type that it is of.

use serde_json::{Value, json};

/// An account.
pub const ACCOUNT: &str = "sub_01kmq8w2hj4x7c9v3n5b1d6f8g";
/// Its open billing request.
pub const REQUEST: &str = "req_01kmq8zr5t2y4w6e8q0a3s5d7f";
/// The version of its funding, as `If-Match` takes it.
pub const VERSION: &str = "\"3\"";
/// The agency.
pub const AGENCY: &str = "agy_01kmq8v7n3b5m1k9j2h4g6f8d0";
/// Its owner.
pub const OWNER: &str = "usr_01kmq8va6s8d0f2g4h6j8k1m3n";
/// Somebody else of it.
pub const PERSON: &str = "usr_01kmq8vd9w1e3r5t7y9q2z4x6c";
/// A key of it.
pub const KEY: &str = "key_01kmq8vh4b6n8m1k3j5h7g9f2d";
/// An endpoint of it.
pub const ENDPOINT: &str = "whe_01kmq8vm7z9x2c4v6b8n1m3k5j";
/// A session of its owner.
pub const SESSION: &str = "ses_5b0f6a9d1c7e4832a6d4f0b89e3c7125";
/// A day.
pub const DAY: &str = "2026-11-22";
/// A month.
pub const MONTH: &str = "2026-10";
/// A payment.
pub const PAYMENT: &str = "pay_01kmq8x1c5v7b9n2m4k6j8h0g3";
/// A receipt.
pub const RECEIPT: &str = "R-2026-000009";
/// The sentence that is agreed to for an auto-recharge.
pub const CONSENT: &str = "I allow Northwind Media to charge Visa ···· 4242 $25.00 whenever this balance falls below $10.00, \
     at most $100.00 within 24 hours and four times, until I switch it off on this page. I get a receipt for every charge.";
/// A type of usage.
pub const EVENT_TYPE: &str = "sms.sent";
/// An entry of the ledger.
pub const ENTRY: u64 = 4182;
/// The address that examples call.
pub const HOST: &str = "https://billing.example";
/// What stands after `#t=` in a link.
pub const TOKEN: &str = "w3l0kYt8vQ5rJ2mZ7xN4bC9dF1gH6sA0pE8uT5iO2qU";

const SINCE: &str = "2026-07-01T08:00:00Z";
const ASKED_AT: &str = "2026-11-20T09:30:12.5Z";
const NOW: &str = "2026-11-22T16:10:09.25Z";

/// An amount.
pub fn usd(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "USD" })
}

/// The agency as its people see it.
pub fn agency() -> Value {
    json!({
        "id": AGENCY,
        "name": "Northwind Media",
        "currency": "USD",
        "balance": usd("3841.207318"),
        "low_below": usd("500.00"),
        "standing": "active",
    })
}

/// The owner, as the funding log names them.
pub fn owner() -> Value {
    json!({ "kind": "user", "id": OWNER, "name": "Robin Hale" })
}

/// An open request.
fn request() -> Value {
    json!({
        "id": REQUEST,
        "email": "dana@brightwater.example",
        "starting_balance": usd("100.00"),
        "message": "Hi Dana, please take over the billing of your messages.",
        "requested_at": ASKED_AT,
        "requested_by": owner(),
        "expires_at": "2026-11-27T09:30:12.5Z",
        "sends": 1,
        "opened_at": null,
        "attempts": 0,
        "last_failure": null,
    })
}

fn account_with(funding: &Value) -> Value {
    json!({
        "id": ACCOUNT,
        "name": "Brightwater Plumbing",
        "external_id": "BW-0077",
        "created_at": SINCE,
        "funding": funding,
        "customer_balance": usd("0.00"),
        "low_below": usd("20.00"),
        "standing": "active",
    })
}

/// An account whose customer was asked to take over.
pub fn account() -> Value {
    account_with(&json!({
        "version": 3, "state": "requested", "since": SINCE, "request": request(), "payments": {},
    }))
}

/// The same, asked to pay what usage has cost since, too.
pub fn account_asked_for_usage() -> Value {
    let mut request = request();
    request["usage"] = json!({ "amount": usd("6.12"), "until": NOW });
    account_with(&json!({
        "version": 4, "state": "requested", "since": SINCE, "request": request, "payments": {},
    }))
}

/// The same account, paid for by the agency.
pub fn account_of_agency() -> Value {
    account_with(&json!({
        "version": 4, "state": "agency", "since": SINCE, "payments": {},
        "last_request": {
            "id": REQUEST, "email": "dana@brightwater.example", "closed_at": NOW, "closure": "revoked",
        },
    }))
}

/// How many accounts there are.
pub fn counts() -> Value {
    json!({ "all": 36, "agency": 24, "customer": 12, "between": 5 })
}

/// What a command about funding answers.
pub fn funding_answer(account: &Value) -> Value {
    json!({ "account": account, "agency": agency(), "change_seq": 9107 })
}

/// A person who signs in.
pub fn user() -> Value {
    json!({ "id": OWNER, "name": "Robin Hale", "email": "robin@northwind-media.example" })
}

/// Who is signed in.
pub fn me() -> Value {
    json!({
        "user": user(),
        "agency": agency(),
        "change_seq": 9107,
        "policy": {
            "minimum": usd("25.00"),
            "maximum": usd("10000.00"),
            "request_ttl_seconds": 604_800,
            "attempts_per_request": 10,
            "sends_per_request": 10,
        },
        "demo": null,
        "role": "owner",
        "rights": billing::access::Role::Owner.rights(),
        "accounts": [],
    })
}

/// Somebody who was invited.
pub fn person() -> Value {
    json!({
        "id": PERSON,
        "name": "Mara Quist",
        "email": "mara@northwind-media.example",
        "role": "billing_manager",
        "accounts": [],
        "is_invited": true,
        "invited_until": "2026-11-29T16:10:09.25Z",
        "created_at": NOW,
    })
}

/// An account as its client sees it.
pub fn client_account() -> Value {
    json!({
        "id": ACCOUNT,
        "name": "Calder & Finch Law",
        "external_id": "CF-2210",
        "payer": "customer",
        "since": "2026-10-09T14:02:41.003Z",
        "balance": usd("61.337412"),
        "low_below": usd("20.00"),
        "standing": "active",
    })
}

/// A line of an account's usage.
pub fn usage_line() -> Value {
    json!({
        "day": DAY,
        "event_type": EVENT_TYPE,
        "payer": "agency",
        "events": 211,
        "late_events": 0,
        "quantity": "318",
        "amount": usd("2.5122"),
    })
}

/// A version of a price.
pub fn price() -> Value {
    json!({
        "number": 12,
        "subject": { "of": "list", "event_type": EVENT_TYPE },
        "from": "2026-11-01T00:00:00Z",
        "setting": { "set": "price", "terms": {
            "unit_price": "0.0079", "quantity_field": "segments", "included": "0",
        } },
        "set_at": "2026-10-28T11:15:00Z",
        "set_by": owner(),
    })
}

/// A draw with everything that made its amount.
pub fn draw() -> Value {
    json!({
        "number": 88_412,
        "source": "twilio",
        "id": "SM8f1c0a77",
        "event_type": EVENT_TYPE,
        "at": "2026-11-22T16:10:09Z",
        "received_at": NOW,
        "late": false,
        "data": "{\"segments\":2}",
        "quantity": "2",
        "used_before": "0",
        "price": price(),
        "markup": null,
        "payer": "agency",
        "interval": { "payer": "agency", "from": SINCE, "to": null, "by": { "kind": "system", "part": "import" } },
        "entry": ENTRY,
        "amount": usd("0.0158"),
    })
}

/// A line of the ledger.
pub fn ledger_line() -> Value {
    json!({
        "entry": ENTRY,
        "at": NOW,
        "kind": "draw",
        "balance_of": "agency",
        "amount": usd("-2.5122"),
        "balance_after": usd("3841.207318"),
        "reference": "events 88001 to 88412",
    })
}

/// A line of the audit trail.
pub fn audit_line() -> Value {
    json!({
        "number": 731,
        "at": ASKED_AT,
        "who": owner(),
        "action": "request_billing",
        "account": ACCOUNT,
        "before": "{\"state\":\"agency\"}",
        "after": "{\"state\":\"requested\"}",
        "request_id": "rq_06d3f1a84b7c29e05f18",
    })
}

/// What the pay page shows.
pub fn pay_view() -> Value {
    json!({
        "agency_name": "Northwind Media",
        "stylesheet": null,
        "account_name": "Brightwater Plumbing",
        "email": "dana@brightwater.example",
        "message": "Hi Dana, please take over the billing of your messages.",
        "balance": null,
        "starting_balance": usd("100.00"),
        "usage": null,
        "requested_at": ASKED_AT,
        "minimum": usd("25.00"),
        "maximum": usd("10000.00"),
        "presets": [usd("25.00"), usd("50.00"), usd("100.00"), usd("250.00")],
        "expires_at": "2026-11-27T09:30:12.5Z",
        "gateway": {
            "script_url": "https://js.stripe.com/v3/", "publishable_key": "pk_live_example", "test_mode": false,
        },
        "state": "open",
        "last_failure": null,
    })
}

/// An auto-recharge of the same amount each time.
pub fn recharge_settings(below: &str, amount: &str, daily_cap: &str) -> Value {
    json!({
        "below": usd(below), "charge": { "kind": "fixed", "amount": usd(amount) }, "daily_cap": usd(daily_cap),
    })
}

/// What the page of a balance shows.
pub fn wallet_view() -> Value {
    json!({
        "agency_name": "Northwind Media",
        "stylesheet": null,
        "account_name": "Brightwater Plumbing",
        "email": "dana@brightwater.example",
        "state": "open",
        "balance": usd("61.337412"),
        "low_below": usd("20.00"),
        "standing": "active",
        "card": {
            "payment_method": "pm_1QbXyZ2eZvKYlo2C", "brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2030,
        },
        "backup": null,
        "setup": null,
        "setup_secret": null,
        "setup_failure": null,
        "payment": {
            "id": PAYMENT, "amount": usd("25.00"), "started_at": ASKED_AT, "is_recharge": true, "status": "paid",
            "client_secret": null, "failure": null,
        },
        "recharge": {
            "settings": recharge_settings("10.00", "25.00", "100.00"),
            "consent": {
                "version": "2026-11", "text": CONSENT, "at": ASKED_AT, "by": "dana@brightwater.example",
                "address": "203.0.113.7", "last4": "4242",
            },
            "state": { "state": "on" },
            "charges": [{ "payment": PAYMENT, "at": ASKED_AT, "amount": usd("25.00") }],
        },
        "limits": {
            "minimum": usd("25.00"), "maximum": usd("200.00"), "daily_max": usd("200.00"), "charges_per_day": 4,
            "balance_max": usd("2000.00"), "suggested": recharge_settings("10.00", "25.00", "200.00"),
        },
        "consent_version": "2026-11",
        "minimum": usd("25.00"),
        "maximum": usd("10000.00"),
        "presets": [usd("25.00"), usd("50.00"), usd("100.00"), usd("250.00")],
        "days": [{ "day": DAY, "amount": usd("2.5122") }],
        "gateway": {
            "script_url": "https://js.stripe.com/v3/", "publishable_key": "pk_live_example", "test_mode": false,
        },
    })
}

/// What the widget shows.
pub fn embed_balance() -> Value {
    json!({
        "account": ACCOUNT,
        "name": "Calder & Finch Law",
        "agency_name": "Northwind Media",
        "stylesheet": null,
        "payer": "customer",
        "standing": "active",
        "balance": usd("61.337412"),
        "low_below": usd("20.00"),
        "runway_days": 23,
        "last_top_up": { "at": ASKED_AT, "amount": usd("100.00") },
    })
}

/// An event of usage.
pub fn event() -> Value {
    json!({
        "specversion": "1.0", "id": "SM8f1c0a77", "source": "twilio", "type": EVENT_TYPE,
        "subject": "BW-0077", "data": { "segments": 2 },
    })
}
