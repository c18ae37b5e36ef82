//! Statements and receipts.

use billing::api::{Receipt, ReceiptList, Statement, StatementList, TimeZone};
use serde_json::{Value, json};

use super::{API, Group};
use crate::http::openapi::{
    examples::{ACCOUNT, MONTH, PAYMENT, usd},
    operation::{Operation, get, put},
};

pub fn group() -> Group {
    Group {
        tag: "Statements",
        text: "A month of a balance: opening balance, lines, closing balance. A statement is issued when its month is over where the \
               agency is, numbered without gaps, and does not change; what is booked later is a line of a later month. The running \
               month can be looked at, and has no number yet. A customer's balance has statements for the months in which something \
               was on it. A receipt is issued for each payment that settles.",
        prefix: API,
        operations: operations(),
    }
}

const CSV: &str = "statement,day,kind,what,account,account_name,amount,balance,currency,time_zone\n\
     S-2026-000017,2026-10-01,opening,Opening balance,,,,61.34,USD,Europe/Berlin\n";

fn operations() -> Vec<Operation> {
    vec![
        get(
            "/agency/statements",
            "list_agency_statements",
            "List statements of the agency's balance",
            "Newest first.",
        )
        .answers::<StatementList>("What was issued.", list()),
        in_forms(get(
            "/agency/statements/{month}",
            "get_agency_statement",
            "A month of the agency's balance",
            "Of a month that is over the statement, of the running month what is booked so far.",
        )),
        get(
            "/agency/time-zone",
            "get_time_zone",
            "Where months begin",
            "UTC unless another was chosen.",
        )
        .answers::<TimeZone>("The time zone.", json!({ "time_zone": "Europe/Berlin" })),
        put(
            "/agency/time-zone",
            "set_time_zone",
            "Choose where months begin",
            "From the running month on; months that are over stay as they are.",
        )
        .takes::<TimeZone>("An IANA name.", json!({ "time_zone": "Europe/Berlin" }))
        .answers::<TimeZone>("The time zone.", json!({ "time_zone": "Europe/Berlin" })),
        get(
            "/accounts/{account}/statements",
            "list_statements",
            "List statements of an account's own balance",
            "Newest first. A client user sees those of their accounts.",
        )
        .answers::<StatementList>("What was issued.", list()),
        in_forms(get(
            "/accounts/{account}/statements/{month}",
            "get_statement",
            "A month of an account's own balance",
            "Of a month that is over the statement, of the running month what is booked so far; 404 where there was no balance.",
        )),
        get(
            "/accounts/{account}/receipts",
            "list_receipts",
            "List receipts",
            "One for each payment that settled, newest first.",
        )
        .answers::<ReceiptList>("The receipts.", json!({ "receipts": [receipt()] })),
        get(
            "/accounts/{account}/receipts/{payment}",
            "get_receipt",
            "The receipt for a payment",
            "What was paid back since stands beside what was paid.",
        )
        .answers::<Receipt>("The receipt.", receipt())
        .or_as("application/pdf", "%PDF-1.7 …"),
    ]
}

fn in_forms(operation: Operation) -> Operation {
    operation
        .answers::<Statement>("The statement, in the form that was asked for.", statement())
        .or_as("application/pdf", "%PDF-1.7 …")
        .or_as("text/csv; charset=utf-8", CSV)
}

fn list() -> Value {
    json!({
        "time_zone": "Europe/Berlin",
        "running": "2026-11",
        "statements": [{
            "number": "S-2026-000017",
            "month": MONTH,
            "issued_at": "2026-10-31T23:04:10.5Z",
            "opening": usd("61.34"),
            "closing": usd("109.4598"),
        }],
    })
}

fn account() -> Value {
    json!({ "id": ACCOUNT, "name": "Calder & Finch Law" })
}

fn statement() -> Value {
    let line = |day: &str, kind: &str, what: &str, amount: &str, after: &str| {
        json!({
            "day": day, "kind": kind, "what": what, "account": null, "amount": usd(amount),
            "balance_after": usd(after),
        })
    };
    json!({
        "number": "S-2026-000017",
        "issued_at": "2026-10-31T23:04:10.5Z",
        "month": MONTH,
        "time_zone": "Europe/Berlin",
        "offset": "UTC+02:00, then UTC+01:00",
        "first_day": "2026-10-01",
        "last_day": "2026-10-31",
        "agency": "Northwind Media",
        "account": account(),
        "currency": "USD",
        "opening": usd("61.34"),
        "lines": [
            line("2026-10-02", "draw", "Usage", "-1.8802", "59.4598"),
            line("2026-10-09", "top_up", "Payment: Visa ···· 4242", "50.00", "109.4598"),
        ],
        "closing": usd("109.4598"),
    })
}

pub(super) fn receipt() -> Value {
    json!({
        "number": "R-2026-000009",
        "payment": PAYMENT,
        "paid_at": "2026-10-09T14:20:31Z",
        "day": "2026-10-09",
        "time_zone": "Europe/Berlin",
        "agency": "Northwind Media",
        "account": account(),
        "email": "amelia.finch@calderfinch.example",
        "card": "Visa ···· 4242",
        "amount": usd("50.00"),
        "usage": null,
        "refunds": [{ "day": "2026-10-20", "status": "succeeded", "amount": usd("10.00") }],
    })
}
