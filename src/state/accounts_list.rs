//! The list as it is shown: ids in order, page by page.

use billing::{SubAccountId, api::AccountList};
use leptos::prelude::*;

use super::{Session, Store};
use crate::{
    api::{self, ApiError},
    browser::{self, Timer},
    routes::ListQuery,
};

/// How many accounts a page of the list has.
const PAGE: u32 = 50;

/// How long to wait for more accounts to arrive before the list is loaded anew.
const SETTLE_MILLIS: i32 = 1_000;

/// How far the loading is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loading {
    /// Something is on its way.
    Busy,
    /// It is here.
    Done,
    /// It did not come.
    Failed(ApiError),
}

/// The list.
#[derive(Clone, Copy)]
pub struct AccountsList {
    store: Store,
    session: Session,
    query: Memo<ListQuery>,
    /// What is shown, in order; none before the first answer.
    pub ids: RwSignal<Option<Vec<SubAccountId>>>,
    /// How far the first page is.
    pub loading: RwSignal<Loading>,
    /// How far the next page is.
    pub loading_more: RwSignal<Loading>,
    cursor: RwSignal<Option<String>>,
    /// Counts loads: the answer to an older question is dropped.
    load: StoredValue<u32>,
}

impl AccountsList {
    /// The list of a query, loaded anew when the query changes and when the store was reset.
    pub fn of(store: Store, session: Session, query: Memo<ListQuery>) -> Self {
        let list = Self {
            store,
            session,
            query,
            ids: RwSignal::new(None),
            loading: RwSignal::new(Loading::Busy),
            loading_more: RwSignal::new(Loading::Done),
            cursor: RwSignal::new(None),
            load: StoredValue::new(0),
        };
        let epoch = store.epoch();
        Effect::new(move || {
            query.track();
            epoch.track();
            list.reload();
        });
        list.follow_arrivals();
        list
    }

    /// Accounts that are made elsewhere appear, as long as that moves nothing somebody has scrolled to.
    fn follow_arrivals(self) {
        let counts = self.store.counts();
        let timer = StoredValue::new_local(None::<Timer>);
        Effect::new(move |last: Option<Option<u64>>| {
            let now = counts.with(|counts| counts.map(|counts| counts.all));
            let changed = matches!((last.flatten(), now), (Some(last), Some(now)) if last != now);
            let short = self
                .ids
                .with_untracked(|ids| ids.as_ref().is_some_and(|ids| ids.len() <= PAGE as usize));
            if changed && short {
                timer.set_value(browser::after(SETTLE_MILLIS, move || self.reload()));
            }
            now
        });
    }

    /// Is there more than what is shown?
    pub fn has_more(self) -> bool {
        self.cursor.with(Option::is_some)
    }

    /// Loads the first page.
    pub fn reload(self) {
        let load = self.load.get_value().wrapping_add(1);
        self.load.set_value(load);
        self.loading.set(Loading::Busy);
        self.loading_more.set(Loading::Done);
        leptos::task::spawn_local(async move {
            let answer = self.fetch(None).await;
            if self.load.try_get_value() != Some(load) {
                return;
            }
            match answer {
                Ok((ids, cursor)) => {
                    self.ids.set(Some(ids));
                    self.cursor.set(cursor);
                    self.loading.set(Loading::Done);
                }
                Err(error) => self.loading.set(Loading::Failed(error)),
            }
        });
    }

    /// Loads the page after what is shown.
    pub fn more(self) {
        let (load, cursor) = (self.load.get_value(), self.cursor.get_untracked());
        if cursor.is_none() || self.loading_more.get_untracked() == Loading::Busy {
            return;
        }
        self.loading_more.set(Loading::Busy);
        leptos::task::spawn_local(async move {
            let answer = self.fetch(cursor).await;
            if self.load.try_get_value() != Some(load) {
                return;
            }
            match answer {
                Ok((ids, cursor)) => {
                    self.ids.update(|all| append(all.get_or_insert_default(), ids));
                    self.cursor.set(cursor);
                    self.loading_more.set(Loading::Done);
                }
                Err(error) => self.loading_more.set(Loading::Failed(error)),
            }
        });
    }

    async fn fetch(
        self,
        cursor: Option<String>,
    ) -> Result<(Vec<SubAccountId>, Option<String>), ApiError> {
        let query = self.query.get_untracked();
        let ListQuery { text, funding, standing, sort } = &query;
        let answer = api::accounts(*funding, *standing, text, *sort, cursor, PAGE).await;
        let list: AccountList = self.session.check(answer)?;
        let ids = list.accounts.iter().map(|account| account.id).collect();
        let cursor = list.next_cursor.clone();
        self.store.apply(list);
        Ok((ids, cursor))
    }
}

/// An account may have moved between two pages: it is shown once.
fn append(all: &mut Vec<SubAccountId>, more: Vec<SubAccountId>) {
    for id in more {
        if !all.contains(&id) {
            all.push(id);
        }
    }
}
