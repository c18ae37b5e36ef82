//! What the parts of the page share: a section with its heading, the alert of what stands in the way, buttons that say what they wait for.

use leptos::prelude::*;

use super::{
    task::{Step, Task},
    till::Till,
};
use crate::ui::{Button, Kind};

/// The id of a section's heading.
pub fn section_id(task: Task) -> &'static str {
    match task {
        Task::TopUp => "wallet-top-up",
        Task::Cards => "wallet-cards",
        Task::Recharge => "wallet-recharge",
        Task::Alert => "wallet-alert",
        Task::Leave => "wallet-leave",
    }
}

/// The id of what stands in a task's way.
pub fn alert_id(task: Task) -> &'static str {
    match task {
        Task::TopUp => "wallet-top-up-trouble",
        Task::Cards => "wallet-cards-trouble",
        Task::Recharge => "wallet-recharge-trouble",
        Task::Alert => "wallet-alert-trouble",
        Task::Leave => "wallet-leave-trouble",
    }
}

/// A part of the page. Its heading takes the focus when what had it is gone.
pub fn section(task: Task, title: &'static str, content: AnyView) -> AnyView {
    let id = section_id(task);
    view! {
        <section class="card section" aria-labelledby=id>
            <h2 id=id tabindex="-1">
                {title}
            </h2>
            {content}
        </section>
    }
    .into_any()
}

/// What stands in a task's way, announced when it appears.
pub fn alert(till: Till, task: Task) -> AnyView {
    let said = move || {
        let (_, complaint) = till.complaint.get().filter(|(about, _)| *about == task)?;
        Some(view! {
            <div id=alert_id(task) class="wallet-trouble" role="alert" tabindex="-1">
                <strong>{complaint.title}</strong>
                <p>{complaint.text}</p>
            </div>
        })
    };
    said.into_any()
}

/// The button of a task: what is on it, and what while it is under way. Pressing it then does nothing more.
pub fn go(
    till: Till,
    task: Task,
    kind: Kind,
    words: impl Fn() -> String + Send + Sync + 'static,
    press: Option<Callback<()>>,
) -> AnyView {
    let label = move || match till.busy.get() {
        Some((busy, Step::Card)) if busy == task => "Checking the card…".to_owned(),
        Some((busy, Step::Sent)) if busy == task => "One moment…".to_owned(),
        Some((busy, Step::Bank)) if busy == task => "Waiting for your bank…".to_owned(),
        _ => words(),
    };
    let click = move |()| press.iter().for_each(|press| press.run(()));
    view! {
        <Button kind=kind submit=press.is_none() busy=till.is_busy(task) on_press=click>
            {label}
        </Button>
    }
    .into_any()
}

/// A paragraph that says more.
pub fn quiet(words: impl Into<String>) -> AnyView {
    let words: String = words.into();
    view! { <p class="quiet">{words}</p> }.into_any()
}
