//! Your sessions: where you are signed in, how to end it there, and what signing in takes.

use billing::api::EndSessionBody;
use leptos::prelude::*;

use super::{
    form::{DialogForm, PasswordField, Said, Typed, focus_wrong},
    page::link_to,
    second_factor::SecondFactor,
};
use crate::{
    api,
    browser::Json,
    components::PagesView,
    dialogs::{Attempt, framed},
    routes::{Route, SettingsPage, parameter, query},
    state::{Pages, desk},
    ui::{Html, Kind},
};

/// The page.
#[component]
pub fn SessionsPage() -> impl IntoView {
    let desk = desk();
    let pages =
        Pages::of(desk, Signal::stored(api::SESSIONS.to_owned()), Signal::stored(String::new()));
    let known = Memo::new(move |_| pages.all.with(|all| !all.is_empty()));
    let asked = Memo::new(move |_| match desk.route.get() {
        Route::Settings { page: SettingsPage::Sessions, query } => query,
        _ => String::new(),
    });
    let dialog = move || {
        let id = parameter(&asked.get(), "end").filter(|_| known.get())?;
        let session = pages.all.with_untracked(|all| {
            all.first()?.list("sessions").into_iter().find(|session| session.text("id") == id)
        })?;
        Some(end(pages, &session))
    };
    view! {
        <header class="page-head">
            <div>
                <h1>"Your sessions"</h1>
                <p class="quiet">"Where you are signed in. If you don't know one of them, end it and choose a new password."</p>
            </div>
        </header>
        <PagesView pages=pages label="Sessions" show=sessions />
        <SecondFactor on_change=Callback::new(move |()| pages.refresh()) />
        {dialog}
    }
}

const COLUMNS: &[(&str, &str)] =
    &[("Browser", ""), ("Signed in", ""), ("Last used", ""), ("Until", ""), ("End", "money")];

fn sessions(pages: &[Json], html: &mut Html) {
    let Some(list) = pages.first() else { return };
    html.table("Your sessions, newest first", COLUMNS);
    for session in list.list("sessions") {
        let here = session.has("is_current");
        html.cell(&browser(&session.text("agent")), "", if here { "This browser" } else { "" }, "");
        html.fact(&session.when("created_at"));
        html.fact(&session.when("used_at"));
        html.fact(&session.when("expires_at"));
        if here {
            html.cell("", "", "Sign out ends it", "");
        } else {
            let end = link_to(SettingsPage::Sessions, &query(&[("end", &session.text("id"))]));
            html.cell("End", &end, "", "");
        }
    }
    html.tag("</table>");
}

/// What a browser calls itself, in the words of its owner. The order counts: most of them say they are the others, too.
fn browser(agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) if agent.is_empty() => "Unknown".to_owned(),
        (None, None) => agent.chars().take(60).collect(),
    }
}

/// *End*: only with the password, so that whoever finds a page open shuts nobody out.
fn end(pages: Pages, session: &Json) -> AnyView {
    let desk = desk();
    let id = session.text("id");
    let attempt = Attempt::default();
    focus_wrong(attempt, "dialog");
    let password = Typed::new(attempt);
    let send = move |()| {
        let body = EndSessionBody { current_password: password.some() };
        let id = id.clone();
        attempt.ask(
            Some(desk.session),
            String::new(),
            move |_| api::end_session(id, body),
            move |()| {
                desk.toaster.tell("The session is ended");
                pages.refresh();
                desk.leave_dialog();
            },
        );
    };
    let about =
        format!("{}, signed in {}", browser(&session.text("agent")), session.when("created_at"));
    let body = view! {
        <DialogForm attempt=attempt act="End it" kind=Kind::Danger on_send=send>
            <p>"Whoever uses it has to sign in again."</p>
            <PasswordField id="end-password" password=password />
            <Said attempt=attempt />
        </DialogForm>
    };
    framed("End a session", Signal::stored(Some(about)), body.into_any())
}
