//! One account: who pays, how long the balance lasts, what was used, and every line of the balance.

use billing::{SubAccountId, api::ClientAccount};
use leptos::prelude::*;

use super::{
    desk::desk,
    report,
    words::{NotFoundPage, lasts, payer, standing},
};
use crate::{
    api,
    browser::{self, Json},
    components::{Amount, PagesView, Trouble, date, price_words, text},
    routes::{ClientRoute, statements_of},
    ui::{Gate, Html, Icon, Shape, Side, SkeletonLines},
};

/// The page.
#[component]
pub fn AccountPage(
    /// Whose.
    id: SubAccountId,
) -> impl IntoView {
    let desk = desk();
    let (account, accounts) = (desk.account(id), desk.accounts());
    // The list holds all that is theirs: what is not in it is nobody's, or somebody else's.
    let there = Memo::new(move |_| {
        accounts.with(|all| all.as_ref().map(|all| all.iter().any(|account| account.id == id)))
    });
    move || match (there.get(), desk.failed()) {
        (Some(true), _) => view! { <Known id=id account=account /> }.into_any(),
        (Some(false), _) => view! { <NotFoundPage /> }.into_any(),
        (None, Some(error)) => view! {
            <h1 class="unseen">"Account"</h1>
            <Trouble error=error on_retry=move |()| desk.load() />
        }
        .into_any(),
        (None, None) => view! {
            <h1 class="unseen">"Account"</h1>
            <div class="card section" aria-busy="true">
                <SkeletonLines count=5 />
            </div>
        }
        .into_any(),
    }
}

#[component]
fn Known(id: SubAccountId, account: Memo<Option<ClientAccount>>) -> impl IntoView {
    let desk = desk();
    let of = move |field: fn(&ClientAccount) -> String| {
        move || account.with(|account| account.as_ref().map(field))
    };
    let usage = desk.pages(Signal::stored(api::client_usage(id)));
    let ledger = desk.pages(Signal::stored(api::client_ledger(id)));
    view! {
        <header class="page-head">
            <div>
                <a class="back" href=ClientRoute::Accounts.href()>
                    <Icon shape=Shape::Back />
                    "Your accounts"
                </a>
                <h1>{of(|account| account.name.to_string())}</h1>
                <p class="quiet">
                    {of(|account| account.external_id.clone())} " · "
                    <a href=statements_of(id)>"Statements and receipts"</a>
                </p>
            </div>
        </header>
        <div class="account-books">
            <Overview account=account />
            <PagesView pages=usage label="Usage" show=usage_lines />
            <PagesView pages=ledger label="Your balance, line by line" show=ledger_lines />
        </div>
    }
}

/// Who pays, and how things stand.
#[component]
fn Overview(account: Memo<Option<ClientAccount>>) -> impl IntoView {
    let desk = desk();
    let pays = Memo::new(move |_| {
        account.with(|account| account.as_ref().is_some_and(|account| account.balance.is_some()))
    });
    let side = Signal::derive(move || if pays.get() { Side::End } else { Side::Start });
    let words = move || {
        account.with(|account| account.as_ref().map(|account| payer(account, &desk.agency())))
    };
    let since = move || {
        account.with(|account| account.as_ref().map(|it| format!("since {}", date(it.since))))
    };
    view! {
        <section class="card overview" aria-label="Billing">
            <div class="payer">
                <Gate side=side />
                <div>
                    <span>{words}</span>
                    <small>{since}</small>
                </div>
            </div>
            {move || match pays.get() {
                true => view! { <Balance account=account /> }.into_any(),
                false => {
                    let agency = desk.agency();
                    view! {
                        <p class="client-paid">
                            {format!("{agency} pays for what this account uses. Nothing is due from you.")}
                        </p>
                    }
                        .into_any()
                }
            }}
        </section>
    }
}

/// The balance, how long it lasts, and whether somebody should act.
#[component]
fn Balance(account: Memo<Option<ClientAccount>>) -> impl IntoView {
    let desk = desk();
    let runway = move || {
        let account = account.get()?;
        let drawn = desk.recent.all.with(|pages| report::paid(pages, account.id))?;
        lasts(&account, drawn)
    };
    let note = move || {
        let account = account.get()?;
        let mark = standing(&account)?;
        let words = match account.balance.is_some_and(|balance| balance.micros() > 0) {
            true => account.low_below.map(|low| format!("Below {} it counts as low.", text(low))),
            false => Some("It is used up: the service is paused until money is added.".to_owned()),
        };
        Some(view! {
            <dl class="figure client-standing">
                <dt>"Standing"</dt>
                <dd>{mark} <small>{words}</small></dd>
            </dl>
        })
    };
    view! {
        <dl class="figure">
            <dt>"Your balance"</dt>
            <dd>
                {move || account.get()?.balance.map(|balance| view! { <Amount money=balance /> })}
                <small>{runway}</small>
            </dd>
        </dl>
        {note}
    }
}

const USAGE: &[(&str, &str)] = &[
    ("Day", ""),
    ("Type of event", ""),
    ("Quantity", "money"),
    ("Paid by", ""),
    ("You paid", "money"),
];

fn usage_lines(pages: &[Json], html: &mut Html) {
    if pages.first().is_some_and(|page| page.list("lines").is_empty()) {
        html.tag("<p class=quiet>Nothing has been used yet.</p>");
        return;
    }
    let agency = desk().agency();
    html.table("Usage, newest day first", USAGE);
    for line in pages.iter().flat_map(|page| page.list("lines")) {
        html.fact(&browser::utc_day(&line.text("day")));
        html.fact(&line.text("event_type"));
        let events = price_words::events(line.count("events"));
        html.cell(&browser::number(&line.text("quantity")), "", &events, "");
        let own = line.has("amount");
        html.fact(if own { "You" } else { agency.as_str() });
        html.fact(&if own { line.money("amount") } else { "\u{2013}".to_owned() });
    }
    html.tag("</table>");
}

const LEDGER: &[(&str, &str)] =
    &[("Date", "cell-date"), ("What", ""), ("Amount", "money"), ("Balance after", "money")];

fn ledger_lines(pages: &[Json], html: &mut Html) {
    let lines: Vec<Json> = pages.iter().flat_map(|page| page.list("lines")).collect();
    if lines.is_empty() {
        html.tag("<p class=quiet>Nothing has been booked on a balance of your own.</p>");
        return;
    }
    html.table("Your balance, newest line first", LEDGER);
    for line in lines {
        html.fact(&line.when("at"));
        html.fact(what(&line.text("kind")));
        let amount = line.money("amount");
        let plus = if amount.starts_with('\u{2212}') { "" } else { "+" };
        html.fact(&format!("{plus}{amount}"));
        html.fact(&line.money("balance_after"));
    }
    html.tag("</table>");
}

/// The business event, by its word on the wire.
fn what(kind: &str) -> &'static str {
    match kind {
        "top_up" => "Payment",
        "draw" => "Usage",
        "return" => "Moved to the agency",
        "refund" | "refund_settled" | "refund_failed" => "Refund",
        "dispute" | "dispute_won" => "Disputed payment",
        _ => "Correction",
    }
}
