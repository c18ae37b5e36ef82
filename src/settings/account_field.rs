//! One account, found as one types: a field with the browser's own list of what fits.

use billing::SubAccountId;
use leptos::prelude::*;

use super::names::Names;
use crate::{
    api,
    browser::{self, Timer},
    state::desk,
};

/// How long after the last key.
const PAUSE_MILLIS: i32 = 250;

/// The field. It tells an account when its name is complete, and nothing when it is empty.
#[component]
pub fn AccountField(
    /// Unique on the page.
    id: &'static str,
    /// What it is for.
    label: &'static str,
    /// The account that is chosen.
    #[prop(into)]
    chosen: Signal<Option<SubAccountId>>,
    /// Tells another one.
    #[prop(into)]
    on_choose: Callback<Option<SubAccountId>>,
) -> impl IntoView {
    let desk = desk();
    let names = Names::here();
    let typed = RwSignal::new(None::<String>);
    let found = RwSignal::new(Vec::<(SubAccountId, String)>::new());
    let timer = StoredValue::new_local(None::<Timer>);
    let ask = move || {
        let text = typed.get_untracked().unwrap_or_default();
        leptos::task::spawn_local(async move {
            let answer = desk.session.check(api::find_accounts(text.trim()).await);
            let read = |rows: Vec<browser::Json>| {
                let read =
                    |row: &browser::Json| Some((row.text("id").parse().ok()?, row.text("name")));
                rows.iter().filter_map(read).collect()
            };
            let still =
                typed.try_get_untracked().is_some_and(|now| now.unwrap_or_default() == text);
            if let (Ok(rows), true) = (answer, still) {
                found.set(read(rows));
            }
        });
    };
    ask();
    let shown = move || typed.get().or_else(|| names.of(chosen.get()?)).unwrap_or_default();
    let input = move |event| {
        typed.set(Some(event_target_value(&event)));
        timer.set_value(browser::after(PAUSE_MILLIS, ask));
    };
    let change = move |event| {
        let text = event_target_value(&event).trim().to_lowercase();
        if text.is_empty() {
            typed.set(None);
            return on_choose.run(None);
        }
        let fits = found.with_untracked(|found| {
            let exact = found.iter().find(|(_, name)| name.to_lowercase() == text);
            exact.or_else(|| found.first().filter(|_| found.len() == 1)).map(|(id, _)| *id)
        });
        if fits.is_some() {
            typed.set(None);
            on_choose.run(fits);
        }
    };
    let list = format!("{id}-list");
    view! {
        <label class="select wide">
            <span>{label}</span>
            <input
                id=id
                type="search"
                list=list.clone()
                autocomplete="off"
                spellcheck="false"
                maxlength="200"
                placeholder="Name, id or e-mail"
                prop:value=shown
                on:input=input
                on:change=change
            />
        </label>
        <datalist id=list>
            {move || found.get().into_iter().map(|(_, name)| view! { <option value=name></option> }).collect_view()}
        </datalist>
    }
}
