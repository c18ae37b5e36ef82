//! *Set a price*: of a type of event, of one account's own, or a markup on everything of one account.
//!
//! What the address fills in stands there already. The server reads every field and says what is wrong, at its field.

use billing::SubAccountId;
use leptos::prelude::*;

use super::{
    form::{DialogForm, focus_wrong},
    names::Names,
};
use crate::{
    api, browser,
    dialogs::{Attempt, Refused, framed},
    routes::parameter,
    state::desk,
    ui::Field,
};

/// A field: its name in the address, its place in the body, its label, its hint.
type Asked = (&'static str, &'static str, &'static str, &'static str);

const TYPE: usize = 0;
const PRICE: usize = 1;
const COUNTS: usize = 2;
const INCLUDED: usize = 3;
const TIERS: usize = 4;
const PERCENT: usize = 5;
const FROM: usize = 6;

const FIELDS: [Asked; 7] = [
    ("type", "/subject/event_type", "Type of event", ""),
    ("price", "/setting/terms/unit_price", "Unit price", "Up to six decimals."),
    (
        "field",
        "/setting/terms/quantity_field",
        "Counted field",
        "Of the event's data. Empty: each event counts as one.",
    ),
    ("included", "/setting/terms/included", "Included per month", "Of each account. Empty: none."),
    (
        "tiers",
        "/setting/terms/tiers",
        "Tiers",
        "What a unit costs above a quantity of the month, like 10000: 0.007, 50000: 0.006",
    ),
    ("percent", "/setting/markup/percent", "Markup in percent", "Below zero: a discount."),
    ("from", "/from", "From", "Empty: from now on. Usage that is drawn already keeps its price."),
];

/// The dialog, for as long as its route is the page's.
pub fn set_price(query: &str) -> AnyView {
    let desk = desk();
    let read = |name: &str| parameter(query, name).unwrap_or_default();
    let account = read("account").parse::<SubAccountId>().ok();
    let is_markup = account.is_some() && read("of") == "markup";
    let mut start = FIELDS.map(|(name, ..)| read(name));
    start[FROM] = browser::local_input(&start[FROM]);
    let known = !start[TYPE].is_empty();
    let draft = RwSignal::new(start.to_vec());
    let attempt = Attempt::default();
    let field = move |place: usize| {
        let (id, pointer, label, hint) = FIELDS[place];
        let input = move |text: String| {
            attempt.clear();
            draft.update(|draft| draft[place] = text);
        };
        view! {
            <Field
                id=id
                label=label
                hint=Signal::stored(Some(hint.to_owned()).filter(|hint| !hint.is_empty()))
                optional=!matches!(place, TYPE | PRICE | PERCENT)
                // The first that is still to be said.
                autofocus=place == PERCENT || place == if known { PRICE } else { TYPE }
                kind=if place == FROM { "datetime-local" } else { "text" }
                value=Signal::derive(move || draft.with(|draft| draft[place].clone()))
                on_input=input
                error=attempt.wrong(pointer)
            />
        }
        .into_any()
    };
    focus_wrong(attempt, "dialog");
    let names = Names::here();
    let about = Signal::derive(move || Some(format!("For {} only", names.of(account?)?)));
    let send = move |()| {
        let draft = draft.get_untracked();
        let body = body(&draft, account, is_markup);
        let call = {
            let body = body.clone();
            move |key: String| async move { api::set_price(body, &key).await }
        };
        attempt.ask(Some(desk.session), body, call, move |()| {
            desk.toaster.tell("The price is set");
            desk.leave_dialog();
        });
    };
    let title = if is_markup { "Set a markup" } else { "Set a price" };
    let places: &[usize] =
        if is_markup { &[PERCENT, FROM] } else { &[TYPE, PRICE, COUNTS, INCLUDED, TIERS, FROM] };
    let body = view! {
        <DialogForm attempt=attempt act=title on_send=send>
            {places.iter().map(|place| field(*place)).collect_view()} <Refused attempt=attempt />
        </DialogForm>
    };
    framed(title, about, body.into_any())
}

/// The body of `POST /prices`, with every text as it was typed.
fn body(draft: &[String], account: Option<SubAccountId>, is_markup: bool) -> String {
    let text = |place: usize| quoted(draft[place].trim());
    let some = |place: usize, name: &str| match draft[place].trim() {
        "" => String::new(),
        typed => format!(",\"{name}\":{}", quoted(typed)),
    };
    let whose = account.map(|id| format!(",\"account\":\"{id}\"")).unwrap_or_default();
    let of = match (is_markup, account) {
        (true, _) => "markup",
        (false, Some(_)) => "override",
        (false, None) => "list",
    };
    let (subject, setting) = if is_markup {
        let markup = format!("\"set\":\"markup\",\"markup\":{{\"percent\":{}}}", text(PERCENT));
        (String::new(), markup)
    } else {
        let terms = format!(
            "\"set\":\"price\",\"terms\":{{\"unit_price\":{}{}{},\"tiers\":[{}]}}",
            text(PRICE),
            some(COUNTS, "quantity_field"),
            some(INCLUDED, "included"),
            tiers(&draft[TIERS]),
        );
        (format!(",\"event_type\":{}", text(TYPE)), terms)
    };
    let from = match draft[FROM].as_str() {
        "" => String::new(),
        typed => format!(",\"from\":{}", quoted(&browser::from_local_input(typed))),
    };
    format!("{{\"subject\":{{\"of\":\"{of}\"{whose}{subject}}},\"setting\":{{{setting}}}{from}}}")
}

/// `10000: 0.007, 50000: 0.006` as the server reads it.
fn tiers(typed: &str) -> String {
    let tier = |tier: &str| {
        let (above, price) = tier.split_once(':').unwrap_or((tier, ""));
        format!("{{\"above\":{},\"unit_price\":{}}}", quoted(above.trim()), quoted(price.trim()))
    };
    let tiers = typed.split(',').filter(|part| !part.trim().is_empty()).map(tier);
    tiers.collect::<Vec<_>>().join(",")
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
