//! What client users read of an account, in words; and the page for an address that means nothing.

use billing::{
    Money, Standing, Timestamp,
    api::ClientAccount,
    runway::{self, DAYS_MAX},
    usage::Day,
};
use leptos::prelude::*;

use crate::{
    browser,
    routes::ClientRoute,
    ui::{Blank, StateMark, Tone},
};

/// The days whose usage tells how long a balance lasts; as many as a report covers when no days are asked for.
const RUNWAY_DAYS: i64 = 30;

/// Who pays for an account, from its client's side.
pub fn payer(account: &ClientAccount, agency: &str) -> String {
    match account.balance {
        Some(_) => "Paid from your balance".to_owned(),
        None => format!("Paid by {agency}"),
    }
}

/// How long the balance lasts, by what was drawn from it in the last days.
pub fn lasts(account: &ClientAccount, drawn: Money) -> Option<String> {
    let balance = account.balance?;
    let today = Day::of(Timestamp::from_millis(browser::now_millis())).0;
    let days = today.saturating_sub(Day::of(account.since).0).saturating_add(1);
    let days = u32::try_from(days.clamp(1, RUNWAY_DAYS)).unwrap_or(1);
    let words = match runway::days_left(balance, drawn.micros(), days) {
        None => "No usage of yours in the last 30 days".to_owned(),
        Some(0) => "Less than a day left at the present rate".to_owned(),
        Some(1) => "About 1 day left at the present rate".to_owned(),
        Some(DAYS_MAX..) => "More than two years left at the present rate".to_owned(),
        Some(days) => format!("About {days} days left at the present rate"),
    };
    Some(words)
}

/// The standing of an account whose client pays; what is as it should be needs no word.
pub fn standing(account: &ClientAccount) -> Option<AnyView> {
    let (tone, word) = match account.standing? {
        Standing::Active => return None,
        Standing::Low => (Tone::Wait, "Low"),
        Standing::Paused => (Tone::Bad, "Paused"),
    };
    Some(view! { <StateMark tone=tone text=word /> }.into_any())
}

/// There is no such page, or it is about somebody else's account.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <h1 class="unseen">"Page not found"</h1>
        <Blank title="There is no such page">
            <p>"The address may be mistyped, or what it led to is gone or belongs to somebody else."</p>
            <div class="actions">
                <a class="button" href=ClientRoute::Accounts.href()>
                    "Go to your accounts"
                </a>
            </div>
        </Blank>
    }
}
