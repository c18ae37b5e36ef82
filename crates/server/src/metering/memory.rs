//! What is remembered between groups: a cache of the database, checked against it at the start of every group.

use std::collections::{BTreeMap, HashMap};

use billing::{AgencyId, SubAccountId, Timestamp, funding::Payer, pricing::PriceBook, timeline};

use super::known::{Known, Sealed};
use crate::storage::{
    Result, Scope, Transaction,
    usage::{EventKey, MeteringHead},
};

/// Agencies remembered at once; the one that was longest without usage goes.
const AGENCIES_MAX: usize = 256;
/// Subjects remembered per agency; past it all are forgotten, which costs a look-up each.
const SUBJECTS_MAX: usize = 200_000;

/// What is remembered.
pub struct Memory {
    agencies: BTreeMap<AgencyId, Agency>,
    /// How many groups there have been: what "longest without usage" is measured by.
    groups: u64,
    /// Events of one segment of the index.
    pub segment_events: u64,
}

/// Of one agency.
#[derive(Default)]
pub struct Agency {
    /// Its known events.
    pub known: Known,
    /// Its prices.
    pub prices: PriceBook,
    /// Its sub-accounts by id and by the agency's own id.
    subjects: HashMap<String, Payers>,
    version: u64,
    loaded: bool,
    used: u64,
}

/// A sub-account and who paid for it when, newest first.
#[derive(Clone, Debug)]
pub struct Payers {
    /// Which.
    pub account: SubAccountId,
    stretches: Vec<(Timestamp, Payer)>,
}

impl Payers {
    /// Who paid at an instant; the agency before anything is known.
    pub fn at(&self, at: Timestamp) -> Payer {
        let stretch = self.stretches.iter().find(|(from, _)| *from <= at);
        stretch.map_or(Payer::Agency, |(_, payer)| *payer)
    }

    /// Since when the one who pays now does.
    pub fn since(&self) -> Option<Timestamp> {
        self.stretches.first().map(|(from, _)| *from)
    }
}

/// What a group has added to what is known.
pub struct Learned {
    /// Whose.
    pub scope: Scope,
    /// Events that were added.
    pub added: Vec<(EventKey, u64)>,
    /// Segments that were written.
    pub sealed: Vec<Sealed>,
}

impl Memory {
    /// Of nothing yet.
    pub fn new(segment_events: u64) -> Self {
        Self { agencies: BTreeMap::new(), groups: 0, segment_events }
    }

    /// Everything is read anew.
    pub fn forget(&mut self) {
        self.agencies.clear();
    }

    /// What is remembered of an agency, after a look at what has changed.
    pub fn agency(
        &mut self,
        tx: &mut dyn Transaction,
        scope: Scope,
        head: &MeteringHead,
    ) -> Result<&mut Agency> {
        self.groups += 1;
        if self.agencies.len() >= AGENCIES_MAX && !self.agencies.contains_key(&scope.agency()) {
            let oldest = self.agencies.iter().min_by_key(|(_, agency)| agency.used);
            if let Some(oldest) = oldest.map(|(id, _)| *id) {
                self.agencies.remove(&oldest);
            }
        }
        let agency = self.agencies.entry(scope.agency()).or_default();
        agency.used = self.groups;
        agency.refresh(tx, scope, head)?;
        agency.known.catch_up(tx, scope, head, self.segment_events)?;
        Ok(agency)
    }

    /// Remembers what is durable now.
    pub fn keep(&mut self, learned: Vec<Learned>) {
        for learned in learned {
            if let Some(agency) = self.agencies.get_mut(&learned.scope.agency()) {
                agency.known.keep(learned.added, learned.sealed);
            }
        }
    }
}

impl Agency {
    fn refresh(
        &mut self,
        tx: &mut dyn Transaction,
        scope: Scope,
        head: &MeteringHead,
    ) -> Result<()> {
        if self.loaded && self.version == head.version {
            return Ok(());
        }
        let changed = match self.loaded {
            true => tx.metering_changes(scope, self.version)?,
            false => vec![None],
        };
        if changed.contains(&None) {
            self.prices = PriceBook::new(tx.prices(scope)?.into_iter().map(|row| row.change));
        }
        // An account has two names, and keeps them.
        for account in changed.into_iter().flatten() {
            self.subjects.remove(&account.to_string());
            if let Some(row) = tx.account(scope, account)? {
                self.subjects.remove(&row.external_id);
            }
        }
        self.version = head.version;
        self.loaded = true;
        Ok(())
    }

    /// The sub-account that a subject names.
    pub fn subject(
        &mut self,
        tx: &mut dyn Transaction,
        scope: Scope,
        subject: &str,
    ) -> Result<Option<&Payers>> {
        // Looked up twice because the borrow checker does not see that the first look-up has ended.
        if !self.subjects.contains_key(subject) {
            let id = match subject.parse() {
                Ok(id) => Some(id),
                Err(_) => tx.account_by_external_id(scope, subject)?,
            };
            let account = match id {
                Some(id) => tx.account(scope, id)?,
                None => None,
            };
            let Some(account) = account else { return Ok(None) };
            let log = tx.events(scope, account.id)?;
            let intervals =
                timeline::intervals(account.created_at, account.created_by.clone(), &log);
            let stretches = intervals.iter().rev().map(|one| (one.from, one.payer)).collect();
            if self.subjects.len() >= SUBJECTS_MAX {
                self.subjects.clear();
            }
            let payers = Payers { account: account.id, stretches };
            self.subjects.insert(subject.to_owned(), payers);
        }
        Ok(self.subjects.get(subject))
    }
}
