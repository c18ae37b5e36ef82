//! The customer's way in: the token of a link. There is no sign-in and no password.

use std::sync::Arc;

use billing::api::WalletView;
use leptos::{mount::mount_to, prelude::*};

use super::{door::trouble_page, link, page::wallet, till::Till, trouble::Trouble};
use crate::{
    api::WalletOf,
    browser,
    ui::{Announcer, Gate, Side, Toaster, Toasts},
};

/// What the link turned out to be about.
pub type Found = Result<Arc<WalletView>, Trouble>;

/// Reads the link, asks what is on the balance, then puts the page in the place of its frame.
pub fn start(place: &'static str) {
    browser::restart_on_new_link();
    browser::begin(async move {
        let token = link::take();
        let found = open(&token).await;
        if let Some(place) = browser::mount_point(place) {
            mount_to(place, move || view! { <Customer token=token found=found /> }).forget();
        }
    });
}

/// Asks what is on the balance.
pub async fn open(token: &str) -> Found {
    if token.is_empty() {
        return Err(Trouble::NoLink);
    }
    let answer = WalletOf::Customer(token.to_owned()).view().await;
    answer.map(Arc::new).map_err(|error| {
        let trouble = Trouble::of_opening(&error, token);
        if trouble == Trouble::Unknown {
            link::forget();
        }
        trouble
    })
}

/// The page under the agency's name, or why there is none.
#[component]
fn Customer(token: String, found: Found) -> impl IntoView {
    let (token, found) = (StoredValue::new(token), RwSignal::new(found));
    let toaster = Toaster::default();
    let agency = move || match &*found.read() {
        Ok(view) => view.agency_name.to_string(),
        Err(_) => "Billing".to_owned(),
    };
    let title = Memo::new(move |_| match &*found.read() {
        Ok(view) => match &view.account_name {
            Some(account) => format!("Balance of {account}"),
            None => "Balance".to_owned(),
        },
        Err(trouble) => trouble.heading().to_owned(),
    });
    Effect::new(move || browser::set_title(&format!("{} · {}", title.get(), agency())));
    Effect::new(move || {
        if let Ok(view) = &*found.read()
            && let Some(sheet) = &view.stylesheet
        {
            browser::dress(sheet);
        }
    });
    let content = move || match found.get() {
        Ok(view) => {
            let of = WalletOf::Customer(token.get_value());
            let till = Till::new(of, None, true, toaster, view);
            browser::on_return(move || till.glance());
            Effect::new(move || {
                if let Some(trouble) = till.ended.get() {
                    found.set(Err(trouble));
                    leptos::task::spawn_local(async {
                        browser::sleep(0).await;
                        browser::focus_heading();
                    });
                }
            });
            wallet(till)
        }
        Err(trouble) => {
            let again = Callback::new(move |()| {
                leptos::task::spawn_local(async move {
                    let answer = open(&token.get_value()).await;
                    found.set(answer);
                });
            });
            trouble_page(trouble, again)
        }
    };
    view! {
        <main class="wallet-page" class:narrow=move || found.read().is_err()>
            <p class="brand">
                <Gate side=Side::End />
                <span>{agency}</span>
            </p>
            {content}
        </main>
        <Toasts toaster=toaster />
        <Announcer text=title />
    }
}
