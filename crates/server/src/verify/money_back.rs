//! Money that went back: no refund was more than what was left of its payment, and every dispute is booked as it stands.

use std::collections::{BTreeMap, BTreeSet};

use billing::{
    Money, PaymentId,
    funding::{DisputeStatus, Event, Funding, Payment, PaymentStatus, Recorded, apply},
    ledger::{Book, EntryKind, JournalEntry},
};

use super::Check;

/// The checks, as they fill while agencies are walked through.
pub struct MoneyBackChecks {
    refunds: Check,
    disputes: Check,
}

/// What the ledger says of the disputes of an agency's payments: what was taken, and what came back.
#[derive(Default)]
pub struct BookedDisputes {
    taken: BTreeMap<String, Money>,
    back: BTreeMap<String, Money>,
    seen: BTreeSet<String>,
}

impl BookedDisputes {
    /// An entry, if it is about a dispute.
    pub fn entry(&mut self, entry: &JournalEntry, checks: &mut MoneyBackChecks) {
        let clearing = entry.change_to(Book::Clearing);
        let (map, amount) = match entry.kind() {
            EntryKind::Dispute => (&mut self.taken, Ok(clearing)),
            EntryKind::DisputeWon => (&mut self.back, clearing.negated()),
            _ => return,
        };
        let amount = amount.unwrap_or(clearing);
        let twice = map.insert(entry.reference().to_owned(), amount).is_some();
        checks.disputes.see(!twice, || format!("{} is booked twice", entry.reference()));
    }
}

impl MoneyBackChecks {
    pub fn new() -> Self {
        Self {
            refunds: Check::new("no refund is more than was left of its payment"),
            disputes: Check::new("every dispute is booked as it stands, and nothing else is"),
        }
    }

    /// The log of a sub-account: what was left of each payment when it was refunded.
    pub fn log(&mut self, start: Funding, log: &[Recorded]) {
        let mut funding = start;
        for recorded in log {
            match &recorded.event {
                Event::RefundAsked { refund, amount, .. } => {
                    self.refund(&funding, refund.payment, *amount);
                }
                Event::ReturnedToAgency { refunds, .. } => {
                    for (refund, amount) in refunds {
                        self.refund(&funding, refund.payment, *amount);
                    }
                }
                _ => {}
            }
            funding = apply(funding, recorded);
        }
    }

    fn refund(&mut self, before: &Funding, payment: PaymentId, amount: Money) {
        let left = before.payments.get(&payment).filter(|payment| payment.is_lot);
        let left = left.map(Payment::refundable);
        self.refunds.see(left.is_some_and(|left| amount <= left), || {
            format!("{amount} of {payment} was refunded, {left:?} was left of it")
        });
    }

    /// A payment and its disputes.
    pub fn payment(&mut self, payment: &Payment, booked: &mut BookedDisputes) {
        let disputes = &payment.disputes;
        let settled = payment.status == PaymentStatus::Settled;
        for dispute in disputes {
            let taken = booked.taken.get(&dispute.id) == Some(&dispute.amount);
            let back = booked.back.get(&dispute.id);
            let right = match dispute.status {
                DisputeStatus::Open | DisputeStatus::Lost => back.is_none(),
                DisputeStatus::Won => back == Some(&dispute.amount),
            };
            let fits = settled && dispute.amount <= payment.amount;
            self.disputes.see(taken && right && fits, || {
                format!(
                    "{} of {} is {:?} with {}, booked is {:?} and back {back:?}",
                    dispute.id,
                    payment.id,
                    dispute.status,
                    dispute.amount,
                    booked.taken.get(&dispute.id)
                )
            });
            booked.seen.insert(dispute.id.clone());
        }
        let taken = disputes.iter().filter(|dispute| dispute.status != DisputeStatus::Won);
        let taken = taken.map(|dispute| i128::from(dispute.amount.micros())).sum::<i128>();
        self.disputes.see(taken <= i128::from(payment.amount.micros()), || {
            format!("more of {} is disputed than was paid", payment.id)
        });
    }

    /// All payments of an agency were seen.
    pub fn end(&mut self, booked: &BookedDisputes) {
        for id in booked.taken.keys().chain(booked.back.keys()) {
            self.disputes
                .see(booked.seen.contains(id), || format!("{id} is booked, and of no payment"));
        }
    }

    pub fn finish(self) -> [Check; 2] {
        [self.refunds, self.disputes]
    }
}
