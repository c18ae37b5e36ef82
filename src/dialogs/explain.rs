//! *Explain*: the draws behind a line of usage, each with everything that made its amount.

use ::billing::SubAccountId;
use leptos::prelude::*;

use super::billing::framed;
use crate::{
    api,
    browser::{self, Json},
    components::{PagesView, price_words},
    state::{Pages, desk},
    ui::Html,
};

/// The dialog, for as long as its route is the page's.
pub fn explain(id: SubAccountId, of: &str) -> AnyView {
    let path = Signal::stored(api::draws(id, of));
    // What was drawn does not change; only newer draws may come.
    let pages = Pages::of(desk(), path, Signal::stored(String::new()));
    let about = desk().store.row(id).map(|row| row.with_untracked(|row| row.name.to_string()));
    let about = Signal::stored(about);
    let body = view! { <PagesView pages=pages label="Draws" show=draws /> };
    framed("What made this amount", about, body.into_any())
}

const COLUMNS: &[(&str, &str)] =
    &[("Event", ""), ("When", ""), ("Price", ""), ("Paid by", ""), ("Amount", "money")];

fn draws(pages: &[Json], html: &mut Html) {
    html.table("Draws, newest first", COLUMNS);
    for page in pages {
        for draw in page.list("draws") {
            row(&draw, html);
        }
    }
    html.tag("</table>");
}

fn row(draw: &Json, html: &mut Html) {
    let (price, markup) = (draw.get("price"), draw.get("markup"));
    let currency = draw.get("amount").text("currency");
    let (unit, steps) = price_words::terms(&price, &currency);
    let mut words = format!("{} × {unit}", browser::number(&draw.text("quantity")));
    let version = |of: &Json| format!("{}, from {}", of.count("number"), of.when("from"));
    let mut small = format!("price {}", version(&price));
    if !steps.is_empty() {
        let before = browser::number(&draw.text("used_before"));
        small = format!("{small}\n{steps}\n{before} used before it that month");
    }
    if markup.has("number") {
        words = format!("{words} {}", price_words::terms(&markup, &currency).0);
        small = format!("{small}\nmarkup {}", version(&markup));
    }
    let interval = draw.get("interval");
    let paid = if interval.has("to") {
        format!("{} – {}", interval.when("from"), interval.when("to"))
    } else {
        format!("since {}", interval.when("from"))
    };
    let event = format!("{}\n{}", draw.text("source"), draw.text("data"));
    html.cell(&draw.text("id"), "", &event, "");
    let late = if draw.has("late") { "came late" } else { "" };
    let received = format!("received {}", draw.when("received_at"));
    html.cell(&draw.when("at"), "", &received, late);
    html.cell(&words, "", &small, "");
    html.cell(price_words::payer(&draw.text("payer")), "", &paid, "");
    html.fact(&draw.money("amount"));
}
