//! Every effect on the outside world × every point where the process may be killed × every answer that may come: each cell ends
//! in books that agree with the gateway's, and in one effect where one is meant. What cannot happen is named, with its reason
//! ([`cells`]). Beside it, [`orders`]: the gateway's webhooks about one payment, in every order.
//!
//! A cell has an installation of its own: a real database file, the real sandbox process with one of its faults, a mail server
//! and an endpoint on real sockets. A killed process is one whose tasks are gone at that very step ([`hold`]); the next one opens
//! the database again, frees what was taken as `jobs::run` does at its start, and is left to itself.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "a test that cannot go on has failed; the support files serve several suites"
)]

#[path = "../treasury/scene.rs"]
mod agency;
mod cancels;
mod cells;
#[path = "../wallet/scene.rs"]
mod customer;
#[path = "../support/held.rs"]
mod held;
mod hold;
mod letters;
mod messages;
#[path = "../support/metering.rs"]
mod metering;
#[path = "../support/office.rs"]
mod office;
mod orders;
mod payments;
mod returns;
#[path = "../support/sandbox.rs"]
mod sandbox;
mod scene;
mod sockets;
mod wallets;

use std::{
    io::Write as _,
    sync::{Arc, Mutex},
};

use cells::{ANSWERS, CRASHES, Cell, EFFECTS, Effect, IMPOSSIBLE};
use tokio::{sync::Semaphore, task::JoinSet};

/// Cells of one effect at once.
const AT_ONCE: usize = 4;

/// What has been run so far, by all the tests of this process: effects, cells, faults fired.
static RUN: Mutex<(usize, usize, u32)> = Mutex::new((0, 0, 0));

/// Past the capture of the test harness: the size of the matrix is to be seen when all is well, too.
fn say(line: &str) {
    let mut terminal = std::io::stderr();
    terminal.write_all(format!("{line}\n").as_bytes()).unwrap();
}

async fn run(cell: Cell) -> u32 {
    match cell.effect {
        Effect::Customer | Effect::Charge | Effect::ChargeLookUp => payments::run(cell).await,
        Effect::CancelPayment => cancels::run(cell).await,
        Effect::Refund | Effect::RefundLookUp | Effect::RefundByHand | Effect::Detach => {
            returns::run(cell).await
        }
        Effect::Mail => letters::run(cell).await,
        Effect::Webhook => messages::run(cell).await,
        _ => wallets::run(cell).await,
    }
}

/// Runs every cell of an effect that can happen.
async fn row(effect: Effect) {
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut cells = JoinSet::new();
    let mut named = std::collections::HashMap::new();
    for cell in Cell::all().filter(|cell| cell.effect == effect && cell.impossible().is_none()) {
        let room = Arc::clone(&room);
        let task = cells.spawn(async move {
            let _place = room.acquire_owned().await.unwrap();
            run(cell).await
        });
        named.insert(task.id(), cell);
    }
    let (count, mut fired, mut wrong) = (cells.len(), 0, Vec::new());
    while let Some(done) = cells.join_next_with_id().await {
        match done {
            Ok((_, faults)) => fired += faults,
            Err(error) => wrong.push(format!("{:?}", named[&error.id()])),
        }
    }
    assert!(wrong.is_empty(), "{} of {count} cells went wrong: {wrong:#?}", wrong.len());
    let (effects, cells, faults) = {
        let mut run = RUN.lock().unwrap();
        *run = (run.0 + 1, run.1 + count, run.2 + fired);
        *run
    };
    if effects == EFFECTS.len() {
        let impossible = Cell::all().filter(|cell| cell.impossible().is_some()).count();
        let total = format!("{cells} cells, {faults} faults fired, {impossible} impossible");
        say(&format!("effects matrix: {total}"));
    }
}

#[test]
fn what_cannot_happen_is_named_and_nothing_else_is_left_out() {
    let all = Cell::all().count();
    assert_eq!(all, EFFECTS.len() * CRASHES.len() * ANSWERS.len());
    for (reason, rules) in IMPOSSIBLE {
        let hit = Cell::all().filter(rules).count();
        assert!(hit > 0, "this happens to no cell: {reason}");
    }
    let impossible = Cell::all().filter(|cell| cell.impossible().is_some()).count();
    assert_eq!((all, impossible), (630, 49));
}

#[tokio::test]
async fn the_gateways_customer_is_made() {
    row(Effect::Customer).await;
}

#[tokio::test]
async fn a_card_is_charged_once() {
    row(Effect::Charge).await;
}

#[tokio::test]
async fn a_charge_of_unknown_outcome_is_looked_up() {
    row(Effect::ChargeLookUp).await;
}

#[tokio::test]
async fn a_charge_that_nobody_waits_for_is_called_off() {
    row(Effect::CancelPayment).await;
}

#[tokio::test]
async fn money_goes_back_once() {
    row(Effect::Refund).await;
}

#[tokio::test]
async fn a_refund_of_unknown_outcome_is_looked_up() {
    row(Effect::RefundLookUp).await;
}

#[tokio::test]
async fn money_goes_back_by_hand_once() {
    row(Effect::RefundByHand).await;
}

#[tokio::test]
async fn a_card_is_forgotten() {
    row(Effect::Detach).await;
}

#[tokio::test]
async fn a_card_is_saved_once() {
    row(Effect::SaveCard).await;
}

#[tokio::test]
async fn a_card_of_unknown_outcome_is_looked_up() {
    row(Effect::SaveCardLookUp).await;
}

#[tokio::test]
async fn a_card_that_waits_for_its_holder_is_looked_up() {
    row(Effect::SetupLookUp).await;
}

#[tokio::test]
async fn a_card_that_nobody_waits_for_is_called_off() {
    row(Effect::CancelSetup).await;
}

#[tokio::test]
async fn a_balance_is_recharged_once() {
    row(Effect::Recharge).await;
}

#[tokio::test]
async fn a_card_on_file_is_charged_once() {
    row(Effect::TopUp).await;
}

#[tokio::test]
async fn an_agencys_first_card_is_saved_once() {
    row(Effect::AgencySaveCard).await;
}

#[tokio::test]
async fn an_agencys_card_is_charged_once() {
    row(Effect::AgencyCharge).await;
}

#[tokio::test]
async fn a_letter_leaves() {
    row(Effect::Mail).await;
}

#[tokio::test]
async fn a_webhook_arrives() {
    row(Effect::Webhook).await;
}
