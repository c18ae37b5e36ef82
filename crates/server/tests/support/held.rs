//! Somebody who holds a balance, a customer's or the agency's own, and what they do on its page.

use std::sync::atomic::{AtomicU64, Ordering};

use billing::{
    api::{RechargeBody, SaveCardBody, TopUpBody, WalletView},
    funding::Card,
    wallet::{
        CardRole, RechargeSettings, RechargeState,
        recharge::{CONSENT_VERSION, RechargeCharge},
    },
};
use reqwest::Method;
use serde_json::json;
use server::{
    balance::{self, Holder},
    pay::PayError,
};

use crate::{
    metering::{Usage as _, event},
    office::{Office, usd},
};

static COUNT: AtomicU64 = AtomicU64::new(0);

/// A fresh name.
pub fn fresh(what: &str) -> String {
    format!("{what}-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Whose page it is, and the server behind it.
pub struct Held {
    pub office: Office,
    pub holder: Holder,
}

impl Held {
    pub async fn view(&self) -> WalletView {
        balance::view(&self.office.deps, &self.holder).await.unwrap()
    }

    pub async fn state(&self) -> RechargeState {
        self.view().await.recharge.unwrap().state
    }

    /// Pays with the card on file, or with a new one.
    pub async fn top_up(&self, units: i64, card: Option<&str>) -> Result<WalletView, PayError> {
        let body = self.body(units, card).await;
        self.top_up_by(&fresh("key"), &body).await
    }

    pub async fn body(&self, units: i64, card: Option<&str>) -> TopUpBody {
        let confirmation_token = match card {
            Some(card) => Some(self.office.sandbox.token(card).await),
            None => None,
        };
        TopUpBody { amount: usd(units).into(), confirmation_token }
    }

    pub async fn top_up_by(&self, key: &str, body: &TopUpBody) -> Result<WalletView, PayError> {
        let raw = serde_json::to_vec(body).unwrap();
        balance::top_up(&self.office.deps, &self.holder, key, &raw, body, "test").await
    }

    pub async fn save(&self, card: &str, role: CardRole) -> Result<WalletView, PayError> {
        let confirmation_token = self.office.sandbox.token(card).await;
        let body = SaveCardBody { confirmation_token, role };
        let raw = serde_json::to_vec(&body).unwrap();
        let (deps, key) = (&self.office.deps, fresh("key"));
        balance::save_card(deps, &self.holder, &key, &raw, &body, "test").await
    }

    pub async fn remove(&self, role: CardRole) -> Result<WalletView, PayError> {
        balance::remove_card(&self.office.deps, &self.holder, role, "test").await
    }

    pub async fn agree(&self, settings: RechargeSettings) -> Result<WalletView, PayError> {
        let card = self.view().await.card.unwrap();
        let body = consent(&settings, &card);
        let (deps, address) = (&self.office.deps, "203.0.113.7".to_owned());
        balance::set_recharge(deps, &self.holder, &body, address, "test").await
    }

    /// One event for each unit.
    pub async fn spend(&self, units: u64) {
        let now = self.office.deps.clock.now();
        let events = (0..units).map(|_| event(&fresh("use"), "BW-0077", now));
        self.office.record(events.collect()).await.unwrap();
    }

    /// The bank's next noes to charges of this card while nobody is there.
    pub async fn decline(&self, card: &Card, code: &str, times: u32) {
        let card = card.payment_method.as_deref().unwrap();
        let path = format!("/_sandbox/payment_methods/{card}/declines");
        let body = json!({ "decline_code": code, "times": times }).to_string();
        self.office.sandbox.send(Method::POST, &path, body).await;
    }

    /// How many letters have this in their subject.
    pub async fn letters(&self, subject: &str) -> usize {
        let mails = self.office.mails().await;
        mails.iter().filter(|mail| mail.lines().next().unwrap().contains(subject)).count()
    }

    pub async fn finish_setup(&self, success: bool) {
        let books = self.office.sandbox.books().await;
        let intent = books["setup_intents"].as_array().unwrap().last().unwrap()["id"].clone();
        let path = format!(
            "/_sandbox/setup_intents/{}/authenticate?success={success}",
            intent.as_str().unwrap()
        );
        self.office.sandbox.send(Method::POST, &path, String::new()).await;
    }
}

/// The yes to what these settings make.
pub fn consent(settings: &RechargeSettings, card: &Card) -> RechargeBody {
    let RechargeSettings { below, charge, daily_cap } = *settings;
    let (amount, up_to) = match charge {
        RechargeCharge::Fixed { amount } => (Some(amount.into()), None),
        RechargeCharge::UpTo { target } => (None, Some(target.into())),
    };
    RechargeBody {
        below: below.into(),
        amount,
        up_to,
        daily_cap: daily_cap.into(),
        consent: settings.consent_text("Northwind Media", &card.label()),
        consent_version: CONSENT_VERSION.to_owned(),
    }
}
