//! Changes of standing that nobody was told of yet. A notice says "look at this balance again", not what was seen: there is at
//! most one per balance, and whoever tells of it tells of the balance as it is then.

use billing::{Money, Standing, SubAccountId, Timestamp};

use super::{Result, Scope};

/// A balance and the threshold below which it is low.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// What is on it.
    pub balance: Money,
    /// Below this it is low.
    pub low_below: Money,
    /// Below this it is recharged, if it is.
    pub recharge_below: Option<Money>,
}

impl Level {
    /// What it says about the accounts that it pays for.
    pub fn standing(self) -> Standing {
        Standing::of(self.balance, self.low_below)
    }
}

/// A balance to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    /// Whose.
    pub scope: Scope,
    /// A sub-account's own balance, or the agency's.
    pub account: Option<SubAccountId>,
    /// What its standing was before the first change that nobody was told of.
    pub from: Standing,
    /// The agency's accounts up to this one have been told.
    pub after: Option<SubAccountId>,
}

/// A sub-account that the agency pays for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidFor {
    /// Its id.
    pub id: SubAccountId,
    /// The agency's own id for it.
    pub external_id: String,
    /// What was last told of it, if anything was.
    pub told: Option<Standing>,
}

/// What is to be told of standings, and what was.
pub trait Notices {
    /// The agency's balance, or that of a sub-account whose customer pays; nothing for one whose customer does not.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn level(&mut self, scope: Scope, account: Option<SubAccountId>) -> Result<Option<Level>>;

    /// Somebody has to look at a balance. One that waits already starts over, and keeps its `from`.
    fn insert_notice(
        &mut self,
        scope: Scope,
        account: Option<SubAccountId>,
        from: Standing,
        now: Timestamp,
    ) -> Result<()>;

    /// Takes those that wait longest: until the transaction ends nobody else takes or renews them.
    fn notices(&mut self, limit: u32) -> Result<Vec<NoticeRow>>;

    /// One that is not finished goes on after this account, behind those that wait.
    fn move_notice(
        &mut self,
        notice: &NoticeRow,
        after: SubAccountId,
        now: Timestamp,
    ) -> Result<()>;

    /// Done with one.
    fn finish_notice(&mut self, notice: &NoticeRow) -> Result<()>;

    /// Forgets all of an agency: history that was told at once is nobody's news.
    fn drop_notices(&mut self, scope: Scope) -> Result<()>;

    /// The worst standing that letters were written about since the balance was last active.
    fn dip(&mut self, scope: Scope, account: Option<SubAccountId>) -> Result<Option<Standing>>;

    /// Remembers it, or that the balance is active.
    fn save_dip(
        &mut self,
        scope: Scope,
        account: Option<SubAccountId>,
        worst: Option<Standing>,
    ) -> Result<()>;

    /// A page of the sub-accounts that the agency pays for, in the order of their ids.
    fn paid_for(
        &mut self,
        scope: Scope,
        after: Option<SubAccountId>,
        limit: u32,
    ) -> Result<Vec<PaidFor>>;

    /// What endpoints were last told of a sub-account.
    fn told(&mut self, scope: Scope, account: SubAccountId) -> Result<Option<Standing>>;

    /// Remembers it.
    fn save_told(&mut self, scope: Scope, account: SubAccountId, standing: Standing) -> Result<()>;

    /// Forgets what was told of all of them: nobody listens any more.
    fn forget_told(&mut self, scope: Scope) -> Result<()>;
}
