//! The modal dialog: the browser's own, with its focus handling, its backdrop and its Escape key.

use leptos::{ev, html, prelude::*};

use crate::browser;

/// A modal dialog that is open for as long as it is mounted.
#[component]
pub fn Modal(
    /// The id of the heading inside that names it.
    labelled_by: &'static str,
    /// The person wants out: Escape, or the browser's own way. Unmount it.
    #[prop(into)]
    on_close: Callback<()>,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        if let Some(dialog) = node.get() {
            browser::open_dialog(&dialog);
        }
    });
    on_cleanup(move || {
        if let Some(dialog) = node.try_get_untracked().flatten() {
            browser::close_dialog(&dialog);
        }
    });
    // Told a moment after: by then the dialog may be gone, and nobody there to tell.
    let closed = move || {
        let _ = on_close.try_run(());
    };
    let cancel = move |event: ev::Event| {
        event.prevent_default();
        on_close.run(());
    };
    view! {
        // `close` comes besides when the browser insists (Escape, twice).
        <dialog
            node_ref=node
            class="modal"
            aria-labelledby=labelled_by
            on:cancel=cancel
            on:close=move |_| closed()
        >
            {children()}
        </dialog>
    }
}
