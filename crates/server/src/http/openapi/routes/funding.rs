//! Who pays: asking a customer to take over, and taking billing back.

use billing::api::{AgencyBillingBody, BillingRequestBody, FundingAnswer, LinkAnswer};
use serde_json::json;

use super::{API, Group};
use crate::http::openapi::{
    examples::{
        HOST, TOKEN, account, account_asked_for_usage, account_of_agency, funding_answer, usd,
    },
    operation::{Operation, delete, post, put},
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
    ]
}

const ASKING: &[&str] =
    &["no_open_request", "already_on_customer_billing", "payment_under_way", "nothing_used"];
