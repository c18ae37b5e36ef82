//! The funding timeline: who paid from when to when, and everything that happened.

use billing::api::{AccountSnapshot, LetterView, Timeline};
use leptos::prelude::*;

use crate::{
    api::{self, ApiError},
    components::{EventList, IntervalList, LetterList},
    routes::trail_of,
    state::desk,
    ui::{Button, Note, SkeletonLines, Tone},
};

/// Loaded anew when something happened to the funding.
#[component]
pub fn History(account: Signal<AccountSnapshot>) -> impl IntoView {
    let desk = desk();
    let id = account.with_untracked(|account| account.id);
    // An opened link does not count as a version of its own, but it is told.
    let happened = Memo::new(move |_| {
        account.with(|account| {
            let opened = account.funding.open_request().and_then(|request| request.opened_at);
            format!("{} {opened:?}", account.funding.version)
        })
    });
    let timeline = RwSignal::new(None::<Result<Timeline, ApiError>>);
    let load = move || {
        leptos::task::spawn_local(async move {
            let answer = desk.session.check(api::timeline(id).await);
            // What is shown stays until there is something newer, or the person has left.
            let _ = timeline.try_set(Some(answer));
        });
    };
    // There is no news of a letter: while one is not over, the clock's tick is a reason to look.
    let is_mail_open = Memo::new(move |_| {
        timeline.with(|told| match told {
            Some(Ok(told)) => told.letters.iter().any(LetterView::is_open),
            _ => false,
        })
    });
    Effect::new(move || {
        happened.track();
        if is_mail_open.get() {
            desk.now.track();
        }
        load();
    });
    view! {
        <section class="card section" aria-labelledby="history-title">
            <h2 id="history-title">"Who paid when"</h2>
            {move || match timeline.get() {
                None => view! { <SkeletonLines count=4 /> }.into_any(),
                Some(Ok(timeline)) => view! { <Told timeline=timeline /> }.into_any(),
                Some(Err(error)) => {
                    view! {
                        <Note tone=Tone::Bad>{error.to_string()}</Note>
                        <div class="actions">
                            <Button on:click=move |_| load()>"Retry"</Button>
                        </div>
                    }
                        .into_any()
                }
            }}
            <p>
                <a href=trail_of(id)>"Audit trail of this account"</a>
            </p>
        </section>
    }
}

#[component]
fn Told(timeline: Timeline) -> impl IntoView {
    let none = timeline.events.is_empty();
    view! {
        <IntervalList intervals=timeline.intervals />
        <h3>"What happened"</h3>
        <Show when=move || none>
            <p class="quiet">"Nothing yet: the agency has paid from the start."</p>
        </Show>
        <EventList events=timeline.events />
        <LetterList letters=timeline.letters />
    }
}
