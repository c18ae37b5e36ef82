//! Who pays: asking a customer to take over, and taking billing back.

use billing::api::{
    AgencyBillingBody, BillingRequestBody, ClosureBody, FundingAnswer, LinkAnswer, PaymentPage,
    RefundBody,
};
use serde_json::{Value, json};

use super::{API, Group};
use crate::http::openapi::{
    examples::{
        HOST, PAYMENT, REQUEST, TOKEN, account, account_asked_for_usage, account_of_agency,
        funding_answer, usd,
    },
    operation::{Operation, delete, get, post, put},
};

const ANSWER: &str = "The account and the agency after it.";

pub fn group() -> Group {
    Group {
        tag: "Funding",
        text: "The commands that decide whose balance an account's usage draws from. Each takes `If-Match`: of two people at once, \
               the later one is told what the other did (412).",
        prefix: API,
        operations: operations(),
    }
}

fn operations() -> Vec<Operation> {
    vec![
        post(
            "/accounts/{account}/billing-requests",
            "request_billing",
            "Remove from Agency Billing",
            "Mails a customer a secure link, good for 7 days, with which they take over payment. The agency goes on paying until \
             the customer has. An account has one open request: a new one replaces it, and its links say so.",
        )
        .needs_version()
        .needs_key()
        .takes::<BillingRequestBody>(
            "Whom to ask, what balance to suggest (25.00 to 10,000.00, whole coins), and what to write (at most 10,000 characters).",
            json!({
                "email": "dana@brightwater.example",
                "starting_balance": usd("100.00"),
                "message": "Hi Dana, please take over the billing of your messages.",
            }),
        )
        .answers::<FundingAnswer>(ANSWER, funding_answer(&account()))
        .refuses(
            409,
            &["already_on_customer_billing", "return_under_way", "payment_under_way"],
            "The account's funding does not allow it now.",
        ),
        post(
            "/accounts/{account}/billing-requests/{request}/resend",
            "resend_request",
            "Mail a request once more",
            "With a fresh link; it is good for 7 days again. At most 10 letters a request.",
        )
        .needs_version()
        .needs_key()
        .answers::<FundingAnswer>(ANSWER, funding_answer(&account()))
        .refuses(
            409,
            &["no_open_request", "already_on_customer_billing", "payment_under_way", "too_many_sends", "link_expired"],
            "The request is not one that can be mailed now.",
        ),
        put(
            "/accounts/{account}/billing-requests/{request}/usage",
            "ask_for_usage",
            "Ask for what usage has cost since",
            "The customer is asked to pay on top what usage has cost the agency since the request was made: as of now, in whole \
             coins.",
        )
        .needs_version()
        .may_have_key()
        .answers::<FundingAnswer>(ANSWER, funding_answer(&account_asked_for_usage()))
        .refuses(409, ASKING, "The request is not open, or there is nothing to ask for.")
        .refuses(410, &["link_expired"], "The request has expired."),
        delete(
            "/accounts/{account}/billing-requests/{request}/usage",
            "ask_no_longer_for_usage",
            "Ask for the starting balance alone",
            "Takes back what was asked for on top.",
        )
        .needs_version()
        .may_have_key()
        .answers::<FundingAnswer>(ANSWER, funding_answer(&account()))
        .refuses(409, ASKING, "The request is not open.")
        .refuses(410, &["link_expired"], "The request has expired."),
        post(
            "/accounts/{account}/billing-requests/{request}/links",
            "make_link",
            "Make a link to hand over",
            "A fresh secure link to the open request, to hand over by other means than mail. It is told this once: only its hash is \
             kept.",
        )
        .answers::<LinkAnswer>(
            "The link.",
            json!({ "url": format!("{HOST}/pay#t={TOKEN}"), "expires_at": "2026-11-27T09:30:12.5Z" }),
        )
        .refuses(409, &["no_open_request"], "The request is no longer open."),
        delete(
            "/accounts/{account}/billing-requests/{request}",
            "revoke_request",
            "Call a request off",
            "Its links are dead. A payment that is under way at this moment is honoured, or paid back.",
        )
        .needs_version()
        .may_have_key()
        .answers::<FundingAnswer>(ANSWER, funding_answer(&account_of_agency()))
        .refuses(
            409,
            &["no_open_request", "already_on_customer_billing", "payment_under_way"],
            "The request is no longer open.",
        ),
        post(
            "/accounts/{account}/agency-billing",
            "add_to_agency",
            "Add to Agency Billing",
            "Drops the customer's billing information and adds what is on their balance to the agency's, or pays it back to their \
             card. While a payment is in flight the account is `returning` until its outcome is known. A negative balance is taken \
             over only if the body says so.",
        )
        .needs_version()
        .needs_key()
        .takes::<AgencyBillingBody>(
            "Where the balance goes.",
            json!({ "choice": "transfer", "take_over_negative": false }),
        )
        .answers::<FundingAnswer>(ANSWER, funding_answer(&account_of_agency()))
        .refuses(
            409,
            &["already_on_agency_billing", "return_under_way", "negative_balance", "nothing_to_refund", "overflow"],
            "The account's funding does not allow it now.",
        ),
        post(
            "/accounts/{account}/closure",
            "close_account",
            "Close an account",
            "An open request is withdrawn; what is on a customer's balance is moved to the agency's or paid back to their card. A \
             closed account is paused, and nobody can be asked to pay for it. Usage that still arrives is recorded, and the agency \
             pays it; a payment that comes after all is paid back. While a payment is in flight the account is `returning`, and \
             closed once its outcome is known.",
        )
        .needs_version()
        .needs_key()
        .takes::<ClosureBody>(
            "Where a customer's balance goes.",
            json!({ "balance": "transfer", "take_over_negative": false }),
        )
        .answers::<FundingAnswer>(ANSWER, funding_answer(&closed_account()))
        .refuses(
            409,
            &["return_under_way", "negative_balance", "nothing_to_refund", "overflow"],
            "The account's funding does not allow it now.",
        ),
        delete(
            "/accounts/{account}/closure",
            "reopen_account",
            "Open an account again",
            "The agency pays, as before, and a customer can be asked again.",
        )
        .needs_version()
        .may_have_key()
        .answers::<FundingAnswer>(ANSWER, funding_answer(&account_of_agency())),
        get(
            "/accounts/{account}/payments",
            "list_payments",
            "What was paid",
            "The payments of an account, newest first, each with what went back of it, what its cardholder disputes, and how much of \
             it can be refunded now.",
        )
        .in_pages()
        .answers::<PaymentPage>(
            "A page of them.",
            json!({ "payments": [payment()], "next_cursor": null }),
        ),
        post(
            "/accounts/{account}/payments/{payment}/refunds",
            "refund_payment",
            "Refund a payment",
            "Pays some of a payment back to its card, from the customer's balance: never more than is left of the payment, or on the \
             balance. The customer goes on paying, and is told by e-mail. If the card's bank refuses it, it comes back to the balance \
             of whoever pays then.",
        )
        .needs_version()
        .needs_key()
        .takes::<RefundBody>("How much, in whole coins.", json!({ "amount": usd("40.00") }))
        .answers::<FundingAnswer>(ANSWER, funding_answer(&account()))
        .refuses(
            409,
            &[
                "already_on_agency_billing",
                "return_under_way",
                "nothing_to_refund",
                "above_refundable",
                "above_maximum",
                "too_precise",
                "overflow",
            ],
            "It cannot be refunded, or not as much.",
        ),
    ]
}

fn payment() -> Value {
    json!({
        "id": PAYMENT,
        "for": "switch",
        "request": REQUEST,
        "amount": usd("100.00"),
        "started_at": "2026-11-20T09:41:03.5Z",
        "settled_at": "2026-11-20T09:41:05.25Z",
        "status": "settled",
        "failure": null,
        "email": "dana@brightwater.example",
        "card": {
            "payment_method": "pm_1SVn7k2eZvKYlo2C", "brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2031,
        },
        "refunds": [{
            "key": { "payment": PAYMENT, "number": 1 },
            "amount": usd("10.00"),
            "status": "succeeded",
        }],
        "disputes": [{
            "id": "dp_1SVn7k2eZvKYlo2D",
            "amount": usd("50.00"),
            "reason": "product_not_received",
            "answer_by": "2026-12-07T23:59:59Z",
            "status": "open",
            "from_customer": usd("50.00"),
            "words": "the cardholder says they got nothing for it",
            "lost": "$50.00 taken from the customer's balance",
        }],
        "refundable": usd("40.00"),
        "not_refundable": null,
        "put_aside": null,
    })
}

fn closed_account() -> Value {
    let mut account = account_of_agency();
    account["funding"]["closed"] = json!("2026-11-22T16:10:09.25Z");
    account["standing"] = json!("paused");
    account
}

const ASKING: &[&str] =
    &["no_open_request", "already_on_customer_billing", "payment_under_way", "nothing_used"];
