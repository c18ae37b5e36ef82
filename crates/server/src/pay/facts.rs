//! What is known about a link, and what the pay page shows of it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use billing::{
    Money, Policy, SubAccountId, Timestamp,
    api::{GatewayInfo, PayState, PayView},
    funding::{
        Actor, Closure, Command, DeadLink, Funding, FundingState, Payer, Payment, PaymentStatus,
        Purpose, Refusal,
    },
    text::{EmailAddress, Name},
};

use super::PayError;
use crate::{
    deps::Deps,
    execute::{branding, links::token_hash, top_ups},
    storage::{
        Scope, StorageError, Transaction, payments::PaymentRow, requests::RequestRow,
        top_ups::TopUpRow,
    },
};

/// What a link leads to.
#[derive(Clone, Debug)]
pub(super) enum About {
    /// A billing request.
    Request(Box<RequestRow>),
    /// A balance that is to be topped up.
    TopUp(TopUpRow),
}

/// What is known about a link.
pub(super) struct Facts {
    pub(super) scope: Scope,
    pub(super) about: About,
    pub(super) policy: Policy,
    agency_name: Name,
    stylesheet: Option<String>,
    account_name: Name,
    funding: Funding,
    customer_balance: Money,
    payments: Vec<Payment>,
    /// The payment that waits for the customer, with the gateway's id for it.
    pub(super) authenticating: Option<(billing::PaymentId, Option<String>)>,
    now: Timestamp,
}

/// What is known about the link with this token.
pub(super) async fn load(deps: &Deps, token: &str) -> Result<Facts, PayError> {
    let (hash, now) = (token_hash(token), deps.clock.now());
    deps.store.read(move |tx| find(tx, &hash, now)).await
}

/// The same within a transaction.
pub(super) fn find(
    tx: &mut dyn Transaction,
    token_hash: &[u8; 32],
    now: Timestamp,
) -> Result<Facts, PayError> {
    let (scope, about) = match tx.link(token_hash)? {
        Some((scope, request)) => {
            let row = tx.request(scope, request)?.ok_or(PayError::UnknownLink)?;
            (scope, About::Request(Box::new(row)))
        }
        None => {
            let (scope, row) = tx.top_up(token_hash)?.ok_or(PayError::UnknownLink)?;
            (scope, About::TopUp(row))
        }
    };
    let agency = tx.agency(scope)?.ok_or(PayError::UnknownLink)?;
    let account = tx.account(scope, about.sub_account())?.ok_or(PayError::UnknownLink)?;
    let mut rows = tx.payments_of(scope, Some(about.sub_account()))?;
    rows.retain(|row| about.is_answered_by(&row.payment));
    let waits =
        |row: &&PaymentRow| row.payment.status == PaymentStatus::ActionRequired && about.is_open();
    let authenticating =
        rows.iter().rev().find(waits).map(|row| (row.payment.id, row.intent.clone()));
    Ok(Facts {
        scope,
        policy: Policy::standard(agency.currency),
        agency_name: agency.name,
        stylesheet: branding::address(tx, scope)?,
        account_name: account.name,
        funding: account.funding,
        customer_balance: account.customer_balance,
        payments: rows.into_iter().map(|row| row.payment).collect(),
        authenticating,
        about,
        now,
    })
}

impl About {
    /// Whose payment it is about.
    pub(super) fn sub_account(&self) -> SubAccountId {
        match self {
            Self::Request(row) => row.sub_account,
            Self::TopUp(row) => row.sub_account,
        }
    }

    fn email(&self) -> &EmailAddress {
        match self {
            Self::Request(row) => &row.request.email,
            Self::TopUp(row) => &row.email,
        }
    }

    /// Who acts by it.
    pub(super) fn customer(&self) -> Actor {
        Actor::Customer { email: self.email().clone() }
    }

    /// Whose idempotency keys are used with it.
    pub(super) fn key_holder(&self) -> String {
        match self {
            Self::Request(row) => row.request.id.to_string(),
            Self::TopUp(row) => format!("top-up {}", URL_SAFE_NO_PAD.encode(row.token_hash)),
        }
    }

    /// What opening it means, if anything.
    pub(super) fn opened(&self) -> Option<Command> {
        match self {
            Self::Request(row) => Some(Command::OpenRequest { request: row.request.id }),
            Self::TopUp(_) => None,
        }
    }

    /// Whether a payment may still become of it, for all that its own row says.
    fn is_open(&self) -> bool {
        match self {
            Self::Request(row) => row.closed.is_none(),
            Self::TopUp(_) => true,
        }
    }

    fn is_answered_by(&self, payment: &Payment) -> bool {
        match self {
            Self::Request(row) => {
                matches!(payment.purpose, Purpose::Switch { request, .. } if request == row.request.id)
            }
            Self::TopUp(row) => row.payments.contains(&payment.id),
        }
    }
}

impl Facts {
    /// Whether a payment may be tried now, as far as can be said before the gateway is asked about the card: it may be away, and a
    /// dead link is dead whatever it says.
    pub(super) fn may_pay(&self) -> Result<(), Refusal> {
        match &self.about {
            About::Request(row) => match row.closed {
                Some((closure, _)) => Err(Refusal::LinkDead { why: closure.into() }),
                None => Ok(()),
            },
            About::TopUp(row) => {
                let paid =
                    self.payments.iter().any(|payment| payment.status == PaymentStatus::Settled);
                top_ups::may_pay(row, &self.funding, &self.policy, paid, self.now)
            }
        }
    }

    pub(super) fn view(&self, deps: &Deps, client_secret: Option<String>) -> PayView {
        let (message, balance, requested_at, expires_at) = match &self.about {
            About::Request(row) => {
                let request = &row.request;
                (Some(request.message.clone()), None, request.requested_at, request.expires_at)
            }
            About::TopUp(row) => {
                (None, Some(self.customer_balance), row.created_at, row.expires_at)
            }
        };
        PayView {
            agency_name: self.agency_name.clone(),
            stylesheet: self.stylesheet.clone(),
            account_name: self.account_name.clone(),
            email: self.about.email().clone(),
            message,
            balance,
            starting_balance: self.suggested(),
            usage: self.usage(),
            requested_at,
            minimum: self.policy.minimum,
            maximum: self.policy.maximum,
            presets: self.policy.presets(),
            expires_at,
            gateway: GatewayInfo {
                script_url: deps.config.gateway.script_url.clone(),
                publishable_key: deps.config.gateway.publishable_key.clone(),
                test_mode: deps.config.is_test_mode(),
            },
            state: self.state(client_secret),
        }
    }

    /// Where the amount starts: at what was asked for, or at what was paid last.
    fn suggested(&self) -> Money {
        match &self.about {
            About::Request(row) => row.request.starting_balance,
            About::TopUp(_) => {
                let lots = self.funding.lots();
                let last = lots.first().filter(|last| last.usage().is_none());
                last.map_or(self.policy.minimum, |last| last.amount).min(self.policy.maximum)
            }
        }
    }

    /// What is asked for on top, or was paid on top: the agency may have asked for something else since.
    fn usage(&self) -> Option<Money> {
        let asked = match &self.about {
            About::Request(row) => row.request.usage.map(|asked| asked.amount),
            About::TopUp(_) => None,
        };
        self.payments.iter().rev().find(|paid| paid.credited).map_or(asked, Payment::usage)
    }

    fn state(&self, client_secret: Option<String>) -> PayState {
        let with = |status| self.payments.iter().rev().find(move |p| p.status == status);
        if let Some(paid) = self.payments.iter().rev().find(|payment| payment.credited) {
            return PayState::Paid {
                amount: paid.amount,
                paid_at: paid.settled_at.unwrap_or(paid.started_at),
                card: paid.card.clone(),
            };
        }
        if let Some(back) = with(PaymentStatus::Settled) {
            return PayState::PaidBack { amount: back.amount };
        }
        if let Some(started) = with(PaymentStatus::Started) {
            return PayState::Processing { amount: started.amount };
        }
        if let Some(dead) = self.dead() {
            return dead;
        }
        match (with(PaymentStatus::ActionRequired), client_secret) {
            (Some(payment), Some(client_secret)) => {
                PayState::ActionRequired { amount: payment.amount, client_secret }
            }
            // The gateway cannot be asked for the secret right now.
            (Some(payment), None) => PayState::Processing { amount: payment.amount },
            (None, _) => PayState::Open { last_failure: self.last_failure() },
        }
    }

    fn last_failure(&self) -> Option<billing::funding::PaymentFailure> {
        match &self.about {
            About::Request(row) => row.request.last_failure.clone(),
            About::TopUp(_) => self.payments.last().and_then(|payment| payment.failure.clone()),
        }
    }

    /// How the link died, if it did.
    fn dead(&self) -> Option<PayState> {
        let (closed, expires_at) = match &self.about {
            About::Request(row) => (row.closed, row.request.expires_at),
            About::TopUp(row) => {
                if !matches!(self.funding.state, FundingState::Customer { .. }) {
                    return Some(PayState::AgencyPays);
                }
                (None, row.expires_at)
            }
        };
        let why = match closed {
            // Replaced by a payment that came for another request.
            Some((Closure::Replaced, _)) if self.funding.payer() == Payer::Customer => {
                DeadLink::AlreadyPaid
            }
            Some((closure, _)) => closure.into(),
            None if self.now >= expires_at => DeadLink::Expired,
            None => return None,
        };
        Some(match why {
            DeadLink::AlreadyPaid => PayState::AlreadyPaid,
            DeadLink::Expired => PayState::Expired,
            DeadLink::Revoked => PayState::Revoked,
            DeadLink::Replaced => PayState::Replaced,
        })
    }
}

/// Notes a try in the link's own row.
pub(super) fn remember(
    tx: &mut dyn Transaction,
    scope: Scope,
    about: &About,
    payment: billing::PaymentId,
) -> Result<(), StorageError> {
    let About::TopUp(row) = about else { return Ok(()) };
    let mut row = row.clone();
    row.payments.push(payment);
    tx.save_top_up_payments(scope, &row)
}
