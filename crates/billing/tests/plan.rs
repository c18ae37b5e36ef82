//! What the dialogs promise before their button is pressed, word for word.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::inconsistent_digit_grouping, reason = "dollars and cents: 100_00")]
#![allow(clippy::unwrap_used, reason = "this is a test")]

#[allow(dead_code, reason = "other tests use the rest of it")]
mod world;

use billing::{
    Money, PaymentId, RequestId,
    funding::{Command, Context, Payer, Refusal, ReturnChoice},
    ledger::Book,
    plan::{Plan, plan, preview_actor},
    text::{EmailAddress, MessageText},
};
use world::{Word, World};

fn usd(cents: i64) -> Money {
    Money::from_minor(cents, billing::Currency::Usd).unwrap()
}

fn ask(world: &mut World, email: &str) -> Command {
    Command::RequestBilling {
        request: RequestId::new(world.now, world.fresh()),
        email: EmailAddress::parse(email).unwrap(),
        starting_balance: usd(50_00),
        message: MessageText::parse("Please take over.").unwrap(),
    }
}

fn requested() -> World {
    let mut world = World::new();
    let command = ask(&mut world, "dana@brightwater.co");
    world.command(0, command).unwrap();
    world
}

/// A customer who paid this much.
fn customer(cents: i64) -> World {
    let mut world = requested();
    let payment = PaymentId::new(world.now, world.fresh());
    let request = world.accounts[0].requests[0];
    let card = world::gateway::card(4242);
    world
        .command(
            0,
            Command::StartPayment { request, payment, amount: usd(cents), usage: None, card },
        )
        .unwrap();
    settle(&mut world, payment);
    world
}

fn top_up(world: &mut World, cents: i64) -> PaymentId {
    let payment = PaymentId::new(world.now, world.fresh());
    let card = world::gateway::card(4242);
    world.command(0, Command::StartTopUp { payment, amount: usd(cents), card }).unwrap();
    payment
}

fn settle(world: &mut World, payment: PaymentId) {
    world.gateway.becomes(payment, Word::Settled);
    world.tell(payment, 0).unwrap();
}

/// What a dialog on the first account shows when its balance is `balance` and the agency's is $100.00.
fn dialog(world: &World, balance: Money, command: &Command) -> Result<Plan, Refusal> {
    let account = &world.accounts[0];
    let context = Context {
        now: world.now,
        actor: &preview_actor(),
        policy: &world.policy,
        customer_balance: balance,
    };
    plan(account.id, &account.funding, command, &context, usd(100_00))
}

/// Titles and details, a line each; then the balances, the refund, who pays, and whether it waits.
fn shown(plan: &Plan) -> Vec<String> {
    let moments = plan.moments.iter().map(|moment| format!("{}. {}", moment.title, moment.detail));
    let balances =
        plan.balances.iter().map(|line| format!("{:?} {} → {}", line.of, line.before, line.after));
    let end =
        format!("refunded {}, then {:?} pays, waits: {}", plan.refunded, plan.payer, plan.waits);
    moments.chain(balances).chain([end]).collect()
}

fn back(choice: ReturnChoice, take_over_negative: bool) -> Command {
    Command::AddToAgency { choice, take_over_negative }
}

const LAST: &str = "From then on: agency billing. Usage draws from the agency balance. What the customer paid until then stays paid.";
const DROPPED: &str = "Now: the customer's billing information is dropped. Visa ···· 4242 is removed from file and can't be \
                       charged any more.";

#[test]
fn a_request_changes_nothing_until_it_is_paid() {
    let mut world = World::new();
    let command = ask(&mut world, "dana@brightwater.co");
    let plan = dialog(&world, usd(0), &command).unwrap();
    assert_eq!(
        shown(&plan),
        [
            "Now: the e-mail goes out. The agency keeps paying. Nothing else changes.",
            "Dana pays on the secure page. Any amount from $25.00, within 7 days; you can resend or revoke at any time.",
            "From that moment: customer billing. Usage draws from Dana's balance. What the agency paid until then stays paid.",
            "refunded $0.00, then Agency pays, waits: false",
        ]
    );
}

#[test]
fn a_department_is_not_called_by_a_first_name() {
    let mut world = World::new();
    let command = ask(&mut world, "billing@brightwater.co");
    let plan = dialog(&world, usd(0), &command).unwrap();
    assert_eq!(plan.moments[1].title, "The customer pays on the secure page");
    assert!(plan.moments[2].detail.starts_with("Usage draws from their own balance."));
}

#[test]
fn replacing_a_request_says_that_the_earlier_link_dies() {
    let mut world = requested();
    let command = ask(&mut world, "omar@brightwater.co");
    let plan = dialog(&world, usd(0), &command).unwrap();
    assert_eq!(plan.moments[0].detail, "The earlier link stops working. The agency keeps paying.");
    assert_eq!(plan.payer, Payer::Agency);
}

#[test]
fn revoking_says_what_the_link_will_say() {
    let world = requested();
    let request = world.accounts[0].requests[0];
    let plan = dialog(&world, usd(0), &Command::RevokeRequest { request }).unwrap();
    assert_eq!(plan.moments[0].title, "Now: the link stops working");
}

#[test]
fn a_return_moves_the_balance_to_the_agency() {
    let plan = dialog(&customer(25_00), usd(18_40), &back(ReturnChoice::Transfer, false)).unwrap();
    assert_eq!(
        shown(&plan),
        [
            DROPPED,
            "$18.40 is added to the agency balance. In one balanced entry, at once.",
            LAST,
            "Customer $18.40 → $0.00",
            "Agency $100.00 → $118.40",
            "refunded $0.00, then Agency pays, waits: false",
        ]
    );
}

#[test]
fn a_return_of_nothing_moves_nothing() {
    let plan = dialog(&customer(25_00), usd(0), &back(ReturnChoice::Transfer, false)).unwrap();
    assert_eq!(plan.balances, []);
    assert_eq!(plan.moments[1].title, "$0.00 is added to the agency balance");
}

#[test]
fn a_debt_is_taken_over_only_when_the_agency_says_so() {
    let world = customer(25_00);
    let refused = dialog(&world, usd(-1_87), &back(ReturnChoice::Transfer, false)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "The balance is −$1.87: confirm that the agency takes it over."
    );
    let plan = dialog(&world, usd(-1_87), &back(ReturnChoice::Transfer, true)).unwrap();
    assert_eq!(
        shown(&plan)[1..],
        [
            "The agency takes over −$1.87. The customer's balance is below zero; the agency balance pays it.",
            LAST,
            "Customer −$1.87 → $0.00",
            "Agency $100.00 → $98.13",
            "refunded $0.00, then Agency pays, waits: false",
        ]
    );
}

#[test]
fn fractions_of_a_cent_cannot_go_back_to_a_card() {
    let balance = Money::from_micros(18_404_200, billing::Currency::Usd);
    let plan = dialog(&customer(25_00), balance, &back(ReturnChoice::Refund, false)).unwrap();
    assert_eq!(
        shown(&plan)[1..],
        [
            "$18.40 goes back to the card. Banks take 5 to 10 days to show it. $0.0042 can't be refunded and is added to the agency balance.",
            LAST,
            "Customer $18.4042 → $0.00",
            "Agency $100.00 → $100.0042",
            "refunded $18.40, then Agency pays, waits: false",
        ]
    );
    let dust = Money::from_micros(4_200, billing::Currency::Usd);
    let refused = dialog(&customer(25_00), dust, &back(ReturnChoice::Refund, false)).unwrap_err();
    assert_eq!(refused, Refusal::NothingToRefund);
}

#[test]
fn a_refund_takes_the_newest_payment_first_and_never_more_than_it_was() {
    let mut world = customer(25_00);
    let newest = top_up(&mut world, 30_00);
    settle(&mut world, newest);
    let first = world.accounts[0].paid[0];
    let plan = dialog(&world, usd(40_00), &back(ReturnChoice::Refund, false)).unwrap();
    assert_eq!(plan.refunded, usd(40_00));
    assert_eq!(plan.moments[1].detail, "Banks take 5 to 10 days to show it.");
    // More than was ever paid in (somebody corrected the balance): the rest is the agency's.
    let more = dialog(&world, usd(60_00), &back(ReturnChoice::Refund, false)).unwrap();
    assert_eq!(more.refunded, usd(55_00));
    assert_eq!(more.balances[1].after, usd(105_00));

    let own = Book::Customer { sub_account: world.accounts[0].id };
    assert_eq!(world.books.balance(own), usd(55_00).micros());
    world.command(0, back(ReturnChoice::Refund, false)).unwrap();
    let refunded = |payment: PaymentId| -> Vec<Money> {
        world.accounts[0].payments[&payment].refunds.iter().map(|refund| refund.amount).collect()
    };
    assert_eq!(refunded(newest), [usd(30_00)]);
    assert_eq!(refunded(first), [usd(25_00)]);
}

#[test]
fn a_return_waits_for_a_payment_in_flight() {
    let mut world = customer(25_00);
    top_up(&mut world, 30_00);
    let plan = dialog(&world, usd(25_00), &back(ReturnChoice::Transfer, false)).unwrap();
    assert_eq!(
        shown(&plan),
        [
            "Now: a payment is under way. The account returns as soon as its outcome is known; what it brings is treated the same way.",
            LAST,
            "refunded $0.00, then Customer pays, waits: true",
        ]
    );
}

#[test]
fn a_button_is_disabled_with_the_rules_own_words() {
    let refused = dialog(&requested(), usd(0), &back(ReturnChoice::Transfer, false)).unwrap_err();
    assert_eq!(refused.to_string(), "This account is on agency billing already.");
    let mut world = customer(25_00);
    let command = ask(&mut world, "dana@brightwater.co");
    let refused = dialog(&world, usd(25_00), &command).unwrap_err();
    assert_eq!(refused.to_string(), "This account is on customer billing already.");
}
