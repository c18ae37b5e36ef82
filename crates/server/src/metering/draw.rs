//! A group of batches becomes draws, in one transaction: one entry per touched balance, one addition per line of a day, the
//! events themselves. A batch that cannot be taken leaves no trace and does not disturb its neighbours.

use std::{
    borrow::Borrow,
    collections::{BTreeMap, BTreeSet, HashMap, hash_map::Entry},
};

use billing::{
    Quantity, SubAccountId, Timestamp,
    funding::Payer,
    ledger::Book,
    usage::{AHEAD_WINDOW, Day, DrawnEvent, EventType, LATE_WINDOW, Month},
};

use super::{
    Batch, Refusal, Refused,
    cost::{Priced, price},
    event::NewEvent,
    memory::{Agency, Learned, Memory},
    sums::Sums,
};
use crate::storage::{
    Result, Scope, StorageError, Transaction,
    usage::{DayKey, DaySum, Draw, EventKey, MeteringHead, NewEventRow},
};

/// Events that are written at once. Between two such parts the group can end, because somebody waits for the writer.
const PART_EVENTS: usize = 4_000;

/// What a group led to.
pub struct Drawn {
    /// Per batch; nothing for those that it did not come to.
    pub results: Vec<Option<std::result::Result<(), Refused>>>,
    /// What to remember once it is durable.
    pub learned: Vec<Learned>,
    /// Whose balances have moved: agencies, and those of their sub-accounts that pay for themselves.
    pub touched: Vec<(Scope, BTreeSet<SubAccountId>)>,
}

/// Draws a group, or the beginning of it when `must_end` says so: at least one batch.
///
/// # Errors
/// When storage fails; then the whole transaction must be undone.
pub fn group(
    tx: &mut dyn Transaction,
    memory: &mut Memory,
    batches: &[impl Borrow<Batch>],
    now: Timestamp,
    must_end: impl Fn() -> bool,
) -> Result<Drawn> {
    let mut by_agency: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (index, batch) in batches.iter().enumerate() {
        by_agency.entry(batch.borrow().scope.agency()).or_default().push(index);
    }
    let mut drawn =
        Drawn { results: vec![None; batches.len()], learned: Vec::new(), touched: Vec::new() };
    let mut ended = false;
    let segment_events = memory.segment_events;
    for (id, indexes) in by_agency {
        if ended {
            break;
        }
        let scope = Scope::of(id);
        let head = tx.metering_head(scope)?;
        let agency = memory.agency(tx, scope, &head)?;
        let mut staging = Staging {
            tx,
            scope,
            agency,
            now,
            head,
            taken: Vec::new(),
            keys: HashMap::new(),
            months: HashMap::new(),
            added: Vec::new(),
            touched: BTreeSet::new(),
        };
        for index in indexes {
            drawn.results[index] = Some(staging.take(batches[index].borrow())?);
            if staging.taken.len() >= PART_EVENTS {
                staging.store()?;
                ended = must_end();
            }
            if ended {
                break;
            }
        }
        if let Some((learned, accounts)) = staging.finish(segment_events)? {
            drawn.learned.push(learned);
            drawn.touched.push((scope, accounts));
        }
    }
    Ok(drawn)
}

/// An event that will be stored, with what it costs.
struct Taken<'a> {
    event: &'a NewEvent,
    account: SubAccountId,
    at: Timestamp,
    /// It came when somebody else pays already.
    late: bool,
    priced: Option<Priced>,
    payer: Payer,
}

/// One agency's part of a group.
struct Staging<'a, 't> {
    tx: &'t mut dyn Transaction,
    scope: Scope,
    agency: &'t mut Agency,
    now: Timestamp,
    head: MeteringHead,
    /// The part of the group that is not written yet.
    taken: Vec<Taken<'a>>,
    /// Identities taken in this group, with the fingerprint of what each said.
    keys: HashMap<EventKey, EventKey>,
    /// What of a month is used, this group included, where a price asks.
    months: HashMap<(SubAccountId, Month, EventType), Quantity>,
    /// What is written, with its numbers.
    added: Vec<(EventKey, u64)>,
    /// Sub-accounts whose own balances have moved.
    touched: BTreeSet<SubAccountId>,
}

impl<'a> Staging<'a, '_> {
    /// Takes a batch whole, or nothing of it.
    fn take(&mut self, batch: &'a Batch) -> Result<std::result::Result<(), Refused>> {
        let before = self.taken.len();
        for (index, event) in batch.events.iter().enumerate() {
            if let Err(why) = self.take_event(event, batch.any_age)? {
                for taken in self.taken.drain(before..) {
                    self.keys.remove(&taken.event.key);
                }
                self.months.clear();
                return Ok(Err(Refused { index, why }));
            }
        }
        Ok(Ok(()))
    }

    fn take_event(
        &mut self,
        event: &'a NewEvent,
        any_age: bool,
    ) -> Result<std::result::Result<(), Refusal>> {
        if let Some(said) = self.said_before(&event.key)? {
            let same = said == event.payload;
            return Ok(if same { Ok(()) } else { Err(Refusal::OtherPayload) });
        }
        let at = event.time.unwrap_or(self.now);
        if at > self.now.plus(AHEAD_WINDOW) {
            return Ok(Err(Refusal::InTheFuture));
        }
        if at < self.now.minus(LATE_WINDOW) && !any_age {
            return Ok(Err(Refusal::TooOld));
        }
        let Some(payers) = self.agency.subject(self.tx, self.scope, &event.subject)? else {
            return Ok(Err(Refusal::UnknownSubject));
        };
        let (account, payer) = (payers.account, payers.at(at));
        let late = payers.since().is_some_and(|since| at < since);
        let quote = self.agency.prices.quote(account, &event.event_type, at);
        let priced = match quote {
            None => None,
            Some(quote) => {
                let mut month = quote.terms.counts_the_month().then(|| {
                    let key = (account, Day::of(at).month(), event.event_type.clone());
                    self.months.entry(key)
                });
                let used_before = match &mut month {
                    None => Quantity::ZERO,
                    Some(Entry::Occupied(used)) => *used.get(),
                    Some(Entry::Vacant(empty)) => {
                        used_before(self.tx, self.scope, &self.taken, empty.key())?
                    }
                };
                match price(&event.fields, &quote, used_before) {
                    Ok(priced) => {
                        if let Some(month) = month {
                            month.insert_entry(used_before.saturating_plus(priced.quantity));
                        }
                        Some(priced)
                    }
                    Err(why) => return Ok(Err(why)),
                }
            }
        };
        self.keys.insert(event.key, event.payload);
        self.taken.push(Taken { event, account, at, late, priced, payer });
        Ok(Ok(()))
    }

    /// What an event of this identity said, if there was one.
    fn said_before(&mut self, key: &EventKey) -> Result<Option<EventKey>> {
        if let Some(payload) = self.keys.get(key) {
            return Ok(Some(*payload));
        }
        let Some(number) = self.agency.known.find(self.tx, self.scope, key)? else {
            return Ok(None);
        };
        let row = self.tx.event(self.scope, number)?;
        let row = row.ok_or_else(|| StorageError::Damaged(format!("event {number} is missing")))?;
        Ok(Some(row.payload))
    }

    /// Writes the part that was taken.
    fn store(&mut self) -> Result<()> {
        if self.taken.is_empty() {
            return Ok(());
        }
        let first = self.head.events + 1;
        let entries = self.book(first)?;
        let previous = self.add_to_days(first)?;
        let rows: Vec<_> = self
            .taken
            .iter()
            .zip(&previous)
            .zip(first..)
            .map(|((taken, previous), number)| NewEventRow {
                number,
                account: taken.account,
                at: taken.at,
                received_at: self.now,
                source: &taken.event.source,
                id: &taken.event.id,
                event_type: &taken.event.event_type,
                data: &taken.event.data,
                payload: taken.event.payload,
                draw: taken.priced.map(|priced| Draw {
                    entry: entries.get(&book_of(taken)).copied().unwrap_or(0),
                    payer: taken.payer,
                    quantity: priced.quantity,
                    used_before: priced.used_before,
                    amount_micros: priced.amount_micros,
                    price: priced.price,
                    markup: priced.markup,
                    previous: *previous,
                }),
            })
            .collect();
        self.tx.insert_events(self.scope, &rows)?;
        self.touched.extend(entries.keys().filter_map(|book| book.sub_account()));
        let numbered = self.taken.drain(..).map(|taken| taken.event.key).zip(first..);
        let before = self.added.len();
        self.added.extend(numbered);
        self.head.events += (self.added.len() - before) as u64;
        Ok(())
    }

    /// Writes what is left, and the head of it all; answers what to remember, if anything was written.
    fn finish(mut self, segment_events: u64) -> Result<Option<(Learned, BTreeSet<SubAccountId>)>> {
        self.store()?;
        if self.added.is_empty() {
            return Ok(None);
        }
        let mut sealed = Vec::new();
        if let Some(segment) = self.agency.known.seal(&self.head, &self.added, segment_events) {
            self.tx.insert_index_segment(self.scope, segment.segment, &segment.pages)?;
            self.head.indexed = segment.last;
            sealed.push(segment);
        }
        self.tx.save_metering_head(self.scope, &self.head)?;
        Ok(Some((Learned { scope: self.scope, added: self.added, sealed }, self.touched)))
    }

    /// One entry per touched balance, vouching for its draws; answers the entries' numbers.
    fn book(&mut self, first: u64) -> Result<BTreeMap<Book, u64>> {
        let mut sums = Sums::default();
        for (taken, number) in self.taken.iter().zip(first..) {
            if let Some(priced) = &taken.priced {
                sums.add(book_of(taken), &drawn_event(taken, priced, number))?;
            }
        }
        let last = first + self.taken.len() as u64 - 1;
        sums.book(self.tx, self.scope, (first, last), self.now)
    }

    /// Adds to the lines of days; answers for each event the one before it on its line.
    fn add_to_days(&mut self, first: u64) -> Result<Vec<u64>> {
        let mut lines: HashMap<(Day, SubAccountId, &EventType, Payer), usize> = HashMap::new();
        let mut days: Vec<(DayKey, DaySum)> = Vec::new();
        // Of each event: its line if it is the line's first, else the event before it.
        let mut places = Vec::with_capacity(self.taken.len());
        for (taken, number) in self.taken.iter().zip(first..) {
            let Some(priced) = &taken.priced else {
                places.push(Place::After(0));
                continue;
            };
            let (day, event_type) = (Day::of(taken.at), &taken.event.event_type);
            let line = lines.entry((day, taken.account, event_type, taken.payer));
            let line = *line.or_insert_with(|| {
                let (account, event_type) = (taken.account, event_type.clone());
                let key = DayKey { day, account, event_type, payer: taken.payer };
                days.push((key, DaySum::default()));
                days.len() - 1
            });
            let sum = &mut days[line].1;
            places.push(match sum.events {
                0 => Place::First(line),
                _ => Place::After(sum.last_event),
            });
            let too_much = || StorageError::Damaged("the usage of a day overflows".to_owned());
            let amount =
                sum.amount_micros.checked_add(priced.amount_micros).ok_or_else(too_much)?;
            *sum = DaySum {
                events: sum.events + 1,
                late_events: sum.late_events + u64::from(taken.late),
                quantity: sum.quantity.saturating_plus(priced.quantity),
                amount_micros: amount,
                last_event: number,
            };
        }
        // In the order of the table: neighbours share a page, whose turn comes once.
        let mut order: Vec<_> = (0..days.len()).collect();
        order.sort_unstable_by(|a, b| days[*a].0.cmp(&days[*b].0));
        let sorted: Vec<_> = order.iter().map(|line| days[*line].clone()).collect();
        let mut before = vec![0; days.len()];
        for (line, last) in order.into_iter().zip(self.tx.add_to_days(self.scope, &sorted)?) {
            before[line] = last;
        }
        Ok(places.into_iter().map(|place| place.previous(&before)).collect())
    }
}

/// Where an event stands on its line of the day.
enum Place {
    /// The first that this group adds to the line.
    First(usize),
    /// After this event.
    After(u64),
}

impl Place {
    fn previous(self, before: &[u64]) -> u64 {
        match self {
            Self::First(line) => before.get(line).copied().unwrap_or(0),
            Self::After(number) => number,
        }
    }
}

fn book_of(taken: &Taken<'_>) -> Book {
    book_of_payer(taken.payer, taken.account)
}

/// The balance that a payer's draws are taken from.
pub fn book_of_payer(payer: Payer, sub_account: SubAccountId) -> Book {
    match payer {
        Payer::Agency => Book::Agency,
        Payer::Customer => Book::Customer { sub_account },
    }
}

fn drawn_event<'a>(taken: &Taken<'a>, priced: &Priced, number: u64) -> DrawnEvent<'a> {
    DrawnEvent {
        number,
        account: taken.account,
        at: taken.at,
        source: &taken.event.source,
        id: &taken.event.id,
        event_type: taken.event.event_type.as_str(),
        data: &taken.event.data,
        payer: taken.payer,
        quantity: priced.quantity,
        used_before: priced.used_before,
        amount_micros: priced.amount_micros,
        price: priced.price,
        markup: priced.markup,
    }
}

/// What of a month is used: what is stored, and what this group has taken so far.
fn used_before(
    tx: &mut dyn Transaction,
    scope: Scope,
    taken: &[Taken<'_>],
    (account, month, event_type): &(SubAccountId, Month, EventType),
) -> Result<Quantity> {
    let stored = tx.month_quantity(scope, *account, event_type, *month)?;
    let same = |other: &&Taken<'_>| {
        other.account == *account
            && other.event.event_type == *event_type
            && Day::of(other.at).month() == *month
    };
    let pending = taken.iter().filter(same).filter_map(|other| other.priced);
    Ok(pending.fold(stored, |sum, priced| sum.saturating_plus(priced.quantity)))
}
