//! What stands where a customer's balance would be: why it is not there, and how to get a link to it.

use billing::api::AskBalanceLinkBody;
use leptos::{ev, prelude::*};

use super::trouble::Trouble;
use crate::{
    api::{self, ApiError},
    browser,
    ui::{Button, Field, Kind, Note, Tone},
};

/// The field of the address.
const EMAIL: &str = "wallet-email";

/// The page.
pub fn trouble_page(trouble: Trouble, again: Callback<()>) -> AnyView {
    let way_out = match &trouble {
        Trouble::NoLink | Trouble::Unknown => view! { <AskByEmail /> }.into_any(),
        Trouble::SignedOut => view! { <AskByEmail /> }.into_any(),
        Trouble::Expired(token) => view! { <AskAgain token=token.clone() /> }.into_any(),
        Trouble::TooMany | Trouble::Unreachable(_) => view! {
            <Button kind=Kind::Big on_press=again>
                "Try again"
            </Button>
        }
        .into_any(),
    };
    view! {
        <header class="stack">
            <h1 tabindex="-1">{trouble.heading()}</h1>
            <p class="quiet">{trouble.advice()}</p>
        </header>
        {way_out}
    }
    .into_any()
}

/// Asking for a link, once at a time.
#[derive(Clone, Copy)]
struct Asking {
    busy: RwSignal<bool>,
    /// What came of it: the sentence that says so, or why not.
    answer: RwSignal<Option<Result<String, ApiError>>>,
}

impl Asking {
    fn new() -> Self {
        Self { busy: RwSignal::new(false), answer: RwSignal::new(None) }
    }

    fn ask(self, body: AskBalanceLinkBody, done: String) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.answer.set(None);
        leptos::task::spawn_local(async move {
            let answer = api::ask_balance_link(&body).await;
            let wrong = answer.as_ref().is_err_and(|error| !error.fields().is_empty());
            self.busy.set(false);
            self.answer.set(Some(answer.map(|()| done)));
            if wrong {
                browser::focus(EMAIL);
            }
        });
    }

    /// What came of it, read aloud; what is wrong with a field stands at the field.
    fn said(self) -> AnyView {
        let said = move || {
            self.answer.get().map(|answer| match answer {
                Ok(done) => view! { <Note>{done}</Note> }.into_any(),
                Err(error) if error.fields().is_empty() => {
                    view! { <Note tone=Tone::Bad>{error.to_string()}</Note> }.into_any()
                }
                Err(_) => ().into_any(),
            })
        };
        view! { <div role="status">{said}</div> }.into_any()
    }
}

#[component]
fn AskByEmail() -> impl IntoView {
    let asking = Asking::new();
    let email = RwSignal::new(String::new());
    let wrong = Signal::derive(move || match asking.answer.get() {
        Some(Err(error)) => error.fields().first().map(|field| field.detail.clone()),
        _ => None,
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = email.get_untracked().trim().to_owned();
        let done = format!(
            "If {typed} pays for an account here, a link is on its way. It can take a minute; look into the spam folder, too."
        );
        asking.ask(AskBalanceLinkBody { email: Some(typed), token: None }, done);
    };
    view! {
        <form class="stack" novalidate on:submit=submit>
            <Field
                id=EMAIL
                label=Signal::stored("Your e-mail address".to_owned())
                value=email
                on_input=move |typed| email.set(typed)
                error=wrong
                kind="email"
                inputmode="email"
                autocomplete="email"
            />
            <Button kind=Kind::Big submit=true busy=asking.busy>
                "Mail me a link"
            </Button>
            {asking.said()}
        </form>
    }
}

#[component]
fn AskAgain(token: String) -> impl IntoView {
    let asking = Asking::new();
    let ask = move |()| {
        let done = "A new link is on its way to the address that the last one went to. It can take a minute; look into the spam folder, \
                    too.";
        let body = AskBalanceLinkBody { email: None, token: Some(token.clone()) };
        asking.ask(body, done.to_owned());
    };
    view! {
        <div class="stack">
            <Button kind=Kind::Big busy=asking.busy on_press=ask>
                "Mail me a new link"
            </Button>
            {asking.said()}
        </div>
    }
}
