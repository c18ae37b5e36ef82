//! A customer's balance, by a link from a letter.

use billing::api::{
    AlertBody, AskBalanceLinkBody, ClientLedgerPage, Receipt, ReceiptList, RechargeBody,
    SaveCardBody, TopUpBody, WalletView,
};
use serde_json::{Value, json};

use super::{API, Group, statements};
use crate::http::openapi::{
    examples::{CONSENT, usd, wallet_view},
    operation::{Operation, delete, get, post, put},
};

pub fn group() -> Group {
    Group {
        tag: "A customer's balance",
        text: "What a customer sees and does by the link in their letters: no account, no password. The link's token goes in \
               `Authorization: Bearer`; it is good for 24 hours. Once the agency pays again, links show what was, and take no \
               payment.",
        prefix: API,
        operations: operations().into_iter().map(dies).collect(),
    }
}

/// All but those that need no link.
fn dies(operation: Operation) -> Operation {
    match operation.id {
        "ask_balance_link" | "end_balance_link" => operation,
        _ => operation.refuses(
            410,
            &["link_expired"],
            "The link is older than 24 hours, or somebody else pays by now; ask for a new one.",
        ),
    }
}

const SHOWN: &str = "The balance and all beside it.";
const CARD_TOKEN: &str = "ctoken_1QbXyZ2eZvKYlo2C";

fn operations() -> Vec<Operation> {
    let mut all = vec![
        post(
            "/balance/links",
            "ask_balance_link",
            "Ask for a link",
            "By `email`: a link for each account that this address pays for, at most 20. By the `token` of a link, expired or not: a \
             new one, to where that one went. The answer is the same whether there is any.",
        )
        .takes::<AskBalanceLinkBody>("One of the two.", json!({ "email": "dana@brightwater.example" }))
        .answers_nothing(202, "If this address pays for something, a letter is on its way."),
        get(
            "/balance",
            "get_balance",
            "The balance",
            "With its cards, its auto-recharge, and the payment under way. Ask again while that is `processing`.",
        )
        .answers::<WalletView>(SHOWN, wallet_view()),
    ];
    all.extend(payments());
    all.extend(settings());
    all.extend(books());
    all.push(
        delete("/balance/link", "end_balance_link", "End a link", "It shows nothing from now on.")
            .answers_nothing(204, "It is dead."),
    );
    all
}

fn payments() -> Vec<Operation> {
    vec![
        post(
            "/balance/top-ups",
            "top_up_balance",
            "Pay onto the balance",
            "With the card on file, or with a new one, which then takes its place. From 25.00 to 10,000.00, whole coins.",
        )
        .needs_key()
        .takes::<TopUpBody>("How much, and with which card.", json!({ "amount": usd("50.00") }))
        .answers::<WalletView>(
            "How it went is in `payment`: `paid`, `processing`, `action_required`, or `failed` with a `failure`.",
            wallet_view(),
        )
        .refuses(
            409,
            &["no_card", "payment_under_way", "already_on_agency_billing", "return_under_way", "overflow"],
            "The payment is not taken now.",
        )
        .refuses(503, &["gateway_unavailable"], "The gateway could not be asked; nothing was charged."),
        post(
            "/balance/cards",
            "save_card",
            "Save a card",
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
            wallet_view(),
        )
        .refuses(
            409,
            &["card_under_way", "already_on_agency_billing"],
            "Another card is being saved, or the agency pays.",
        )
        .refuses(503, &["gateway_unavailable"], "The gateway could not be asked."),
        delete(
            "/balance/cards/{role}",
            "remove_card",
            "Remove a card",
            "A backup takes the place of the main card; without one the auto-recharge is switched off.",
        )
        .answers::<WalletView>(SHOWN, wallet_view())
        .refuses(
            409,
            &["no_card", "payment_under_way", "already_on_agency_billing"],
            "There is none, or a payment with it is under way.",
        ),
    ]
}

fn settings() -> Vec<Operation> {
    vec![
        put(
            "/balance/recharge",
            "set_recharge",
            "Switch auto-recharge on, or change it",
            "By the yes to the sentence that the settings make; it is kept with its version, time, network address and the card's last \
             four digits. At most four charges and `daily_cap` within 24 hours.",
        )
        .takes::<RechargeBody>(
            "What is wanted, and the sentence that was agreed to.",
            json!({
                "below": usd("10.00"), "amount": usd("25.00"), "daily_cap": usd("100.00"),
                "consent": CONSENT, "consent_version": "2026-11",
            }),
        )
        .answers::<WalletView>(SHOWN, wallet_view())
        .refuses(
            409,
            &["no_card", "payment_under_way", "already_on_agency_billing", "overflow"],
            "There is no card to charge, or a charge is under way.",
        ),
        delete("/balance/recharge", "stop_recharge", "Switch auto-recharge off", "A charge that is under way goes on.")
            .answers::<WalletView>(SHOWN, wallet_view()),
        put(
            "/balance/alert",
            "set_alert",
            "Say when the balance is low",
            "Below this a letter goes out, once until it has recovered.",
        )
        .takes::<AlertBody>("From where on.", json!({ "low_below": usd("20.00") }))
        .answers::<WalletView>(SHOWN, wallet_view())
        .refuses(409, &["already_on_agency_billing"], "The agency pays."),
    ]
}

fn books() -> Vec<Operation> {
    vec![
        get(
            "/balance/ledger",
            "get_balance_ledger",
            "What moved the balance",
            "Newest first, while whoever holds the link paid. A page may be short, or empty, though older ones follow.",
        )
        .in_pages()
        .answers::<ClientLedgerPage>(
            "The lines.",
            json!({ "lines": [line()], "next_cursor": null }),
        ),
        get("/balance/receipts", "list_balance_receipts", "List receipts", "Newest first.")
            .answers::<ReceiptList>("The receipts.", json!({ "receipts": [statements::receipt()] })),
        get(
            "/balance/receipts/{receipt}",
            "get_balance_receipt",
            "A receipt",
            "With `.pdf` behind its number in that form.",
        )
        .answers::<Receipt>("The receipt.", statements::receipt())
        .or_as("application/pdf", "%PDF-1.7 …"),
    ]
}

fn line() -> Value {
    json!({
        "at": "2026-11-22T16:10:09.25Z",
        "kind": "top_up",
        "amount": usd("25.00"),
        "balance_after": usd("61.337412"),
    })
}
