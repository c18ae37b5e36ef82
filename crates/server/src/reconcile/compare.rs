//! Two lists side by side. Pure: what differs depends on them alone.

use std::collections::{BTreeMap, BTreeSet};

use billing::funding::{PaymentStatus, RefundStatus};
use serde::Serialize;

use super::{Ours, Theirs, disputes};
use crate::{
    gateway::{Intent, IntentStatus, RefundOutcome},
    storage::payments::PaymentRow,
};

/// Something that is on one side only, or otherwise there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What it is about: our id, or the gateway's.
    pub about: String,
    /// What our books say.
    pub ours: String,
    /// What the gateway says.
    pub theirs: String,
    /// What an operator does about it.
    pub advice: &'static str,
}

pub(super) const NOTHING: &str = "nothing";
const NOT_OURS: &str = "Find out who made it. If it should not be there, refund it or cancel it in the gateway's dashboard.";
pub(super) const SERVER: &str = "A running server asks the gateway and settles it. If it stays, look for this payment in the log.";
pub(super) const PERSON: &str = "Compare the two in the gateway's dashboard. Sluice does not guess: whoever holds money that is not theirs pays it back there.";
const ASIDE: &str =
    "Compare the two in the gateway's dashboard. Once they agree: `sluice payment look-again ID`.";
const DETACH: &str = "Nobody will charge it. Detach it in the gateway's dashboard.";
const NEW_CARD: &str = "The next charge would fail. Ask whoever pays for a card.";

/// What differs, in the order of our payments, then what only the gateway has.
pub(super) fn compare(ours: &Ours, theirs: &Theirs) -> Vec<Difference> {
    let mut found = Vec::new();
    let by_id: BTreeMap<_, _> = theirs.intents.iter().map(|intent| (&*intent.id, intent)).collect();
    let by_payment: BTreeMap<_, _> =
        theirs.intents.iter().filter_map(|intent| Some((intent.payment?, intent))).collect();
    let mut known = BTreeSet::new();
    let mut refunds: BTreeMap<String, (RefundStatus, billing::Money)> = BTreeMap::new();
    for row in &ours.payments {
        let intent = row.intent.as_deref().and_then(|id| by_id.get(id).copied());
        let intent = intent.or_else(|| by_payment.get(&row.payment.id).copied());
        known.extend(intent.map(|intent| intent.id.as_str()));
        found.extend(payment(row, intent));
        for refund in &row.payment.refunds {
            refunds.insert(refund.key.to_string(), (refund.status, refund.amount));
        }
    }
    for intent in theirs.intents.iter().filter(|intent| !known.contains(&*intent.id)) {
        let theirs = format!("{} {}", word(&intent.status), intent.amount);
        found.push(difference(&intent.id, NOTHING.to_owned(), theirs, NOT_OURS));
    }
    found.extend(refunds_differ(refunds, theirs));
    found.extend(disputes::differ(ours, theirs));
    found.extend(cards_differ(ours, theirs));
    found
}

pub(super) fn difference(
    about: impl ToString,
    ours: String,
    theirs: String,
    advice: &'static str,
) -> Difference {
    Difference { about: about.to_string(), ours, theirs, advice }
}

fn payment(row: &PaymentRow, intent: Option<&Intent>) -> Option<Difference> {
    let payment = &row.payment;
    let ours = format!("{} {}", payment.status.name(), payment.amount);
    let Some(intent) = intent else {
        // Intended, and not asked for yet, or refused before there was anything.
        let may_be = payment.status != PaymentStatus::Settled && row.intent.is_none();
        let none = || difference(payment.id, ours, NOTHING.to_owned(), PERSON);
        return (!may_be).then(none);
    };
    let theirs = format!("{} {}", word(&intent.status), intent.amount);
    if let Some(why) = &row.quarantined {
        let ours = format!("{ours}, put aside: {why}");
        return Some(difference(payment.id, ours, theirs, ASIDE));
    }
    if intent.amount != payment.amount {
        return Some(difference(payment.id, ours, theirs, PERSON));
    }
    let advice = match (payment.status, &intent.status) {
        (PaymentStatus::Settled, IntentStatus::Succeeded) => return None,
        (
            PaymentStatus::Failed,
            IntentStatus::RequiresPaymentMethod | IntentStatus::Canceled | IntentStatus::Unknown(_),
        ) => return None,
        (
            PaymentStatus::Started | PaymentStatus::ActionRequired,
            IntentStatus::Processing | IntentStatus::RequiresAction | IntentStatus::Unknown(_),
        ) => return None,
        (PaymentStatus::Started | PaymentStatus::ActionRequired, _) => SERVER,
        (PaymentStatus::Settled | PaymentStatus::Failed, _) => PERSON,
    };
    Some(difference(payment.id, ours, theirs, advice))
}

fn refunds_differ(
    mut ours: BTreeMap<String, (RefundStatus, billing::Money)>,
    theirs: &Theirs,
) -> Vec<Difference> {
    let mut found = Vec::new();
    for refund in &theirs.refunds {
        let told = format!("{} {}", refund_word(refund.outcome), refund.amount);
        let known = refund.refund.as_deref().and_then(|name| ours.remove_entry(name));
        let Some((name, (status, amount))) = known else {
            found.push(difference(&refund.id, NOTHING.to_owned(), told, NOT_OURS));
            continue;
        };
        let agrees = match status {
            RefundStatus::Succeeded => refund.outcome == RefundOutcome::Succeeded,
            RefundStatus::Failed => refund.outcome == RefundOutcome::Failed,
            RefundStatus::Pending => refund.outcome == RefundOutcome::Pending,
        };
        if !agrees || amount != refund.amount {
            let advice = if status == RefundStatus::Pending { SERVER } else { PERSON };
            let said = format!("{} {amount}", status_word(status));
            found.push(difference(name, said, told, advice));
        }
    }
    for (name, (status, amount)) in ours {
        let advice = match status {
            // The gateway would not make it.
            RefundStatus::Failed => continue,
            RefundStatus::Pending => SERVER,
            RefundStatus::Succeeded => PERSON,
        };
        let said = format!("{} {amount}", status_word(status));
        found.push(difference(name, said, NOTHING.to_owned(), advice));
    }
    found
}

fn cards_differ(ours: &Ours, theirs: &Theirs) -> Vec<Difference> {
    let on_file: BTreeSet<_> = ours.cards.iter().map(|(_, card)| card).collect();
    let kept: BTreeSet<_> = theirs.cards.iter().map(|(_, card)| card).collect();
    let strays = theirs.cards.iter().filter(|(_, card)| !on_file.contains(card));
    let lost = ours.cards.iter().filter(|(_, card)| !kept.contains(card));
    let stray = |(customer, card): &(String, String)| {
        difference(card, NOTHING.to_owned(), format!("kept of {customer}"), DETACH)
    };
    let gone = |(account, card): &(Option<billing::SubAccountId>, String)| {
        let whose = account.map_or_else(|| "an agency".to_owned(), |account| account.to_string());
        difference(card, format!("on file of {whose}"), NOTHING.to_owned(), NEW_CARD)
    };
    strays.map(stray).chain(lost.map(gone)).collect()
}

fn word(status: &IntentStatus) -> &str {
    match status {
        IntentStatus::Succeeded => "succeeded",
        IntentStatus::RequiresAction => "requires_action",
        IntentStatus::RequiresPaymentMethod => "requires_payment_method",
        IntentStatus::Processing => "processing",
        IntentStatus::Canceled => "canceled",
        IntentStatus::Unknown(word) => word,
    }
}

fn refund_word(outcome: RefundOutcome) -> &'static str {
    match outcome {
        RefundOutcome::Succeeded => "succeeded",
        RefundOutcome::Pending => "pending",
        RefundOutcome::Failed => "failed",
    }
}

fn status_word(status: RefundStatus) -> &'static str {
    match status {
        RefundStatus::Succeeded => "succeeded",
        RefundStatus::Pending => "pending",
        RefundStatus::Failed => "failed",
    }
}

#[cfg(test)]
mod tests;
