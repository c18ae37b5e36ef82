//! Rows as clients see them.

use billing::{
    Standing,
    api::{AccountSnapshot, AgencySnapshot, FundingAnswer, UserSnapshot},
    funding::Payer,
};

use crate::storage::{accounts::AccountRow, agencies::AgencyRow, users::UserRow};

/// An agency.
pub fn agency(row: &AgencyRow) -> AgencySnapshot {
    AgencySnapshot {
        id: row.id,
        name: row.name.clone(),
        currency: row.currency,
        balance: row.balance,
        low_below: row.low_below,
        standing: Standing::of(row.balance, row.low_below),
    }
}

/// A sub-account of it.
pub fn account(row: &AccountRow, agency: &AgencyRow) -> AccountSnapshot {
    AccountSnapshot {
        id: row.id,
        name: row.name.clone(),
        external_id: row.external_id.clone(),
        created_at: row.created_at,
        funding: row.funding.clone(),
        customer_balance: row.customer_balance,
        low_below: row.low_below,
        standing: standing(row, agency),
    }
}

/// What the metered service should do with a sub-account, by the balance that pays for it; a closed one is paused.
pub fn standing(row: &AccountRow, agency: &AgencyRow) -> Standing {
    if row.funding.closed.is_some() {
        return Standing::Paused;
    }
    match row.funding.payer() {
        Payer::Agency => Standing::of(agency.balance, agency.low_below),
        Payer::Customer => Standing::of(row.customer_balance, row.low_below),
    }
}

/// Both, as an answer.
pub fn answer(row: &AccountRow, agency_row: &AgencyRow) -> FundingAnswer {
    FundingAnswer {
        account: account(row, agency_row),
        agency: agency(agency_row),
        change_seq: agency_row.change_seq,
    }
}

/// A person.
pub fn user(row: &UserRow) -> UserSnapshot {
    UserSnapshot { id: row.id, name: row.name.clone(), email: row.email.clone() }
}
