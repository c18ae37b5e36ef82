//! A customer who pays, and what they do on the page of their balance.

use billing::{
    Timestamp,
    api::WalletView,
    funding::{PaymentStatus, Phase},
    wallet::{RechargeSettings, recharge::RechargeCharge},
};
use server::{balance, execute::ExecuteError, pay::PayError};

use crate::{
    held::Held,
    metering::Usage as _,
    office::{Office, usd},
};

pub struct Customer(pub Held);

impl std::ops::Deref for Customer {
    type Target = Held;

    fn deref(&self) -> &Held {
        &self.0
    }
}

impl Customer {
    /// Has paid $100.00 with this card, and holds the link of their receipt. One unit of usage costs a dollar.
    pub async fn paying_with(card: &str) -> Self {
        Self::of(Office::open().await, card).await
    }

    pub async fn of(office: Office, card: &str) -> Self {
        office.set_price("sms.sent", "1", Timestamp::from_millis(0)).await;
        let (_, token) = office.ask().await;
        office.pay(&token, card).await.unwrap();
        let open = office.payments().await[0].intent.clone().unwrap();
        if office.funding().await.phase() != Phase::Customer {
            office.sandbox.authenticate(&open, true).await;
            office.work_on().await;
        }
        office.work().await;
        let holder = balance::by_link(&office.deps, &newest_link(&office).await).await.unwrap();
        Self(Held { office, holder })
    }

    /// $25.00 whenever the balance falls below $10.00, at most this much a day.
    pub async fn recharge(&self, daily_cap: i64) -> WalletView {
        let charge = RechargeCharge::Fixed { amount: usd(25) };
        let settings = RechargeSettings { below: usd(10), charge, daily_cap: usd(daily_cap) };
        self.agree(settings).await.unwrap()
    }

    /// How many payments ended so.
    pub async fn payments(&self, status: PaymentStatus) -> usize {
        let rows = self.office.payments().await;
        rows.iter().filter(|row| row.payment.status == status).count()
    }
}

/// The token of the link that was mailed last.
pub async fn newest_link(office: &Office) -> String {
    let mails = office.mails().await;
    let found = mails.iter().find_map(|mail| mail.split_once("/balance#t="));
    let (_, token) = found.unwrap_or_else(|| panic!("no link in {mails:#?}"));
    token.split_whitespace().next().unwrap().to_owned()
}

/// Why the wallet said no.
pub fn refusal(result: Result<WalletView, PayError>) -> billing::wallet::Refusal {
    match result {
        Err(PayError::Execute(ExecuteError::Wallet(refusal))) => refusal,
        other => panic!("{other:?}"),
    }
}
