//! Cards that are kept without a payment: SetupIntents.

use billing::SetupId;

use super::{
    GatewayError, SaveCard, Setup, Stripe, decode, unreadable, unreadable_for_now, wire,
    wire::{Failure, Params},
};

const PATH: &str = "/v1/setup_intents";

impl Stripe {
    /// See [`crate::gateway::Gateway::save_card`].
    pub(super) async fn make_setup(&self, save: &SaveCard) -> Result<Setup, GatewayError> {
        let form = Params::new()
            .with("customer", &save.customer)
            .with("confirmation_token", &save.confirmation_token)
            .with("confirm", "true")
            .with("usage", "off_session")
            .with("allowed_payment_method_types[]", "card")
            .with("payment_method_options[card][setup_credential_usage]", "unscheduled")
            .with("return_url", &save.return_url)
            .with("metadata[setup]", save.setup)
            .with("expand[]", "payment_method");
        let key = format!("setup-{}", save.setup);
        let made = match self.wire.post(PATH, &form, Some(&key)).await {
            // The key only ever answers with its old failure again. Another one saves no second card: a confirmation token is
            // good for one.
            Err(Failure { remembered: true, error: GatewayError::Unknown(_) }) => {
                if let Some(setup) = self.look_for_setup(&save.customer, save.setup).await? {
                    return Ok(setup);
                }
                self.wire.post(PATH, &form, Some(&format!("{key}-2"))).await
            }
            made => made,
        };
        decode::setup(&made.map_err(|failure| failure.error)?).ok_or_else(unreadable)
    }

    /// See [`crate::gateway::Gateway::setup`].
    pub(super) async fn look_at_setup(&self, id: &str) -> Result<Setup, GatewayError> {
        let path = wire::path(PATH, id, "")?;
        let found = self.wire.get(&path, &Params::new().with("expand[]", "payment_method")).await?;
        decode::setup(&found).ok_or_else(unreadable_for_now)
    }

    /// See [`crate::gateway::Gateway::find_setup`].
    pub(super) async fn look_for_setup(
        &self,
        customer: &str,
        setup: SetupId,
    ) -> Result<Option<Setup>, GatewayError> {
        let found = self.find(PATH, customer, "setup", &setup.to_string()).await?;
        found.map(|row| decode::setup(&row).ok_or_else(unreadable_for_now)).transpose()
    }

    /// See [`crate::gateway::Gateway::cancel_setup`].
    pub(super) async fn call_setup_off(&self, id: &str) -> Result<Setup, GatewayError> {
        let path = wire::path(PATH, id, "/cancel")?;
        let form = Params::new().with("expand[]", "payment_method");
        match self.wire.post(&path, &form, None).await.map_err(|failure| failure.error) {
            Ok(canceled) => decode::setup(&canceled).ok_or_else(unreadable),
            // Over already: how it ended is what the caller wants to know.
            Err(GatewayError::Rejected { status: 400, .. }) => self.look_at_setup(id).await,
            Err(error) => Err(error),
        }
    }
}
