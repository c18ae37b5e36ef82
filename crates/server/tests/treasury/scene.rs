//! An agency that pays for its clients, and what its owner does under Settings > Billing.

use billing::{
    Timestamp, UserId,
    api::{Receipt, WalletView, Who},
    funding::PaymentStatus,
    text::EmailAddress,
    wallet::{RechargeSettings, recharge::RechargeCharge},
};
use server::{
    balance::Holder,
    deps::{EntropyExt as _, SystemEntropy},
    execute::{receipts, wallet::Owner},
    storage::{StorageError, payments::PaymentRow},
};

use crate::{
    held::Held,
    metering::Usage as _,
    office::{Office, usd},
};

pub struct Agency(pub Held);

impl std::ops::Deref for Agency {
    type Target = Held;

    fn deref(&self) -> &Held {
        &self.0
    }
}

impl Agency {
    /// Nothing is on its balance, and no card on file. One unit of usage costs a dollar.
    pub async fn open() -> Self {
        Self::of(Office::open().await).await
    }

    pub async fn of(office: Office) -> Self {
        office.set_price("sms.sent", "1", Timestamp::from_millis(0)).await;
        let id = UserId::new(office.deps.clock.now(), SystemEntropy.id());
        let holder = Holder {
            scope: office.scope,
            owner: Owner::Agency,
            email: EmailAddress::parse("morgan@northwind.example").unwrap(),
            may_pay: true,
            who: Who::User { id, name: "Morgan Reyes".to_owned() },
            key: id.to_string(),
        };
        Self(Held { office, holder })
    }

    /// Has paid $100.00 with this card.
    pub async fn paying_with(card: &str) -> Self {
        let agency = Self::open().await;
        agency.top_up(100, Some(card)).await.unwrap();
        if agency.payments(PaymentStatus::Settled).await == 0 {
            agency.authenticate(true).await;
            agency.office.work_on().await;
        }
        agency.office.work().await;
        assert_eq!(agency.view().await.balance, usd(100));
        agency
    }

    /// $50.00 whenever the balance falls below $20.00, at most this much a day.
    pub async fn recharge(&self, daily_cap: i64) -> WalletView {
        let charge = RechargeCharge::Fixed { amount: usd(50) };
        let settings = RechargeSettings { below: usd(20), charge, daily_cap: usd(daily_cap) };
        self.agree(settings).await.unwrap()
    }

    pub async fn rows(&self) -> Vec<PaymentRow> {
        let scope = self.office.scope;
        let rows = self.office.deps.store.read(move |tx| tx.payments_of(scope, None)).await;
        rows.map_err(|error: StorageError| error).unwrap()
    }

    pub async fn receipts(&self) -> Vec<Receipt> {
        let scope = self.office.scope;
        let all = self.office.deps.store.read(move |tx| receipts::list(tx, scope, None)).await;
        all.map_err(|error: StorageError| error).unwrap().unwrap()
    }

    /// How many payments ended so.
    pub async fn payments(&self, status: PaymentStatus) -> usize {
        let rows = self.rows().await;
        rows.iter().filter(|row| row.payment.status == status).count()
    }

    /// What the cardholder's bank says to the payment that waits for it.
    pub async fn authenticate(&self, success: bool) {
        let intent = self.rows().await.last().unwrap().intent.clone().unwrap();
        self.office.sandbox.authenticate(&intent, success).await;
    }
}
