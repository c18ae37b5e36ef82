//! Sums over the books, per currency.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::books::{Books, RefundStatus};

/// In the currency's smallest unit.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Total {
    pub captured: i64,
    pub refunded: i64,
    /// Taken back by cardholders' banks; not said when it is nothing.
    #[serde(skip_serializing_if = "is_nothing")]
    pub disputed: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_nothing(amount: &i64) -> bool {
    *amount == 0
}

impl Total {
    /// What is left.
    pub fn net(&self) -> i64 {
        self.captured - self.refunded - self.disputed
    }
}

/// What came in and what went back.
pub(crate) fn by_currency(books: &Books) -> BTreeMap<String, Total> {
    let mut totals: BTreeMap<String, Total> = BTreeMap::new();
    for intent in books.intents.iter() {
        let received = intent.amount_received();
        if received > 0 {
            totals.entry(intent.currency.clone()).or_default().captured += received;
        }
    }
    for refund in books.refunds.iter().filter(|refund| refund.status != RefundStatus::Failed) {
        totals.entry(refund.currency.clone()).or_default().refunded += refund.amount;
    }
    for dispute in books.disputes.iter().filter(|dispute| dispute.status.takes_money()) {
        totals.entry(dispute.currency.clone()).or_default().disputed += dispute.amount;
    }
    totals
}
