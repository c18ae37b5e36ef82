//! Letters about the agency's own balance: in the product's name, to its owner or to whoever paid, with the way to its page.

use billing::{
    funding::{Card, Letter, Purpose},
    text::EmailAddress,
};

use super::Desk;
use crate::{
    execute::ExecuteError,
    jobs::OWN_PAGE,
    mail::compose::{Facts, MoneyBack, Note, Wallet},
    storage::{StorageError, agencies::AgencyRow, payments::PaymentRow},
};

impl Desk<'_> {
    pub(super) fn own(
        &mut self,
        letter: &Letter,
        agency: &AgencyRow,
    ) -> Result<Option<(EmailAddress, Facts)>, ExecuteError> {
        let (to, note) = match letter.clone() {
            Letter::Receipt { payment, to } => {
                let Some(row) = self.payment(payment)? else { return Ok(None) };
                (to, paid(row, self.job.created_at))
            }
            Letter::CardSaved { to, card, role } => (to, Note::CardSaved { card, role }),
            Letter::CardRemoved { to, card } => (to, Note::CardRemoved { card }),
            Letter::CardExpiring { to, card, days } => {
                if !self.is_own_card(&card)? {
                    return Ok(None);
                }
                (to, Note::CardExpiring { card, days })
            }
            Letter::RechargeOn { to, text, .. } => (to, Note::RechargeOn { text }),
            Letter::RechargeOff { to, why, failure } => (to, Note::RechargeOff { why, failure }),
            Letter::RechargeDeclined { to, failure, retry_at } => {
                (to, Note::RechargeDeclined { failure, retry_at })
            }
            Letter::RechargeCapped { to, until } => (to, Note::RechargeCapped { until }),
            Letter::ConfirmRecharge { to, amount } => (to, Note::ConfirmRecharge { amount }),
            Letter::DisputeOpened { payment, amount, reason, answer_by, from_customer } => {
                let Some(of) = self.disputed(payment, amount, self.own_page())? else {
                    return Ok(None);
                };
                let back = MoneyBack::DisputeOpened { of, reason, answer_by, from_customer };
                return self.for_owner(Facts::MoneyBack(back));
            }
            Letter::DisputeClosed { payment, amount, won, to_customer } => {
                let Some(of) = self.disputed(payment, amount, self.own_page())? else {
                    return Ok(None);
                };
                let back = MoneyBack::DisputeClosed { of, won, to_customer };
                return self.for_owner(Facts::MoneyBack(back));
            }
            // About sub-accounts alone.
            _ => return Ok(None),
        };
        let wallet = Wallet { is_own: true, balance: agency.balance, link: self.own_page() };
        Ok(Some((to, Facts::Wallet { wallet, note })))
    }

    fn own_page(&self) -> String {
        format!("{}{OWN_PAGE}", self.public_url)
    }

    /// Whether a card is still on file for the agency's own balance.
    fn is_own_card(&mut self, card: &Card) -> Result<bool, StorageError> {
        let scope = self.job.scope;
        let (main, backup) = (self.tx.treasury(scope)?.card, self.tx.wallet(scope, None)?.backup);
        let mut kept = [main, backup].into_iter().flatten();
        Ok(kept.any(|kept| kept.payment_method == card.payment_method))
    }
}

fn paid(row: PaymentRow, at: billing::Timestamp) -> Note {
    let payment = row.payment;
    Note::Paid {
        payment: payment.id,
        amount: payment.amount,
        card: payment.card,
        paid_at: payment.settled_at.unwrap_or(at),
        is_recharge: payment.purpose == Purpose::Recharge,
    }
}
