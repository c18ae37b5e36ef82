//! "Explain this cent": a draw with its event, the versions of price and markup, and the stretch of time that named its payer.

use billing::{
    Currency, Money, SubAccountId,
    api::{ExplainedDraw, PriceVersion},
    timeline::{Interval, intervals, is_late},
};

use super::ExecuteError;
use crate::storage::{
    Scope, StorageError, Transaction,
    prices::PriceRow,
    usage::{Draw, EventRow},
};

/// What explanations of one sub-account's draws are taken from.
pub struct Explainer {
    prices: Vec<PriceRow>,
    timeline: Vec<Interval>,
    currency: Currency,
}

impl Explainer {
    /// Of a sub-account.
    ///
    /// # Errors
    /// [`ExecuteError::NotFound`] when it is not the agency's.
    pub fn of(
        tx: &mut dyn Transaction,
        scope: Scope,
        account: SubAccountId,
    ) -> Result<Self, ExecuteError> {
        let agency = tx.agency(scope)?.ok_or(ExecuteError::NotFound)?;
        let account = tx.account(scope, account)?.ok_or(ExecuteError::NotFound)?;
        let log = tx.events(scope, account.id)?;
        let timeline = intervals(account.created_at, account.created_by, &log);
        Ok(Self { prices: tx.prices(scope)?, timeline, currency: agency.currency })
    }

    /// One draw.
    ///
    /// # Errors
    /// `Damaged` when it names a version that is not there.
    pub fn explain(&self, row: &EventRow, draw: &Draw) -> Result<ExplainedDraw, StorageError> {
        // Of what was not yet, the payer of the instant when it came was taken.
        let moment = row.at.min(row.received_at);
        let holds =
            |stretch: &&Interval| stretch.from <= moment && stretch.to.is_none_or(|to| moment < to);
        Ok(ExplainedDraw {
            number: row.number,
            source: row.source.clone(),
            id: row.id.clone(),
            event_type: row.event_type.clone(),
            at: row.at,
            received_at: row.received_at,
            late: is_late(&self.timeline, row.at, row.received_at),
            data: row.data.clone(),
            quantity: draw.quantity,
            used_before: draw.used_before,
            price: self.version(draw.price)?,
            markup: draw.markup.map(|number| self.version(number)).transpose()?,
            payer: draw.payer,
            interval: self.timeline.iter().rev().find(holds).cloned(),
            entry: Some(draw.entry).filter(|entry| *entry > 0),
            amount: Money::from_micros(draw.amount_micros, self.currency),
        })
    }

    fn version(&self, number: u64) -> Result<PriceVersion, StorageError> {
        let row = self.prices.iter().find(|row| row.change.number == number);
        let row = row.ok_or_else(|| StorageError::Damaged(format!("no price {number}")))?;
        Ok(version(row))
    }
}

/// A version as clients see it.
pub fn version(row: &PriceRow) -> PriceVersion {
    PriceVersion { change: row.change.clone(), set_at: row.set_at, set_by: row.set_by.clone() }
}
