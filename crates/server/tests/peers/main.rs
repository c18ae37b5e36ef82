//! An installation with nothing of ours beside it: `sluice serve`, with localstripe as its gateway and aiosmtpd as its mail server,
//! both processes of their own and written by others. Everything is done over HTTP and by what letters say, as people would.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "a test that cannot go on has failed; the support files serve several suites"
)]

#[path = "../support/database.rs"]
mod database;
#[path = "../support/process.rs"]
mod process;
#[path = "../support/python.rs"]
mod python;
mod town;

use billing::{
    Currency, Money,
    wallet::{
        RechargeSettings,
        recharge::{CONSENT_VERSION, RechargeCharge},
    },
};
use reqwest::Method;
use serde_json::{Value, json};
use town::{DANA, ROBIN, Town, Who};

fn usd(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "USD" })
}

fn units(units: i64) -> Money {
    Money::from_micros(units * 1_000_000, Currency::Usd)
}

/// 30.00 whenever less than 20.00 are left.
fn recharge(card: &str) -> Value {
    let charge = RechargeCharge::Fixed { amount: units(30) };
    let settings = RechargeSettings { below: units(20), charge, daily_cap: units(100) };
    json!({
        "below": usd("20.00"), "amount": usd("30.00"), "daily_cap": usd("100.00"),
        "consent": settings.consent_text("Northwind", card), "consent_version": CONSENT_VERSION,
    })
}

#[tokio::test]
async fn an_agency_goes_live_with_a_gateway_and_a_mail_server_that_others_wrote() {
    let mut town = Town::build().await;
    let (code, told) = town.command(&["doctor", "--json"]).await;
    assert_eq!((code, &told["ok"]), (0, &json!(true)), "{told:#}");
    let robin = town.sign_in().await;
    let list = town.get("/accounts", &robin).await;
    let account = list["accounts"][0]["id"].as_str().unwrap().to_owned();

    takes_over(&mut town, &robin, &account).await;
    let dana = looks_after_the_balance(&mut town, &account).await;
    second_card_is_tried(&mut town, &account, &dana).await;
    money_goes_back(&mut town, &robin, &account).await;

    let delivered = |view: &Value| {
        let letters = view["letters"].as_array().unwrap();
        letters.len() > 6 && letters.iter().all(|letter| letter["state"] == "accepted")
    };
    town.until(&format!("/accounts/{account}/funding-timeline"), &robin, delivered).await;
    let (code, told) = town.command(&["reconcile", "--json"]).await;
    assert_eq!((code, &told["ok"]), (0, &json!(true)), "{told:#}");
    // One declined, one not authenticated, one paid; a top-up, a recharge, one that was declined, and the backup's.
    assert_eq!((&told["payments"], &told["intents"]), (&json!(7), &json!(7)), "{told:#}");
    town.house.assert_sound().await;
}

/// Asked by mail; declined, not authenticated, authenticated: then the account is the customer's.
async fn takes_over(town: &mut Town, robin: &Who, account: &str) {
    let terms = json!({ "email": DANA, "starting_balance": usd("100.00"), "message": "Hi Dana" });
    let path = format!("/accounts/{account}/billing-requests");
    town.done(Method::POST, &path, robin, json!({ "version": 0, "body": terms })).await;
    let link = town.link(DANA, "Set up billing").await;
    let body = |card: String| json!({ "amount": usd("100.00"), "confirmation_token": card });
    let card = town.card("chargeCustomerFail").await;
    let declined = town.post("/pay/payments", &link, body(card)).await;
    assert_eq!(declined["state"], "open", "{declined:#}");
    assert_eq!(declined["last_failure"]["code"], "card_declined", "{declined:#}");
    for success in [false, true] {
        let card = town.card("authenticationRequired").await;
        let asked = town.post("/pay/payments", &link, body(card)).await;
        assert_eq!(asked["state"], "action_required", "{asked:#}");
        town.authenticate(asked["client_secret"].as_str().unwrap(), success).await;
        let state = if success { "paid" } else { "open" };
        town.until("/pay", &link, |view| view["state"] == state).await;
    }
    let shown = town.get(&format!("/accounts/{account}"), robin).await;
    assert_eq!(shown["account"]["funding"]["state"], "customer");
    assert_eq!(shown["account"]["customer_balance"], usd("100.00"));
    town.letter(DANA, "Receipt").await;
    town.letter(ROBIN, "customer billing").await;
}

/// By a link from a letter: a top-up with the card on file, and an auto-recharge that charges it.
async fn looks_after_the_balance(town: &mut Town, account: &str) -> Who {
    let nobody = Who::Token(String::new());
    town.post("/balance/links", &nobody, json!({ "email": DANA })).await;
    let dana = town.link(DANA, "balance").await;
    let body = |card: String, role: &str| json!({ "confirmation_token": card, "role": role });
    let card = town.card("visa").await;
    town.post("/balance/cards", &dana, body(card, "main")).await;
    town.until("/balance", &dana, |view| view["card"]["last4"] == "4242").await;
    let topped_up = town.post("/balance/top-ups", &dana, json!({ "amount": usd("25.00") })).await;
    assert_eq!(topped_up["payment"]["status"], "paid", "{topped_up:#}");
    assert_eq!(topped_up["balance"], usd("125.00"));

    let agreed = recharge("Visa ···· 4242");
    town.done(Method::PUT, "/balance/recharge", &dana, json!({ "body": agreed })).await;
    town.letter(DANA, "Auto-recharge is on").await;
    town.spend(account, 110).await;
    let recharged = town.until("/balance", &dana, |view| view["balance"] == usd("45.00")).await;
    assert_eq!(recharged["payment"]["is_recharge"], true);
    dana
}

/// The main card is declined, the backup pays, and its owner is told.
async fn second_card_is_tried(town: &mut Town, account: &str, dana: &Who) {
    let body = |card: String, role: &str| json!({ "confirmation_token": card, "role": role });
    for (card, role, last4) in [("visa", "backup", "4242"), ("chargeCustomerFail", "main", "0341")]
    {
        let card = town.card(card).await;
        town.post("/balance/cards", dana, body(card, role)).await;
        let field = if role == "main" { "card" } else { role };
        town.until("/balance", dana, |view| view[field]["last4"] == last4).await;
    }
    town.spend(account, 30).await;
    town.until("/balance", dana, |view| view["balance"] == usd("45.00")).await;
    let list = town.get("/balance/receipts", dana).await;
    assert_eq!(list["receipts"].as_array().unwrap().len(), 4, "{list:#}");
    assert_eq!(list["receipts"][0]["card"], "Visa ···· 4242");
}

/// Some by hand, the rest when the account is closed; each by the card that paid it.
async fn money_goes_back(town: &mut Town, robin: &Who, account: &str) {
    let path = format!("/accounts/{account}");
    let version = town.get(&path, robin).await["account"]["funding"]["version"].clone();
    let list = town.get(&format!("{path}/payments"), robin).await;
    let payment = list["payments"][0]["id"].as_str().unwrap().to_owned();
    let refund = json!({ "version": version, "body": { "amount": usd("10.00") } });
    let at = format!("{path}/payments/{payment}/refunds");
    town.done(Method::POST, &at, robin, refund).await;
    town.letter(DANA, "$10.00 is on its way back").await;

    let at_the_card = |list: &Value| list["payments"][0]["refunds"][0]["status"] == "succeeded";
    town.until(&format!("{path}/payments"), robin, at_the_card).await;
    let version = town.get(&path, robin).await["account"]["funding"]["version"].clone();
    let close = json!({ "version": version, "body": { "balance": "refund" } });
    town.done(Method::POST, &format!("{path}/closure"), robin, close).await;
    let closed =
        town.until(&path, robin, |view| view["account"]["customer_balance"] == usd("0.00"));
    assert!(closed.await["account"]["funding"]["closed"].is_string());
    let settled = |list: &Value| {
        let payments = list["payments"].as_array().unwrap();
        let refunds: Vec<_> =
            payments.iter().flat_map(|payment| payment["refunds"].as_array().unwrap()).collect();
        !refunds.is_empty() && refunds.iter().all(|refund| refund["status"] == "succeeded")
    };
    let list = town.until(&format!("{path}/payments"), robin, settled).await;
    let payments = list["payments"].as_array().unwrap().iter();
    let cents: i64 = payments
        .flat_map(|payment| payment["refunds"].as_array().unwrap())
        .map(|refund| refund["amount"]["amount"].as_str().unwrap().replace('.', ""))
        .map(|cents| cents.parse::<i64>().unwrap())
        .sum();
    assert_eq!(cents, 45_00, "{list:#}");

    let month = town.get(&format!("{path}/statements"), robin).await["running"].clone();
    let month = month.as_str().unwrap();
    let (status, pdf) =
        town.send(Method::GET, &format!("{path}/statements/{month}.pdf"), robin, json!({})).await;
    assert!(status == 200 && pdf.starts_with(b"%PDF-"), "{status}");
}
