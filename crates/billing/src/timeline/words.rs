//! What happened to an account's funding, in a sentence. The server says it, so that no browser carries the words.

use crate::funding::{Closure, DisputeStatus, Event, Payer, ReturnChoice};

/// The event in a sentence, without its full stop.
pub fn words(event: &Event) -> String {
    match event {
        Event::BillingRequested { email, starting_balance, .. } => {
            format!("Asked {email} to take over, from {starting_balance}")
        }
        Event::UsageAsked { amount: Some(amount), .. } => {
            format!("Asked for {amount} of usage on top")
        }
        Event::UsageAsked { amount: None, .. } => "Usage no longer asked for".to_owned(),
        Event::RequestResent { .. } => "Request mailed once more".to_owned(),
        Event::RequestOpened { .. } => "Link opened".to_owned(),
        Event::RequestClosed { closure, email, .. } => {
            let how = match closure {
                Closure::Revoked => "withdrawn",
                Closure::Expired => "expired",
                Closure::Replaced => "replaced",
                Closure::Paid => "paid",
            };
            format!("Request to {email} {how}")
        }
        Event::PaymentStarted { amount, card, .. } => {
            format!("Payment of {amount} begun with {}", card.label())
        }
        Event::PaymentNeedsAction { .. } => "The bank asks the customer to authenticate".to_owned(),
        Event::PaymentCancelAsked { .. } => "Payment no longer wanted: cancelling it".to_owned(),
        Event::PaymentFailed { failure, .. } => failure.words(),
        Event::PaymentCredited { amount, usage: Some(usage), .. } => {
            format!("{amount} paid, {usage} of it for usage")
        }
        Event::PaymentCredited { amount, .. } => {
            format!("{amount} added to the customer's balance")
        }
        Event::PaymentRejected { amount, .. } => format!("{amount} came too late and is paid back"),
        Event::SwitchedToCustomer { email, late, .. } => {
            let late = if *late { ", after the request had ended" } else { "" };
            format!("Customer billing began: {email} paid{late}")
        }
        Event::CardChanged { card: Some(card) } => {
            format!("{} is charged from now on", card.label())
        }
        Event::CardChanged { card: None } => "No card on file any more".to_owned(),
        Event::RefundAsked { amount, .. } => format!("{amount} is on its way back to the card"),
        Event::DisputeOpened { amount, reason, from_customer, .. } => {
            let lost = whose_loss(*amount, *from_customer);
            format!("Payment disputed ({}): {lost}", reason_words(reason))
        }
        Event::DisputeClosed { amount, won: true, .. } => {
            format!("Dispute won: {amount} came back")
        }
        Event::DisputeClosed { amount, won: false, .. } => {
            format!("Dispute lost: {amount} is gone")
        }
        Event::AccountClosed => "Account closed".to_owned(),
        Event::AccountReopened => "Account opened again".to_owned(),
        Event::ReturnAsked { close: true, .. } => {
            "To be closed: waits for a payment under way".to_owned()
        }
        Event::ReturnAsked { .. } => {
            "Added to agency billing: waits for a payment under way".to_owned()
        }
        Event::ReturnedToAgency { choice: ReturnChoice::Transfer, moved, .. } => {
            format!("Agency billing began: {moved} moved to the agency")
        }
        Event::ReturnedToAgency { choice: ReturnChoice::Refund, .. } => {
            "Agency billing began: balance refunded to the card".to_owned()
        }
        Event::RefundSettled { amount, .. } => format!("Refund of {amount} reached the card"),
        Event::RefundFailed { amount, to, .. } => {
            let whose = match to {
                Payer::Agency => "agency's",
                Payer::Customer => "customer's",
            };
            format!("Refund of {amount} failed: it is on the {whose} balance")
        }
    }
}

/// `$25.00 taken from the customer's balance`, and what the agency's lost of it.
pub fn whose_loss(amount: crate::Money, from_customer: crate::Money) -> String {
    match amount.minus(from_customer) {
        Ok(agencys) if from_customer.is_zero() => {
            format!("{agencys} taken from the agency's balance")
        }
        Ok(agencys) if !agencys.is_zero() => format!(
            "{from_customer} taken from the customer's balance, {agencys} from the agency's"
        ),
        _ => format!("{from_customer} taken from the customer's balance"),
    }
}

/// Why a payment is disputed: the gateway's word as people say it.
pub fn reason_words(reason: &str) -> String {
    match reason {
        "fraudulent" => "the cardholder says they did not pay".to_owned(),
        "product_not_received" => "the cardholder says they got nothing for it".to_owned(),
        "product_unacceptable" => "the cardholder says it was not as described".to_owned(),
        "credit_not_processed" => "the cardholder says they were promised it back".to_owned(),
        "duplicate" => "the cardholder says they paid twice".to_owned(),
        "subscription_canceled" => "the cardholder says they had cancelled".to_owned(),
        "unrecognized" => "the cardholder does not recognise it".to_owned(),
        "" | "general" => "no reason was given".to_owned(),
        other => other.replace('_', " "),
    }
}

/// How far a dispute is, in a word or two.
pub fn dispute_words(status: DisputeStatus) -> &'static str {
    match status {
        DisputeStatus::Open => "Disputed",
        DisputeStatus::Won => "Dispute won",
        DisputeStatus::Lost => "Dispute lost",
    }
}
