//! Lines of the books.

use billing::{api::LedgerLine, funding::Payer, ledger::EntryKind};
use leptos::prelude::*;

use super::{
    amount::{Amount, ChangeAmount},
    when::date_time,
};

/// The lines as a table, newest first.
#[component]
pub fn LedgerTable(
    /// Newest first, as they come.
    #[prop(into)]
    lines: Signal<Vec<LedgerLine>>,
) -> impl IntoView {
    view! {
        <table class="table ledger">
            <caption class="unseen">"Ledger, newest first"</caption>
            <thead>
                <tr>
                    <th scope="col">"Date"</th>
                    <th scope="col">"What"</th>
                    <th scope="col">"Reference"</th>
                    <th scope="col" class="money">"Amount"</th>
                    <th scope="col" class="money">"Balance after"</th>
                </tr>
            </thead>
            <tbody>
                <For
                    each=move || lines.get()
                    key=|line| (line.entry, line.balance_of)
                    children=|line| view! { <Line line=line /> }
                />
            </tbody>
        </table>
    }
}

#[component]
fn Line(line: LedgerLine) -> impl IntoView {
    let whose = match line.balance_of {
        Payer::Agency => "agency's",
        Payer::Customer => "customer's",
    };
    view! {
        <tr>
            <td class="cell-date">
                <time datetime=line.at.to_string()>{date_time(line.at)}</time>
            </td>
            <td class="cell-what">{what(&line)}</td>
            <td class="cell-reference" title=line.reference.clone()>
                <code>{short(&line.reference)}</code>
            </td>
            <td class="cell-amount money">
                <ChangeAmount money=line.amount />
            </td>
            <td class="cell-after money">
                <Amount money=line.balance_after exact=true />
                <small>{whose}</small>
            </td>
        </tr>
    }
}

fn what(line: &LedgerLine) -> &'static str {
    match line.kind {
        EntryKind::TopUp => "Payment",
        EntryKind::UnappliedPayment => "Payment to be paid back",
        EntryKind::Draw => "Usage",
        EntryKind::Return => "Returned to agency billing",
        EntryKind::RefundSettled => "Refund reached the card",
        EntryKind::RefundFailed => "Refund that failed",
        EntryKind::Adjustment => "Adjustment",
    }
}

/// Enough of a reference to tell it from its neighbours: a long id by its kind and its last letters, anything else whole.
fn short(reference: &str) -> String {
    let characters = reference.chars().count();
    match reference.split_once('_') {
        Some((kind, _)) if characters > 20 && kind.len() <= 4 => {
            let end: String = reference.chars().skip(characters.saturating_sub(6)).collect();
            format!("{kind}_…{end}")
        }
        _ => reference.to_owned(),
    }
}
