//! A million transitions of the funding machine, drawn at random from a fixed seed, each checked against DESIGN §5 as soon
//! as it has happened. When one breaks a rule, proptest cuts the story down to the shortest that still does.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "this is a test")]

#[allow(dead_code, reason = "other tests use the rest of it")]
mod world;

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
};

use proptest::{
    collection::vec,
    prelude::any,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner},
};
use world::{World, step::Step};

/// What CI has to see, in two halves that run side by side.
const TRANSITIONS: u64 = 1_000_000;
/// How many stories a half takes, of up to [`STEPS`] steps.
const STORIES: u32 = 46_000;
/// How many kinds of events there are.
const EVENTS: usize = 22;
/// The longest story.
const STEPS: usize = 160;

#[test]
fn the_first_half_million_transitions_keep_every_invariant() {
    half(1);
}

#[test]
fn the_second_half_million_transitions_keep_every_invariant() {
    half(2);
}

fn half(seed: u8) {
    let config = Config { cases: STORIES, failure_persistence: None, ..Config::default() };
    let chance = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(config, chance);
    let (transitions, repeats, refusals) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let seen = RefCell::new(BTreeSet::new());
    let outcome = runner.run(&vec(any::<Step>(), 1..=STEPS), |steps| {
        let mut world = World::new();
        let lived = steps.iter().try_for_each(|step| world.step(*step));
        let lived = lived.and_then(|()| world.settle_down());
        transitions.set(transitions.get() + world.tally.transitions);
        repeats.set(repeats.get() + world.tally.repeats);
        refusals.set(refusals.get() + world.tally.refusals);
        let logs = world.accounts.iter().flat_map(|account| &account.log);
        seen.borrow_mut().extend(logs.map(|recorded| recorded.event.name()));
        lived.map_err(|broken| TestCaseError::fail(format!("{broken}\n{}", world.story())))
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(why, steps)) => panic!("{why}\nas steps: {steps:?}"),
        Err(other) => panic!("{other}"),
    }
    let (transitions, repeats, refusals) = (transitions.get(), repeats.get(), refusals.get());
    println!("seed {seed}: {transitions} transitions, {repeats} repeats, {refusals} refusals");
    assert!(transitions >= TRANSITIONS / 2, "only {transitions} transitions");
    let seen = seen.into_inner();
    assert_eq!(seen.len(), EVENTS, "not everything has happened, only {seen:?}");
    assert!(repeats > 0 && refusals > 0, "nothing was ever repeated or refused");
}
