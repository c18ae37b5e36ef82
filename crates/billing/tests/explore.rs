//! Every state that a small alphabet of commands can reach in so many steps, each met once, each transition checked: what
//! chance may miss, exhaustion does not.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "this is a test")]

#[allow(dead_code, reason = "other tests use the rest of it")]
mod world;

use std::collections::BTreeSet;

use billing::{
    PaymentId, RequestId, Timestamp,
    funding::{Command, ReturnChoice},
    text::MessageText,
};
use world::{
    Word, World,
    gateway::{card, news, usd},
};

/// How long the sequences are.
const STEPS: usize = 12;
/// How many requests, and how many payments, there may be.
const NAMES: u8 = 2;

fn request(number: u8) -> RequestId {
    RequestId::new(Timestamp::from_millis(1), [number; 10])
}

fn payment(number: u8) -> PaymentId {
    PaymentId::new(Timestamp::from_millis(1), [number; 10])
}

/// Everything that can be tried in a state. The gateway's news come as soon as they are true, and again and again.
fn next(world: &World) -> Vec<World> {
    let account = &world.accounts[0];
    let mut commands = Vec::new();
    let fresh_request = u8::try_from(account.requests.len()).unwrap();
    if fresh_request < NAMES {
        commands.push(Command::RequestBilling {
            request: request(fresh_request),
            email: world::email(0),
            starting_balance: usd(25_000_000),
            message: MessageText::parse("Please take over.").unwrap(),
        });
    }
    let fresh_payment = u8::try_from(account.paid.len()).unwrap();
    for number in 0..fresh_request {
        let request = request(number);
        commands.push(Command::RevokeRequest { request });
        commands.push(Command::AskForUsage { request, amount: Some(usd(3_500_000)) });
        if fresh_payment < NAMES {
            let payment = payment(fresh_payment);
            commands.push(Command::StartPayment {
                request,
                payment,
                amount: usd(25_000_000),
                usage: account.asked_usage(request),
                card: card(1),
            });
        }
    }
    if fresh_payment < NAMES {
        let payment = payment(fresh_payment);
        commands.push(Command::StartTopUp { payment, amount: usd(30_000_000), card: card(2) });
    }
    for choice in [ReturnChoice::Transfer, ReturnChoice::Refund] {
        commands.push(Command::AddToAgency { choice, take_over_negative: true });
    }
    let mut worlds: Vec<World> =
        commands.into_iter().map(|command| after(world, command)).collect();
    for (payment, intent) in &world.gateway.intents {
        for word in [Word::Action, Word::Failed, Word::Settled] {
            let mut told = world.clone();
            told.gateway.becomes(*payment, word);
            if told.gateway.intents[payment].words.contains(&word) {
                let at = Timestamp::from_millis(1);
                worlds.push(after(&told, news(*payment, word, intent.amount, at)));
            }
        }
    }
    for key in world.gateway.repayments.keys() {
        for arrives in [true, false] {
            let mut told = world.clone();
            told.gateway.repays(*key, arrives);
            if told.gateway.repayments[key].words.contains(&arrives) {
                let refund = *key;
                let command = if arrives {
                    Command::SettleRefund { refund }
                } else {
                    Command::FailRefund { refund }
                };
                worlds.push(after(&told, command));
            }
        }
    }
    if let Some(open) = account.funding.open_request() {
        let mut late = world.clone();
        late.now = late.now.max(open.expires_at);
        worlds.push(after(&late, Command::ExpireRequest { request: open.id }));
    }
    worlds
}

fn after(world: &World, command: Command) -> World {
    let mut world = world.clone();
    if let Err(broken) = world.command(0, command.clone()) {
        panic!("{broken}\nafter\n{}{command:?}", world.story());
    }
    world
}

/// All that decides what can happen from here on.
fn mark(world: &World) -> String {
    let account = &world.accounts[0];
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        account.funding.state,
        account.payments,
        account.switches,
        world.gateway,
        world.books.all(),
        world.now
    )
}

#[test]
fn every_short_sequence_keeps_every_invariant() {
    let mut start = World::new();
    start.tick = 0;
    let mut met = BTreeSet::from([mark(&start)]);
    let mut edge = vec![start];
    let mut transitions = 0_u64;
    for _ in 0..STEPS {
        let mut further = Vec::new();
        for world in &edge {
            for reached in next(world) {
                transitions += reached.tally.transitions - world.tally.transitions;
                if met.insert(mark(&reached)) {
                    further.push(reached);
                }
            }
        }
        edge = further;
    }
    println!("{} states by {transitions} transitions of up to {STEPS} steps", met.len());
    assert!(met.len() > 10_000, "only {} states", met.len());
}
