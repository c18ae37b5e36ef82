//! The agency and its accounts, to read.

use billing::Standing;
use billing::api::{
    AccountDetail, AccountList, AccountSort, AgencySnapshot, LedgerPage, PayerFilter,
    StandingAnswer, Timeline,
};
use serde_json::json;

use super::{API, Group};
use crate::http::openapi::{
    examples::{ACCOUNT, account, agency, counts, ledger_line, owner, usd},
    operation::{Operation, Parameter, Place, get},
};

pub fn group() -> Group {
    Group {
        tag: "Accounts",
        text: "The agency's accounts: who pays for each, what is on its balance, and what happened to it.",
        prefix: API,
        operations: operations(),
    }
}

fn operations() -> Vec<Operation> {
    vec![
        get(
            "/agency",
            "get_agency",
            "The agency and its balance",
            "The balance is what all accounts draw from for which the agency pays.",
        )
        .answers::<AgencySnapshot>("The agency.", agency()),
        list(),
        get(
            "/accounts/{account}",
            "get_account",
            "An account",
            "Its `ETag` is what `If-Match` of every command about its funding takes.",
        )
        .answers::<AccountDetail>(
            "The account, and the agency at the same instant.",
            json!({ "account": account(), "agency": agency(), "change_seq": 9107 }),
        )
        .with_header("ETag", "The account's `funding.version`, in quotes."),
        get(
            "/accounts/{account}/ledger",
            "get_ledger",
            "An account's ledger",
            "Newest first. `limit` counts entries; one that changed the agency's balance and the account's own is two lines.",
        )
        .in_pages()
        .answers::<LedgerPage>(
            "A page of it, and the account's own balance on each of the last 90 days.",
            json!({
                "lines": [ledger_line()],
                "next_cursor": "ZW50cnkgNDE4Mg",
                "curve": [{ "at": "2026-11-22T16:10:09.25Z", "balance": usd("61.337412") }],
            }),
        ),
        get(
            "/accounts/{account}/funding-timeline",
            "get_funding_timeline",
            "Who paid when",
            "From when to when who paid, by whose action, and everything else that happened to the funding: the newest 500 \
             events, oldest first. The newest 20 letters about the account, newest first, say what the mail server made of them.",
        )
        .answers::<Timeline>(
            "The timeline.",
            json!({
                "intervals": [{
                    "payer": "agency", "from": "2026-07-01T08:00:00Z", "to": null,
                    "by": { "kind": "system", "part": "import" },
                }],
                "events": [{
                    "at": "2026-11-20T09:30:12.5Z",
                    "actor": owner(),
                    "event": "billing_requested",
                    "request": crate::http::openapi::examples::REQUEST,
                    "email": "dana@brightwater.example",
                    "starting_balance": usd("100.00"),
                    "message": "Hi Dana, please take over the billing of your messages.",
                    "expires_at": "2026-11-27T09:30:12.5Z",
                    "words": "Asked dana@brightwater.example to take over, from $100.00",
                }],
                "letters": [{
                    "at": "2026-11-20T09:30:12.5Z",
                    "kind": "billing_request",
                    "to": "dana@brightwater.example",
                    "state": "deferred",
                    "detail": "the mail server said 451",
                    "next_try": "2026-11-20T09:30:17.5Z",
                }],
            }),
        ),
        standing(),
    ]
}

fn list() -> Operation {
    get(
        "/accounts",
        "list_accounts",
        "List accounts",
        "A page of them, with the agency at the same instant.",
    )
    .word(
        "funding",
        "Only those that draw from this balance.",
        &PayerFilter::ALL.map(PayerFilter::name),
    )
    .word("standing", "Only those of this standing.", &Standing::ALL.map(Standing::name))
    .word("closed", "Only those that are closed, or only those that are not.", &["true", "false"])
    .query(
        "q",
        "Only those whose name or external id holds this text.",
        json!({ "type": "string", "maxLength": 200 }),
        Some(json!("brightwater")),
    )
    .word(
        "sort",
        "The order; a leading minus turns it round.",
        &AccountSort::ALL.map(AccountSort::name),
    )
    .in_pages()
    .answers::<AccountList>(
        "A page of accounts.",
        json!({
            "accounts": [account()],
            "next_cursor": null,
            "counts": counts(),
            "agency": agency(),
            "change_seq": 9107,
        }),
    )
}

fn standing() -> Operation {
    get(
        "/accounts/{account}/standing",
        "get_standing",
        "What the metered service should do",
        "`active`: go on. `low`: go on, but warn. `paused`: stop. It follows from the balance that pays, and is good for two \
         seconds. Better than asking is being told: see [Webhooks](#webhooks).",
    )
    .header(Parameter {
        name: "If-None-Match",
        place: Place::Header,
        required: false,
        text: "The `ETag` of the last answer: 304 while nothing has changed.",
        schema: json!({ "type": "string" }),
        example: None,
    })
    .answers::<StandingAnswer>(
        "What it should do.",
        json!({ "account": ACCOUNT, "standing": "active", "payer": "agency" }),
    )
    .with_header("ETag", "Stands for standing and payer.")
    .with_header("Cache-Control", "`private, max-age=2`")
    .answers_nothing(304, "It is as `If-None-Match` says.")
    .with_header("ETag", "The same.")
    .with_header("Cache-Control", "`private, max-age=2`")
}
