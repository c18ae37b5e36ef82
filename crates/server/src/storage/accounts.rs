//! Sub-accounts, each with the state of its funding.

use billing::{
    Money, Standing, SubAccountId, Timestamp,
    api::{AccountSort, PayerFilter},
    funding::{Actor, Funding, FundingState},
    text::Name,
};

use super::{Result, Scope};

/// A sub-account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Its id.
    pub id: SubAccountId,
    /// Its name.
    pub name: Name,
    /// The agency's own id for it.
    pub external_id: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Actor,
    /// Below this its own balance counts as low.
    pub low_below: Money,
    /// Who pays and what is under way, trimmed.
    pub funding: Funding,
    /// What is on its own balance. Read only; the journal changes it.
    pub customer_balance: Money,
}

/// Which sub-accounts to list, and in what order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountQuery {
    /// By who pays.
    pub payer: PayerFilter,
    /// By standing.
    pub standing: Option<Standing>,
    /// Name, external id or an e-mail address contains it, ignoring case.
    pub text: Option<String>,
    /// The order.
    pub sort: AccountSort,
    /// After the row that this key and id name.
    pub after: Option<(String, SubAccountId)>,
    /// At most so many.
    pub limit: u32,
}

/// The sub-accounts of an agency.
pub trait Accounts {
    /// A new one, with its funding as given.
    ///
    /// # Errors
    /// `Conflict` when the id or the external id is taken.
    fn insert_account(&mut self, scope: Scope, account: &AccountRow) -> Result<()>;

    /// One of them.
    ///
    /// # Errors
    /// When the database says no; so for every method that follows.
    fn account(&mut self, scope: Scope, id: SubAccountId) -> Result<Option<AccountRow>>;

    /// The ids of all of them, in order of age.
    fn account_ids(&mut self, scope: Scope) -> Result<Vec<SubAccountId>>;

    /// The one with this external id.
    fn account_by_external_id(&mut self, scope: Scope, id: &str) -> Result<Option<SubAccountId>>;

    /// Stores a new state of its funding.
    fn save_funding(&mut self, scope: Scope, id: SubAccountId, funding: &Funding) -> Result<()>;

    /// Stores from where on its own balance counts as low.
    fn save_low_below(&mut self, scope: Scope, id: SubAccountId, low_below: Money) -> Result<()>;

    /// A page of them, each with the key to go on from.
    fn list_accounts(
        &mut self,
        scope: Scope,
        query: &AccountQuery,
    ) -> Result<Vec<(AccountRow, String)>>;
}

/// What a search looks at: the name, the external id, and whoever was asked or pays.
pub(super) fn search_text(name: &str, external_id: &str, funding: &Funding) -> String {
    let email = match &funding.state {
        FundingState::Agency { last_request, .. } => {
            last_request.as_ref().map(|request| &request.email)
        }
        FundingState::Requested { request, .. } | FundingState::Paying { request, .. } => {
            Some(&request.email)
        }
        FundingState::Customer { customer, .. } | FundingState::Returning { customer, .. } => {
            Some(&customer.email)
        }
    };
    let email = email.map_or("", |email| email.as_str());
    format!("{name}\n{external_id}\n{email}").to_lowercase()
}
