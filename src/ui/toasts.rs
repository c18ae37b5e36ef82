//! Short news at the edge of the screen: something was done.

use leptos::{html, prelude::*};

use super::{Icon, Shape};
use crate::browser;

/// How long news stays, unless somebody closes it.
const SHOWN_MILLIS: i32 = 8_000;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Toast {
    number: u64,
    text: String,
}

/// Where news is handed in. Provide one per entry and mount [`Toasts`] once.
#[derive(Clone, Copy)]
pub struct Toaster {
    toasts: RwSignal<Vec<Toast>>,
    count: StoredValue<u64>,
}

impl Default for Toaster {
    fn default() -> Self {
        Self { toasts: RwSignal::new(Vec::new()), count: StoredValue::new(0) }
    }
}

impl Toaster {
    /// Shows news and has it read aloud.
    pub fn tell(self, text: impl Into<String>) {
        // Whoever was to read it may be gone.
        let Some(last) = self.count.try_get_value() else { return };
        let number = last.saturating_add(1);
        self.count.set_value(number);
        self.toasts.update(|toasts| toasts.push(Toast { number, text: text.into() }));
        leptos::task::spawn_local(async move {
            browser::sleep(SHOWN_MILLIS).await;
            self.close(number);
        });
    }

    fn close(self, number: u64) {
        // The entry may be gone by the time a timer rings.
        let _ = self.toasts.try_update(|toasts| toasts.retain(|toast| toast.number != number));
    }
}

/// The edge of the screen where news appears, above dialogs.
#[component]
pub fn Toasts(
    /// What it shows.
    toaster: Toaster,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    Effect::new(move || {
        let some = toaster.toasts.with(|toasts| !toasts.is_empty());
        if let Some(popover) = node.get().filter(|_| some) {
            browser::announce_in_top_layer(&popover);
        }
    });
    let toast = move |toast: Toast| {
        view! {
            <div class="toast">
                <Icon shape=Shape::Check />
                <span>{toast.text}</span>
                <button
                    type="button"
                    class="button ghost icon-only"
                    aria-label="Dismiss"
                    on:click=move |_| toaster.close(toast.number)
                >
                    <Icon shape=Shape::Cross />
                </button>
            </div>
        }
    };
    view! {
        <div node_ref=node class="toasts" popover="manual" role="status" aria-live="polite">
            <For each=move || toaster.toasts.get() key=|toast| toast.number children=toast />
        </div>
    }
}
