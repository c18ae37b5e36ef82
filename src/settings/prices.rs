//! Settings > Prices: what waits for a price, what is in force now, and every version there ever was.

use billing::SubAccountId;
use leptos::prelude::*;

use super::names::Names;
use crate::{
    api,
    browser::{self, Json},
    components::{AgencyBalance, PagesView, price_words},
    routes::{Route, query},
    state::{Pages, desk},
    ui::Html,
};

/// The page.
#[component]
pub fn PricesPage() -> impl IntoView {
    let desk = desk();
    let agency = desk.store.agency();
    // A price that is set draws what waited for it, and that moves the balance.
    let moved = Signal::derive(move || {
        let open = desk.route.with(|route| *route != Route::Prices);
        format!("{open} {}", agency.with(|agency| agency.balance))
    });
    let path = Signal::stored(api::PRICES.to_owned());
    let pages = Pages::of(desk, path, moved);
    view! {
        <header class="page-head">
            <div>
                <h1>"Prices"</h1>
                <p class="quiet">"What usage costs. An event is priced by what was in force at its own time."</p>
            </div>
            <AgencyBalance />
        </header>
        <PagesView pages=pages label="Price list" show=prices />
    }
}

fn set_price(fields: &[(&str, &str)]) -> String {
    Route::SetPrice { query: query(fields) }.href()
}

fn prices(pages: &[Json], html: &mut Html) {
    let Some(list) = pages.first() else { return };
    let currency = list.text("currency");
    let versions = list.list("versions");
    html.tag("<div class=section-tools>");
    html.link("<a class=button href=\"", &set_price(&[]), "Set a price");
    html.tag("</div>");
    list.list("waiting").iter().for_each(|waiting| waits(waiting, html));
    if versions.is_empty() {
        html.tag("<p class=quiet>There are no prices yet. Usage is kept as it comes, and drawn as soon as its type has a price.</p>");
        return;
    }
    html.table("Prices in force", IN_FORCE);
    for version in in_force(&versions) {
        row(&version, &currency, html);
    }
    html.tag("</table><details><summary>Every version</summary>");
    html.table("Every version, newest first", HISTORY);
    for version in versions.iter().rev() {
        told(version, &currency, html);
    }
    html.tag("</table></details>");
}

const IN_FORCE: &[(&str, &str)] = &[
    ("Type of event", ""),
    ("For", ""),
    ("Unit price", "money"),
    ("Counts", ""),
    ("Since", ""),
    ("Change", "money"),
];
const HISTORY: &[(&str, &str)] = &[
    ("No.", ""),
    ("Type of event", ""),
    ("For", ""),
    ("Unit price", "money"),
    ("From", ""),
    ("Set", ""),
];

fn subject(version: &Json) -> Json {
    version.get("subject")
}

/// A type of event without a price, and the way to give it one.
fn waits(waiting: &Json, html: &mut Html) {
    let event_type = waiting.text("event_type");
    let count = waiting.count("events");
    let verb = if count == 1 { "needs" } else { "need" };
    let since = browser::date(waiting.millis("first_at"));
    html.around("<div class=\"note wait waits\"><span><strong>", &event_type, "</strong>: ");
    html.value(&format!("{} since {since} {verb} a price", price_words::events(count)));
    let href = set_price(&[("type", &event_type), ("from", &waiting.text("first_at"))]);
    html.tag("</span>");
    html.link("<a class=\"button primary\" href=\"", &href, "Set its price");
    html.tag("</div>");
}

/// Of each subject the version that holds now, in the order in which they were first set; none that has ended.
fn in_force(versions: &[Json]) -> Vec<Json> {
    let now = browser::now_millis();
    let key = |version: &Json| {
        let subject = subject(version);
        ["of", "account", "event_type"].map(|field| subject.text(field))
    };
    let mut found = Vec::<Json>::new();
    for version in versions.iter().filter(|version| version.millis("from") <= now) {
        match found.iter_mut().find(|other| key(other) == key(version)) {
            // By number: of two with the same time the later set one wins.
            Some(other) if other.millis("from") <= version.millis("from") => {
                *other = version.clone();
            }
            Some(_) => {}
            None => found.push(version.clone()),
        }
    }
    found.retain(|version| version.get("setting").text("set") != "ended");
    found
}

fn row(version: &Json, currency: &str, html: &mut Html) {
    let (subject, setting) = (subject(version), version.get("setting"));
    let terms = setting.get("terms");
    let event_type = subject.text("event_type");
    let is_markup = event_type.is_empty();
    html.fact(if is_markup { "Everything" } else { &event_type });
    whose(version, html);
    let (price, small) = price_words::terms(version, currency);
    html.cell(&price, "", &small, "");
    html.fact(&if is_markup { String::new() } else { price_words::counted(version) });
    html.fact(&version.when("from"));
    let tier = |tier: &Json| format!("{}: {}", tier.text("above"), tier.text("unit_price"));
    let included = terms.text("included");
    let tiers: Vec<_> = terms.list("tiers").iter().map(tier).collect();
    let change = set_price(&[
        ("of", &subject.text("of")),
        ("account", &subject.text("account")),
        ("type", &event_type),
        ("price", &terms.text("unit_price")),
        ("field", &terms.text("quantity_field")),
        ("included", if included == "0" { "" } else { &included }),
        ("tiers", &tiers.join(", ")),
        ("percent", &setting.get("markup").text("percent")),
    ]);
    html.cell("Change", &change, "", "");
}

/// The account that a version is about.
fn whose(version: &Json, html: &mut Html) {
    let Ok(id) = subject(version).text("account").parse::<SubAccountId>() else {
        html.fact("All accounts");
        return;
    };
    let name = Names::here().of(id);
    let page = Route::Account { id, dialog: None }.href();
    html.cell(&name.unwrap_or_default(), &page, "", "");
}

fn told(version: &Json, currency: &str, html: &mut Html) {
    let (price, small) = price_words::terms(version, currency);
    html.fact(&version.count("number").to_string());
    html.fact(&subject(version).text("event_type"));
    whose(version, html);
    html.cell(&price, "", &small, "");
    html.fact(&version.when("from"));
    html.cell(&version.when("set_at"), "", &version.get("set_by").text("name"), "");
}
