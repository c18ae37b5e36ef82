//! The ledger: the customer's balance over time, and every line.

use billing::{
    SubAccountId,
    api::{AccountSnapshot, BalancePoint, LedgerLine, LedgerPage},
};
use leptos::prelude::*;

use crate::{
    api::{self, ApiError},
    components::{BalanceCurve, LedgerTable},
    state::{Desk, Loading, desk},
    ui::{Button, Note, SkeletonLines, Tone},
};

/// Lines a time.
const LINES: u32 = 25;

/// The lines that are shown.
#[derive(Clone, Copy)]
struct Lines {
    desk: Desk,
    id: SubAccountId,
    lines: RwSignal<Option<Vec<LedgerLine>>>,
    curve: RwSignal<Vec<BalancePoint>>,
    cursor: RwSignal<Option<String>>,
    loading: RwSignal<Loading>,
    load: StoredValue<u32>,
}

impl Lines {
    fn of(desk: Desk, id: SubAccountId) -> Self {
        Self {
            desk,
            id,
            lines: RwSignal::new(None),
            curve: RwSignal::new(Vec::new()),
            cursor: RwSignal::new(None),
            loading: RwSignal::new(Loading::Busy),
            load: StoredValue::new(0),
        }
    }

    /// The newest lines; anything loaded before makes way.
    fn reload(self) {
        self.fetch(None);
    }

    /// The lines before the oldest shown.
    fn more(self) {
        let cursor = self.cursor.get_untracked();
        if cursor.is_some() && self.loading.get_untracked() != Loading::Busy {
            self.fetch(cursor);
        }
    }

    fn fetch(self, cursor: Option<String>) {
        let load = self.load.get_value().wrapping_add(1);
        self.load.set_value(load);
        self.loading.set(Loading::Busy);
        let first = cursor.is_none();
        leptos::task::spawn_local(async move {
            let answer = self.desk.session.check(api::ledger(self.id, cursor, LINES).await);
            if self.load.try_get_value() == Some(load) {
                self.arrived(first, answer);
            }
        });
    }

    fn arrived(self, first: bool, answer: Result<LedgerPage, ApiError>) {
        match answer {
            Ok(page) => {
                self.cursor.set(page.next_cursor);
                if first {
                    self.curve.set(page.curve);
                    self.lines.set(Some(page.lines));
                } else {
                    self.lines.update(|all| all.get_or_insert_default().extend(page.lines));
                }
                self.loading.set(Loading::Done);
            }
            Err(error) => self.loading.set(Loading::Failed(error)),
        }
    }
}

/// The section.
#[component]
pub fn Books(account: Signal<AccountSnapshot>) -> impl IntoView {
    let desk = desk();
    let lines = Lines::of(desk, account.with_untracked(|account| account.id));
    // What moves the customer's balance or the funding writes a line.
    let moved = Memo::new(move |_| {
        account.with(|account| format!("{} {}", account.customer_balance, account.funding.version))
    });
    Effect::new(move || {
        moved.track();
        lines.reload();
    });
    let empty = move || lines.lines.with(|lines| lines.as_ref().is_some_and(Vec::is_empty));
    view! {
        <section class="card section ledger-section" aria-labelledby="books-title">
            <h2 id="books-title">"Ledger"</h2>
            {move || view! { <BalanceCurve points=lines.curve.get() /> }}
            <Show when=move || lines.lines.with(Option::is_none)>
                <SkeletonLines count=6 />
            </Show>
            <Show when=empty>
                <p class="quiet">"Nothing has been booked yet."</p>
            </Show>
            <Show when=move || lines.lines.with(|lines| lines.as_ref().is_some_and(|lines| !lines.is_empty()))>
                <LedgerTable lines=Signal::derive(move || lines.lines.get().unwrap_or_default()) />
            </Show>
            <Foot lines=lines />
        </section>
    }
}

#[component]
fn Foot(lines: Lines) -> impl IntoView {
    let failed = move || match lines.loading.get() {
        Loading::Failed(error) => Some(error.to_string()),
        _ => None,
    };
    let retry = move |_| {
        if lines.lines.with_untracked(Option::is_none) { lines.reload() } else { lines.more() }
    };
    let busy = Signal::derive(move || lines.loading.get() == Loading::Busy);
    view! {
        {move || {
            failed()
                .map(|words| {
                    view! {
                        <Note tone=Tone::Bad>{words}</Note>
                        <div class="actions">
                            <Button on:click=retry>"Retry"</Button>
                        </div>
                    }
                })
        }}
        <Show when=move || lines.cursor.with(Option::is_some) && failed().is_none()>
            <div class="actions">
                <Button busy=busy on:click=move |_| lines.more()>
                    "Show more"
                </Button>
            </div>
        </Show>
    }
}
