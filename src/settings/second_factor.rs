//! The authenticator app beside one's password: whether there is one, how it is set up, how it is turned off.

use billing::api::{
    BeginSecondFactorBody, NewSecondFactor, Picture, SecondFactorView, TurnOffSecondFactorBody,
    TurnOnSecondFactorBody,
};
use leptos::prelude::*;

use super::{
    copy::{Copied, Snippet},
    form::{DialogForm, PasswordField, Said, Typed, focus_wrong},
    page::link_to,
};
use crate::{
    api,
    browser::{self, date},
    dialogs::{Attempt, framed},
    routes::{Route, SettingsPage, parameter, query},
    state::desk,
    ui::{Button, Field, Kind},
};

/// The id of the field for the app's first code.
const CODE_ID: &str = "app-code";
/// The empty border that a picture needs, in its squares.
const BORDER: u32 = 4;

/// Where the set-up of an app stands.
#[derive(Clone)]
enum Step {
    /// Who are you?
    Password,
    /// Scan this.
    App(NewSecondFactor),
    /// Keep these.
    Codes(Vec<String>),
}

/// The section of the page.
#[component]
pub fn SecondFactor(
    /// Tells that it was turned on or off: other sessions are over then.
    on_change: Callback<()>,
) -> impl IntoView {
    let desk = desk();
    let known = RwSignal::new(None::<SecondFactorView>);
    let load = move || {
        leptos::task::spawn_local(async move {
            if let Ok(view) = desk.session.check(api::second_factor().await) {
                let _ = known.try_set(Some(view));
            }
        });
    };
    load();
    let changed = Callback::new(move |()| {
        load();
        on_change.run(());
    });
    let asked = Memo::new(move |_| match desk.route.get() {
        Route::Settings { page: SettingsPage::Sessions, query } => parameter(&query, "app"),
        _ => None,
    });
    let dialog = move || match asked.get().as_deref() {
        Some("on") => Some(set_up(changed)),
        Some("off") => Some(turn_off(changed)),
        _ => None,
    };
    let section = move || {
        let SecondFactorView { on_since, recovery_codes_left } = known.get()?;
        let (words, to, link) = match on_since {
            Some(since) => (
                format!(
                    "On since {}. Signing in with your password takes a code of your app. {}",
                    date(since.millis()),
                    left(recovery_codes_left)
                ),
                "off",
                "Turn it off",
            ),
            None => (
                "Off. With an app on your phone, your password alone lets nobody in.".to_owned(),
                "on",
                "Set it up",
            ),
        };
        let href = link_to(SettingsPage::Sessions, &query(&[("app", to)]));
        Some(view! {
            <section class="card section factor" aria-labelledby="factor-title">
                <h2 id="factor-title">"Authenticator app"</h2>
                <p>{words}</p>
                <a class="button" href=href>
                    {link}
                </a>
            </section>
        })
    };
    view! {
        {section}
        {dialog}
    }
}

/// How many recovery codes are left, and what to do when there are few.
fn left(count: u32) -> String {
    match count {
        0 => "You have no recovery code left: turn it off and set it up again to get new ones."
            .to_owned(),
        1 => "You have 1 recovery code left: turn it off and set it up again to get new ones."
            .to_owned(),
        more => format!("You have {more} recovery codes left."),
    }
}

/// *Set it up*: the password, the picture, the codes.
fn set_up(done: Callback<()>) -> AnyView {
    let attempt = Attempt::default();
    focus_wrong(attempt, "dialog");
    let step = RwSignal::new(Step::Password);
    let body = move || match step.get() {
        Step::Password => ask_password(attempt, step),
        Step::App(new) => show_app(attempt, step, done, new),
        Step::Codes(codes) => show_codes(&codes),
    };
    framed("Set up an authenticator app", Signal::stored(None), body.into_any())
}

fn ask_password(attempt: Attempt, step: RwSignal<Step>) -> AnyView {
    let desk = desk();
    let password = Typed::new(attempt);
    let send = move |()| {
        let body = BeginSecondFactorBody { current_password: password.some() };
        let call = move |_| api::begin_second_factor(body);
        attempt.ask(Some(desk.session), String::new(), call, move |new| {
            step.set(Step::App(new));
            leptos::task::spawn_local(async {
                // Once it stands there.
                browser::sleep(0).await;
                browser::focus(CODE_ID);
            });
        });
    };
    view! {
        <DialogForm attempt=attempt act="Go on" on_send=send>
            <p>
                "You need an app on your phone that shows codes, such as Aegis, Google Authenticator or a password manager. From then on signing in with your password takes a code, and everywhere else you are signed out."
            </p>
            <PasswordField id="app-password" password=password />
            <Said attempt=attempt />
        </DialogForm>
    }
    .into_any()
}

fn show_app(
    attempt: Attempt,
    step: RwSignal<Step>,
    done: Callback<()>,
    new: NewSecondFactor,
) -> AnyView {
    let desk = desk();
    let code = Typed::new(attempt);
    let send = move |()| {
        let body = TurnOnSecondFactorBody { code: code.text.get_untracked() };
        let call = move |_| api::turn_on_second_factor(body);
        attempt.ask(Some(desk.session), String::new(), call, move |made| {
            step.set(Step::Codes(made.codes));
            done.run(());
        });
    };
    let picture = new.picture.map(|Picture { size, path }| {
        let whole = size + 2 * BORDER;
        let frame = format!("-{BORDER} -{BORDER} {whole} {whole}");
        view! {
            <svg class="qr" viewBox=frame role="img" aria-label="QR code with the key below">
                <path d=path />
            </svg>
        }
    });
    view! {
        <DialogForm attempt=attempt act="Turn it on" on_send=send>
            <p>"Scan this with the app, or give it the key by hand. Then type the code that it shows."</p>
            {picture}
            <Copied id="app-secret" label="Key" text=new.secret />
            <Field
                id=CODE_ID
                label="Code"
                inputmode="numeric"
                autocomplete="one-time-code"
                value=code.text
                on_input=move |text| code.input(text)
                error=attempt.wrong("/code")
            />
            <Said attempt=attempt />
        </DialogForm>
    }
    .into_any()
}

fn show_codes(codes: &[String]) -> AnyView {
    let desk = desk();
    view! {
        <div class="modal-body stack">
            <p role="status">
                "It is on. When you don't have your phone, each of these codes lets you in once in place of the app's. This is the only time they are shown: keep them where you keep passwords."
            </p>
            <Snippet label="Recovery codes" text=codes.join("\n") />
        </div>
        <footer class="modal-foot">
            <Button kind=Kind::Primary on_press=move |()| desk.leave_dialog()>"I have kept them"</Button>
        </footer>
    }
    .into_any()
}

/// *Turn it off*: the password and a code.
fn turn_off(done: Callback<()>) -> AnyView {
    let desk = desk();
    let attempt = Attempt::default();
    focus_wrong(attempt, "dialog");
    let (password, code) = (Typed::new(attempt), Typed::new(attempt));
    let send = move |()| {
        let (current_password, code) = (password.some(), code.text.get_untracked());
        let body = TurnOffSecondFactorBody { current_password, code };
        let call = move |_| api::turn_off_second_factor(body);
        attempt.ask(Some(desk.session), String::new(), call, move |()| {
            desk.toaster.tell("The authenticator app is off");
            done.run(());
            desk.leave_dialog();
        });
    };
    let body = view! {
        <DialogForm attempt=attempt act="Turn it off" kind=Kind::Danger on_send=send>
            <p>"Then your password alone lets in whoever knows it. Everywhere else you are signed out."</p>
            <PasswordField id="app-password" password=password />
            <Field
                id=CODE_ID
                label="Code"
                hint=Signal::stored(Some("From your app, or a recovery code.".to_owned()))
                autocomplete="one-time-code"
                value=code.text
                on_input=move |text| code.input(text)
                error=attempt.wrong("/code")
            />
            <Said attempt=attempt />
        </DialogForm>
    };
    framed("Turn off the authenticator app", Signal::stored(None), body.into_any())
}
