//! A list that comes page by page and is only shown: prices, usage, draws, a report.

use leptos::prelude::*;

use super::{Desk, Loading, Session};
use crate::{
    api::{self, ApiError},
    browser::{self, Json},
};

/// How long to wait for more to happen before what is shown is loaded anew.
const SETTLE_MILLIS: i32 = 1_000;

/// The pages that are there, and how far the loading is.
#[derive(Clone, Copy)]
pub struct Pages {
    session: Session,
    path: Signal<String>,
    /// Those that are there, in order; none before the first answer.
    pub all: RwSignal<Vec<Json>, LocalStorage>,
    /// How far the one that was asked for last is.
    pub loading: RwSignal<Loading>,
    /// Counts loads: the answer to an older question is dropped.
    load: StoredValue<u32>,
}

impl Pages {
    /// The pages of a path, loaded anew when it changes, when the store was reset, and a moment after `moved` has changed.
    pub fn of(desk: Desk, path: Signal<String>, moved: Signal<String>) -> Self {
        Self::following(desk.session, desk.store.epoch(), path, moved)
    }

    /// The same without a desk: loaded anew when `epoch` changes.
    pub fn following(
        session: Session,
        epoch: Signal<u32>,
        path: Signal<String>,
        moved: Signal<String>,
    ) -> Self {
        let pages = Self {
            session,
            path,
            all: RwSignal::new_local(Vec::new()),
            loading: RwSignal::new(Loading::Busy),
            load: StoredValue::new(0),
        };
        Effect::new(move || {
            path.track();
            epoch.track();
            pages.fetch(None);
        });
        let waits = StoredValue::new(false);
        Effect::new(move |first: Option<()>| {
            // Read, not only tracked: a memo that nobody has read follows nothing.
            moved.with(|_| ());
            // What moves all the time is shown all the same: a wait that has begun is not begun anew.
            if first.is_some() && !waits.get_value() {
                waits.set_value(true);
                leptos::task::spawn_local(async move {
                    browser::sleep(SETTLE_MILLIS).await;
                    // The page may have been left meanwhile.
                    if waits.try_set_value(false).is_none() {
                        pages.refresh();
                    }
                });
            }
        });
        pages
    }

    /// The first page, unless more than that is shown: nothing moves that somebody has scrolled to.
    pub fn refresh(self) {
        if self.all.with_untracked(Vec::len) < 2 {
            self.fetch(None);
        }
    }

    /// The page after those that are there, or the first.
    pub fn more(self) {
        self.fetch(self.cursor());
    }

    /// What the next page is asked for with; nothing when there is none.
    pub fn cursor(self) -> Option<String> {
        let cursor = self.all.with(|all| all.last().map(|page| page.text("next_cursor")));
        cursor.filter(|cursor| !cursor.is_empty())
    }

    fn fetch(self, cursor: Option<String>) {
        let load = self.load.get_value().wrapping_add(1);
        self.load.set_value(load);
        self.loading.set(Loading::Busy);
        let path = self.path.get_untracked();
        leptos::task::spawn_local(async move {
            let first = cursor.is_none();
            let answer = api::page(&path, &cursor.unwrap_or_default()).await;
            let answer = self.session.check(answer);
            if self.load.try_get_value() == Some(load) {
                self.arrived(first, answer);
            }
        });
    }

    fn arrived(self, first: bool, answer: Result<Json, ApiError>) {
        match answer {
            Ok(page) => {
                self.all.update(|all| {
                    if first {
                        all.clear();
                    }
                    all.push(page);
                });
                self.loading.set(Loading::Done);
            }
            Err(error) => self.loading.set(Loading::Failed(error)),
        }
    }
}
