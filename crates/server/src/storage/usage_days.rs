//! What usage sums up to: a line for each day, sub-account, type and payer, kept in the transaction that draws. Reports read
//! these and never an event.

use billing::{
    Quantity, SubAccountId,
    api::ReportBy,
    usage::{EventType, Month},
};

use super::{
    Result, Scope,
    usage::{DayKey, DaySum, Segment, UsageQuery},
};

/// The lines of days of an agency's usage.
pub trait UsageDays {
    /// Adds to the lines of days; answers each line's newest event before it, in the same order.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn add_to_days(&mut self, scope: Scope, days: &[(DayKey, DaySum)]) -> Result<Vec<u64>>;

    /// One line of a day.
    fn usage_day(&mut self, scope: Scope, key: &DayKey) -> Result<Option<DaySum>>;

    /// The lines of days in order of day, sub-account, type and payer, after the key given.
    fn usage_days(
        &mut self,
        scope: Scope,
        query: &UsageQuery,
        after: Option<&DayKey>,
        limit: u32,
    ) -> Result<Vec<(DayKey, DaySum)>>;

    /// The lines of a sub-account, newest day first, then by type and payer; after the key given.
    fn usage_days_of(
        &mut self,
        scope: Scope,
        account: SubAccountId,
        after: Option<&DayKey>,
        limit: u32,
    ) -> Result<Vec<(DayKey, DaySum)>>;

    /// Sums up the lines of days by account, type, day or payer, in the order of what they are called.
    fn usage_report(
        &mut self,
        scope: Scope,
        query: &UsageQuery,
        by: ReportBy,
    ) -> Result<Vec<Segment>>;

    /// How much of a type a sub-account used in a month, at whoever's cost.
    fn month_quantity(
        &mut self,
        scope: Scope,
        account: SubAccountId,
        event_type: &EventType,
        month: Month,
    ) -> Result<Quantity>;
}
