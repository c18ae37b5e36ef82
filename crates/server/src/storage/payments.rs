//! Payments, with what the gateway calls them.

use billing::{PaymentId, SubAccountId, funding::Payment};

use super::{Result, Scope};

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRow {
    /// Onto which sub-account's own balance; none for the agency's.
    pub account: Option<SubAccountId>,
    /// As the rules see it.
    pub payment: Payment,
    /// What the gateway's script made of the card fields; forgotten once the outcome is known.
    pub confirmation_token: Option<String>,
    /// The gateway's PaymentIntent, once there is one.
    pub intent: Option<String>,
    /// Why a person has to look at it: the gateway tells of another amount, currency, customer or mode.
    pub quarantined: Option<String>,
}

/// The payments of an agency.
pub trait Payments {
    /// Stores a payment, new or changed. What the gateway calls it is left as it is.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn save_payment(
        &mut self,
        scope: Scope,
        account: Option<SubAccountId>,
        payment: &Payment,
    ) -> Result<()>;

    /// One of them.
    fn payment(&mut self, scope: Scope, id: PaymentId) -> Result<Option<PaymentRow>>;

    /// Whose payment it is: for the gateway's webhooks, which know no agency.
    fn payment_scope(&mut self, id: PaymentId) -> Result<Option<Scope>>;

    /// Whose payment the gateway's PaymentIntent is.
    fn payment_by_intent(&mut self, intent: &str) -> Result<Option<(Scope, PaymentId)>>;

    /// All payments of a sub-account, or onto the agency's own balance, oldest first.
    fn payments_of(
        &mut self,
        scope: Scope,
        account: Option<SubAccountId>,
    ) -> Result<Vec<PaymentRow>>;

    /// A page of them, newest first: before this one, if one is named.
    fn payments_page(
        &mut self,
        scope: Scope,
        account: Option<SubAccountId>,
        before: Option<PaymentId>,
        limit: u32,
    ) -> Result<Vec<PaymentRow>>;

    /// Remembers the confirmation token to pay with; none forgets it.
    fn set_confirmation_token(
        &mut self,
        scope: Scope,
        id: PaymentId,
        token: Option<&str>,
    ) -> Result<()>;

    /// Remembers the gateway's PaymentIntent.
    fn set_intent(&mut self, scope: Scope, id: PaymentId, intent: &str) -> Result<()>;

    /// Puts it aside for a person to look at, and why; with none it is put aside no more.
    fn quarantine(&mut self, scope: Scope, id: PaymentId, why: Option<&str>) -> Result<()>;
}
