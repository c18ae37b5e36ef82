//! What the server said, in words.

use billing::Standing;

use crate::browser::{self, Json};

/// One line of the account's own balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What happened.
    pub words: &'static str,
    /// On which day.
    pub day: String,
    /// What it did to the balance.
    pub amount: String,
}

/// Everything there is to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The account's name.
    pub name: String,
    /// The agency's name.
    pub agency: String,
    /// The address of its style sheet; empty for none.
    pub stylesheet: String,
    /// What the metered service does.
    pub standing: Standing,
    /// What is on the customer's balance; nothing while the agency pays.
    pub balance: Option<String>,
    /// How long it lasts.
    pub runway: String,
    /// The newest lines, when they are to be shown.
    pub lines: Option<Vec<Line>>,
    /// Who pays, when it is to be shown.
    pub funding: Option<Vec<String>>,
}

impl Shown {
    /// Reads what the server said.
    pub fn read(json: &Json) -> Self {
        let balance = json.has("balance").then(|| money(json, "balance"));
        Self {
            name: json.text("name"),
            agency: json.text("agency_name"),
            stylesheet: json.text("stylesheet"),
            standing: Standing::from_name(&json.text("standing")).unwrap_or(Standing::Active),
            runway: if balance.is_some() { runway(json) } else { String::new() },
            balance,
            lines: json.has("ledger").then(|| json.list("ledger").iter().map(line).collect()),
            funding: json.has("funding").then(|| funding(&json.get("funding"))),
        }
    }
}

fn money(json: &Json, name: &str) -> String {
    let money = json.get(name);
    browser::host_money(&money.text("amount"), &money.text("currency"))
}

fn runway(json: &Json) -> String {
    // A zero counts as nothing: it is told apart from what is not there.
    match (json.is_null("runway_days"), json.count("runway_days")) {
        (true, _) => "No usage in the last 30 days".to_owned(),
        (_, 0) => "Less than a day left at the present rate".to_owned(),
        (_, 1) => "About 1 day left at the present rate".to_owned(),
        (_, 999..) => "More than two years left at the present rate".to_owned(),
        (_, days) => format!("About {days} days left at the present rate"),
    }
}

fn line(json: &Json) -> Line {
    let words = match json.text("kind").as_str() {
        "top_up" => "Added",
        "draw" => "Usage",
        "return" => "Moved to the agency",
        "refund" | "refund_settled" | "refund_failed" => "Refund",
        "dispute" | "dispute_won" => "Disputed payment",
        _ => "Correction",
    };
    Line { words, day: browser::host_day(&json.text("at")), amount: money(json, "amount") }
}

fn funding(json: &Json) -> Vec<String> {
    let since = browser::host_day(&json.text("since"));
    let state = json.text("state");
    let by_customer = matches!(state.as_str(), "customer" | "returning");
    let payer = if by_customer { "customer" } else { "agency" };
    let mut words = vec![format!("Balance from: {payer}, since {since}")];
    match state.as_str() {
        "requested" => words.push("The agency has asked for payment to be taken over.".to_owned()),
        "paying" => words.push("A payment is under way.".to_owned()),
        "returning" => words.push("The agency is taking payment over.".to_owned()),
        _ => {}
    }
    let card = json.text("card");
    if !card.is_empty() {
        words.push(format!("Card: {card}"));
    }
    words
}
