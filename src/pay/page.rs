//! The page around every stage: who asks, the heading, what stands at the foot; and where the focus goes.

use billing::api::{PayState, PayView};
use leptos::prelude::*;

use super::{
    complaint::Complaint,
    desk::Desk,
    ending::{Paid, advice},
    form::PayForm,
    part::{begin, nothing, part},
    stage::Stage,
    trouble::TroublePage,
    waiting::{ALERT, Authentication, Processing},
};
use crate::{
    browser,
    ui::{Announcer, Gate, Side},
};

/// The whole page.
#[component]
pub fn Page(
    /// Its state.
    desk: Desk,
) -> impl IntoView {
    let stage = desk.stage();
    let has_form = Memo::new(move |before: Option<&bool>| {
        stage.with(|stage| *stage == Stage::Form || (before == Some(&true) && stage.keeps_form()))
    });
    let form = part(move || {
        if !has_form.get() {
            return nothing();
        }
        let Some(view) = untrack(move || desk.view()) else { return nothing() };
        let elsewhere = Signal::derive(move || stage.with(|stage| *stage != Stage::Form));
        view! {
            <div class="pay-column" hidden=elsewhere>
                <Top text=heading(&Stage::Form, Some(&view)) lead=Some(LEAD) />
                <PayForm desk=desk view=view hidden=elsewhere />
            </div>
        }
        .into_any()
    });
    view! {
        <Announcer text=announce(desk, stage) />
        <Brand desk=desk />
        {part(move || other(desk, stage.get()).unwrap_or_else(nothing))}
        {form}
        {part(move || desk.view().map_or_else(nothing, |view| foot(&view)))}
    }
}

const LEAD: &str = "From your first payment on, usage is paid from a balance of your own, which you pay in advance.";

/// What the page is about now: its heading, and the title of the tab.
fn heading(stage: &Stage, view: Option<&PayView>) -> String {
    match stage {
        Stage::Trouble(trouble) => trouble.heading().to_owned(),
        Stage::Form => {
            let account = view.map(|view| view.account_name.to_string()).unwrap_or_default();
            format!("Set up billing for {account}")
        }
        Stage::State(state) => match state {
            PayState::Open { .. } => "Set up billing".to_owned(),
            PayState::Processing { .. } => "Your payment is under way".to_owned(),
            PayState::ActionRequired { .. } => "Confirm the payment with your bank".to_owned(),
            PayState::Paid { amount, .. } => format!("You have paid {amount}"),
            PayState::PaidBack { .. } => "Your payment is on its way back".to_owned(),
            PayState::AlreadyPaid => "This has been paid already".to_owned(),
            PayState::Expired => "This link has expired".to_owned(),
            PayState::Revoked => "This request was withdrawn".to_owned(),
            PayState::Replaced => "There is a newer link".to_owned(),
        },
    }
}

/// Every stage but the form.
fn other(desk: Desk, stage: Stage) -> Option<AnyView> {
    let view = untrack(move || desk.view());
    let text = heading(&stage, view.as_ref());
    let content = match stage {
        Stage::Form => return None,
        Stage::Trouble(trouble) => view! { <TroublePage desk=desk trouble=trouble /> }.into_any(),
        Stage::State(state) => in_state(desk, view?, state),
    };
    let column = view! {
        <div class="pay-column">
            <Top text=text />
            {content}
        </div>
    };
    Some(column.into_any())
}

fn in_state(desk: Desk, view: PayView, state: PayState) -> AnyView {
    match state {
        PayState::Processing { amount } => {
            view! { <Processing desk=desk view=view amount=amount /> }.into_any()
        }
        PayState::ActionRequired { amount, client_secret } => {
            view! { <Authentication desk=desk amount=amount client_secret=client_secret /> }
                .into_any()
        }
        PayState::Paid { amount, paid_at, card } => {
            view! { <Paid view=view amount=amount paid_at=paid_at card=card /> }.into_any()
        }
        state => {
            let sentence = |text| view! { <p>{text}</p> };
            let sentences = advice(&view, &state).into_iter().map(sentence).collect_view();
            view! { <div class="pay-say">{sentences}</div> }.into_any()
        }
    }
}

/// The one heading, which takes the focus when the page becomes another one.
#[component]
fn Top(text: String, #[prop(optional_no_strip)] lead: Option<&'static str>) -> impl IntoView {
    view! {
        <header>
            <h1 tabindex="-1">{text}</h1>
            {lead.map(|lead| view! { <p class="quiet">{lead}</p> })}
        </header>
    }
}

/// Who asks.
#[component]
fn Brand(desk: Desk) -> impl IntoView {
    let name = Signal::derive(move || {
        desk.view().map_or_else(|| "Billing".to_owned(), |view| view.agency_name.to_string())
    });
    let side = Signal::derive(move || {
        let paid = |view: PayView| matches!(view.state, PayState::Paid { .. });
        if desk.view().is_some_and(paid) { Side::End } else { Side::Start }
    });
    view! {
        <p class="brand">
            <Gate side=side />
            {name}
        </p>
    }
}

/// What holds for the link as a whole.
fn foot(view: &PayView) -> AnyView {
    let open = matches!(view.state, PayState::Open { .. }).then(|| {
        let until = browser::date_time(view.expires_at.millis());
        format!("Mailed to {}. The link works until {until}.", view.email)
    });
    let test = view.gateway.test_mode.then(|| "Test mode: no real money moves".to_owned());
    let lines: Vec<_> = open.into_iter().chain(test).collect();
    if lines.is_empty() {
        return nothing();
    }
    let line = |line| view! { <p>{line}</p> };
    view! { <footer class="pay-foot quiet">{lines.into_iter().map(line).collect_view()}</footer> }
        .into_any()
}

/// Keeps the tab's title, and tells of a page that became another one: by the focus, or at the start, when the focus
/// should stay where it is, by what this returns.
fn announce(desk: Desk, stage: Memo<Stage>) -> Signal<String> {
    let spoken = RwSignal::new(String::new());
    let complaint = desk.complaint();
    Effect::new(move |before: Option<(Stage, Option<Complaint>)>| {
        let now = (stage.get(), complaint.get());
        let text = heading(&now.0, untrack(move || desk.view()).as_ref());
        browser::set_title(&text);
        match &before {
            None => spoken.set(text),
            Some(before) => {
                spoken.set(String::new());
                if now.0 == Stage::Form && now.1.is_some() {
                    soon(|| {
                        browser::focus(ALERT);
                    });
                } else if now.0 != before.0 {
                    soon(browser::focus_heading);
                }
            }
        }
        now
    });
    spoken.into()
}

/// After the page has been changed.
fn soon(call: fn()) {
    begin(async move {
        browser::sleep(0).await;
        call();
    });
}
