//! What there is of the agency's own balance besides its sum. Its payments are among all others ([`super::payments`]), of no
//! sub-account.

use billing::treasury::Treasury;

use super::{Result, Scope};

/// The agency's own treasury.
pub trait Treasuries {
    /// What is true of it; an empty one when nobody ever paid onto it.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn treasury(&mut self, scope: Scope) -> Result<Treasury>;

    /// Stores it.
    fn save_treasury(&mut self, scope: Scope, treasury: &Treasury) -> Result<()>;

    /// The agency as a customer of the gateway, once it is one.
    fn treasury_customer(&mut self, scope: Scope) -> Result<Option<String>>;

    /// Remembers it; the first one stays.
    fn set_treasury_customer(&mut self, scope: Scope, customer: &str) -> Result<()>;
}
