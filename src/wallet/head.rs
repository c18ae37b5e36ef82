//! The balance, large: what is on it, what that means for the service, how long it lasts, who is written to.

use billing::{Standing, api::WalletState};
use leptos::prelude::*;

use super::{till::Till, words::lasts};
use crate::{
    components::{date_time, text},
    ui::{StateMark, Tone},
};

/// The head of the page.
pub fn head(till: Till) -> AnyView {
    let amount = till.of(|view| (text(view.balance), view.balance.is_negative()));
    let standing = till.of(|view| {
        let low = text(view.low_below);
        match view.standing {
            _ if view.state == WalletState::AgencyPays => None,
            Standing::Active => Some((Tone::Good, "Active".to_owned())),
            Standing::Low => Some((Tone::Wait, format!("Low: below {low}"))),
            Standing::Paused => {
                Some((Tone::Bad, "Used up: the service is paused until money is added".to_owned()))
            }
        }
    });
    let lasts = till.of(lasts);
    let email = till.of(|view| view.email.to_string());
    let about = till.of(|view| view.account_name.as_ref().map(ToString::to_string));
    let title = (!till.is_agency()).then(|| {
        view! {
            <h1 tabindex="-1">
                "Balance of "
                {move || about.get()}
            </h1>
        }
    });
    let silent = move || {
        let since = till.silent_since.get()?;
        let words = format!(
            "The connection is gone since {}. What is shown is from then; the page keeps asking.",
            date_time(since)
        );
        Some(view! { <p class="wallet-silent"><StateMark tone=Tone::Wait text=words /></p> })
    };
    view! {
        <header class="wallet-head">
            {title}
            <div class="wallet-balance">
                <p class="amount" class:negative=move || amount.get().1>
                    <span class="unseen">"On the balance: "</span>
                    {move || amount.get().0}
                </p>
                <p class="wallet-standing">
                    {move || standing.get().map(|(tone, text)| view! { <StateMark tone=tone text=text /> })}
                    {move || lasts.get().map(|words| view! { <span class="quiet">{words}</span> })}
                </p>
            </div>
            <p class="quiet">"Receipts and alerts go to " <span class="nobreak">{move || email.get()}</span> "."</p>
            <div role="status">{silent}</div>
        </header>
    }
    .into_any()
}
