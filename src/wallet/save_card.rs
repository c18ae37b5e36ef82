//! Saving a card without paying: the gateway's fields, what it is for, one button.

use billing::wallet::CardRole;
use leptos::{ev, prelude::*};

use super::{
    card_fields::card_fields,
    parts::{alert_id, go},
    task::Task,
    till::Till,
};
use crate::ui::{Button, Kind};

/// The heading of the form, which takes the focus when it opens.
pub const TITLE: &str = "wallet-save-card";

/// The form.
pub fn save_card(till: Till, role: CardRole) -> AnyView {
    let view = till.view();
    let title = match (role, &view.card, &view.backup) {
        (CardRole::Main, Some(card), _) | (CardRole::Backup, _, Some(card)) => {
            format!("Replace {}", card.label())
        }
        (CardRole::Main, None, _) => "Add a card".to_owned(),
        (CardRole::Backup, ..) => "Add a backup card".to_owned(),
    };
    let note = match role {
        CardRole::Main => "Saving a card charges nothing. Your bank may want you to confirm it.",
        CardRole::Backup => {
            "Saving a card charges nothing. The auto-recharge tries it when the first card is declined."
        }
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        till.save_card(role);
    };
    let cancel = move |()| till.go_to(till.rest(), super::parts::section_id(Task::Cards));
    view! {
        <form class="wallet-form wallet-inset" novalidate on:submit=submit aria-describedby=alert_id(Task::Cards)>
            <h3 id=TITLE tabindex="-1">
                {title}
            </h3>
            <p class="quiet">{note}</p>
            {card_fields(till, None)}
            <div class="actions">
                {go(till, Task::Cards, Kind::Primary, || "Save card".to_owned(), None)}
                <Button on_press=cancel>"Cancel"</Button>
            </div>
        </form>
    }
    .into_any()
}
