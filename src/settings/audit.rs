//! Settings > Audit trail: who did what, to which account, and what it changed.

mod words;

use billing::{SubAccountId, access::Right};
use leptos::prelude::*;

use self::words::{ACTIONS, WHO, action, changed, who};
use super::{account_field::AccountField, names::Names, page::only_with};
use crate::{
    api,
    browser::Json,
    components::PagesView,
    routes::{Route, SettingsPage, parameter, query},
    state::{Pages, desk},
    ui::Html,
};

/// The filters, as they stand in the address, for the page and for the server.
const FILTERS: [&str; 5] = ["actor", "action", "account", "from", "to"];

/// The page.
#[component]
pub fn AuditPage() -> impl IntoView {
    only_with(Right::ReadAudit, "Audit trail", || view! { <Audit /> }.into_any())
}

#[component]
fn Audit() -> impl IntoView {
    let desk = desk();
    // While the page is left, its route is another one: the list stays as it was until it is gone.
    let asked = Memo::new(move |last: Option<&String>| match desk.route.get() {
        Route::Settings { page: SettingsPage::Audit, query } => query,
        _ => last.cloned().unwrap_or_default(),
    });
    let value = move |name: &str| asked.with(|asked| parameter(asked, name)).unwrap_or_default();
    let written = |all: [String; FILTERS.len()]| {
        let pairs: Vec<_> =
            FILTERS.iter().zip(&all).map(|(name, value)| (*name, value.as_str())).collect();
        query(&pairs)
    };
    // Of the address only what is a filter.
    let filters = Memo::new(move |_| written(FILTERS.map(value)));
    let change = move |name: &'static str, to: String| {
        let mut all = FILTERS.map(value);
        if let Some(place) = FILTERS.iter().position(|filter| *filter == name) {
            all[place] = to;
        }
        desk.go(&Route::Settings { page: SettingsPage::Audit, query: written(all) });
    };
    let path = Signal::derive(move || api::audit(&filters.get()));
    let pages = Pages::of(desk, path, Signal::stored(String::new()));
    let people = RwSignal::new(Vec::<(String, String)>::new());
    leptos::task::spawn_local(async move {
        if let Ok(list) = desk.session.check(api::page(api::PEOPLE, "").await) {
            let named = list.list("people");
            let _ = people.try_set(
                named.iter().map(|person| (person.text("id"), person.text("name"))).collect(),
            );
        }
    });
    let actors = move || {
        let mut all: Vec<_> =
            WHO.iter().map(|(value, label)| ((*value).to_owned(), (*label).to_owned())).collect();
        all.extend(people.get());
        // One that the address names and nobody has told of yet.
        let now = value("actor");
        if !all.iter().any(|(value, _)| *value == now) {
            all.push((now.clone(), now));
        }
        all
    };
    let actions = move || {
        let mut all = vec![(String::new(), "Anything".to_owned())];
        all.extend(ACTIONS.iter().map(|name| ((*name).to_owned(), action(name))));
        all
    };
    let day = move |name: &'static str, label: &'static str| {
        view! {
            <label class="select">
                <span>{label}</span>
                <input
                    type="date"
                    prop:value=move || value(name)
                    on:change=move |event| change(name, event_target_value(&event))
                />
            </label>
        }
    };
    let choose = move |id: Option<SubAccountId>| {
        change("account", id.map(|id| id.to_string()).unwrap_or_default());
    };
    let account = Signal::derive(move || value("account").parse::<SubAccountId>().ok());
    view! {
        <header class="page-head">
            <div>
                <h1>"Audit trail"</h1>
                <p class="quiet">"Whatever changed money, funding, access or settings: who did it, and what it changed."</p>
            </div>
        </header>
        <div class="toolbar report-tools">
            <Select label="Who" value=Signal::derive(move || value("actor")) options=Signal::derive(actors)
                on_change=move |to| change("actor", to) />
            <Select label="What" value=Signal::derive(move || value("action")) options=Signal::derive(actions)
                on_change=move |to| change("action", to) />
            <AccountField
                id="audit-account"
                label="Account"
                chosen=account
                on_choose=choose
            />
            {day("from", "From")} {day("to", "To")}
            <a class="button" download="" href=move || api::audit_csv(&filters.get())>
                "Download CSV"
            </a>
        </div>
        <PagesView pages=pages label="Trail" show=trail />
    }
}

/// A choice among many.
#[component]
fn Select(
    label: &'static str,
    value: Signal<String>,
    options: Signal<Vec<(String, String)>>,
    #[prop(into)] on_change: Callback<String>,
) -> impl IntoView {
    let option = move |(option, words): (String, String)| {
        let selected = value.get() == option;
        view! { <option value=option selected=selected>{words}</option> }
    };
    view! {
        <label class="select">
            <span>{label}</span>
            <select on:change=move |event| on_change.run(event_target_value(&event))>
                {move || options.get().into_iter().map(option).collect_view()}
            </select>
        </label>
    }
}

const COLUMNS: &[(&str, &str)] =
    &[("When", "cell-date"), ("Who", ""), ("What", ""), ("Account", ""), ("Before → after", "")];

fn trail(pages: &[Json], html: &mut Html) {
    let lines: Vec<_> = pages.iter().flat_map(|page| page.list("lines")).collect();
    if lines.is_empty() {
        html.tag("<p class=quiet>Nothing fits. Take a filter away to see more.</p>");
        return;
    }
    html.table("The audit trail, newest first", COLUMNS);
    for line in &lines {
        html.cell(&line.when("at"), "", &line.text("request_id"), "");
        let (name, kind) = who(&line.get("who"));
        html.cell(&name, "", kind, "");
        html.fact(&action(&line.text("action")));
        match line.text("account").parse::<SubAccountId>() {
            Ok(id) => {
                let name = Names::here().of(id).unwrap_or_else(|| "…".to_owned());
                html.cell(&name, &Route::Account { id, dialog: None }.href(), "", "");
            }
            Err(_) => html.fact(""),
        }
        html.cell("", "", &changed(&line.text("before"), &line.text("after")), "");
    }
    html.tag("</table>");
}
