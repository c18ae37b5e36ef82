//! The letters about a wallet.

use billing::{
    funding::PaymentFailure,
    wallet::{CardRole, recharge::OffReason},
};

use super::*;

fn recharged() -> LetterContent {
    let mut letter = receipt(Some(visa()), None, None);
    if let Facts::Receipt { is_recharge, .. } = &mut letter.facts {
        *is_recharge = true;
    }
    letter
}

fn wallet(note: Note) -> LetterContent {
    let (balance, link) = (usd("7.25"), BALANCE_URL.to_owned());
    to_dana(Facts::Wallet { wallet: Wallet { is_own: false, balance, link }, note })
}

fn own_wallet(note: Note) -> LetterContent {
    let (balance, link) = (usd("407.25"), "https://billing.example/settings/billing".to_owned());
    to_agency(Facts::Wallet { wallet: Wallet { is_own: true, balance, link }, note })
}

fn declined(code: &str) -> PaymentFailure {
    let message = "Your card was declined.".to_owned();
    PaymentFailure { code: code.to_owned(), message, advice: None, at: since() }
}

fn paid(is_recharge: bool) -> Note {
    let (card, paid_at) = (Some(visa()), since());
    Note::Paid { payment: payment(), amount: usd("500.00"), card, paid_at, is_recharge }
}

pub fn letters() -> Vec<(&'static str, LetterContent)> {
    let retry_at = at("2026-11-22T17:10:09Z");
    let text = "I allow Northwind Media to charge Visa ···· 4242 $25.00 whenever this balance falls below $10.00.";
    let on = || Note::RechargeOn { text: text.to_owned() };
    let off = |why, code: Option<&str>| Note::RechargeOff { why, failure: code.map(declined) };
    vec![
        ("receipt_recharge", recharged()),
        ("receipt_own", own_wallet(paid(false))),
        ("receipt_own_recharge", own_wallet(paid(true))),
        ("card_saved", wallet(Note::CardSaved { card: visa(), role: CardRole::Main })),
        ("card_saved_backup", wallet(Note::CardSaved { card: visa(), role: CardRole::Backup })),
        ("card_removed", wallet(Note::CardRemoved { card: visa() })),
        ("card_expiring", wallet(Note::CardExpiring { card: visa(), days: 30 })),
        ("recharge_on", wallet(on())),
        ("recharge_on_own", own_wallet(on())),
        ("recharge_off_person", wallet(off(OffReason::ByPerson, None))),
        ("recharge_off_declined", wallet(off(OffReason::Declined, Some("stolen_card")))),
        ("recharge_off_disputed", wallet(off(OffReason::Disputed, None))),
        ("recharge_off_own", own_wallet(off(OffReason::Declined, Some("expired_card")))),
        (
            "recharge_declined",
            wallet(Note::RechargeDeclined { failure: declined("insufficient_funds"), retry_at }),
        ),
        (
            "recharge_declined_own",
            own_wallet(Note::RechargeDeclined { failure: declined("do_not_honor"), retry_at }),
        ),
        ("recharge_capped", wallet(Note::RechargeCapped { until: retry_at })),
        ("confirm_recharge", wallet(Note::ConfirmRecharge { amount: usd("25.00") })),
        ("balance_link", wallet(Note::BalanceLink { expires_at: retry_at })),
    ]
}
