//! Usage: every event is drawn once, from the payer of its time, at the price it names; days and entries sum it up.

use std::collections::{BTreeMap, HashMap};

use billing::{
    SubAccountId,
    funding::Payer,
    ledger::{EntryKind, rules::usage::read_reference},
    pricing::{PriceBook, PriceSubject, Setting},
    timeline::{Interval, intervals, payer_at},
    usage::{DrawDigest, event_key},
};

use super::{Check, PAGE};
use crate::{
    metering::{cost, known},
    storage::{
        Result, Scope, StorageError, Transaction,
        journal::EntryRow,
        usage::{DayKey, DaySum, Draw, EventKey, EventRow, MeteringHead, UsageQuery},
    },
};

/// Events read at once.
const EVENTS: u32 = 5_000;

/// The checks of usage.
pub(super) struct UsageChecks {
    events: Check,
    draws: Check,
    vouched: Check,
    days: Check,
    index: Check,
}

impl UsageChecks {
    pub(super) fn new() -> Self {
        Self {
            events: Check::new("events are numbered without gaps, and no identity is there twice"),
            draws: Check::new(
                "an event is drawn from the payer of its time, at the price it names",
            ),
            vouched: Check::new("an entry of usage is the sum of its draws, byte by byte"),
            days: Check::new("a day's line is the sum of its draws"),
            index: Check::new("the index of identities holds what it should"),
        }
    }

    pub(super) fn finish(self) -> [Check; 5] {
        [self.events, self.draws, self.vouched, self.days, self.index]
    }
}

/// The draws of one range of events, by the entry they name.
#[derive(Default)]
pub(super) struct Vouching {
    range: (u64, u64),
    entries: HashMap<u64, (DrawDigest, i128)>,
    /// Draws that an entry was found for.
    found: u64,
}

impl Vouching {
    /// Checks an entry of the ledger against its draws, if it has any.
    pub(super) fn entry(
        &mut self,
        tx: &mut dyn Transaction,
        scope: Scope,
        row: &EntryRow,
        checks: &mut UsageChecks,
    ) -> Result<()> {
        if row.entry.kind() != EntryKind::Draw {
            return Ok(());
        }
        let Some((first, last, digest)) = read_reference(row.entry.reference()) else {
            return Ok(());
        };
        if self.range != (first, last) {
            self.load(tx, scope, first, last)?;
        }
        let (drawn, sum) = self.entries.remove(&row.number).unwrap_or_default();
        let booked: i128 = row
            .entry
            .postings()
            .iter()
            .filter(|posting| posting.amount.is_positive())
            .map(|posting| i128::from(posting.amount.micros()))
            .sum();
        let fine = drawn.finish() == digest && sum == booked;
        checks.vouched.see(fine, || {
            format!("{}: entry {} is not the sum of its draws", scope.agency(), row.number)
        });
        Ok(())
    }

    fn load(
        &mut self,
        tx: &mut dyn Transaction,
        scope: Scope,
        first: u64,
        last: u64,
    ) -> Result<()> {
        self.range = (first, last);
        self.entries.clear();
        let mut next = first;
        while next <= last {
            let left = u32::try_from(last - next + 1).unwrap_or(u32::MAX);
            let rows = match tx.events_from(scope, next, left.min(EVENTS)) {
                // Said by the walk through the events.
                Err(StorageError::Damaged(_)) => return Ok(()),
                rows => rows?,
            };
            let Some(reached) = rows.last().map(|row| row.number) else { return Ok(()) };
            for row in rows.iter().filter(|row| row.number <= last) {
                if let Some(draw) = row.draw.filter(|draw| draw.entry > 0) {
                    let (digest, sum) = self.entries.entry(draw.entry).or_default();
                    digest.add(&row.drawn(&draw));
                    *sum += i128::from(draw.amount_micros);
                    self.found += 1;
                }
            }
            next = reached + 1;
        }
        Ok(())
    }
}

/// What is folded while the events are walked through.
struct Walk<'a> {
    scope: Scope,
    checks: &'a mut UsageChecks,
    prices: PriceBook,
    timelines: HashMap<SubAccountId, Vec<Interval>>,
    days: BTreeMap<DayKey, Line>,
    keys: Vec<EventKey>,
    /// Draws that name an entry.
    booked: u64,
}

/// A day's line with the links of its chain: the numbers of all events but the newest are named once as "previous".
#[derive(Default)]
struct Line {
    sum: DaySum,
    chain: i128,
}

/// Walks through an agency's events.
pub(super) fn verify(
    tx: &mut dyn Transaction,
    scope: Scope,
    vouching: &Vouching,
    checks: &mut UsageChecks,
) -> Result<()> {
    let head = tx.metering_head(scope)?;
    let prices = PriceBook::new(tx.prices(scope)?.into_iter().map(|row| row.change));
    let (timelines, days) = (HashMap::new(), BTreeMap::new());
    let mut walk = Walk { scope, checks, prices, timelines, days, keys: Vec::new(), booked: 0 };
    let mut next = 1;
    loop {
        let rows = match tx.events_from(scope, next, EVENTS) {
            Err(StorageError::Damaged(what)) => {
                walk.checks.events.see(false, || format!("{}: {what}", scope.agency()));
                return Ok(());
            }
            rows => rows?,
        };
        let Some(last) = rows.last().map(|row| row.number) else { break };
        for row in &rows {
            walk.event(tx, row, &mut next)?;
        }
        next = last + 1;
    }
    let agency = scope.agency();
    let (there, booked) = (next - 1, walk.booked);
    walk.checks.events.see(there == head.events, || {
        format!("{agency}: {there} events are there, {} are counted", head.events)
    });
    walk.checks.vouched.see(vouching.found == booked, || {
        format!("{agency}: {booked} draws name an entry, {} are named by one", vouching.found)
    });
    walk.index(tx, &head)?;
    walk.days(tx)
}

impl Walk<'_> {
    fn event(&mut self, tx: &mut dyn Transaction, row: &EventRow, next: &mut u64) -> Result<()> {
        let (number, expected) = (row.number, *next);
        *next = number + 1;
        self.checks.events.see(number == expected, || format!("event {expected} is missing"));
        self.keys.push(event_key(&row.source, &row.id));
        let Some(draw) = row.draw else { return Ok(()) };
        self.booked += u64::from(draw.entry > 0);
        let problem = self.draw(tx, row, &draw)?;
        self.checks.draws.see(problem.is_none(), || {
            format!("event {number} of {}: {}", row.account, problem.unwrap_or_default())
        });
        let late = match self.timelines.get(&row.account) {
            Some(timeline) => billing::timeline::is_late(timeline, row.at, row.received_at),
            None => false,
        };
        let line = self.days.entry(row.day_key(draw.payer)).or_default();
        line.sum.events += 1;
        line.sum.late_events += u64::from(late);
        line.sum.quantity = line.sum.quantity.saturating_plus(draw.quantity);
        line.sum.amount_micros = line.sum.amount_micros.saturating_add(draw.amount_micros);
        line.chain += i128::from(number) - i128::from(draw.previous);
        Ok(())
    }

    /// What is wrong with a draw.
    fn draw(
        &mut self,
        tx: &mut dyn Transaction,
        row: &EventRow,
        draw: &Draw,
    ) -> Result<Option<String>> {
        if !self.timelines.contains_key(&row.account) {
            let Some(account) = tx.account(self.scope, row.account)? else {
                return Ok(Some("there is no such account".to_owned()));
            };
            let log = tx.events(self.scope, row.account)?;
            let timeline = intervals(account.created_at, account.created_by, &log);
            self.timelines.insert(row.account, timeline);
        }
        let timeline = self.timelines.get(&row.account).map_or(&[][..], Vec::as_slice);
        // Of what is not yet, the payer of the instant when it was drawn was known, and no later one.
        let payer: Payer = payer_at(timeline, row.at.min(row.received_at));
        if draw.payer != payer {
            return Ok(Some(format!("drawn from {:?}, {payer:?} paid then", draw.payer)));
        }
        if draw.entry == 0 && draw.amount_micros != 0 {
            return Ok(Some("its cost is booked nowhere".to_owned()));
        }
        Ok(match self.amount(row, draw) {
            Some(amount) if amount == draw.amount_micros => None,
            Some(amount) => Some(format!("cost {}, its price makes {amount}", draw.amount_micros)),
            None => Some(format!("price {} is not its price", draw.price)),
        })
    }

    /// The amount, from the versions that the draw names.
    fn amount(&self, row: &EventRow, draw: &Draw) -> Option<i64> {
        let price = self.prices.version(draw.price)?;
        let of = match &price.subject {
            PriceSubject::List { event_type } => event_type,
            PriceSubject::Override { account, event_type } if *account == row.account => event_type,
            _ => return None,
        };
        let Setting::Price { terms } = &price.setting else { return None };
        if *of != row.event_type || price.from > row.at {
            return None;
        }
        let markup = match draw.markup {
            None => None,
            Some(number) => match self.prices.version(number)?.setting {
                Setting::Markup { markup } => Some(markup),
                _ => return None,
            },
        };
        let fields = crate::metering::data_fields(&row.data).ok()?;
        if cost::quantity(&fields, terms) != Ok(draw.quantity) {
            return None;
        }
        terms.amount_micros(draw.quantity, draw.used_before, markup).ok()
    }

    fn index(&mut self, tx: &mut dyn Transaction, head: &MeteringHead) -> Result<()> {
        let mut first = 0;
        let mut segment = 0;
        while (first as u64) < head.indexed {
            let pages = tx.index_segment(self.scope, segment)?;
            let entries: Vec<_> = pages.iter().flat_map(known::entries).collect();
            let keys = self.keys.get(first..first + entries.len()).unwrap_or_default();
            let mut expected: Vec<_> = keys.iter().copied().zip(first as u64 + 1..).collect();
            expected.sort_unstable();
            let (fine, agency) = (!entries.is_empty() && entries == expected, self.scope.agency());
            self.checks
                .index
                .see(fine, || format!("{agency}: segment {segment} is not its events"));
            if !fine {
                break;
            }
            first += entries.len();
            segment += 1;
        }
        let mut keys = std::mem::take(&mut self.keys);
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        let twice = all - keys.len();
        let agency = self.scope.agency();
        self.checks.events.see(twice == 0, || format!("{agency}: {twice} events are there twice"));
        Ok(())
    }

    fn days(&mut self, tx: &mut dyn Transaction) -> Result<()> {
        let query = UsageQuery::everything();
        let mut after = None;
        loop {
            let rows = match tx.usage_days(self.scope, &query, after.as_ref(), PAGE) {
                Err(StorageError::Damaged(what)) => {
                    self.checks.days.see(false, || what);
                    return Ok(());
                }
                rows => rows?,
            };
            let Some((last, _)) = rows.last() else { break };
            after = Some(last.clone());
            for (key, sum) in rows {
                let line = self.days.remove(&key).unwrap_or_default();
                let folded = DaySum { last_event: sum.last_event, ..line.sum };
                let fine = folded == sum && line.chain == i128::from(sum.last_event);
                let (day, account) = (key.day.text(), key.account);
                self.checks.days.see(fine, || format!("{account} on {day}: {}", key.event_type));
            }
        }
        let left = self.days.len();
        let agency = self.scope.agency();
        self.checks.days.see(left == 0, || format!("{agency}: {left} lines of days are missing"));
        Ok(())
    }
}
