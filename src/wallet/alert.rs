//! Below which balance somebody is written to.

use billing::{Money, money::MoneyError};
use leptos::{ev, prelude::*};

use super::{
    parts::{alert, go, quiet, section},
    task::Task,
    till::Till,
};
use crate::{
    browser,
    components::text,
    ui::{Field, Kind},
};

const FIELD: &str = "wallet-low-below";

/// The section.
pub fn alert_section(till: Till) -> AnyView {
    let open = till.is_open();
    let now = till.of(|view| (view.low_below, view.email.to_string()));
    let content = move || {
        let (low_below, email) = now.get();
        if open.get() {
            return form(till, low_below, &email);
        }
        quiet(format!(
            "An e-mail goes to {email} when the balance falls below {}.",
            text(low_below)
        ))
    };
    section(Task::Alert, "Alert", content.into_any())
}

fn form(till: Till, low_below: Money, email: &str) -> AnyView {
    let typed = RwSignal::new(low_below.amount());
    let judged = RwSignal::new(false);
    let parsed = move || parse(&typed.get(), low_below);
    let error = Signal::derive(move || {
        let wrong = parsed().err().map(|error| error.to_string());
        wrong.filter(|_| judged.get()).or_else(|| till.wrong(Task::Alert, "/low_below"))
    });
    let input = move |text: String| {
        typed.set(text);
        till.forget_problems();
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        judged.set(true);
        match untrack(parsed) {
            Ok(amount) => till.set_alert(amount),
            Err(_) => {
                browser::focus(FIELD);
            }
        }
    };
    view! {
        <form class="wallet-form" novalidate on:submit=submit>
            <Field
                id=FIELD
                label=Signal::stored(format!("E-mail {email} when the balance falls below"))
                value=typed
                on_input=input
                on_leave=move |()| judged.set(true)
                error=error
                hint=Signal::stored(Some("Once each time it falls below. The balance then counts as low.".to_owned()))
                inputmode="decimal"
            />
            {alert(till, Task::Alert)}
            <div class="actions">{go(till, Task::Alert, Kind::Plain, || "Save the alert".to_owned(), None)}</div>
        </form>
    }
    .into_any()
}

fn parse(typed: &str, like: Money) -> Result<Money, MoneyError> {
    let amount = Money::parse_typed(typed, like.currency())?;
    if amount.is_negative() { Err(MoneyError::Format) } else { Ok(amount) }
}
