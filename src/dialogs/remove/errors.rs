//! Which field errors are told, and when: not before the person has left the field or has tried to send.

use leptos::prelude::*;

use super::Parsed;
use crate::{browser, dialogs::attempt::Attempt};

/// The fields, by their place in the body.
const FIELDS: [&str; 3] = ["/email", "/starting_balance", "/message"];

/// What is wrong, ours and the server's.
#[derive(Clone, Copy)]
pub struct Errors {
    parsed: Memo<Parsed>,
    attempt: Attempt,
    /// Which fields have been left.
    left: RwSignal<[bool; 3]>,
}

impl Errors {
    /// Of a draft's parse, and of what the server said to it.
    pub fn new(parsed: Memo<Parsed>, attempt: Attempt) -> Self {
        Self { parsed, attempt, left: RwSignal::new([false; 3]) }
    }

    /// The person has left this field.
    pub fn leave(self, pointer: &str) {
        let _ = self.left.try_update(|left| {
            for (left, field) in left.iter_mut().zip(FIELDS) {
                *left |= field == pointer;
            }
        });
    }

    /// The person has tried to send: everything is told, and the cursor goes to the first field that is wrong.
    pub fn show_all(self) {
        let _ = self.left.try_set([true; 3]);
        leptos::task::spawn_local(async {
            // Once the view says which fields are wrong.
            browser::sleep(0).await;
            browser::focus_first_invalid("#remove-form");
        });
    }

    /// What to say at a field.
    pub fn at(self, pointer: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            let place = FIELDS.iter().position(|field| *field == pointer)?;
            let left = self.left.with(|left| left.get(place).copied().unwrap_or(false));
            let ours = self.parsed.with(|parsed| {
                let problems = parsed.as_ref().err()?;
                let problem = problems.iter().find(|problem| problem.pointer == pointer)?;
                left.then(|| problem.detail.clone())
            });
            ours.or_else(|| {
                let error = self.attempt.error().get()?;
                let problem =
                    error.fields().iter().find(|problem| problem.pointer.starts_with(pointer));
                problem.map(|problem| problem.detail.clone())
            })
        })
    }
}
