//! The funding timeline: who paid from when to when, everything that happened, and the letters.

use billing::{Timestamp, api::AccountSnapshot};
use leptos::prelude::*;

use crate::{
    api,
    browser::{self, Json},
    components::{PagesView, ago},
    routes::{Route, trail_of},
    state::{Pages, desk},
    ui::{GATE, Html},
};

/// Loaded anew when something happened to the funding.
#[component]
pub fn History(account: Signal<AccountSnapshot>) -> impl IntoView {
    let desk = desk();
    let id = account.with_untracked(|account| account.id);
    let is_mail_open = RwSignal::new(false);
    // An opened link does not count as a version of its own, but it is told. There is no news of a letter: while one is not over,
    // the clock's tick is a reason to look.
    let happened = Memo::new(move |_| {
        let tick = if is_mail_open.get() { desk.now.get().millis() } else { 0 };
        account.with(|account| {
            let opened = account.funding.open_request().and_then(|request| request.opened_at);
            let opened = opened.map_or(0, Timestamp::millis);
            format!("{} {opened} {tick}", account.funding.version)
        })
    });
    let pages = Pages::of(desk, Signal::stored(api::timeline(id)), happened.into());
    Effect::new(move || {
        is_mail_open.set(pages.all.with(|all| {
            let letters = all.first().map(|page| page.list("letters")).unwrap_or_default();
            letters.iter().any(|letter| OPEN.contains(&letter.text("state").as_str()))
        }));
    });
    view! { <PagesView pages=pages label="Who paid when" show=lines /> }
}

/// The states of letters that there will be news of.
const OPEN: [&str; 2] = ["waiting", "deferred"];

fn lines(pages: &[Json], html: &mut Html) {
    let Some(page) = pages.first() else { return };
    html.tag("<ol class=intervals>");
    for interval in page.list("intervals").iter().rev() {
        stretch(interval, html);
    }
    html.tag("</ol><h3>What happened</h3>");
    let events = page.list("events");
    if events.is_empty() {
        html.tag("<p class=quiet>Nothing yet: the agency has paid from the start.</p>");
    }
    html.tag("<ol class=events>");
    for event in events.iter().rev() {
        happening(event, &event.text("words"), &format!(" · {}", who(&event.get("actor"))), html);
    }
    html.tag("</ol>");
    let letters = page.list("letters");
    if !letters.is_empty() {
        html.tag("<h3>Mail</h3><ol class=events>");
        for letter in letters {
            happening(&letter, &words(&letter), "", html);
        }
        html.tag("</ol>");
    }
    if let Route::Account { id, .. } = desk().route.get_untracked() {
        html.tag("<p>");
        html.link("<a href=\"", &trail_of(id), "Audit trail of this account");
        html.tag("</p>");
    }
}

fn stretch(interval: &Json, html: &mut Html) {
    let lasts = interval.is_null("to");
    let is_agency = interval.text("payer") == "agency";
    html.tag("<li><svg class=gate data-side=");
    html.tag(if is_agency { "start" } else { "end" });
    html.tag(" viewBox=\"0 0 18 18\" aria-hidden=true>");
    html.tag(GATE);
    html.tag("</svg><div><span><strong>");
    html.tag(if is_agency { "Agency" } else { "Customer" });
    html.tag(if lasts { " pays</strong> since " } else { " paid</strong> " });
    time(interval, "from", &browser::date(interval.millis("from")), html);
    if !lasts {
        html.tag(" – ");
        time(interval, "to", &browser::date(interval.millis("to")), html);
    }
    html.tag("</span><small>by ");
    html.value(&who(&interval.get("by")));
    html.tag("</small></div></li>");
}

/// What, how long ago, and what else there is to say in small.
fn happening(of: &Json, words: &str, more: &str, html: &mut Html) {
    html.around("<li><span>", words, "</span>");
    html.tag("<small>");
    let at = Timestamp::from_millis(of.millis("at"));
    time(of, "at", &ago(at, desk().now.get()), html);
    html.value(more);
    html.tag("</small></li>");
}

fn time(of: &Json, field: &str, words: &str, html: &mut Html) {
    html.tag("<time datetime=\"");
    html.value(&of.text(field));
    html.tag("\" title=\"");
    html.value(&of.when(field));
    html.around("\">", words, "</time>");
}

/// The name of whoever acted.
fn who(actor: &Json) -> String {
    match actor.text("kind").as_str() {
        "user" => actor.text("name"),
        "customer" => actor.text("email"),
        _ => format!("Sluice ({})", actor.text("part")),
    }
}

/// A letter, and what the mail server made of it.
fn words(letter: &Json) -> String {
    let kind = letter.text("kind").replace('_', " ");
    let to = if letter.has("to") { letter.text("to") } else { "the owner".to_owned() };
    let state = match letter.text("state").as_str() {
        "waiting" => "not sent yet",
        "accepted" => "accepted by the mail server",
        "deferred" => "put off and tried again",
        "refused" => "refused",
        _ => "no longer needed",
    };
    let why = letter.text("detail");
    let why = if why.is_empty() { why } else { format!(" ({why})") };
    format!("To {to}, {kind}: {state}{why}")
}
