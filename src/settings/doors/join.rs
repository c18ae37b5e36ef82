//! An invitation: who invites to what, and the password with which one comes in.

use billing::api::{InvitationView, SetPasswordBody};
use leptos::prelude::*;

use super::{card, dead, is_dead, nobody, password::PasswordForm, sign_in_link};
use crate::{
    api::{self, ApiError},
    browser,
    components::{date_time, no_page},
    dialogs::Attempt,
    routes::Route,
    settings::people::{article, means},
    ui::SkeletonLines,
};

/// What to do about a link that leads nowhere.
const NEXT: &str = "Ask whoever has invited you to send the invitation once more.";

/// The page.
#[component]
pub fn Join() -> impl IntoView {
    browser::restart_on_new_link();
    let token = StoredValue::new(browser::link_token().unwrap_or_default());
    let found = RwSignal::new(None::<Result<InvitationView, ApiError>>);
    let open = move || {
        found.set(None);
        leptos::task::spawn_local(async move {
            found.set(Some(api::open_invitation(token.get_value()).await));
        });
    };
    open();
    move || match found.get() {
        None => {
            let waits = view! { <div aria-busy="true"><SkeletonLines count=4 /></div> };
            card(nobody(), "Opening your invitation…".to_owned(), waits.into_any())
        }
        Some(Ok(invitation)) => invited(&invitation, token, found),
        Some(Err(error)) if is_dead(&error) => {
            dead(&error, NEXT, sign_in_link("Go to the sign-in"))
        }
        Some(Err(error)) => no_page("Invitation", error, open),
    }
}

fn invited(
    invitation: &InvitationView,
    token: StoredValue<String>,
    found: RwSignal<Option<Result<InvitationView, ApiError>>>,
) -> AnyView {
    let attempt = Attempt::default();
    // The link may have died while the page was open.
    Effect::new(move || {
        if let Some(error) = attempt.error().get().filter(is_dead) {
            found.set(Some(Err(error)));
        }
    });
    let choose = move |password: String| {
        let body = SetPasswordBody { token: token.get_value(), password };
        let call = move |_| api::accept_invitation(body);
        // The answer has signed them in: where they belong, the app knows.
        attempt.ask(None, String::new(), call, |()| browser::load(&Route::Home.href(), true));
    };
    let InvitationView { agency, name, email, role, expires_at } = invitation;
    let body = view! {
        <p>
            {format!("{agency} invites you, {name}, as {} {}.", article(*role), role.label())}
            " " {means(*role)}
        </p>
        <PasswordForm email=Some(email.clone()) button="Join" attempt=attempt on_choose=choose />
        <p class="quiet">{format!("The invitation is good until {}.", date_time(*expires_at))}</p>
    };
    card(agency.to_string(), format!("Join {agency}"), body.into_any())
}
