//! Every version of every price of one agency, and which of them is in force when.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Markup, Terms};
use crate::{SubAccountId, Timestamp, usage::EventType};

/// What a change of prices is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "of", rename_all = "snake_case", deny_unknown_fields)]
pub enum PriceSubject {
    /// The agency's price for a type of event.
    List {
        /// Which.
        event_type: EventType,
    },
    /// One sub-account's own price for it, instead of the agency's.
    Override {
        /// Whose.
        account: SubAccountId,
        /// Which.
        event_type: EventType,
    },
    /// One sub-account's markup on everything.
    Markup {
        /// Whose.
        account: SubAccountId,
    },
}

/// What holds from then on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "set", rename_all = "snake_case", deny_unknown_fields)]
pub enum Setting {
    /// This price.
    Price {
        /// It.
        terms: Terms,
    },
    /// This markup.
    Markup {
        /// It.
        markup: Markup,
    },
    /// No price, no price of its own, no markup.
    Ended,
}

/// One version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PriceChange {
    /// From 1, without gaps, per agency: what a draw names as its price.
    pub number: u64,
    /// What it is about.
    pub subject: PriceSubject,
    /// From when on it is in force, until a later one is.
    pub from: Timestamp,
    /// What holds.
    pub setting: Setting,
}

/// How an event is priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote<'a> {
    /// The version of the price.
    pub price: u64,
    /// What it says.
    pub terms: &'a Terms,
    /// The version of the markup and what it says, if there is one.
    pub markup: Option<(u64, Markup)>,
}

/// Versions about one subject, by effective time and number, oldest first.
type Versions = Vec<PriceChange>;

/// All versions, ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct PriceBook {
    list: BTreeMap<EventType, Versions>,
    overrides: BTreeMap<SubAccountId, BTreeMap<EventType, Versions>>,
    markups: BTreeMap<SubAccountId, Versions>,
}

impl PriceBook {
    /// From the changes in any order.
    pub fn new(changes: impl IntoIterator<Item = PriceChange>) -> Self {
        let mut book = Self::default();
        for change in changes {
            let versions = match change.subject.clone() {
                PriceSubject::List { event_type } => book.list.entry(event_type).or_default(),
                PriceSubject::Override { account, event_type } => {
                    book.overrides.entry(account).or_default().entry(event_type).or_default()
                }
                PriceSubject::Markup { account } => book.markups.entry(account).or_default(),
            };
            let rank = (change.from, change.number);
            let place = versions.partition_point(|other| (other.from, other.number) <= rank);
            versions.insert(place, change);
        }
        book
    }

    /// What is in force about a subject at an instant. Of two with the same time the later set one wins.
    pub fn in_force(&self, subject: &PriceSubject, at: Timestamp) -> Option<&PriceChange> {
        match subject {
            PriceSubject::List { event_type } => in_force(self.list.get(event_type), at),
            PriceSubject::Override { account, event_type } => {
                in_force(self.overrides.get(account)?.get(event_type), at)
            }
            PriceSubject::Markup { account } => in_force(self.markups.get(account), at),
        }
    }

    /// The version with this number.
    pub fn version(&self, number: u64) -> Option<&PriceChange> {
        self.changes().find(|change| change.number == number)
    }

    /// Every version: the list, the overrides, the markups; each by effective time.
    pub fn changes(&self) -> impl Iterator<Item = &PriceChange> {
        let overrides = self.overrides.values().flat_map(BTreeMap::values);
        self.list.values().chain(overrides).chain(self.markups.values()).flatten()
    }

    /// The price of an event of this type, of this sub-account, at this time; nothing when there is none.
    pub fn quote(
        &self,
        account: SubAccountId,
        event_type: &EventType,
        at: Timestamp,
    ) -> Option<Quote<'_>> {
        let own = self.overrides.get(&account).and_then(|types| types.get(event_type));
        let (price, terms) = terms(own, at).or_else(|| terms(self.list.get(event_type), at))?;
        let markup = in_force(self.markups.get(&account), at);
        let markup = markup.and_then(|change| match &change.setting {
            Setting::Markup { markup } => Some((change.number, *markup)),
            _ => None,
        });
        Some(Quote { price, terms, markup })
    }
}

fn in_force(versions: Option<&Versions>, at: Timestamp) -> Option<&PriceChange> {
    versions?.iter().rev().find(|change| change.from <= at)
}

fn terms(versions: Option<&Versions>, at: Timestamp) -> Option<(u64, &Terms)> {
    let change = in_force(versions, at)?;
    match &change.setting {
        Setting::Price { terms } => Some((change.number, terms)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::Price;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn account(chance: u8) -> SubAccountId {
        SubAccountId::new(at(1), [chance; 10])
    }

    #[test]
    fn an_event_is_priced_by_the_version_of_its_own_time() {
        let event_type = EventType::parse("sms.sent").unwrap();
        let list = PriceSubject::List { event_type: event_type.clone() };
        let own = PriceSubject::Override { account: account(1), event_type: event_type.clone() };
        let markup = PriceSubject::Markup { account: account(1) };
        let price = |micros| Setting::Price {
            terms: Terms::flat(Price::from_micros(micros).unwrap(), None),
        };
        let tenth = Setting::Markup { markup: Markup::from_ppm(100_000).unwrap() };
        let change = |number, subject: &PriceSubject, from, setting| PriceChange {
            number,
            subject: subject.clone(),
            from: at(from),
            setting,
        };
        let book = PriceBook::new([
            change(3, &list, 30, Setting::Ended),
            change(1, &list, 10, price(100)),
            change(2, &list, 20, price(200)),
            change(4, &own, 20, price(50)),
            change(5, &own, 40, Setting::Ended),
            change(6, &markup, 20, tenth),
            change(7, &list, 20, price(250)),
        ]);
        let quote = |whose, millis| {
            let quote = book.quote(account(whose), &event_type, at(millis))?;
            Some((quote.price, quote.terms.unit_price.micros(), quote.markup.map(|m| m.0)))
        };
        for (whose, millis, expected) in [
            (2, 9, None),
            (2, 10, Some((1, 100, None))),
            (2, 19, Some((1, 100, None))),
            (2, 20, Some((7, 250, None))),
            (2, 30, None),
            (1, 19, Some((1, 100, None))),
            (1, 20, Some((4, 50, Some(6)))),
            (1, 39, Some((4, 50, Some(6)))),
            (1, 40, None),
        ] {
            assert_eq!(quote(whose, millis), expected, "{whose} at {millis}");
        }
        assert_eq!(book.version(4).map(|change| change.from), Some(at(20)));
        assert_eq!(book.changes().count(), 7);
    }
}
