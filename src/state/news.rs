//! What the server says, in one shape, however it came.

use billing::api::{
    AccountCounts, AccountDetail, AccountList, AccountSnapshot, AgencySnapshot, Change,
    FundingAnswer,
};

/// Snapshots of one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The change sequence of that instant.
    pub seq: u64,
    /// Accounts as they were.
    pub accounts: Vec<AccountSnapshot>,
    /// The agency as it was.
    pub agency: AgencySnapshot,
    /// How many accounts there were, if that was told.
    pub counts: Option<AccountCounts>,
}

impl From<Change> for News {
    fn from(change: Change) -> Self {
        Self {
            seq: change.seq,
            accounts: change.account.into_iter().collect(),
            agency: change.agency,
            counts: Some(change.counts),
        }
    }
}

impl From<FundingAnswer> for News {
    fn from(answer: FundingAnswer) -> Self {
        Self {
            seq: answer.change_seq,
            accounts: vec![answer.account],
            agency: answer.agency,
            counts: None,
        }
    }
}

impl From<AccountDetail> for News {
    fn from(detail: AccountDetail) -> Self {
        Self {
            seq: detail.change_seq,
            accounts: vec![detail.account],
            agency: detail.agency,
            counts: None,
        }
    }
}

impl From<AccountList> for News {
    fn from(list: AccountList) -> Self {
        Self {
            seq: list.change_seq,
            accounts: list.accounts,
            agency: list.agency,
            counts: Some(list.counts),
        }
    }
}
