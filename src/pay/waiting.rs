//! While a payment is under way: at the gateway, or at the customer's bank. And the alert of what stands in the way.

use billing::{Money, api::PayView};
use leptos::prelude::*;

use super::{
    complaint::Complaint,
    desk::{Desk, Step},
    part::{Go, nothing, part, text},
};

/// The element that gets the focus when a payment has failed.
pub const ALERT: &str = "pay-alert";

/// What stands in the way, announced when it appears.
#[component]
pub fn Alert(
    /// What stands in the way.
    #[prop(into)]
    complaint: Signal<Option<Complaint>>,
) -> impl IntoView {
    let shown = move |Complaint { title, text }| {
        view! {
            <div id=ALERT class="pay-alert" role="alert" tabindex="-1">
                <strong>{title}</strong>
                <p>{text}</p>
            </div>
        }
        .into_any()
    };
    part(move || complaint.get().map_or_else(nothing, shown))
}

/// The gateway has it; the page asks again by itself.
#[component]
pub fn Processing(
    /// The page's state.
    desk: Desk,
    /// What the link is about.
    view: PayView,
    /// How much.
    amount: Money,
) -> impl IntoView {
    let offline = desk.offline();
    let sentence = format!(
        "{amount} for {}. This takes a few seconds; the page goes on by itself.",
        view.account_name
    );
    let slow = format!(
        "It takes longer than usual. You may close this page: the receipt is mailed to {}, and your link shows how it \
         went.",
        view.email
    );
    let silence = "The connection is gone. The page keeps asking; the payment goes on without it.";
    let silence = text(move || if offline.get() { silence.to_owned() } else { String::new() });
    view! {
        <div class="pay-progress" role="progressbar" aria-label="Waiting for the payment"></div>
        <p>{sentence}</p>
        <p role="status">{silence}</p>
        <p class="late quiet">{slow}</p>
    }
}

/// The bank wants to know that it is the customer who pays.
#[component]
pub fn Authentication(
    /// The page's state.
    desk: Desk,
    /// How much.
    amount: Money,
    /// For the gateway's script.
    client_secret: String,
) -> impl IntoView {
    let step = desk.step();
    let busy = Signal::derive(move || step.get() == Step::Authenticating);
    let go_on = move || desk.authenticate(client_secret.clone());
    let label =
        move || if busy.get() { "Waiting for your bank…" } else { "Continue authentication" };
    view! {
        <p>
            {format!("Your bank wants to be sure that it is you who pays {amount}. Nothing is charged before you confirm.")}
        </p>
        <div class="pay-final">
            <Alert complaint=desk.complaint() />
            <Go label=text(move || label().to_owned()) busy=busy press=Box::new(go_on) />
        </div>
    }
}
