//! Who paid from when to when, from the events of a sub-account's funding.

mod words;

use serde::{Deserialize, Serialize};

pub use words::{dispute_words, reason_words, whose_loss, words};

use crate::{
    Timestamp,
    funding::{Actor, Event, Payer, Recorded},
};

/// A stretch of time with one payer: from `from` on, before `to`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Interval {
    /// Who pays.
    pub payer: Payer,
    /// The first instant.
    pub from: Timestamp,
    /// The first instant after it; none while it lasts.
    pub to: Option<Timestamp>,
    /// By whose action it began.
    pub by: Actor,
}

/// The whole timeline of a sub-account that was made at `created_at`, from its events in order.
pub fn intervals<'a>(
    created_at: Timestamp,
    created_by: Actor,
    log: impl IntoIterator<Item = &'a Recorded>,
) -> Vec<Interval> {
    let first = Interval { payer: Payer::Agency, from: created_at, to: None, by: created_by };
    log.into_iter().fold(vec![first], |mut intervals, recorded| {
        let payer = match recorded.event {
            Event::SwitchedToCustomer { .. } => Payer::Customer,
            Event::ReturnedToAgency { .. } => Payer::Agency,
            _ => return intervals,
        };
        if let Some(last) = intervals.last_mut() {
            last.to = Some(recorded.at);
        }
        let by = recorded.actor.clone();
        intervals.push(Interval { payer, from: recorded.at, to: None, by });
        intervals
    })
}

/// Who paid at an instant; the agency before anything is known.
pub fn payer_at(intervals: &[Interval], at: Timestamp) -> Payer {
    let holds = |interval: &&Interval| interval.from <= at && interval.to.is_none_or(|to| at < to);
    intervals.iter().rev().find(holds).map_or(Payer::Agency, |interval| interval.payer)
}

/// Whether usage of `at` came, at `received_at`, only after its payer's time was over.
pub fn is_late(intervals: &[Interval], at: Timestamp, received_at: Timestamp) -> bool {
    let current = intervals.iter().rev().find(|interval| interval.from <= received_at);
    current.is_some_and(|interval| at < interval.from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Currency, Money, PaymentId, RequestId, funding::ReturnChoice, text::EmailAddress};

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn each_switch_ends_one_stretch_and_begins_the_next() {
        let email = EmailAddress::parse("dana@brightwater.co").unwrap();
        let actor = Actor::Customer { email: email.clone() };
        let request = RequestId::new(at(1), [0; 10]);
        let payment = PaymentId::new(at(1), [0; 10]);
        let record = |millis, event| Recorded { at: at(millis), actor: actor.clone(), event };
        let log = [
            record(10, Event::RequestOpened { request }),
            record(
                20,
                Event::SwitchedToCustomer {
                    request,
                    payment,
                    email: email.clone(),
                    card: None,
                    late: false,
                },
            ),
            record(
                30,
                Event::ReturnedToAgency {
                    choice: ReturnChoice::Transfer,
                    moved: Money::zero(Currency::Usd),
                    refunds: vec![],
                    dropped: None,
                    email,
                },
            ),
        ];
        let timeline = intervals(at(5), Actor::system("import"), &log);
        let stretches: Vec<_> = timeline
            .iter()
            .map(|i| (i.payer, i.from.millis(), i.to.map(Timestamp::millis)))
            .collect();
        assert_eq!(
            stretches,
            [
                (Payer::Agency, 5, Some(20)),
                (Payer::Customer, 20, Some(30)),
                (Payer::Agency, 30, None),
            ]
        );
        for (millis, payer) in [
            (4, Payer::Agency),
            (19, Payer::Agency),
            (20, Payer::Customer),
            (29, Payer::Customer),
            (30, Payer::Agency),
        ] {
            assert_eq!(payer_at(&timeline, at(millis)), payer, "{millis}");
        }
    }
}
