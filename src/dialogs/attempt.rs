//! One button's command on its way: sent once however often it is clicked, repeated safely, and explained when refused.

use std::pin::Pin;

use ::billing::{
    SubAccountId,
    api::{AccountSnapshot, FundingAnswer},
};
use leptos::prelude::*;

use crate::{
    api::{self, ApiError, Guard},
    browser,
    state::{Desk, Session},
};

type Answer = Result<FundingAnswer, ApiError>;

/// What is known about a command on its way.
#[derive(Clone, Copy)]
pub struct Attempt {
    pending: RwSignal<bool>,
    error: RwSignal<Option<ApiError>>,
    /// The content last sent whose outcome is not known, and the key it was sent with.
    open: StoredValue<Option<(String, String)>>,
}

impl Default for Attempt {
    fn default() -> Self {
        Self {
            pending: RwSignal::new(false),
            error: RwSignal::new(None),
            open: StoredValue::new(None),
        }
    }
}

impl Attempt {
    /// Is it on its way?
    pub fn pending(self) -> Signal<bool> {
        self.pending.into()
    }

    /// Why it was not done.
    pub fn error(self) -> Signal<Option<ApiError>> {
        self.error.into()
    }

    /// Forgets why: the person changed something.
    pub fn clear(self) {
        if self.error.with_untracked(Option::is_some) {
            self.error.set(None);
        }
    }

    /// Sends a command about an account as it is shown now; `content` is all that the person decided. `done` is called
    /// with the account as it is after.
    pub fn send<F>(
        self,
        desk: Desk,
        account: SubAccountId,
        content: String,
        call: impl FnOnce(Guard) -> F,
        done: impl FnOnce(AccountSnapshot) + 'static,
    ) where
        F: Future<Output = Answer> + 'static,
    {
        let Some(row) = desk.store.row(account) else { return };
        if self.pending.get_untracked() {
            return;
        }
        self.pending.set(true);
        self.error.set(None);
        let version = row.with_untracked(|account| account.funding.version);
        let sent = call(Guard { idempotency_key: self.key(content), version });
        self.conclude(desk, account, Box::pin(sent), Box::new(done));
    }

    /// Sends a command that is about no account's funding: `content` is all that the person decided, and `call` gets the key of
    /// the attempt. A session is told when it is over; who has none passes none.
    pub fn ask<T, F>(
        self,
        session: Option<Session>,
        content: String,
        call: impl FnOnce(String) -> F,
        done: impl FnOnce(T) + 'static,
    ) where
        T: 'static,
        F: Future<Output = Result<T, ApiError>> + 'static,
    {
        if self.pending.get_untracked() {
            return;
        }
        self.pending.set(true);
        self.error.set(None);
        let sent = call(self.key(content));
        leptos::task::spawn_local(async move {
            let mut answer = sent.await;
            if let Some(session) = session {
                answer = session.check(answer);
            }
            let _ = self.pending.try_set(false);
            match answer {
                Ok(answer) => {
                    let _ = self.open.try_set_value(None);
                    done(answer);
                }
                Err(error) => self.told(error),
            }
        });
    }

    /// What the server found wrong with a field, by the beginning of its place in the body.
    pub fn wrong(self, pointer: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            let error = self.error.get()?;
            let wrong = error.fields().iter().find(|wrong| wrong.pointer.starts_with(pointer))?;
            Some(wrong.detail.clone())
        })
    }

    fn conclude(
        self,
        desk: Desk,
        account: SubAccountId,
        sent: Pin<Box<dyn Future<Output = Answer>>>,
        done: Box<dyn FnOnce(AccountSnapshot)>,
    ) {
        leptos::task::spawn_local(async move {
            let answer = desk.session.check(sent.await);
            // The dialog may have been closed meanwhile: what was done is told all the same.
            let _ = self.pending.try_set(false);
            match answer {
                Ok(answer) => {
                    // The same content once more is another command.
                    let _ = self.open.try_set_value(None);
                    let account = answer.account.clone();
                    desk.store.apply(answer);
                    done(account);
                }
                Err(error) => self.failed(desk, account, error).await,
            }
        });
    }

    /// The same key for the same content while its outcome is unknown, else a new one.
    fn key(self, content: String) -> String {
        let known = self.open.with_value(|open| {
            open.as_ref().filter(|(sent, _)| *sent == content).map(|(_, key)| key.clone())
        });
        let key = known.unwrap_or_else(browser::unguessable);
        self.open.set_value(Some((content, key.clone())));
        key
    }

    async fn failed(self, desk: Desk, account: SubAccountId, error: ApiError) {
        let outdated = error.is_outdated();
        self.told(error);
        if outdated && let Ok(detail) = desk.session.check(api::account(account).await) {
            desk.store.apply(detail);
        }
    }

    fn told(self, error: ApiError) {
        if !error.is_unknown_outcome() {
            let _ = self.open.try_set_value(None);
        }
        let _ = self.error.try_set(Some(error));
    }
}
