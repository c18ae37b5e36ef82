//! Who are you?

use billing::api::SignInBody;
use leptos::{ev, prelude::*};

use crate::{
    api::{self, ApiError},
    browser::{self, Json},
    routes::FORGOT,
    state::Session,
    ui::{Button, Field, Gate, Kind, Note, Side, Tone},
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Draft {
    email: String,
    password: String,
    code: String,
}

/// E-mail and password, and the code of an authenticator app when the server asks for one. Whoever is signed in then is led on to where they wanted to go, by the app.
#[component]
pub fn SignInPage(
    /// The session to begin.
    session: Session,
) -> impl IntoView {
    let draft = RwSignal::new(Draft::default());
    let tried = RwSignal::new(false);
    let pending = RwSignal::new(false);
    let refused = RwSignal::new(None::<String>);
    let has_app = RwSignal::new(false);
    let sign_in = move |Draft { email, password, code }| {
        pending.set(true);
        refused.set(None);
        leptos::task::spawn_local(async move {
            let code = has_app.get_untracked().then_some(code);
            let body = SignInBody { email: email.trim().to_owned(), password, code };
            match api::sign_in(body).await {
                // Takes this page away.
                Ok(me) => session.begin(me),
                // A client user's answer says other things than this app reads.
                Err(ApiError::Unreadable) => session.ask(),
                Err(error) => {
                    let _ = pending.try_set(false);
                    if error.code() == Some("second_factor_required") && !has_app.get_untracked() {
                        has_app.set(true);
                        browser::sleep(0).await;
                        browser::focus("code");
                        return;
                    }
                    let _ = refused.try_set(Some(error.to_string()));
                }
            }
        });
    };
    let missing = move |field: fn(&Draft) -> &String, words: &'static str| {
        Signal::derive(move || {
            let empty = draft.with(|draft| field(draft).trim().is_empty());
            (tried.get() && empty).then(|| words.to_owned())
        })
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let draft = draft.get_untracked();
        if draft.email.trim().is_empty() || draft.password.is_empty() {
            leptos::task::spawn_local(async {
                browser::sleep(0).await;
                browser::focus_first_invalid("#sign-in-form");
            });
        } else if !pending.get_untracked() {
            sign_in(draft);
        }
    };
    let providers = RwSignal::new(Vec::<Json>::new());
    leptos::task::spawn_local(async move {
        // Without an answer there is the password.
        if let Ok(list) = api::providers().await {
            let _ = providers.try_set(list.list("providers"));
        }
    });
    let links = move || {
        let link = |provider: Json| {
            view! { <a class="button" href=provider.text("url")>"Sign in with " {provider.text("label")}</a> }
        };
        providers.get().into_iter().map(link).collect_view()
    };
    view! {
        <main class="sign-in" id="main">
            <form class="card stack" id="sign-in-form" novalidate on:submit=submit>
                <p class="brand">
                    <Gate side=Side::Start />
                    "Sluice"
                </p>
                <h1>"Sign in"</h1>
                <Field
                    id="email"
                    label="Email address"
                    kind="email"
                    inputmode="email"
                    autocomplete="username"
                    autofocus=true
                    value=Signal::derive(move || draft.with(|draft| draft.email.clone()))
                    on_input=move |email| draft.update(|draft| draft.email = email)
                    error=missing(|draft| &draft.email, "Enter your email address.")
                />
                <Field
                    id="password"
                    label="Password"
                    kind="password"
                    autocomplete="current-password"
                    value=Signal::derive(move || draft.with(|draft| draft.password.clone()))
                    on_input=move |password| draft.update(|draft| draft.password = password)
                    error=missing(|draft| &draft.password, "Enter your password.")
                />
                {move || {
                    has_app.get().then(|| view! {
                        <Field
                            id="code"
                            label="Code"
                            hint=Signal::stored(Some("From your authenticator app, or a recovery code.".to_owned()))
                            autocomplete="one-time-code"
                            value=Signal::derive(move || draft.with(|draft| draft.code.clone()))
                            on_input=move |code| draft.update(|draft| draft.code = code)
                        />
                    })
                }}
                {move || {
                    refused.get().map(|words| view! { <Note tone=Tone::Bad>{words}</Note> })
                }}
                <Button kind=Kind::Big submit=true busy=pending>
                    "Sign in"
                </Button>
                {links}
                <a href=FORGOT>"Forgot password?"</a>
            </form>
        </main>
    }
}
