//! Who is signed in.

use billing::api::Me;
use leptos::prelude::*;

use crate::{
    api::{self, ApiError},
    browser, routes,
};

/// What is known about who is asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// The server is being asked.
    Asking,
    /// Nobody is signed in.
    Nobody,
    /// Somebody is.
    Person(Box<Me>),
    /// The server could not say.
    Unknown(ApiError),
}

/// The session. Any answer of 401, wherever it comes, ends it here.
#[derive(Clone, Copy)]
pub struct Session {
    who: RwSignal<Who>,
}

impl Session {
    /// Asks the server who is signed in.
    pub fn start() -> Self {
        let session = Self { who: RwSignal::new(Who::Asking) };
        session.ask();
        session
    }

    /// For pages that ask by themselves who it is.
    pub fn unasked() -> Self {
        Self { who: RwSignal::new(Who::Asking) }
    }

    /// Asks (again).
    pub fn ask(self) {
        self.who.set(Who::Asking);
        leptos::task::spawn_local(async move {
            self.who.set(match api::me().await {
                Ok(me) => Who::Person(Box::new(me)),
                Err(error) if error.is_signed_out() => Who::Nobody,
                // Somebody, but nobody of the agency: pages of their own know better.
                Err(ApiError::Unreadable) => return browser::load(routes::CLIENT, true),
                Err(error) => Who::Unknown(error),
            });
        });
    }

    /// Who it is.
    pub fn who(self) -> Signal<Who> {
        self.who.into()
    }

    /// Somebody has signed in.
    pub fn begin(self, me: Me) {
        self.who.set(Who::Person(Box::new(me)));
    }

    /// They are gone, or the server has forgotten them.
    pub fn end(self) {
        if self.who.with_untracked(|who| *who != Who::Nobody) {
            self.who.set(Who::Nobody);
        }
    }

    /// Passes an answer on; one that says that nobody is signed in ends the session.
    pub fn check<T>(self, answer: Result<T, ApiError>) -> Result<T, ApiError> {
        if answer.as_ref().is_err_and(ApiError::is_signed_out) {
            self.end();
        }
        answer
    }
}
