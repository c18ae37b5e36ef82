//! The cards on file: which is charged first, which second; another in the place of one, and none.

use billing::{funding::Card, wallet::CardRole};
use leptos::prelude::*;

use super::{
    parts::{alert, go, quiet, section},
    save_card::{TITLE, save_card},
    task::{Panel, Task},
    till::Till,
    words::{days_left, expiry},
};
use crate::ui::{Button, Kind, Modal, StateMark, Tone};

/// The section.
pub fn cards(till: Till) -> AnyView {
    let on_file = till.of(|view| (view.card.clone(), view.backup.clone()));
    let recharges = till.of(|view| view.recharge.as_ref().is_some_and(|it| it.is_on()));
    let open = till.is_open();
    let rows = move || {
        let (main, backup) = on_file.get();
        let open = open.get();
        let mut rows = Vec::new();
        if let Some(card) = &main {
            let words = if backup.is_some() || recharges.get() { "Charged first" } else { "" };
            rows.push(row(till, CardRole::Main, card, words, open));
        }
        if let Some(card) = &backup {
            let words = "Backup: the auto-recharge tries it second";
            rows.push(row(till, CardRole::Backup, card, words, open));
        }
        if rows.is_empty() {
            return quiet("No card is on file.");
        }
        view! { <ul class="wallet-rows">{rows}</ul> }.into_any()
    };
    let add = move || {
        let (main, backup) = on_file.get();
        let (role, words) = match (main, backup) {
            (None, _) => (CardRole::Main, "Add a card"),
            (Some(_), None) => (CardRole::Backup, "Add a backup card"),
            _ => return None,
        };
        let shown = open.get() && !matches!(till.panel.get(), Panel::Save(_));
        shown.then(|| {
            let press = move |()| till.go_to(Panel::Save(role), TITLE);
            view! {
                <div class="actions">
                    <Button on_press=press>{words}</Button>
                </div>
            }
        })
    };
    let form = move || match till.panel.get() {
        Panel::Save(role) => save_card(till, role),
        Panel::Remove(role) => sure(till, role),
        _ => ().into_any(),
    };
    let setup =
        till.of(|view| view.setup.as_ref().map(|setup| (setup.card.label(), setup.needs_action)));
    let saving = move || setup.get().map(|(card, asks)| being_saved(till, &card, asks));
    let content = view! {
        {rows}
        <div role="status">{saving}</div>
        {form}
        {alert(till, Task::Cards)}
        {add}
    };
    section(Task::Cards, "Cards", content.into_any())
}

fn row(till: Till, role: CardRole, card: &Card, words: &'static str, open: bool) -> AnyView {
    let label = card.label();
    let good = match days_left(card) {
        Some(left) if left <= 0 => (Tone::Bad, format!("Expired {}", expiry(card))),
        Some(left) if left <= 30 => (Tone::Wait, format!("Expires {}", expiry(card))),
        _ => (Tone::Quiet, format!("Expires {}", expiry(card))),
    };
    let unseen = format!(" {label}");
    let buttons = open.then(|| {
        let also = unseen.clone();
        let replace = move |()| till.go_to(Panel::Save(role), TITLE);
        view! {
            <div class="actions">
                <Button kind=Kind::Ghost on_press=replace>
                    "Replace"
                    <span class="unseen">{also}</span>
                </Button>
                <Button kind=Kind::Ghost on_press=move |()| till.open(Panel::Remove(role))>
                    "Remove"
                    <span class="unseen">{unseen}</span>
                </Button>
            </div>
        }
    });
    view! {
        <li>
            <div>
                <strong>{label}</strong>
                <StateMark tone=good.0 text=good.1 />
                {(!words.is_empty()).then(|| view! { <small>{words}</small> })}
            </div>
            {buttons}
        </li>
    }
    .into_any()
}

/// A card that the gateway, or its holder's bank, has not said yes to yet.
fn being_saved(till: Till, card: &str, asks: bool) -> AnyView {
    if !asks {
        let words = format!("{card} is being saved…");
        return view! { <StateMark tone=Tone::Wait text=words /> }.into_any();
    }
    let words = format!(
        "{card} waits for your bank: it wants to be sure that it is you. Nothing is charged."
    );
    let press = Callback::new(move |()| till.confirm(Task::Cards));
    let button = go(
        till,
        Task::Cards,
        Kind::Primary,
        || "Confirm the card with your bank".to_owned(),
        Some(press),
    );
    view! {
        <div class="stack">
            <p>{words}</p>
            {button}
        </div>
    }
    .into_any()
}

/// Whether a card is really to go, and what goes with it.
fn sure(till: Till, role: CardRole) -> AnyView {
    let view = till.view();
    let on = view.recharge.as_ref().is_some_and(billing::wallet::Recharge::is_on);
    let card = match role {
        CardRole::Main => &view.card,
        CardRole::Backup => &view.backup,
    };
    let label = card.as_ref().map(Card::label).unwrap_or_default();
    let words = match (role, &view.backup) {
        (CardRole::Main, Some(backup)) => format!("{} takes its place.", backup.label()),
        (CardRole::Main, None) if on => {
            "There is no other card: auto-recharge goes off with it.".to_owned()
        }
        (CardRole::Main, None) => {
            "Then no card is on file. What is on the balance stays.".to_owned()
        }
        (CardRole::Backup, _) => "When the first card is declined, no other is tried.".to_owned(),
    };
    let keep = move || till.open(till.rest());
    view! {
        <Modal labelled_by="wallet-remove" on_close=move |()| keep()>
            <header class="modal-head">
                <h2 id="wallet-remove">{format!("Remove {label}?")}</h2>
            </header>
            <div class="modal-body stack">
                <p>{words}</p>
            </div>
            <footer class="modal-foot">
                <Button on_press=move |()| keep()>"Keep it"</Button>
                {go(
                    till,
                    Task::Cards,
                    Kind::Danger,
                    || "Remove the card".to_owned(),
                    Some(Callback::new(move |()| till.remove_card(role))),
                )}
            </footer>
        </Modal>
    }
    .into_any()
}
