//! The API: one verb per file.

pub mod account_usage;
pub mod add_endpoint;
pub mod add_to_agency;
pub mod agency;
pub mod ask_for_usage;
pub mod audit;
pub mod balance;
pub mod branding;
pub mod changes;
pub mod client;
pub mod close_account;
pub mod csp_report;
pub mod draws;
pub mod embed;
pub mod events;
pub mod health;
pub mod invitations;
pub mod keys;
pub mod ledger;
pub mod list_accounts;
pub mod list_endpoints;
pub mod list_prices;
pub mod make_link;
pub mod me;
pub mod oidc;
pub mod open_link;
pub mod password;
pub mod password_resets;
pub mod pay;
pub mod payments;
pub mod people;
pub mod receipts;
pub mod refund_payment;
pub mod remove_endpoint;
pub mod request_billing;
pub mod resend_request;
pub mod revoke_request;
pub mod second_factor;
pub mod sessions;
pub mod set_price;
pub mod show_account;
pub mod show_link;
pub mod sign_in;
pub mod sign_out;
pub mod standing;
pub mod statements;
pub mod time_zone;
pub mod timeline;
pub mod usage;
pub mod wallet;
pub mod webhook;

mod funding_request;

use std::str::FromStr;

use billing::SubAccountId;

use super::Failure;
use crate::storage::{Result as Stored, Scope, Transaction, accounts::AccountRow};

/// An id from a path. One that is none is as absent as one that leads nowhere.
fn id<T: FromStr>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

/// The account of this id, or that the agency itself calls so.
fn account_named(tx: &mut dyn Transaction, scope: Scope, name: &str) -> Stored<Option<AccountRow>> {
    let id: Option<SubAccountId> = match name.parse() {
        Ok(id) => Some(id),
        Err(_) => tx.account_by_external_id(scope, name)?,
    };
    match id {
        Some(id) => tx.account(scope, id),
        None => Ok(None),
    }
}
