//! Holds a process at the step where it is killed: around the real gateway client and the real mail client.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use billing::{
    Money, PaymentId, SetupId,
    funding::{Card, RefundKey},
};
use server::{
    gateway::{
        Charge, Dispute, Gateway, GatewayError, Intent, NewCustomer, RefundOutcome, SaveCard,
        Setup, stripe::Stripe,
    },
    mail::{Mail, MailError, Mailer},
};
use tokio::{sync::Notify, time::timeout};

/// Much longer than any step takes on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is asked of the outside world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    CardOf,
    CreateCustomer,
    Charge,
    FindIntent,
    Cancel,
    Refund,
    Detach,
    SaveCard,
    Setup,
    FindSetup,
    CancelSetup,
    Send,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Before,
    After,
}

/// A step where whoever comes is held until the end.
#[derive(Debug, Default)]
pub struct Hold {
    at: Mutex<Option<(Call, Side)>>,
    reached: Notify,
    killed: Notify,
}

impl Hold {
    pub fn at(call: Call, side: Side) -> Arc<Self> {
        Arc::new(Self { at: Mutex::new(Some((call, side))), ..Self::default() })
    }

    /// Nobody is held.
    pub fn nowhere() -> Arc<Self> {
        Arc::default()
    }

    async fn pass(&self, call: Call, side: Side) {
        if self.at.lock().unwrap().take_if(|at| *at == (call, side)).is_none() {
            return;
        }
        self.reached.notify_one();
        self.killed.notified().await;
        // The task is a detached one and ends here, as its process did; this is no failure that anybody should be told of.
        std::panic::resume_unwind(Box::new("killed"));
    }

    async fn around<T>(&self, call: Call, work: impl Future<Output = T> + Send) -> T {
        self.pass(call, Side::Before).await;
        let done = work.await;
        self.pass(call, Side::After).await;
        done
    }

    /// Works until the step is reached, and is killed there.
    pub async fn kill_at_it(&self, work: impl Future<Output = ()>) {
        tokio::select! {
            () = work => panic!("the step is never reached"),
            reached = timeout(PATIENCE, self.reached.notified()) => reached.expect("hangs before the step"),
        }
        self.killed.notify_one();
    }
}

/// The real client, held at a step; the call that may get no answer is not waited for long.
pub struct HeldGateway {
    pub hold: Arc<Hold>,
    pub patient: Stripe,
    pub impatient: Stripe,
    pub impatient_with: Option<Call>,
}

impl HeldGateway {
    fn client(&self, call: Call) -> &Stripe {
        if self.impatient_with == Some(call) { &self.impatient } else { &self.patient }
    }
}

#[async_trait]
impl Gateway for HeldGateway {
    async fn card_of(&self, confirmation_token: &str) -> Result<Card, GatewayError> {
        let call = self.client(Call::CardOf).card_of(confirmation_token);
        self.hold.around(Call::CardOf, call).await
    }

    async fn create_customer(&self, customer: &NewCustomer) -> Result<String, GatewayError> {
        let call = self.client(Call::CreateCustomer).create_customer(customer);
        self.hold.around(Call::CreateCustomer, call).await
    }

    async fn charge(&self, charge: &Charge) -> Result<Intent, GatewayError> {
        self.hold.around(Call::Charge, self.client(Call::Charge).charge(charge)).await
    }

    async fn intent(&self, id: &str) -> Result<Intent, GatewayError> {
        self.patient.intent(id).await
    }

    async fn find_intent(
        &self,
        customer: &str,
        payment: PaymentId,
    ) -> Result<Option<Intent>, GatewayError> {
        let call = self.client(Call::FindIntent).find_intent(customer, payment);
        self.hold.around(Call::FindIntent, call).await
    }

    async fn cancel(&self, id: &str) -> Result<Intent, GatewayError> {
        self.hold.around(Call::Cancel, self.client(Call::Cancel).cancel(id)).await
    }

    async fn refund(
        &self,
        intent: &str,
        refund: RefundKey,
        amount: Money,
    ) -> Result<RefundOutcome, GatewayError> {
        let call = self.client(Call::Refund).refund(intent, refund, amount);
        self.hold.around(Call::Refund, call).await
    }

    async fn detach(&self, payment_method: &str) -> Result<(), GatewayError> {
        let call = self.client(Call::Detach).detach(payment_method);
        self.hold.around(Call::Detach, call).await
    }

    async fn save_card(&self, save: &SaveCard) -> Result<Setup, GatewayError> {
        let call = self.client(Call::SaveCard).save_card(save);
        self.hold.around(Call::SaveCard, call).await
    }

    async fn setup(&self, id: &str) -> Result<Setup, GatewayError> {
        self.hold.around(Call::Setup, self.client(Call::Setup).setup(id)).await
    }

    async fn find_setup(
        &self,
        customer: &str,
        setup: SetupId,
    ) -> Result<Option<Setup>, GatewayError> {
        let call = self.client(Call::FindSetup).find_setup(customer, setup);
        self.hold.around(Call::FindSetup, call).await
    }

    async fn cancel_setup(&self, id: &str) -> Result<Setup, GatewayError> {
        let call = self.client(Call::CancelSetup).cancel_setup(id);
        self.hold.around(Call::CancelSetup, call).await
    }

    async fn dispute(&self, id: &str) -> Result<Dispute, GatewayError> {
        self.patient.dispute(id).await
    }
}

/// A mail client, held at a step.
pub struct HeldMailer<M> {
    pub hold: Arc<Hold>,
    pub inner: M,
}

#[async_trait]
impl<M: Mailer> Mailer for HeldMailer<M> {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        self.hold.around(Call::Send, self.inner.send(mail)).await
    }
}
