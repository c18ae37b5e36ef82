//! The accounts that a client user belongs to: found as one types, taken by a click.

use std::collections::BTreeMap;

use billing::{SubAccountId, people::ACCOUNTS_POINTER};
use leptos::{ev, prelude::*};

use super::draft::Draft;
use crate::{
    api,
    browser::{self, Timer},
    dialogs::Attempt,
    settings::{form::GroupError, names::Names},
    state::desk,
    ui::{Icon, Shape},
};

/// How long after the last key.
const PAUSE_MILLIS: i32 = 250;
const FIELD_ID: &str = "find-account";

/// The list of those chosen, and the search for more.
#[component]
pub fn AccountsPicker(draft: Draft, attempt: Attempt) -> impl IntoView {
    let desk = desk();
    let names = Names::here();
    let chosen = draft.accounts;
    let typed = RwSignal::new(String::new());
    let found = RwSignal::new(Vec::<(SubAccountId, String, String)>::new());
    let seen = RwSignal::new(BTreeMap::<SubAccountId, String>::new());
    let timer = StoredValue::new_local(None::<Timer>);
    let ask = move || {
        leptos::task::spawn_local(async move {
            let text = typed.get_untracked();
            let Ok(rows) = desk.session.check(api::find_accounts(text.trim()).await) else {
                return;
            };
            // A later question may have been answered already, and the dialog closed.
            if typed.try_get_untracked().is_none_or(|now| now != text) {
                return;
            }
            let read = rows.iter().filter_map(|row| {
                Some((row.text("id").parse().ok()?, row.text("name"), row.text("external_id")))
            });
            let read: Vec<(SubAccountId, String, String)> = read.collect();
            seen.update(|seen| seen.extend(read.iter().map(|(id, name, _)| (*id, name.clone()))));
            found.set(read);
        });
    };
    ask();
    let wrong = attempt.wrong(ACCOUNTS_POINTER);
    let back = || {
        leptos::task::spawn_local(async {
            // The button that was pressed is gone.
            browser::sleep(0).await;
            browser::focus(FIELD_ID);
        });
    };
    let pick = move |id: SubAccountId| {
        attempt.clear();
        chosen.update(|chosen| chosen.push(id));
        back();
    };
    let take_away = move |id: SubAccountId| {
        attempt.clear();
        chosen.update(|chosen| chosen.retain(|other| *other != id));
        back();
    };
    let left = Memo::new(move |_| {
        let chosen = chosen.get();
        found.get().into_iter().filter(|(id, ..)| !chosen.contains(id)).collect::<Vec<_>>()
    });
    let input = move |event| {
        typed.set(event_target_value(&event));
        timer.set_value(browser::after(PAUSE_MILLIS, ask));
    };
    let key = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" {
            // It takes the first that was found; the form is sent by its button.
            event.prevent_default();
            if let Some((id, ..)) = left.get_untracked().first() {
                pick(*id);
            }
        }
    };
    let name_of = move |id| seen.with(|seen| seen.get(&id).cloned()).or_else(|| names.of(id));
    let picked = move |id: SubAccountId| {
        let name = name_of(id).unwrap_or_else(|| id.to_string());
        let label = format!("Take away {name}");
        view! {
            <li>
                <span>{name}</span>
                <button type="button" class="button ghost icon-only" aria-label=label on:click=move |_| take_away(id)>
                    <Icon shape=Shape::Cross />
                </button>
            </li>
        }
    };
    let offer = move |(id, name, external_id): (SubAccountId, String, String)| {
        view! {
            <li>
                <button type="button" class="pick" on:click=move |_| pick(id)>
                    {name}
                    " "
                    <small>{external_id}</small>
                </button>
            </li>
        }
    };
    let count = move || match left.with(Vec::len) {
        0 => "No other account fits.".to_owned(),
        1 => "1 account fits.".to_owned(),
        count => format!("{count} accounts fit."),
    };
    view! {
        <fieldset class="stack picker">
            <legend>
                <h2>"Accounts"</h2>
            </legend>
            <ul class="picked" aria-label="Accounts chosen">
                {move || chosen.get().into_iter().map(picked).collect_view()}
            </ul>
            <div class="field">
                <label for=FIELD_ID>"Find an account"</label>
                <input
                    id=FIELD_ID
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    maxlength="200"
                    placeholder="Name, id or e-mail"
                    prop:value=typed
                    on:input=input
                    on:keydown=key
                    aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                    aria-describedby="accounts-error"
                />
            </div>
            <ul class="picks" aria-label="Accounts that fit">
                {move || left.get().into_iter().map(offer).collect_view()}
            </ul>
            <p class="unseen" role="status">{count}</p>
            <div id="accounts-error">
                <GroupError error=wrong />
            </div>
        </fieldset>
    }
}
