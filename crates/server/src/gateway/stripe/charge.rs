//! One charge, of a card that was typed in or of one that is kept.

use super::{
    Charge, Gateway as _, GatewayError, Intent, Stripe, coins, decode, unreadable,
    wire::{Failure, Params},
};
use crate::gateway::Source;

const PATH: &str = "/v1/payment_intents";

impl Stripe {
    /// See [`crate::gateway::Gateway::charge`].
    pub(super) async fn make_charge(&self, charge: &Charge) -> Result<Intent, GatewayError> {
        let form = form(charge)?;
        let key = match charge.request {
            Some(request) => format!("switch-{request}-{}", charge.payment),
            None => format!("top-up-{}", charge.payment),
        };
        let made = match self.wire.post(PATH, &form, Some(&key)).await {
            // The key only ever answers with its old failure again.
            Err(Failure { remembered: true, error: GatewayError::Unknown(why) }) => {
                if let Some(intent) = self.find_intent(&charge.customer, charge.payment).await? {
                    return Ok(intent);
                }
                match charge.source {
                    // If that did charge and the list does not say so yet, another key charges nothing more: a confirmation
                    // token is good for one payment.
                    Source::Token(_) => {
                        self.wire.post(PATH, &form, Some(&format!("{key}-2"))).await
                    }
                    // A card that is kept can be charged as often as one likes.
                    Source::Saved { .. } => return Err(GatewayError::Unknown(why)),
                }
            }
            made => made,
        };
        decode::intent(&made.map_err(|failure| failure.error)?).ok_or_else(unreadable)
    }
}

fn form(charge: &Charge) -> Result<Params, GatewayError> {
    let form = Params::new()
        .with("amount", coins(charge.amount)?)
        .with("currency", charge.amount.currency().code().to_ascii_lowercase())
        .with("customer", &charge.customer);
    // How a card was stored and that it is being stored cannot be said at once (PAYMENTS §1).
    let form = match &charge.source {
        Source::Token(token) => form
            .with("confirmation_token", token)
            .with("confirm", "true")
            .with("setup_future_usage", "off_session")
            .with("allowed_payment_method_types[]", "card")
            .with("payment_method_options[card][setup_credential_usage]", "unscheduled")
            .with("return_url", &charge.return_url),
        Source::Saved { payment_method, off_session: true } => form
            .with("payment_method", payment_method)
            .with("confirm", "true")
            .with("off_session", "true")
            .with("allowed_payment_method_types[]", "card")
            .with("payment_method_options[card][stored_credential_usage]", "unscheduled"),
        Source::Saved { payment_method, off_session: false } => form
            .with("payment_method", payment_method)
            .with("confirm", "true")
            .with("allowed_payment_method_types[]", "card")
            .with("return_url", &charge.return_url),
    };
    Ok(form
        .with_some("metadata[request_id]", charge.request)
        .with_some("metadata[sub_account_id]", charge.sub_account)
        .with("metadata[payment_id]", charge.payment)
        .with("expand[]", "payment_method"))
}
