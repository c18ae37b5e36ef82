//! The doors: pages for people who are not signed in. Their links come by mail, with the token in the fragment.

mod forgot;
mod join;
mod password;
mod reset;

use leptos::prelude::*;

use self::{forgot::Forgot, join::Join, reset::Reset};
use crate::{
    api::ApiError,
    browser,
    routes::Route,
    ui::{Gate, Side},
};

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// An invitation is accepted.
    Join,
    /// A new password is chosen.
    Reset,
    /// A new password is asked for.
    Forgot,
}

impl Door {
    /// The door at this path.
    pub fn of(path: &str) -> Option<Self> {
        match path.trim_matches('/') {
            "join" => Some(Self::Join),
            "reset" => Some(Self::Reset),
            "forgot" => Some(Self::Forgot),
            _ => None,
        }
    }

    /// Its page.
    pub fn show(self) -> AnyView {
        match self {
            Self::Join => view! { <Join /> }.into_any(),
            Self::Reset => view! { <Reset /> }.into_any(),
            Self::Forgot => view! { <Forgot /> }.into_any(),
        }
    }
}

/// The card in the middle of the page, under the sign of whoever invites.
fn card(brand: String, title: String, body: AnyView) -> AnyView {
    browser::set_title(&format!("{title} · {brand}"));
    view! {
        <main class="sign-in" id="main">
            <div class="card stack door">
                <p class="brand">
                    <Gate side=Side::Start />
                    {brand}
                </p>
                <h1>{title}</h1>
                {body}
            </div>
        </main>
    }
    .into_any()
}

/// The product's own name, where no agency is known.
fn nobody() -> String {
    "Sluice".to_owned()
}

/// The way to the sign-in.
fn sign_in_link(words: &'static str) -> AnyView {
    view! { <p><a href=Route::SignIn { next: None }.href()>{words}</a></p> }.into_any()
}

/// Whether a link will never do again.
fn is_dead(error: &ApiError) -> bool {
    matches!(error.status(), Some(404 | 410))
}

/// What a dead link says: why, what to do, and where.
fn dead(error: &ApiError, next: &'static str, link: AnyView) -> AnyView {
    let has_expired = error.status() == Some(410);
    let title = if has_expired { "This link has expired" } else { "This link does not work" };
    let body = view! {
        <p role="alert">{error.to_string()}</p>
        <p class="quiet">{next}</p>
        {link}
    };
    card(nobody(), title.to_owned(), body.into_any())
}
