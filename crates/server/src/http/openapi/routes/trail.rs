//! The audit trail.

use billing::api::AuditPage;
use serde_json::json;

use super::{API, Group};
use crate::http::openapi::{
    examples::audit_line,
    operation::{Operation, get},
};

pub fn group() -> Group {
    let page = || json!({ "lines": [audit_line()], "next_cursor": "YXVkaXQgNzMx" });
    Group {
        tag: "Audit trail",
        text: "A line for everything that changed money, funding, access or settings: who, what, to which account, before and after, \
               when, and under which request id.",
        prefix: API,
        operations: vec![
            with_account(filtered(get("/audit", "get_audit", "The agency's trail", "Newest first.")))
                .in_pages()
                .answers::<AuditPage>("A page of lines.", page()),
            with_account(filtered(get(
                "/audit.csv",
                "get_audit_csv",
                "The agency's trail, as CSV",
                "The same, for spreadsheets (RFC 4180): at most the newest 50,000 lines. Cells that would start a formula are defused.",
            )))
            .answers_text(
                "text/csv; charset=utf-8",
                "The lines.",
                "number,at,kind,who,action,account,before,after,request_id\r\n\
                 731,2026-11-20T09:30:12.5Z,user,Robin Hale (usr_01kmq8va6s8d0f2g4h6j8k1m3n),request_billing,\
                 sub_01kmq8w2hj4x7c9v3n5b1d6f8g,,,rq_06d3f1a84b7c29e05f18\r\n",
            )
            .with_header("Content-Disposition", "A name to keep it under."),
            filtered(get("/accounts/{account}/audit", "get_account_audit", "An account's trail", "What was done to it, newest first."))
                .in_pages()
                .answers::<AuditPage>("A page of lines.", page()),
        ],
    }
}

fn with_account(operation: Operation) -> Operation {
    let id = json!({ "type": "string", "pattern": "^sub_[0-7][0-9a-hjkmnp-tv-z]{25}$" });
    operation.query("account", "Only what was done to this account.", id, None)
}

fn filtered(operation: Operation) -> Operation {
    let word = || json!({ "type": "string", "pattern": r"^[^\u0000]*$" });
    operation
        .query(
            "actor",
            "Only what they did: a person's or key's id, a customer's address, or `user`, `key`, `customer`, `system`.",
            word(),
            Some(json!("user")),
        )
        .query("action", "Only this.", word(), None)
        .from_day_to_day("From this day on.", "Until this day, included.")
}
