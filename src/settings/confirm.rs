//! A dialog that asks whether something is meant: what will be, and the button that does it.

use leptos::prelude::*;

use super::form::Said;
use crate::{
    dialogs::{Attempt, framed},
    state::desk,
    ui::{Button, Kind},
};

/// The dialog: its heading, what it is about, what will be, what is on the button.
pub fn confirm(
    title: &'static str,
    about: String,
    words: String,
    button: &'static str,
    attempt: Attempt,
    go: impl Fn(()) + Send + Sync + 'static,
) -> AnyView {
    let desk = desk();
    let go = Callback::new(go);
    let body = view! {
        <div class="modal-body stack">
            <p>{words}</p>
            <Said attempt=attempt />
        </div>
        <footer class="modal-foot">
            <Button on_press=move |()| desk.leave_dialog()>"Cancel"</Button>
            <Button kind=Kind::Danger busy=attempt.pending() on_press=go>
                {button}
            </Button>
        </footer>
    };
    framed(title, Signal::stored(Some(about)), body.into_any())
}
