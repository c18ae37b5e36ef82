//! A statement as rows for spreadsheets.

use billing::api::Statement;

use super::super::csv::defused;

/// The columns.
pub const COLUMNS: [&str; 10] = [
    "statement",
    "day",
    "kind",
    "what",
    "account",
    "account_name",
    "amount",
    "balance",
    "currency",
    "time_zone",
];

/// Opening, lines, closing.
pub fn rows(statement: &Statement) -> Vec<Vec<String>> {
    let number = statement.number.clone().unwrap_or_else(|| "so far".to_owned());
    let row =
        |day: &str, kind: &str, what: &str, about: [String; 2], amount: String, balance: String| {
            let [account, name] = about;
            let currency = statement.currency.code().to_owned();
            let zone = statement.time_zone.clone();
            let (day, kind, what) = (day.to_owned(), kind.to_owned(), defused(what));
            vec![
                number.clone(),
                day,
                kind,
                what,
                account,
                defused(&name),
                amount,
                balance,
                currency,
                zone,
            ]
        };
    let none = || [String::new(), String::new()];
    let (first, last) = (&statement.first_day, &statement.last_day);
    let nothing = String::new;
    let opening = statement.opening.amount();
    let mut rows = vec![row(first, "opening", "Opening balance", none(), nothing(), opening)];
    for line in &statement.lines {
        let about = line.account.as_ref();
        let about = about.map_or_else(none, |it| [it.id.to_string(), it.name.to_string()]);
        let (amount, after) = (line.amount.amount(), line.balance_after.amount());
        rows.push(row(&line.day, line.kind.name(), &line.what, about, amount, after));
    }
    let closing = statement.closing.amount();
    rows.push(row(last, "closing", "Closing balance", none(), nothing(), closing));
    rows
}
