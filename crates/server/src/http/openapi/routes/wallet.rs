//! The agency's own balance: paying onto it, its cards, its auto-recharge.

use billing::api::{
    AlertBody, Receipt, ReceiptList, RechargeBody, SaveCardBody, TopUpBody, WalletView,
};
use serde_json::{Value, json};

use super::{API, Group, statements};
use crate::http::openapi::{
    examples::{recharge_settings, usd, wallet_view},
    operation::{Operation, delete, get, post, put},
};

pub fn group() -> Group {
    Group {
        tag: "The agency's balance",
        text: "The balance that pays for every client whom no customer pays for: payments by card, the cards on file, and the \
               auto-recharge. Paying is for people who are signed in; no API key does it.",
        prefix: API,
        operations: payments().into_iter().chain(settings()).chain(receipts()).collect(),
    }
}

const SHOWN: &str = "The balance and all beside it.";
/// The sentence that is agreed to for the agency's auto-recharge.
const AGENCY_CONSENT: &str = "I allow Northwind Media to charge Visa ···· 4242 $1,000.00 whenever this balance falls below \
     $500.00, at most $4,000.00 within 24 hours and four times, until I switch it off on this page. I get a receipt for every charge.";
/// Who is written to about it.
const EMAIL: &str = "mara@northwind.example";
const CARD_TOKEN: &str = "ctoken_1QbXyZ2eZvKYlo2C";

fn view() -> Value {
    let mut view = wallet_view();
    view["account_name"] = Value::Null;
    view["stylesheet"] = Value::Null;
    view["email"] = json!(EMAIL);
    view["balance"] = usd("3841.207318");
    view["low_below"] = usd("100.00");
    view["presets"] = json!([usd("100.00"), usd("250.00"), usd("500.00"), usd("1000.00")]);
    view["payment"]["amount"] = usd("1000.00");
    let recharge = &mut view["recharge"];
    recharge["settings"] = recharge_settings("500.00", "1000.00", "4000.00");
    recharge["charges"][0]["amount"] = usd("1000.00");
    recharge["consent"]["text"] = json!(AGENCY_CONSENT);
    recharge["consent"]["by"] = json!(EMAIL);
    let limits = &mut view["limits"];
    limits["maximum"] = usd("10000.00");
    limits["daily_max"] = usd("40000.00");
    limits["balance_max"] = usd("100000.00");
    limits["suggested"] = recharge_settings("100.00", "500.00", "2000.00");
    view
}

fn payments() -> Vec<Operation> {
    vec![
        get(
            "/agency/wallet",
            "get_wallet",
            "The balance with its cards",
            "With its auto-recharge, and the payment under way. Ask again while that is `processing`. Secrets for the gateway's script \
             are told to those alone who may pay.",
        )
        .answers::<WalletView>(SHOWN, view()),
        post(
            "/agency/top-ups",
            "top_up_agency",
            "Pay onto the agency's balance",
            "With the card on file, or with a new one, which then takes its place. From 25.00 to 10,000.00, whole coins.",
        )
        .needs_key()
        .takes::<TopUpBody>("How much, and with which card.", json!({ "amount": usd("500.00") }))
        .answers::<WalletView>(
            "How it went is in `payment`: `paid`, `processing`, `action_required`, or `failed` with a `failure`.",
            view(),
        )
        .refuses(409, &["no_card", "payment_under_way", "overflow"], "The payment is not taken now.")
        .refuses(503, &["gateway_unavailable"], "The gateway could not be asked; nothing was charged."),
        post(
            "/agency/cards",
            "save_agency_card",
            "Save a card of the agency's",
            "Without a payment. A `main` card takes the place of the one on file; a `backup` is charged when an auto-recharge with the \
             main one was declined.",
        )
        .needs_key()
        .takes::<SaveCardBody>(
            "What the gateway's script made of the card fields.",
            json!({ "confirmation_token": CARD_TOKEN, "role": "backup" }),
        )
        .answers::<WalletView>(
            "How it went: the card is on file, or `setup` says how far it is, or `setup_failure` why it is not saved.",
            view(),
        )
        .refuses(409, &["card_under_way"], "Another card is being saved.")
        .refuses(503, &["gateway_unavailable"], "The gateway could not be asked."),
        delete(
            "/agency/cards/{role}",
            "remove_agency_card",
            "Remove a card of the agency's",
            "A backup takes the place of the main card; without one the auto-recharge is switched off.",
        )
        .answers::<WalletView>(SHOWN, view())
        .refuses(
            409,
            &["no_card", "payment_under_way"],
            "There is none, or a payment with it is under way.",
        ),
    ]
}

fn settings() -> Vec<Operation> {
    vec![
        put(
            "/agency/recharge",
            "set_agency_recharge",
            "Switch the agency's auto-recharge on, or change it",
            "By the yes to the sentence that the settings make; it is kept with its version, time, network address and the card's last \
             four digits. At most four charges and `daily_cap` within 24 hours.",
        )
        .takes::<RechargeBody>(
            "What is wanted, and the sentence that was agreed to.",
            json!({
                "below": usd("500.00"), "amount": usd("1000.00"), "daily_cap": usd("4000.00"),
                "consent": AGENCY_CONSENT, "consent_version": "2026-11",
            }),
        )
        .answers::<WalletView>(SHOWN, view())
        .refuses(
            409,
            &["no_card", "payment_under_way", "overflow"],
            "There is no card to charge, or a charge is under way.",
        ),
        delete(
            "/agency/recharge",
            "stop_agency_recharge",
            "Switch the agency's auto-recharge off",
            "A charge that is under way goes on.",
        )
        .answers::<WalletView>(SHOWN, view()),
        put(
            "/agency/alert",
            "set_agency_alert",
            "Say when the agency's balance is low",
            "Below this its clients' standing is `low`, and a letter goes to the owner, once until it has recovered.",
        )
        .takes::<AlertBody>("From where on.", json!({ "low_below": usd("100.00") }))
        .answers::<WalletView>(SHOWN, view()),
    ]
}

fn receipts() -> Vec<Operation> {
    vec![
        get(
            "/agency/receipts",
            "list_agency_receipts",
            "List receipts for payments onto the agency's balance",
            "Newest first.",
        )
        .answers::<ReceiptList>("The receipts.", json!({ "receipts": [receipt()] })),
        get(
            "/agency/receipts/{payment}",
            "get_agency_receipt",
            "The receipt for a payment onto the agency's balance",
            "With `.pdf` behind the payment's id in that form.",
        )
        .answers::<Receipt>("The receipt.", receipt())
        .or_as("application/pdf", "%PDF-1.7 …"),
    ]
}

fn receipt() -> Value {
    let mut receipt = statements::receipt();
    receipt["account"] = Value::Null;
    receipt["email"] = json!(EMAIL);
    receipt["refunds"] = json!([]);
    receipt
}
