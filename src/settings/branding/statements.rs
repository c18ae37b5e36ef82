//! Where the agency's months begin, and the way to its statements.

use billing::api::TimeZone;
use leptos::{ev, prelude::*};

use crate::{
    api,
    dialogs::Attempt,
    routes::AGENCY_STATEMENTS,
    settings::form::{Said, focus_wrong},
    state::desk,
    ui::{Button, Field},
};

/// The card.
#[component]
pub(super) fn Statements() -> impl IntoView {
    let desk = desk();
    let zone = RwSignal::new(String::new());
    let attempt = Attempt::default();
    focus_wrong(attempt, "#statements");
    leptos::task::spawn_local(async move {
        // Without it the field is empty, and saving says what is wrong.
        if let Ok(saved) = desk.session.check(api::time_zone().await) {
            let _ = zone.try_set(saved.time_zone);
        }
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let body = TimeZone { time_zone: zone.get_untracked().trim().to_owned() };
        let call = move |_| api::set_time_zone(body);
        attempt.ask(Some(desk.session), String::new(), call, move |saved: TimeZone| {
            let _ = zone.try_set(saved.time_zone);
            desk.toaster.tell("Time zone saved");
        });
    };
    let typed = move |text: String| {
        attempt.clear();
        zone.set(text);
    };
    view! {
        <section class="card section" aria-label="Statements" id="statements">
            <h2>"Statements"</h2>
            <p class="quiet">
                "Each balance has a statement for each month. "
                <a href=AGENCY_STATEMENTS>"Statements of your balance"</a>
            </p>
            <form class="stack" novalidate on:submit=submit>
                <Field
                    id="time-zone"
                    label="Time zone"
                    hint=Signal::stored(
                        Some("Such as Europe/Berlin. Months begin there, from the running one on.".to_owned()),
                    )
                    value=zone
                    on_input=typed
                    error=attempt.wrong("/time_zone")
                />
                <Said attempt=attempt />
                <div class="actions">
                    <Button submit=true busy=attempt.pending()>"Save time zone"</Button>
                </div>
            </form>
        </section>
    }
}
