//! The balance at a glance, with its lines, or as a banner.

use billing::Standing;
use leptos::prelude::*;

use super::{
    desk::{Desk, Stage},
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
        (Stage::Shown(shown), true) => banner(&shown),
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
    parts.push(match &shown.balance {
        Some(balance) => line("amount", balance.clone()),
        None => line("amount by-agency", format!("Paid by {}", shown.agency)),
    });
    parts.push(match (&shown.balance, shown.standing) {
        (_, Standing::Paused) => line("quiet", "The balance is used up.".to_owned()),
        (Some(_), _) => line("quiet", shown.runway.clone()),
        (None, _) => line("quiet", "Usage is drawn from their balance.".to_owned()),
    });
    if let (None, Standing::Paused) = (&shown.balance, shown.standing) {
        // Whose balance it is that has come to its end is said above.
        parts.pop();
        parts.push(line("quiet", "The service is paused until the agency adds funds.".to_owned()));
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
fn banner(shown: &Shown) -> AnyView {
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
    view! { <p class="banner" role="status"><span class=class>{words}</span></p> }.into_any()
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
