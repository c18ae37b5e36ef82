//! Disputes side by side.

use std::collections::BTreeMap;

use billing::{Money, funding::DisputeStatus as Here};

use super::{
    Ours, Theirs,
    compare::{Difference, NOTHING, PERSON, SERVER, difference},
};
use crate::gateway::DisputeStatus as There;

/// What differs: theirs in their order, then what only we have.
pub(super) fn differ(ours: &Ours, theirs: &Theirs) -> Vec<Difference> {
    let mut known: BTreeMap<&str, (Here, Money)> = ours
        .payments
        .iter()
        .flat_map(|row| &row.payment.disputes)
        .map(|dispute| (dispute.id.as_str(), (dispute.status, dispute.amount)))
        .collect();
    let mut found = Vec::new();
    for dispute in &theirs.disputes {
        let told = format!("{} {}", there(&dispute.status), dispute.amount);
        match known.remove(dispute.id.as_str()) {
            Some((status, amount)) => {
                if let Some(advice) = advice(status, &dispute.status, amount == dispute.amount) {
                    let said = format!("{} {amount}", here(status));
                    found.push(difference(&dispute.id, said, told, advice));
                }
            }
            // The bank only asks, or asked: no money was taken.
            None if matches!(dispute.status, There::Inquiry | There::Closed(_)) => {}
            None => found.push(difference(&dispute.id, NOTHING.to_owned(), told, UNHEARD)),
        }
    }
    for (id, (status, amount)) in known {
        let said = format!("{} {amount}", here(status));
        found.push(difference(id, said, NOTHING.to_owned(), PERSON));
    }
    found
}

const UNHEARD: &str =
    "Its webhook was lost: have the gateway send its event charge.dispute.created once more.";

fn advice(ours: Here, theirs: &There, same_amount: bool) -> Option<&'static str> {
    if !same_amount {
        return Some(PERSON);
    }
    match (ours, theirs) {
        (Here::Open, There::NeedsResponse | There::UnderReview | There::Unknown(_))
        | (Here::Won, There::Won | There::Inquiry | There::Closed(_))
        | (Here::Lost, There::Lost) => None,
        (Here::Open, _) => Some(SERVER),
        (Here::Won | Here::Lost, _) => Some(PERSON),
    }
}

fn here(status: Here) -> &'static str {
    match status {
        Here::Open => "disputed",
        Here::Won => "dispute won",
        Here::Lost => "dispute lost",
    }
}

fn there(status: &There) -> &str {
    match status {
        There::NeedsResponse => "needs_response",
        There::UnderReview => "under_review",
        There::Won => "won",
        There::Lost => "lost",
        There::Inquiry => "warning",
        There::Closed(word) | There::Unknown(word) => word,
    }
}
