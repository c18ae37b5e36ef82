//! Sends a letter: gathers its facts from the state, words it, hands it to the mailer.
//!
//! A secure link is made when its letter is sent, since only its hash is kept; a letter that has to be sent again carries a
//! fresh link under the same Message-ID, and every link of an open request works.

mod own;

use std::time::Duration;

use billing::{
    Money, PaymentId, Policy, RequestId, Timestamp, UserId,
    brand::Palette,
    funding::{Actor, Letter, Purpose},
    text::EmailAddress,
};

use crate::{
    deps::Deps,
    execute::{ExecuteError, Origin, RefusalError, Tools, balance_links, links, people, tickets},
    mail::{
        Mail, MailError,
        compose::{Disputed, Facts, LetterContent, Look, MoneyBack, Note, Wallet, compose},
    },
    storage::{
        StorageError, Transaction,
        accounts::AccountRow,
        agencies::AgencyRow,
        jobs::{JobOutcome, JobRow},
        links::LinkPurpose,
        payments::PaymentRow,
        tickets::TicketPurpose,
        users::UserRow,
    },
};

/// For how long a letter is tried; a mail server may be away over a week-end.
const TRY_FOR: Duration = Duration::from_secs(4 * 24 * 60 * 60);
/// The longest pause between two tries.
const PAUSE_MAX: Duration = Duration::from_secs(60 * 60);

pub(super) async fn send(
    deps: &Deps,
    job: &JobRow,
    letter: &Letter,
) -> Result<JobOutcome, ExecuteError> {
    let (tools, public_url) = (Tools::of(deps), deps.config.public_url.clone());
    let (desk_job, letter) = (job.clone(), letter.clone());
    let worded = deps
        .store
        .write(move |tx| {
            let (tools, public_url) = (tools.clone(), public_url.clone());
            Desk { tx, tools, job: &desk_job, public_url }.word(&letter)
        })
        .await;
    let mail = match worded {
        Ok(Some(Ok(mail))) => mail,
        Ok(Some(Err(error))) => return Ok(JobOutcome::Failed { error: error.to_string() }),
        // The request has ended meanwhile, or nobody is there to read it.
        Ok(None) | Err(ExecuteError::Refused(RefusalError(_))) => return Ok(JobOutcome::Dropped),
        Err(error) => return Err(error),
    };
    match deps.mailer.send(&mail).await {
        Ok(()) => Ok(JobOutcome::Done),
        Err(MailError::Refused(error)) => Ok(JobOutcome::Failed { error }),
        Err(MailError::TryLater(error)) => {
            let now = deps.clock.now();
            if now.since(job.created_at) > TRY_FOR {
                return Ok(JobOutcome::Failed { error });
            }
            let pause = Duration::from_secs(5 << job.attempts.min(10)).min(PAUSE_MAX);
            Ok(JobOutcome::Retry { at: now.plus(pause), error })
        }
    }
}

/// Gathers the facts of a letter in one transaction.
struct Desk<'a> {
    tx: &'a mut dyn Transaction,
    tools: Tools,
    job: &'a JobRow,
    public_url: String,
}

type Worded = Result<Option<Result<Mail, MailError>>, ExecuteError>;

impl Desk<'_> {
    fn word(mut self, letter: &Letter) -> Worded {
        let scope = self.job.scope;
        let Some(agency) = self.tx.agency(scope)? else { return Ok(None) };
        let (account, worded) = match letter {
            Letter::AgencyBalanceDown { standing, balance, low_below } => {
                let (down, url) = ((*standing, *balance, *low_below), self.public_url.clone());
                let facts = Facts::AgencyBalanceDown { down: down.into(), url };
                (agency.name.clone(), self.for_owner(facts)?)
            }
            Letter::Invitation { person, by } => {
                (agency.name.clone(), self.invitation(*person, by.clone())?)
            }
            Letter::PasswordReset { person } => {
                (agency.name.clone(), self.password_reset(*person)?)
            }
            letter if self.job.sub_account.is_none() => {
                (agency.name.clone(), self.own(letter, &agency)?)
            }
            letter => {
                let id = self.job.account()?;
                let Some(account) = self.tx.account(scope, id)? else { return Ok(None) };
                let worded = self.facts(letter, &agency, &account)?;
                (account.name, worded)
            }
        };
        let Some((to, facts)) = worded else { return Ok(None) };
        let (message_id, look) = (self.job.id.to_string(), self.look()?);
        let agency = agency.name;
        Ok(Some(compose(&LetterContent { message_id, to, agency, account, facts, look })))
    }

    fn look(&mut self) -> Result<Look, StorageError> {
        let scope = self.job.scope;
        let brand = self.tx.brand(scope)?;
        let bytes = if brand.logo.is_some() { self.tx.logo(scope)? } else { None };
        Ok(Look {
            palette: brand.accent.map(Palette::of),
            logo: brand.logo.map(|logo| logo.image).zip(bytes),
        })
    }

    fn facts(
        &mut self,
        letter: &Letter,
        agency: &AgencyRow,
        account: &AccountRow,
    ) -> Result<Option<(EmailAddress, Facts)>, ExecuteError> {
        let at = self.job.created_at;
        let account_url = format!("{}/accounts/{}", self.public_url, account.id);
        let facts = match letter.clone() {
            Letter::BillingRequest { request, .. } => {
                return self.billing_request(request, agency, account);
            }
            Letter::Receipt { payment, to } => {
                let Some(row) = self.payment(payment)? else { return Ok(None) };
                let link = self.balance_link(account, &to)?.map(|(link, _)| link);
                return Ok(Some((to, receipt(row, account, at, link))));
            }
            Letter::PaymentReturned { payment, to } => {
                let Some(row) = self.payment(payment)? else { return Ok(None) };
                let (amount, card) = (row.payment.amount, row.payment.card);
                return Ok(Some((to, Facts::PaymentReturned { payment, amount, card })));
            }
            Letter::BillingEnded { to, choice, moved, refunded, card } => {
                let facts = Facts::BillingEnded { choice, moved, refunded, card, since: at };
                return Ok(Some((to, facts)));
            }
            Letter::NowOnCustomerBilling { payment, late } => {
                let Some(row) = self.payment(payment)? else { return Ok(None) };
                let usage = row.payment.usage();
                let (customer, amount) = (row.payment.email, row.payment.amount);
                Facts::NowOnCustomerBilling {
                    customer,
                    amount,
                    usage,
                    since: at,
                    late,
                    account_url,
                }
            }
            Letter::RequestExpired { email, .. } => {
                Facts::RequestExpired { customer: email, expired_at: at, account_url }
            }
            Letter::LatePaymentReturned { payment } => {
                let Some(row) = self.payment(payment)? else { return Ok(None) };
                let (customer, amount) = (row.payment.email, row.payment.amount);
                Facts::LatePaymentReturned { customer, amount, account_url }
            }
            Letter::NowOnAgencyBilling { customer, choice, moved, refunded } => {
                Facts::NowOnAgencyBilling {
                    customer,
                    choice,
                    moved,
                    refunded,
                    since: at,
                    account_url,
                }
            }
            Letter::RefundFailed { refund, amount, to } => {
                let Some(row) = self.payment(refund.payment)? else { return Ok(None) };
                let (customer, card) = (row.payment.email, row.payment.card);
                Facts::RefundFailed { customer, amount, card, on_balance_of: to, account_url }
            }
            Letter::BalanceDown { to, standing, balance, low_below } => {
                let down = (standing, balance, low_below).into();
                let link = self.balance_link(account, &to)?.map(|(link, _)| link);
                return Ok(Some((to, Facts::BalanceDown { down, link })));
            }
            Letter::CustomerBalanceDown { customer, standing, balance, low_below } => {
                let down = (standing, balance, low_below).into();
                Facts::CustomerBalanceDown { customer, down, account_url }
            }
            Letter::CardSaved { to, card, role } => {
                return self.wallet(account, to, Note::CardSaved { card, role });
            }
            Letter::CardRemoved { to, card } => {
                return self.wallet(account, to, Note::CardRemoved { card });
            }
            Letter::CardExpiring { to, card, days } => {
                let wallet = self.tx.wallet(self.job.scope, Some(account.id))?;
                let main = account.funding.customer().and_then(|customer| customer.card.as_ref());
                let on_file = [main, wallet.backup.as_ref()].into_iter().flatten();
                let mut kept = on_file.map(|card| &card.payment_method);
                if !kept.any(|kept| *kept == card.payment_method) {
                    return Ok(None);
                }
                return self.wallet(account, to, Note::CardExpiring { card, days });
            }
            Letter::RechargeOn { to, text, .. } => {
                return self.wallet(account, to, Note::RechargeOn { text });
            }
            Letter::RechargeOff { to, why, failure } => {
                return self.wallet(account, to, Note::RechargeOff { why, failure });
            }
            Letter::RechargeDeclined { to, failure, retry_at } => {
                return self.wallet(account, to, Note::RechargeDeclined { failure, retry_at });
            }
            Letter::RechargeCapped { to, until } => {
                return self.wallet(account, to, Note::RechargeCapped { until });
            }
            Letter::ConfirmRecharge { to, amount } => {
                return self.wallet(account, to, Note::ConfirmRecharge { amount });
            }
            Letter::BalanceLink { to } => {
                let Some((link, expires_at)) = self.balance_link(account, &to)? else {
                    return Ok(None);
                };
                let note = Note::BalanceLink { expires_at };
                return Ok(Some((to, about(account, link, note))));
            }
            Letter::RefundOnItsWay { to, payment, amount } => {
                let Some(row) = self.payment(payment)? else { return Ok(None) };
                let back = MoneyBack::Refund { payment, amount, card: row.payment.card };
                return Ok(Some((to, Facts::MoneyBack(back))));
            }
            Letter::DisputeOpened { payment, amount, reason, answer_by, from_customer } => {
                let Some(of) = self.disputed(payment, amount, format!("{account_url}/payments"))?
                else {
                    return Ok(None);
                };
                Facts::MoneyBack(MoneyBack::DisputeOpened { of, reason, answer_by, from_customer })
            }
            Letter::DisputeClosed { payment, amount, won, to_customer } => {
                let Some(of) = self.disputed(payment, amount, format!("{account_url}/payments"))?
                else {
                    return Ok(None);
                };
                Facts::MoneyBack(MoneyBack::DisputeClosed { of, won, to_customer })
            }
            // About no account: it is worded before this.
            Letter::AgencyBalanceDown { .. }
            | Letter::Invitation { .. }
            | Letter::PasswordReset { .. } => return Ok(None),
        };
        self.for_owner(facts)
    }

    /// About cards and the auto-recharge; nobody's news any more once somebody else pays.
    fn wallet(
        &mut self,
        account: &AccountRow,
        to: EmailAddress,
        note: Note,
    ) -> Result<Option<(EmailAddress, Facts)>, ExecuteError> {
        let link = self.balance_link(account, &to)?;
        Ok(link.map(|(link, _)| (to, about(account, link, note))))
    }

    /// A new link to the balance, and until when it is good; none for whoever does not pay for it.
    fn balance_link(
        &mut self,
        account: &AccountRow,
        to: &EmailAddress,
    ) -> Result<Option<(String, Timestamp)>, StorageError> {
        if !balance_links::pays(account, to) {
            return Ok(None);
        }
        let scope = self.job.scope;
        let (token, expires_at) =
            balance_links::make(self.tx, &self.tools, scope, Some(account.id), to)?;
        Ok(Some((balance_links::url(&self.public_url, &token), expires_at)))
    }

    /// To the agency: to its owner.
    fn for_owner(&mut self, facts: Facts) -> Result<Option<(EmailAddress, Facts)>, ExecuteError> {
        let owner = people::owner(self.tx, self.job.scope)?;
        Ok(owner.map(|owner| (owner.email, facts)))
    }

    fn disputed(
        &mut self,
        payment: PaymentId,
        amount: Money,
        payments_url: String,
    ) -> Result<Option<Disputed>, StorageError> {
        Ok(self.payment(payment)?.map(|row| {
            let (payer, card) = (row.payment.email, row.payment.card);
            Disputed { payment, amount, payer, card, payments_url }
        }))
    }

    fn payment(&mut self, id: PaymentId) -> Result<Option<PaymentRow>, StorageError> {
        self.tx.payment(self.job.scope, id)
    }

    /// To somebody who has not accepted yet; nobody needs the letter otherwise.
    fn invitation(
        &mut self,
        person: UserId,
        by: String,
    ) -> Result<Option<(EmailAddress, Facts)>, ExecuteError> {
        let scope = self.job.scope;
        let user = self.tx.user(scope, person)?.filter(UserRow::is_invited);
        let Some(user) = user else { return Ok(None) };
        let mut accounts = Vec::new();
        for id in &user.accounts {
            accounts.extend(self.tx.account(scope, *id)?.map(|account| account.name));
        }
        let (link, expires_at) = self.ticket(person, TicketPurpose::Invitation)?;
        let UserRow { name, role, email, .. } = user;
        Ok(Some((email, Facts::Invitation { name, by, role, accounts, link, expires_at })))
    }

    fn password_reset(
        &mut self,
        person: UserId,
    ) -> Result<Option<(EmailAddress, Facts)>, ExecuteError> {
        let Some(user) = self.tx.user(self.job.scope, person)? else { return Ok(None) };
        let (link, expires_at) = self.ticket(person, TicketPurpose::Reset)?;
        Ok(Some((user.email, Facts::PasswordReset { link, expires_at })))
    }

    fn ticket(
        &mut self,
        person: UserId,
        purpose: TicketPurpose,
    ) -> Result<(String, Timestamp), StorageError> {
        let (token, expires_at) =
            tickets::make(self.tx, &self.tools, self.job.scope, person, purpose)?;
        Ok((tickets::url(&self.public_url, purpose, &token), expires_at))
    }

    fn billing_request(
        &mut self,
        request: RequestId,
        agency: &AgencyRow,
        account: &AccountRow,
    ) -> Result<Option<(EmailAddress, Facts)>, ExecuteError> {
        let origin = Origin::new(Actor::system("mail"), self.job.id.to_string());
        let (token, expires_at) = links::create(
            self.tx,
            &self.tools,
            self.job.scope,
            account.id,
            request,
            LinkPurpose::Mail,
            &origin,
        )?;
        let Some(open) = account.funding.open_request() else { return Ok(None) };
        let facts = Facts::BillingRequest {
            message: open.message.clone(),
            starting_balance: open.starting_balance,
            usage: open.usage.map(|asked| asked.amount),
            minimum: Policy::standard(agency.currency).minimum,
            link: links::url(&self.public_url, &token),
            expires_at,
        };
        Ok(Some((open.email.clone(), facts)))
    }
}

fn about(account: &AccountRow, link: String, note: Note) -> Facts {
    let wallet = Wallet { is_own: false, balance: account.customer_balance, link };
    Facts::Wallet { wallet, note }
}

fn receipt(row: PaymentRow, account: &AccountRow, at: Timestamp, link: Option<String>) -> Facts {
    let payment = row.payment;
    let paid_at = payment.settled_at.unwrap_or(at);
    let switched = account.funding.customer().is_some() && account.funding.since() == paid_at;
    Facts::Receipt {
        payment: payment.id,
        amount: payment.amount,
        usage: payment.usage(),
        card: payment.card,
        paid_at,
        balance: account.customer_balance,
        switched_at: switched.then_some(paid_at),
        is_recharge: payment.purpose == Purpose::Recharge,
        link,
    }
}
