//! Sums over the books, per currency.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::books::{Books, RefundStatus};

/// In the currency's smallest unit.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Total {
    pub captured: i64,
    pub refunded: i64,
}

impl Total {
    /// What is left.
    pub fn net(&self) -> i64 {
        self.captured - self.refunded
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
    totals
}
