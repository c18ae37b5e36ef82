//! What becomes of cards: one is on file, and the gateway forgets every other.

use super::situations::{
    CURRENT, OPEN_REQUEST, Situation, TOP_UP, ask, card, settle, start, to_agency, top_up, usd,
};
use crate::funding::{Actor, Card, Command, Decision, Effect, Recorded, ReturnChoice, effects};

fn other_card() -> Card {
    Card { payment_method: Some("pm_2".to_owned()), last4: "4444".to_owned(), ..card() }
}

fn customer() -> Situation {
    Situation::new("")
        .then(&ask(OPEN_REQUEST, usd(25_00)))
        .then(&start(OPEN_REQUEST, CURRENT, usd(25_00)))
        .then(&settle(CURRENT))
}

fn settle_with(card: Option<Card>) -> Command {
    match settle(TOP_UP) {
        Command::SettlePayment { payment, amount, .. } => {
            Command::SettlePayment { payment, amount, card }
        }
        other => other,
    }
}

/// The cards that the gateway is asked to forget.
fn forgotten(situation: &Situation, command: &Command) -> Vec<Card> {
    let Ok(Decision::Events(events)) = situation.decide(command) else { panic!("{command:?}") };
    let work = events.into_iter().flat_map(|event| {
        effects(&Recorded { at: situation.now, actor: Actor::system("test"), event }, 0)
    });
    let card = |effect| match effect {
        Effect::DetachCard { card } => Some(card),
        _ => None,
    };
    work.filter_map(card).collect()
}

#[test]
fn a_top_up_with_another_card_puts_it_on_file_and_drops_the_one_before() {
    let topping_up = customer().then(&top_up(TOP_UP, usd(25_00)));
    let settled = settle_with(Some(other_card()));
    assert_eq!(forgotten(&topping_up, &settled), [card()]);
    let after = topping_up.then(&settled);
    assert_eq!(after.funding.customer().unwrap().card, Some(other_card()));
    // What is still on the balance can go back to the card that paid it, on file or not.
    assert_eq!(after.funding.lots().len(), 2);
    assert_eq!(forgotten(&after, &to_agency(ReturnChoice::Transfer, false)), [other_card()]);
}

#[test]
fn the_same_card_and_one_that_nobody_knows_leave_what_is_on_file() {
    for known in [Some(card()), None] {
        let topping_up = customer().then(&top_up(TOP_UP, usd(25_00)));
        let settled = settle_with(known);
        assert_eq!(forgotten(&topping_up, &settled), []);
        assert_eq!(topping_up.then(&settled).funding.customer().unwrap().card, Some(card()));
    }
}

#[test]
fn a_top_up_that_lands_while_billing_goes_back_leaves_no_card_behind() {
    let returning = customer()
        .then(&top_up(TOP_UP, usd(25_00)))
        .then(&to_agency(ReturnChoice::Transfer, false));
    assert_eq!(forgotten(&returning, &settle_with(Some(other_card()))), [other_card(), card()]);
    assert_eq!(forgotten(&returning, &settle_with(Some(card()))), [card()]);
}
