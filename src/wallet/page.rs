//! The page of a balance: its parts, in the order in which they matter on a phone.

use billing::api::WalletState;
use leptos::prelude::*;

use super::{
    activity::activity,
    alert::alert_section,
    cards::cards,
    head::head,
    notices::notices,
    parts::{alert, go, section_id},
    recharge::recharge,
    task::Task,
    till::Till,
    top_up::top_up,
};
use crate::ui::Kind;

/// The page.
pub fn wallet(till: Till) -> AnyView {
    let open = till.is_open();
    let agency_pays = till.of(|view| view.state == WalletState::AgencyPays);
    let top_up = move || open.get().then(|| top_up(till));
    // While the agency pays there is nothing to look after.
    let side = move || {
        (!agency_pays.get()).then(|| {
            view! {
                <div class="wallet-side">
                    {recharge(till)} {cards(till)} {alert_section(till)}
                </div>
            }
        })
    };
    let foot = (!till.is_agency()).then(|| foot(till));
    view! {
        {head(till)}
        {notices(till)}
        <div class="wallet-columns">
            <div class="wallet-first">{top_up}</div>
            {side}
            <div class="wallet-last">{activity(till)}</div>
        </div>
        {foot}
    }
    .into_any()
}

/// What holds for the link as a whole.
fn foot(till: Till) -> AnyView {
    let view = till.view();
    let test = view.gateway.test_mode.then_some("Test mode: no real money moves.");
    let words = format!(
        "This page opens by a link from your mail, without a password. Whoever has the link can open it: do not pass it on. If {} takes \
         billing back, what is left here moves to them, unless they refund it to your card.",
        view.agency_name
    );
    view! {
        <footer class="wallet-foot" id=section_id(Task::Leave) tabindex="-1">
            <p class="quiet">{words}</p>
            {test.map(|test| view! { <p class="quiet">{test}</p> })}
            {alert(till, Task::Leave)}
            {go(
                till,
                Task::Leave,
                Kind::Ghost,
                || "Sign out of this device".to_owned(),
                Some(Callback::new(move |()| till.leave())),
            )}
        </footer>
    }
    .into_any()
}
