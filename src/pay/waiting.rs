//! While a payment is under way: at the gateway, or at the customer's bank. And the alert of what stands in the way.

use billing::{Money, api::PayView};
use leptos::prelude::*;

use super::{
    desk::{ALERT, Desk, Step},
    part::{Part, flag, go, nothing, paragraph, part, text},
    stage::Stage,
};

/// What stands in the way, announced when it appears; in the form, or on another page.
pub fn alert(desk: Desk, in_form: bool) -> Part {
    part(move || {
        let here = in_form == (desk.stage() == Stage::Form);
        let Some(complaint) = desk.complaint().filter(|_| here) else { return nothing() };
        view! {
            <div id=ALERT class="pay-alert" role="alert" tabindex="-1">
                <strong>{complaint.title}</strong>
                {paragraph("", complaint.text)}
            </div>
        }
        .into_any()
    })
}

/// The gateway has it; the page asks again by itself.
pub fn processing(desk: Desk, view: &PayView, amount: Money) -> AnyView {
    let sentence = format!(
        "{amount} for {}. This takes a few seconds; the page goes on by itself.",
        view.account_name
    );
    let slow = format!(
        "It takes longer than usual. You may close this page: the receipt is mailed to {}, and your link shows how it \
         went.",
        view.email
    );
    let silence = move || match desk.offline() {
        true => "The connection is gone. The page keeps asking; the payment goes on without it.",
        false => "",
    };
    view! {
        <div class="pay-progress" role="progressbar" aria-label="Waiting for the payment"></div>
        {paragraph("", sentence)}
        <p role="status">{text(move || silence().to_owned())}</p>
        {paragraph("late quiet", slow)}
    }
    .into_any()
}

/// The bank wants to know that it is the customer who pays.
pub fn authentication(desk: Desk, amount: Money, client_secret: String) -> AnyView {
    let busy = move || desk.step() == Step::Authenticating;
    let label = move || match busy() {
        true => "Waiting for your bank…",
        false => "Continue authentication",
    };
    let sentence = format!(
        "Your bank wants to be sure that it is you who pays {amount}. Nothing is charged before you confirm."
    );
    let press = Box::new(move || desk.authenticate(client_secret.clone()));
    view! {
        {paragraph("", sentence)}
        <div class="pay-final">
            {alert(desk, false)}
            {go(text(move || label().to_owned()), flag(busy), Some(press))}
        </div>
    }
    .into_any()
}
