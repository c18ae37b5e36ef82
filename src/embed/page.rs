//! The balance at a glance, with its lines, or as a banner.

use billing::Standing;
use leptos::prelude::*;

use super::{
    desk::{Desk, Stage, TopUp},
    shown::{Line, Shown},
    trouble::Trouble,
};

/// A piece of the page that comes, goes or becomes another: of one type, so that the framework makes its code once.
type Part = Box<dyn FnMut() -> AnyView + Send>;

fn part(call: impl FnMut() -> AnyView + Send + 'static) -> Part {
    Box::new(call)
}

/// The whole page.
pub fn page(desk: Desk) -> impl IntoView {
    part(move || match (desk.stage(), desk.is_banner()) {
        (Stage::Shown(shown), false) => card(desk, &shown),
        (Stage::Shown(shown), true) => banner(desk, &shown),
        // A banner that has nothing to say is not there.
        (_, true) => ().into_any(),
        (Stage::Loading, false) => loading(),
        (Stage::Trouble(trouble), false) => in_trouble(desk, &trouble),
    })
}

fn loading() -> AnyView {
    view! {
        <p class="unseen" role="status">"Loading the balance…"</p>
        <span class="skeleton short"></span>
        <span class="skeleton amount"></span>
        <span class="skeleton"></span>
    }
    .into_any()
}

fn card(desk: Desk, shown: &Shown) -> AnyView {
    let mut parts = vec![head(desk, shown)];
    let lasts = match (&shown.balance, shown.standing) {
        (Some(_), Standing::Paused) => "The balance is used up.",
        (Some(_), _) => &shown.runway,
        // Whose balance it is that has come to its end is said above.
        (None, Standing::Paused) => "The service is paused until the agency adds funds.",
        (None, _) => "Usage is drawn from their balance.",
    };
    match &shown.balance {
        Some(balance) => {
            parts.push(beside_top_up(desk, "sum", line("amount", balance.clone())));
            parts.push(page_words(desk, lasts.to_owned()));
        }
        None => {
            parts.push(line("amount by-agency", format!("Paid by {}", shown.agency)));
            parts.push(line("quiet", lasts.to_owned()));
        }
    }
    if desk.is_full() {
        if let Some(lines) = &shown.lines {
            parts.push(recent(lines));
        }
        if let Some(funding) = &shown.funding {
            parts.push(facts(funding));
        }
        parts.push(line("brand", shown.agency.clone()));
    }
    parts.into_any()
}

/// What it is about, and how it stands.
fn head(desk: Desk, shown: &Shown) -> AnyView {
    let (class, word) = match shown.standing {
        Standing::Active => ("state quiet", ""),
        Standing::Low => ("state wait", "Low"),
        Standing::Paused => ("state bad", "Paused"),
    };
    let stale = part(move || match desk.is_stale() {
        true => view! { <small>"Reconnecting…"</small> }.into_any(),
        false => ().into_any(),
    });
    view! {
        <header>
            <h1>"Balance"<small>{shown.name.clone()}</small></h1>
            <p role="status">{stale} <span class=class>{word}</span></p>
        </header>
    }
    .into_any()
}

/// Something with the button beside it that opens the payment page: no card is entered in a frame.
fn beside_top_up(desk: Desk, class: &'static str, what: AnyView) -> AnyView {
    view! {
        <div class=class>
            {what}
            <button class="button" type="button" on:click=move |_| desk.start_top_up()>
                "Top up"
                <span class="unseen">" (opens the payment page in a new tab)"</span>
            </button>
        </div>
    }
    .into_any()
}

/// What is to be said of the payment page; else `idle`.
fn page_words(desk: Desk, idle: String) -> AnyView {
    let words = part(move || {
        let words = match desk.top_up() {
            TopUp::Failed => {
                "The payment page could not be opened. Let this site open pages, then try again."
            }
            TopUp::Opening => "Opening the payment page…",
            TopUp::Idle => &idle,
        };
        line("quiet", words.to_owned())
    });
    view! { <div role="status">{words}</div> }.into_any()
}

fn recent(lines: &[Line]) -> AnyView {
    if lines.is_empty() {
        let nothing = line("quiet", "Nothing has been added or used yet.".to_owned());
        return view! { <section><h2>"Recent activity"</h2>{nothing}</section> }.into_any();
    }
    let rows: Vec<AnyView> = lines
        .iter()
        .map(|line| {
            view! {
                <li><span>{line.words}</span><small>{line.day.clone()}</small><b>{line.amount.clone()}</b></li>
            }
            .into_any()
        })
        .collect();
    view! { <section><h2>"Recent activity"</h2><ol>{rows}</ol></section> }.into_any()
}

fn facts(funding: &[String]) -> AnyView {
    let all: Vec<AnyView> = funding.iter().map(|fact| line("quiet", fact.clone())).collect();
    view! { <section><h2>"Funding"</h2>{all}</section> }.into_any()
}

/// Only when somebody should act.
fn banner(desk: Desk, shown: &Shown) -> AnyView {
    let (class, words) = match (&shown.balance, shown.standing) {
        (_, Standing::Active) => return ().into_any(),
        (Some(balance), Standing::Low) => {
            ("state wait", format!("The balance is low: {balance}. {}.", shown.runway))
        }
        (Some(balance), _) => {
            ("state bad", format!("The balance is used up ({balance}). The service is paused."))
        }
        (None, _) => ("state bad", "The service is paused until the agency adds funds.".to_owned()),
    };
    let words = view! { <p role="status"><span class=class>{words}</span></p> }.into_any();
    match shown.balance {
        Some(_) => {
            (beside_top_up(desk, "banner", words), page_words(desk, String::new())).into_any()
        }
        None => view! { <div class="banner">{words}</div> }.into_any(),
    }
}

fn in_trouble(desk: Desk, trouble: &Trouble) -> AnyView {
    let button = match trouble.may_pass() {
        true => view! {
            <button class="button" type="button" on:click=move |_| desk.try_again()>"Try again"</button>
        }
        .into_any(),
        false => ().into_any(),
    };
    view! {
        <div class="trouble" role="status">
            <h1>{trouble.heading()}</h1>
            {line("quiet", trouble.text())}
        </div>
        {button}
    }
    .into_any()
}

fn line(class: &'static str, text: String) -> AnyView {
    view! { <p class=class>{text}</p> }.into_any()
}
