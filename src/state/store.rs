//! The agency, its counts, and one signal per account.

use std::collections::BTreeMap;

use billing::{
    SubAccountId,
    api::{AccountCounts, AccountSnapshot, AgencySnapshot},
};
use leptos::prelude::*;

use super::News;

/// An account and the sequence at which it was told.
#[derive(Clone)]
struct Row {
    account: ArcRwSignal<AccountSnapshot>,
    seq: ArcRwSignal<u64>,
}

/// Everything the server told that is still the newest.
#[derive(Clone, Copy)]
pub struct Store {
    agency: RwSignal<AgencySnapshot>,
    counts: RwSignal<Option<AccountCounts>>,
    rows: RwSignal<BTreeMap<SubAccountId, Row>>,
    /// The newest sequence of which everything is known.
    seq: StoredValue<u64>,
    epoch: RwSignal<u32>,
}

impl Store {
    /// What is known once somebody is signed in: their agency, as it was at this sequence.
    pub fn new(agency: AgencySnapshot, seq: u64) -> Self {
        Self {
            agency: RwSignal::new(agency),
            counts: RwSignal::new(None),
            rows: RwSignal::new(BTreeMap::new()),
            seq: StoredValue::new(seq),
            epoch: RwSignal::new(0),
        }
    }

    /// The one way in: takes what is newer than what is known, and leaves the rest.
    pub fn apply(self, news: impl Into<News>) {
        let news = news.into();
        // An answer may come when its person has signed out: then there is nobody to tell.
        let Some(known) = self.seq.try_get_value() else { return };
        if news.seq >= known {
            self.agency.set(news.agency);
            if news.counts.is_some() {
                self.counts.set(news.counts);
            }
            self.seq.set_value(news.seq);
        }
        for account in news.accounts {
            self.apply_account(news.seq, account);
        }
    }

    fn apply_account(self, seq: u64, account: AccountSnapshot) {
        match self.rows.with_untracked(|rows| rows.get(&account.id).cloned()) {
            Some(row) => {
                let older = row.seq.get_untracked() > seq
                    || row
                        .account
                        .with_untracked(|known| known.funding.version > account.funding.version);
                if !older {
                    row.seq.set(seq);
                    if row.account.with_untracked(|known| *known != account) {
                        row.account.set(account);
                    }
                }
            }
            None => self.rows.update(|rows| {
                let seq = ArcRwSignal::new(seq);
                rows.insert(account.id, Row { account: ArcRwSignal::new(account), seq });
            }),
        }
    }

    /// What happened up to this sequence cannot be told: whoever shows something loads it anew.
    pub fn reset(self, seq: u64) {
        self.seq.set_value(seq);
        self.epoch.update(|epoch| *epoch = epoch.wrapping_add(1));
    }

    /// Changes when everything has to be loaded anew.
    pub fn epoch(self) -> Signal<u32> {
        self.epoch.into()
    }

    /// The newest sequence of which everything is known.
    pub fn seq(self) -> u64 {
        self.seq.get_value()
    }

    /// The agency and its balance.
    pub fn agency(self) -> Signal<AgencySnapshot> {
        self.agency.into()
    }

    /// How many accounts there are, once told.
    pub fn counts(self) -> Signal<Option<AccountCounts>> {
        self.counts.into()
    }

    /// The signal of an account that is known already.
    pub fn row(self, id: SubAccountId) -> Option<ArcRwSignal<AccountSnapshot>> {
        self.rows.with_untracked(|rows| rows.get(&id).map(|row| row.account.clone()))
    }

    /// An account, as soon as it is known.
    pub fn account(self, id: SubAccountId) -> Memo<Option<AccountSnapshot>> {
        Memo::new(move |_| {
            let row = self.rows.with(|rows| rows.get(&id).map(|row| row.account.clone()));
            row.map(|account| account.get())
        })
    }
}
