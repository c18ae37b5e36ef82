//! The auto-recharge: what it is while there is none, what was agreed while there is one, and the form.

use billing::{
    api::WalletView,
    wallet::{
        Recharge, RechargeSettings, RechargeState,
        recharge::{OffReason, RechargeCharge, RechargeMade},
    },
};
use leptos::prelude::*;

use super::{
    parts::{alert, go, quiet, section},
    recharge_form::{FIRST, recharge_form},
    task::{Panel, Task},
    till::Till,
    words::now,
};
use crate::{
    components::{date, date_time},
    ui::{Button, Kind, StateMark, Tone},
};

/// The section.
pub fn recharge(till: Till) -> AnyView {
    let shown = till.of(|view| (view.recharge.clone(), view.card.is_some()));
    let open = till.is_open();
    let content = move || {
        if till.panel.get() == Panel::Recharge && open.get() {
            return recharge_form(till);
        }
        let (recharge, has_card) = shown.get();
        match recharge {
            Some(recharge) if recharge.is_on() => on(till, &recharge, open.get()),
            recharge => off(till, recharge.as_ref(), has_card, open.get()),
        }
    };
    let content = view! {
        {content}
        {alert(till, Task::Recharge)}
    };
    section(Task::Recharge, "Auto-recharge", content.into_any())
}

fn off(till: Till, recharge: Option<&Recharge>, has_card: bool, open: bool) -> AnyView {
    let since = recharge.and_then(|recharge| match recharge.state {
        RechargeState::Off { why, at, .. } => Some((why, at)),
        _ => None,
    });
    let mark = since.map(|(why, at)| {
        let (tone, why) = match why {
            OffReason::ByPerson => (Tone::Quiet, ""),
            OffReason::Declined => (Tone::Bad, ": the card was declined"),
            OffReason::NoCard => (Tone::Wait, ": there was no card"),
            OffReason::Disputed => (Tone::Bad, ": a payment was disputed"),
        };
        view! { <StateMark tone=tone text=format!("Off since {}{why}", date(at)) /> }
    });
    let words = "The card on file is charged when the balance falls below a sum that you choose, so that the service never pauses. You \
                 set the limits, and switch it off here whenever you like.";
    let way_in = open.then(|| {
        if !has_card {
            return quiet("It needs a card on file: add one first.");
        }
        let words = if since.is_some() { "Set up again" } else { "Set up auto-recharge" };
        let press = move |()| till.go_to(Panel::Recharge, FIRST);
        view! {
            <div class="actions">
                <Button on_press=press>{words}</Button>
            </div>
        }
        .into_any()
    });
    view! {
        {mark}
        {quiet(words)}
        {way_in}
    }
    .into_any()
}

fn on(till: Till, recharge: &Recharge, open: bool) -> AnyView {
    let (tone, words) = match &recharge.state {
        RechargeState::On => (Tone::Good, "On".to_owned()),
        RechargeState::Charging { .. } => (Tone::Wait, "On: a charge is under way".to_owned()),
        RechargeState::Waiting { until, .. } => {
            (Tone::Wait, format!("On: tried again on {}", date_time(*until)))
        }
        RechargeState::Capped { until } => {
            (Tone::Wait, format!("On: goes on on {}", date_time(*until)))
        }
        RechargeState::NeedsYou { .. } => (Tone::Bad, "On: waits for you".to_owned()),
        RechargeState::Off { .. } => (Tone::Quiet, "Off".to_owned()),
    };
    let made: Vec<RechargeMade> = recharge.recent(now()).copied().collect();
    let made = (!made.is_empty()).then(|| {
        let line = |charge: &RechargeMade| {
            view! {
                <li>
                    <small>{date_time(charge.at)}</small>
                    <span class="money">{charge.amount.to_string()}</span>
                </li>
            }
        };
        let lines: Vec<_> = made.iter().map(line).collect();
        view! {
            <h3>"Charged within 24 hours"</h3>
            <ul class="wallet-rows wallet-tight">{lines}</ul>
        }
    });
    let under_way = matches!(recharge.state, RechargeState::Charging { .. });
    let buttons = open.then(|| {
        let change = (!under_way).then(|| {
            let press = move |()| till.go_to(Panel::Recharge, FIRST);
            view! { <Button on_press=press>"Change"</Button> }
        });
        view! {
            <div class="actions">
                {change}
                {go(
                    till,
                    Task::Recharge,
                    Kind::Ghost,
                    || "Switch off".to_owned(),
                    Some(Callback::new(move |()| till.stop_recharge())),
                )}
            </div>
        }
    });
    let consent = &recharge.consent;
    let agreed = format!("Agreed to by {} on {}.", consent.by, date(consent.at));
    view! {
        <StateMark tone=tone text=words />
        {facts(&recharge.settings)}
        {made}
        <details class="wallet-consent">
            <summary>"What was agreed to"</summary>
            <p>{consent.text.clone()}</p>
            <small>{agreed}</small>
        </details>
        {buttons}
    }
    .into_any()
}

fn facts(settings: &RechargeSettings) -> AnyView {
    let (how, much) = match settings.charge {
        RechargeCharge::Fixed { amount } => ("Charge", amount),
        RechargeCharge::UpTo { target } => ("Bring up to", target),
    };
    let fact = |name: &'static str, value: String| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    view! {
        <dl class="wallet-facts">
            {fact("When below", settings.below.to_string())}
            {fact(how, much.to_string())}
            {fact("At most within 24 hours", settings.daily_cap.to_string())}
        </dl>
    }
    .into_any()
}

/// The card that is charged, as it is called in what is agreed to.
pub fn card_label(view: &WalletView) -> Option<String> {
    view.card.as_ref().map(billing::funding::Card::label)
}
