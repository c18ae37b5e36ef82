//! What needs the person, or what they should know before anything else: above everything on the page.

use billing::{
    Money, Timestamp,
    api::{WalletPaymentStatus, WalletState, WalletView},
    funding::Card,
    wallet::{CardRole, RechargeState, recharge::OffReason},
};
use leptos::prelude::*;

use super::{
    complaint::decline,
    parts::go,
    save_card::TITLE,
    task::{Panel, Task},
    till::Till,
    top_up::pay_now,
    words::{days_left, expiry},
};
use crate::{
    components::date_time,
    ui::{Button, Kind, Tone},
};

/// A card is told of so many days before it expires.
const EXPIRY_DAYS: i64 = 30;

/// Something to say, and what can be done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Notice {
    tone: Tone,
    title: String,
    text: String,
    way_out: WayOut,
}

/// What can be done about it, here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WayOut {
    Nothing,
    /// Let the bank ask.
    Confirm(Task),
    /// Pay by hand.
    Pay(Money),
    /// Another card in the place of one.
    Replace(CardRole),
}

/// The notices, the most pressing first.
pub fn notices(till: Till) -> AnyView {
    let all = till.of(all);
    let open = till.is_open();
    let show = move |notice: Notice| {
        let button = open.get().then(|| match notice.way_out {
            WayOut::Nothing => ().into_any(),
            WayOut::Confirm(task) => {
                let press = Callback::new(move |()| till.confirm(task));
                go(till, task, Kind::Primary, || "Confirm with your bank".to_owned(), Some(press))
            }
            WayOut::Pay(amount) => pay_now(till, amount),
            WayOut::Replace(role) => {
                let press = move |()| till.go_to(Panel::Save(role), TITLE);
                view! { <Button on_press=press>"Replace the card"</Button> }.into_any()
            }
        });
        view! {
            <div class=format!("wallet-notice {}", notice.tone.class())>
                <div>
                    <h2>{notice.title}</h2>
                    <p>{notice.text}</p>
                </div>
                {button}
            </div>
        }
    };
    view! {
        <div class="wallet-notices" role="status">
            {move || all.get().into_iter().map(show).collect_view()}
        </div>
    }
    .into_any()
}

fn all(view: &WalletView) -> Vec<Notice> {
    let state = of_state(view);
    if view.state == WalletState::AgencyPays {
        return state.into_iter().collect();
    }
    let payment = of_payment(view);
    let recharge = of_recharge(view).filter(|_| payment.is_none());
    let cards = [(CardRole::Main, &view.card), (CardRole::Backup, &view.backup)];
    let cards = cards.into_iter().filter_map(|(role, card)| of_card(role, card.as_ref()?));
    let mut all: Vec<Notice> =
        state.into_iter().chain(payment).chain(recharge).chain(of_setup(view)).collect();
    for card in cards {
        // One way out is offered once.
        if all.iter().all(|notice| notice.way_out != card.way_out) {
            all.push(card);
        }
    }
    all
}

fn notice(
    tone: Tone,
    title: impl Into<String>,
    text: impl Into<String>,
    way_out: WayOut,
) -> Notice {
    Notice { tone, title: title.into(), text: text.into(), way_out }
}

fn of_state(view: &WalletView) -> Option<Notice> {
    let agency = &view.agency_name;
    let (title, text) = match view.state {
        WalletState::Open => return None,
        WalletState::Returning => (
            format!("{agency} takes billing back"),
            "A payment is still under way. As soon as it has ended, what is on the balance moves to them or goes back to your card; the \
             page goes on by itself."
                .to_owned(),
        ),
        WalletState::AgencyPays => (
            format!("{agency} pays for this account now"),
            "Nothing is due from you, and your card is no longer on file. What was paid and used before stays here to read."
                .to_owned(),
        ),
    };
    Some(notice(Tone::Quiet, title, text, WayOut::Nothing))
}

fn of_payment(view: &WalletView) -> Option<Notice> {
    let payment = view.payment.as_ref()?;
    if payment.status != WalletPaymentStatus::ActionRequired || payment.client_secret.is_none() {
        return None;
    }
    let amount = payment.amount;
    let what = if payment.is_recharge { "The auto-recharge" } else { "Your payment" };
    let text = format!(
        "{what} of {amount} waits: your bank wants to be sure that it is you. Nothing is charged before you confirm."
    );
    let title = format!("Confirm {amount} with your bank");
    Some(notice(Tone::Bad, title, text, WayOut::Confirm(Task::TopUp)))
}

fn of_recharge(view: &WalletView) -> Option<Notice> {
    match &view.recharge.as_ref()?.state {
        RechargeState::On | RechargeState::Charging { .. } => None,
        RechargeState::NeedsYou { amount, .. } => Some(notice(
            Tone::Bad,
            "Your bank wants you to confirm",
            format!(
                "The auto-recharge of {amount} was not charged: your bank wants you to be there. Pay it once by hand, and \
                 auto-recharge goes on by itself."
            ),
            if view.card.is_some() { WayOut::Pay(*amount) } else { WayOut::Nothing },
        )),
        RechargeState::Waiting { card: CardRole::Backup, failure, .. } => {
            let (what, _) = decline(failure);
            let text = format!("{what} Nothing was charged. Your backup card is tried now.");
            Some(notice(Tone::Wait, "The first card was declined", text, WayOut::Nothing))
        }
        RechargeState::Waiting { until, failure, .. } => {
            let (what, advice) = decline(failure);
            let again = again_at(*until);
            let text = format!("{what} Nothing was charged. It is tried again {again}. {advice}");
            Some(notice(
                Tone::Wait,
                "Auto-recharge was declined",
                text,
                WayOut::Replace(CardRole::Main),
            ))
        }
        RechargeState::Capped { until } => {
            let cap = view.recharge.as_ref().map(|recharge| recharge.settings.daily_cap)?;
            let text = format!(
                "It has charged what you allowed within 24 hours ({cap}), and goes on {}. Until then you can top up by hand.",
                again_at(*until)
            );
            Some(notice(Tone::Wait, "Auto-recharge has reached its limit", text, WayOut::Nothing))
        }
        RechargeState::Off { why: OffReason::Declined, failure, .. } => {
            let (what, advice) = failure
                .as_ref()
                .map(decline)
                .unwrap_or(("The card was declined again and again.", "Use another card."));
            let text = format!(
                "{what} Nothing was charged, and nothing will be. {advice} Then switch auto-recharge on again."
            );
            Some(notice(Tone::Bad, "Auto-recharge is off", text, WayOut::Replace(CardRole::Main)))
        }
        RechargeState::Off { why: OffReason::Disputed, .. } => Some(notice(
            Tone::Wait,
            "Auto-recharge is off",
            format!(
                "A payment was disputed at your bank, so nothing more is charged by itself. If that was a mistake, talk to {}; you can \
                 switch it on again below.",
                view.agency_name
            ),
            WayOut::Nothing,
        )),
        // Whoever has removed the card or switched it off knows.
        RechargeState::Off { why: OffReason::ByPerson | OffReason::NoCard, .. } => None,
    }
}

fn again_at(until: Timestamp) -> String {
    format!("on {}", date_time(until))
}

fn of_setup(view: &WalletView) -> Option<Notice> {
    let setup = view.setup.as_ref().filter(|setup| setup.needs_action)?;
    view.setup_secret.as_ref()?;
    Some(notice(
        Tone::Wait,
        format!("Confirm {} with your bank", setup.card.label()),
        "Your bank wants to be sure that it is you before the card is saved. Nothing is charged.",
        WayOut::Confirm(Task::Cards),
    ))
}

fn of_card(role: CardRole, card: &Card) -> Option<Notice> {
    let left = days_left(card).filter(|left| *left <= EXPIRY_DAYS)?;
    let label = card.label();
    let (tone, title, text) = match left {
        ..=0 => (
            Tone::Bad,
            format!("{label} has expired"),
            "It can't be charged any more. Put the one that your bank has sent since in its place."
                .to_owned(),
        ),
        1 => (Tone::Wait, format!("{label} expires today"), expires(card)),
        left => (Tone::Wait, format!("{label} expires in {left} days"), expires(card)),
    };
    Some(notice(tone, title, text, WayOut::Replace(role)))
}

fn expires(card: &Card) -> String {
    format!(
        "It is good until the end of {}. Put the next one in its place, so that payments go on.",
        expiry(card)
    )
}
