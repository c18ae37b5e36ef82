//! A report on usage as a client user sees it: how much, and what of it they paid.

use billing::{Money, SubAccountId};

use super::desk::desk;
use crate::{
    browser::{self, Json},
    routes::ClientRoute,
    ui::Html,
};

const COLUMNS: &[(&str, &str)] = &[("Usage of", ""), ("Events", "money"), ("You paid", "money")];

/// The table, or why there is none.
pub fn table(pages: &[Json], html: &mut Html) {
    let Some(report) = pages.first() else { return };
    let rows = report.list("rows");
    if rows.is_empty() {
        html.tag("<p class=quiet>Nothing was used in these days.</p>");
        return;
    }
    let by = report.text("by");
    html.table("Usage in these days", COLUMNS);
    for row in &rows {
        let label = row.text("label");
        let named = if by == "day" { browser::utc_day(&label) } else { label };
        let id = row.text("key").parse().ok().filter(|_| by == "account");
        let page = id.map(|id| ClientRoute::Account { id }.href()).unwrap_or_default();
        html.cell(&named, &page, "", "");
        // Of several types it is a sum of different things, which says nothing.
        let quantity = if by == "type" { row.text("quantity") } else { String::new() };
        figures(row, &quantity, html);
    }
    html.tag("</tbody><tfoot>");
    html.fact("Total");
    figures(&report.get("total"), "", html);
    html.tag("</table>");
    html.around(
        "<p class=quiet>What ",
        &desk().agency(),
        " paid for is counted among the events, and costs you nothing.</p>",
    );
}

fn figures(row: &Json, quantity: &str, html: &mut Html) {
    let events = browser::number(&row.count("events").to_string());
    let units = match quantity {
        "" => String::new(),
        quantity => format!("{} units", browser::number(quantity)),
    };
    html.cell(&events, "", &units, "");
    html.fact(&row.money("paid"));
}

/// What was drawn from the balance of an account, by a report that is segmented by account; nothing before it came.
pub fn paid(pages: &[Json], id: SubAccountId) -> Option<Money> {
    let report = pages.first()?;
    let (rows, id) = (report.list("rows"), id.to_string());
    let nothing = || Some(Money::from_micros(0, report.wire("currency")?));
    match rows.iter().find(|row| row.text("key") == id) {
        Some(row) => row.wire("paid"),
        None => nothing(),
    }
}
