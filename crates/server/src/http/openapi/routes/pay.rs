//! The customer's side of the secure link.

use billing::api::{OpenLinkBody, PayBody, PayView};
use serde_json::json;

use super::{API, Group};
use crate::http::openapi::{
    examples::{TOKEN, pay_view, usd},
    operation::{Operation, get, post},
};

pub fn group() -> Group {
    Group {
        tag: "Paying",
        text: "What the pay page asks. The link's token goes in `Authorization: Bearer`, never in an address.",
        prefix: API,
        operations: operations(),
    }
}

fn operations() -> Vec<Operation> {
    vec![
        post(
            "/pay/open",
            "open_link",
            "Open a link",
            "Notes that it was opened, and changes nothing else: mail scanners open links, too.",
        )
        .takes::<OpenLinkBody>("What stands after `#t=` in the link.", json!({ "token": TOKEN }))
        .answers::<PayView>("What the pay page shows; a dead link says how it died.", pay_view())
        .refuses(404, &["link_unknown"], "The link leads nowhere."),
        get("/pay", "get_link", "How things stand with a link", "Ask again while a payment is `processing`.")
            .answers::<PayView>("What the pay page shows; a dead link says how it died.", pay_view()),
        post(
            "/pay/payments",
            "pay",
            "Pay",
            "The amount starts at what the agency asked for and may be changed, from 25.00 to 10,000.00, whole coins. Success puts it \
             on the customer's balance and, when a request is answered, has them pay from then on; once, however often it is told. At \
             most 10 payments a link.",
        )
        .needs_key()
        .takes::<PayBody>(
            "How much, what was shown on top for usage, and what the gateway's script made of the card fields.",
            json!({ "amount": usd("100.00"), "confirmation_token": "ctoken_1QbXyZ2eZvKYlo2C" }),
        )
        .answers::<PayView>("How it went: `paid`, `processing`, `action_required`, or `open` with a `last_failure`.", pay_view())
        .refuses(
            409,
            &["terms_changed", "payment_under_way", "too_many_attempts", "overflow", "already_on_customer_billing", "already_on_agency_billing", "return_under_way", "no_open_request"],
            "The payment is not taken now.",
        )
        .refuses(
            410,
            &["link_revoked", "link_expired", "link_replaced", "link_already_paid"],
            "The link is dead.",
        )
        .refuses(503, &["gateway_unavailable"], "The gateway could not be asked; nothing was charged."),
    ]
}
