//! Accounts as a client user sees them.

use billing::api::{
    ClientAccount, ClientAccountList, ClientLedgerPage, ClientReport, ClientUsagePage, ReportBy,
};
use serde_json::{Value, json};

use super::{API, Group};
use crate::http::openapi::{
    examples::{ACCOUNT, client_account, usd},
    operation::{Operation, get},
};

pub fn group() -> Group {
    Group {
        tag: "Client users",
        text: "What somebody of a client sees: the accounts that they belong to, what was used, and the balance while it is their own. \
               Nothing of the agency's.",
        prefix: API,
        operations: operations(),
    }
}

fn operations() -> Vec<Operation> {
    vec![
        get(
            "/client/accounts",
            "list_client_accounts",
            "List one's accounts",
            "All that the client user belongs to, at most 100.",
        )
        .answers::<ClientAccountList>(
            "The accounts.",
            json!({ "accounts": [client_account()], "change_seq": 9107 }),
        ),
        get("/client/accounts/{account}", "get_client_account", "One of one's accounts", "Who pays, and the balance if it is theirs.")
            .answers::<ClientAccount>("The account.", client_account()),
        get(
            "/client/accounts/{account}/ledger",
            "get_client_ledger",
            "The ledger of one's account",
            "What moved its own balance, newest first. A page may be short, or empty, though older lines follow.",
        )
        .in_pages()
        .answers::<ClientLedgerPage>(
            "A page of lines.",
            json!({
                "lines": [{
                    "at": "2026-11-21T02:10:44.5Z", "kind": "draw", "amount": usd("-1.8802"),
                    "balance_after": usd("61.337412"),
                }],
                "next_cursor": null,
            }),
        ),
        get(
            "/client/accounts/{account}/usage",
            "get_client_usage",
            "The usage of one's account",
            "Lines by day, type and payer, newest first. What it cost is told where the client paid.",
        )
        .in_pages()
        .answers::<ClientUsagePage>(
            "A page of lines.",
            json!({
                "lines": [{
                    "day": "2026-11-21", "event_type": "sms.sent", "payer": "customer", "events": 140,
                    "quantity": "238", "amount": usd("1.8802"),
                }],
                "next_cursor": null,
            }),
        ),
        dated(get(
            "/client/usage",
            "get_client_report",
            "A report of one's usage",
            "Of all their accounts together; the last 30 days unless said otherwise, at most 400.",
        ))
        .answers::<ClientReport>("The report.", report()),
        dated(get(
            "/client/usage.csv",
            "get_client_csv",
            "A report of one's usage, as CSV",
            "The same, for spreadsheets (RFC 4180). Cells that would start a formula are defused.",
        ))
        .answers_text(
            "text/csv; charset=utf-8",
            "The report.",
            "account,name,events,quantity,paid,currency\r\n\
             sub_01kmq8w2hj4x7c9v3n5b1d6f8g,Calder & Finch Law,4020,6834,53.9886,USD\r\n",
        )
        .with_header("Content-Disposition", "A name to keep it under."),
    ]
}

fn dated(operation: Operation) -> Operation {
    operation
        .from_day_to_day("The first day.", "The last day, included; today unless said otherwise.")
        .word("by", "What it is segmented by.", &ReportBy::ALL.map(ReportBy::name))
}

fn report() -> Value {
    let row = |key: &str, label: &str| json!({ "key": key, "label": label, "events": 4020, "quantity": "6834", "paid": usd("53.9886") });
    json!({
        "from": "2026-11-01",
        "to": "2026-11-30",
        "by": "account",
        "currency": "USD",
        "rows": [row(ACCOUNT, "Calder & Finch Law")],
        "total": row("", ""),
    })
}
