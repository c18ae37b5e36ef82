//! The commands of the table, by what a bookkeeper would call them.

use super::situations::*;
use crate::{
    Currency, Money,
    funding::{Command, Phase, ReturnChoice},
};

/// Every command with everything that makes a difference to it.
pub fn all() -> Vec<(&'static str, Command)> {
    let on = |number| request(number);
    let mismatch =
        Command::SettlePayment { payment: payment(CURRENT), amount: usd(24_00), card: None };
    vec![
        ("ask: a new request", ask(3, usd(25_00))),
        ("ask: the open request once more", ask(OPEN_REQUEST, usd(25_00))),
        ("ask: for $24.99", ask(3, usd(24_99))),
        ("ask: for $10,000.01", ask(3, usd(10_000_01))),
        ("ask: for $25.001", ask(3, Money::from_micros(25_001_000, Currency::Usd))),
        ("ask: for €25.00", ask(3, Money::from_micros(25_000_000, Currency::Eur))),
        ("ask for usage: $3.50 on top", ask_for_usage(OPEN_REQUEST, Some(usd(3_50)))),
        ("ask for usage: $4.00 on top", ask_for_usage(OPEN_REQUEST, Some(usd(4_00)))),
        ("ask for usage: nothing on top", ask_for_usage(OPEN_REQUEST, None)),
        ("ask for usage: $0.00 on top", ask_for_usage(OPEN_REQUEST, Some(usd(0)))),
        (
            "ask for usage: $0.001 on top",
            ask_for_usage(OPEN_REQUEST, Some(Money::from_micros(1_000, Currency::Usd))),
        ),
        ("ask for usage: on the old request", ask_for_usage(OLD_REQUEST, Some(usd(3_50)))),
        ("resend: the open request", Command::ResendRequest { request: on(OPEN_REQUEST) }),
        ("resend: the old request", Command::ResendRequest { request: on(OLD_REQUEST) }),
        ("revoke: the open request", Command::RevokeRequest { request: on(OPEN_REQUEST) }),
        ("revoke: the old request", Command::RevokeRequest { request: on(OLD_REQUEST) }),
        ("timer: for the open request", Command::ExpireRequest { request: on(OPEN_REQUEST) }),
        ("timer: for the old request", Command::ExpireRequest { request: on(OLD_REQUEST) }),
        ("open link: of the open request", Command::OpenRequest { request: on(OPEN_REQUEST) }),
        ("open link: of the old request", Command::OpenRequest { request: on(OLD_REQUEST) }),
        ("open link: of no request", Command::OpenRequest { request: on(NO_REQUEST) }),
        ("pay: $25.00", start(OPEN_REQUEST, 15, usd(25_00))),
        (
            "pay: $25.00 and $3.50 of usage",
            start_with(OPEN_REQUEST, 15, usd(25_00), Some(usd(3_50))),
        ),
        ("pay: the current payment once more", start(OPEN_REQUEST, CURRENT, usd(25_00))),
        ("pay: on the old link", start(OLD_REQUEST, 15, usd(25_00))),
        ("pay: $24.99", start(OPEN_REQUEST, 15, usd(24_99))),
        ("pay: $10,000.01", start(OPEN_REQUEST, 15, usd(10_000_01))),
        ("pay: $25.001", start(OPEN_REQUEST, 15, Money::from_micros(25_001_000, Currency::Usd))),
        ("pay: €25.00", start(OPEN_REQUEST, 15, Money::from_micros(25_000_000, Currency::Eur))),
        ("top up: $25.00", top_up(15, usd(25_00))),
        ("top up: the top-up once more", top_up(TOP_UP, usd(25_00))),
        ("top up: $24.99", top_up(15, usd(24_99))),
        ("top up: $10,000.01", top_up(15, usd(10_000_01))),
        ("top up: €25.00", top_up(15, Money::from_micros(25_000_000, Currency::Eur))),
        (
            "recharge: $25.00",
            Command::StartRecharge { payment: payment(16), amount: usd(25_00), card: card() },
        ),
        ("change card: to none", Command::ChangeCard { card: None }),
        ("refund: $10.00 of the current payment", refund_by_hand(CURRENT, usd(10_00))),
        ("refund: $25.01 of the current payment", refund_by_hand(CURRENT, usd(25_01))),
        ("refund: nothing of the current payment", refund_by_hand(CURRENT, usd(0))),
        ("refund: of no payment of ours", refund_by_hand(NO_PAYMENT, usd(10_00))),
        ("dispute: $25.00 of the current payment", dispute(CURRENT, usd(25_00))),
        ("dispute: $25.01 of the current payment", dispute(CURRENT, usd(25_01))),
        ("dispute: of no payment of ours", dispute(NO_PAYMENT, usd(25_00))),
        ("dispute won: of the current payment", decided(CURRENT, true)),
        ("dispute lost: of the current payment", decided(CURRENT, false)),
        ("dispute lost: of no payment of ours", decided(NO_PAYMENT, false)),
        ("close: the balance to the agency", close(ReturnChoice::Transfer, false)),
        ("close: or the debt", close(ReturnChoice::Transfer, true)),
        ("close: refund the balance", close(ReturnChoice::Refund, false)),
        ("reopen", Command::ReopenAccount),
        ("authenticate: the current payment", needs_action(CURRENT)),
        ("authenticate: the declined payment", needs_action(DECLINED)),
        ("authenticate: the top-up", needs_action(TOP_UP)),
        ("authenticate: no payment of ours", needs_action(NO_PAYMENT)),
        ("failed: the current payment", fail(CURRENT)),
        ("failed: the declined payment", fail(DECLINED)),
        ("failed: the first card's payment", fail(WAITING)),
        ("failed: the top-up", fail(TOP_UP)),
        ("failed: no payment of ours", fail(NO_PAYMENT)),
        ("settled: the current payment", settle(CURRENT)),
        ("settled: the current payment, other amount", mismatch),
        ("settled: the declined payment", settle(DECLINED)),
        ("settled: the first card's payment", settle(WAITING)),
        ("settled: the top-up", settle(TOP_UP)),
        ("settled: no payment of ours", settle(NO_PAYMENT)),
        ("to agency: the balance", to_agency(ReturnChoice::Transfer, false)),
        ("to agency: the balance, or the debt", to_agency(ReturnChoice::Transfer, true)),
        ("to agency: refund the balance", to_agency(ReturnChoice::Refund, false)),
        (
            "refund arrived: of the current payment",
            Command::SettleRefund { refund: refund(CURRENT, 1) },
        ),
        ("refund arrived: a second of it", Command::SettleRefund { refund: refund(CURRENT, 2) }),
        (
            "refund arrived: of no payment of ours",
            Command::SettleRefund { refund: refund(NO_PAYMENT, 1) },
        ),
        (
            "refund failed: of the current payment",
            Command::FailRefund { refund: refund(CURRENT, 1) },
        ),
        ("refund failed: a second of it", Command::FailRefund { refund: refund(CURRENT, 2) }),
        (
            "refund failed: of no payment of ours",
            Command::FailRefund { refund: refund(NO_PAYMENT, 1) },
        ),
    ]
}

/// The name of every kind of command. The match is there so that a new one does not compile without a place in the table.
pub fn kinds() -> Vec<&'static str> {
    let kinds = [
        "request_billing",
        "ask_for_usage",
        "resend_request",
        "revoke_request",
        "expire_request",
        "open_request",
        "start_payment",
        "start_top_up",
        "start_recharge",
        "change_card",
        "refund_payment",
        "open_dispute",
        "close_dispute",
        "close_account",
        "reopen_account",
        "require_action",
        "fail_payment",
        "settle_payment",
        "add_to_agency",
        "settle_refund",
        "fail_refund",
    ];
    for (_, command) in all() {
        match command {
            Command::RequestBilling { .. }
            | Command::AskForUsage { .. }
            | Command::ResendRequest { .. }
            | Command::RevokeRequest { .. }
            | Command::ExpireRequest { .. }
            | Command::OpenRequest { .. }
            | Command::StartPayment { .. }
            | Command::StartTopUp { .. }
            | Command::StartRecharge { .. }
            | Command::ChangeCard { .. }
            | Command::RefundPayment { .. }
            | Command::OpenDispute { .. }
            | Command::CloseDispute { .. }
            | Command::CloseAccount { .. }
            | Command::ReopenAccount
            | Command::RequireAction { .. }
            | Command::FailPayment { .. }
            | Command::SettlePayment { .. }
            | Command::AddToAgency { .. }
            | Command::SettleRefund { .. }
            | Command::FailRefund { .. } => assert!(kinds.contains(&command.name())),
        }
    }
    kinds.to_vec()
}

/// Every phase; a new one does not compile without a place here.
pub fn phases() -> [Phase; 5] {
    match Phase::Agency {
        Phase::Agency | Phase::Requested | Phase::Paying | Phase::Customer | Phase::Returning => {
            [Phase::Agency, Phase::Requested, Phase::Paying, Phase::Customer, Phase::Returning]
        }
    }
}
