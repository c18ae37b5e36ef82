//! Money that goes back: refunds by hand, disputes, and accounts that are closed with money in them. Against the real sandbox; our
//! books and the gateway's agree after each.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "a test that cannot go on has failed; the support files serve several suites"
)]

mod closing;
#[path = "../support/office.rs"]
mod office;
#[path = "../support/sandbox.rs"]
mod sandbox;

use billing::{
    Money, PaymentId,
    api::PayBody,
    funding::{Actor, Command, DisputeStatus, Phase, RefundStatus, Refusal, ReturnChoice},
    ledger::{Book, rules::Adjusted},
};
use office::{Office, usd};
use serde_json::json;
use server::{
    execute::{ExecuteError, Origin, Outcome, RefusalError, Tools, books, put_aside},
    jobs::{self, WebhookRefused},
    storage::Transaction,
};

const DAY: i64 = 24 * 60 * 60;

fn cents(cents: i64) -> Money {
    Money::from_micros(cents * 10_000, billing::Currency::Usd)
}

fn refused(outcome: Result<Outcome, ExecuteError>) -> Refusal {
    match outcome {
        Err(ExecuteError::Refused(RefusalError(refusal))) => refusal,
        other => panic!("{other:?}"),
    }
}

impl Office {
    /// An account whose customer has paid $100.00; answers the payment and what the gateway calls it.
    async fn paid(&self) -> (PaymentId, String) {
        let (_, token) = self.ask().await;
        self.pay(&token, "visa").await.unwrap();
        self.work().await;
        let row = self.payments().await.remove(0);
        (row.payment.id, row.intent.unwrap())
    }

    async fn refund(&self, payment: PaymentId, amount: Money) -> Result<Outcome, ExecuteError> {
        self.order(Command::RefundPayment { payment, amount }).await
    }

    async fn close(&self, choice: ReturnChoice, debt: bool) -> Result<Outcome, ExecuteError> {
        self.order(Command::CloseAccount { choice, take_over_negative: debt }).await
    }

    async fn add_to_agency(&self, choice: ReturnChoice) {
        let command = Command::AddToAgency { choice, take_over_negative: true };
        self.order(command).await.unwrap();
    }

    /// Corrects the customer's balance, as usage would have.
    async fn spend(&self, amount: Money) {
        let (scope, account, now) = (self.scope, self.account, self.deps.clock.now());
        let write = move |tx: &mut dyn Transaction| {
            let (whose, amount) = (Adjusted::Customer(account), amount.negated().unwrap());
            let origin = Origin::new(Actor::system("test"), "test");
            books::adjust(tx, scope, whose, amount, "spent".to_owned(), now, &origin)
        };
        self.deps.store.write(write).await.unwrap();
    }

    /// Delivers the gateway's event about a dispute.
    async fn hear(&self, event: &str, kind: &str, dispute: &str) -> Result<(), WebhookRefused> {
        let event = json!({
            "id": event, "object": "event", "type": format!("charge.dispute.{kind}"),
            "created": self.deps.clock.now().seconds(),
            "data": { "object": { "id": dispute, "object": "dispute" } },
        });
        let (header, body) = self.sign(&event);
        jobs::take_webhook(&self.deps, &header, &body).await
    }

    /// As the operator says who has compared both sides.
    async fn look_again(&self, payment: PaymentId) -> Result<(), ExecuteError> {
        let tools = Tools::of(&self.deps);
        let origin = Origin::new(Actor::system("command line"), "command line");
        let look =
            move |tx: &mut dyn Transaction| put_aside::look_again(tx, &tools, payment, &origin);
        self.deps.store.write(look).await
    }

    async fn agencys(&self) -> Money {
        self.balance(Book::Agency).await
    }

    async fn refunds(&self) -> Vec<(Money, RefundStatus)> {
        let rows = self.payments().await;
        let refunds = rows.iter().flat_map(|row| &row.payment.refunds);
        refunds.map(|refund| (refund.amount, refund.status)).collect()
    }

    async fn dispute_status(&self) -> Vec<DisputeStatus> {
        let rows = self.payments().await;
        let disputes = rows.iter().flat_map(|row| &row.payment.disputes);
        disputes.map(|dispute| dispute.status).collect()
    }

    async fn told(&self, words: &str) -> usize {
        self.mails().await.iter().filter(|mail| mail.contains(words)).count()
    }
}

#[tokio::test]
async fn a_payment_is_refunded_in_parts_and_not_a_cent_more() {
    let office = Office::open().await;
    let (payment, _) = office.paid().await;
    office.refund(payment, cents(6_000)).await.unwrap();
    let more = refused(office.refund(payment, cents(4_001)).await);
    assert_eq!(more, Refusal::AboveRefundable { maximum: usd(40) });
    office.refund(payment, usd(40)).await.unwrap();
    assert_eq!(refused(office.refund(payment, cents(1)).await), Refusal::NothingToRefund);
    office.work().await;
    let done = RefundStatus::Succeeded;
    assert_eq!(office.refunds().await, [(usd(60), done), (usd(40), done)]);
    assert_eq!(office.own_balance().await, usd(0));
    assert_eq!(office.funding().await.phase(), Phase::Customer, "they go on paying");
    assert_eq!(office.told("is on its way back to you").await, 2);
    office.assert_sound().await;
}

#[tokio::test]
async fn a_refund_is_never_more_than_is_on_the_balance() {
    let office = Office::open().await;
    let (payment, _) = office.paid().await;
    office.spend(cents(8_999)).await;
    let more = refused(office.refund(payment, cents(1_002)).await);
    assert_eq!(more, Refusal::AboveRefundable { maximum: cents(1_001) });
    let half = Money::from_micros(5_000, billing::Currency::Usd);
    assert_eq!(refused(office.refund(payment, half).await), Refusal::FractionOfACoin);
    office.refund(payment, cents(1_001)).await.unwrap();
    office.work().await;
    assert_eq!(office.own_balance().await, usd(0));
    office.assert_sound().await;
}

#[tokio::test]
async fn a_refund_that_fails_goes_back_to_whoever_pays() {
    for returned in [false, true] {
        let office = Office::open().await;
        let (payment, _) = office.paid().await;
        office.sandbox.fault("POST", "/v1/refunds", "refused").await;
        office.refund(payment, usd(30)).await.unwrap();
        assert_eq!(office.own_balance().await, usd(70));
        if returned {
            office.add_to_agency(ReturnChoice::Transfer).await;
        }
        office.work_on().await;
        assert_eq!(office.refunds().await, [(usd(30), RefundStatus::Failed)]);
        let (own, agencys) = if returned { (0, 100) } else { (100, 0) };
        assert_eq!((office.own_balance().await, office.agencys().await), (usd(own), usd(agencys)));
        assert_eq!(office.told("could not be paid").await, 1);
        office.assert_sound().await;
        if !returned {
            office.refund(payment, usd(100)).await.unwrap();
            office.work().await;
            office.assert_sound().await;
        }
    }
}

#[tokio::test]
async fn a_gateway_that_does_not_know_the_payment_has_not_refused_the_refund() {
    let office = Office::open().await;
    let (payment, intent) = office.paid().await;
    office.refund(payment, usd(30)).await.unwrap();
    let scope = office.scope;
    let rename = |to: String| {
        let store = office.deps.store.clone();
        async move {
            let write = move |tx: &mut dyn Transaction| tx.set_intent(scope, payment, &to);
            store.write(write).await.map_err(ExecuteError::from).unwrap();
        }
    };
    rename("pi_of_another_account".to_owned()).await;
    office.work_on().await;
    assert_eq!(office.refunds().await, [(usd(30), RefundStatus::Pending)]);
    assert_eq!(office.own_balance().await, usd(70), "nothing is booked back");
    let row = office.payments().await.remove(0);
    assert!(row.quarantined.unwrap().contains("another account's"));
    // With the right key it is paid after all.
    rename(intent).await;
    office.clock.forward(3_700);
    office.work_on().await;
    assert_eq!(office.refunds().await, [(usd(30), RefundStatus::Succeeded)]);
    office.assert_money().await;
    office.look_again(payment).await.unwrap();
    assert!(office.look_again(payment).await.is_err(), "it is not put aside any more");
    office.assert_sound().await;
}

/// A payment that somebody put aside while it was under way: nothing is charged twice, and it settles once it may.
#[tokio::test]
async fn a_payment_that_was_put_aside_is_settled_after_another_look() {
    let office = Office::open().await;
    let (_, token) = office.ask().await;
    office.sandbox.fault("POST", "/v1/payment_intents", "timeout_with_effect").await;
    office.pay(&token, "visa").await.unwrap();
    let payment = office.payments().await.remove(0).payment.id;
    let (scope, why) = (office.scope, "the gateway tells of another customer");
    let write = move |tx: &mut dyn Transaction| tx.quarantine(scope, payment, Some(why));
    office.deps.store.write(write).await.map_err(ExecuteError::from).unwrap();
    office.work_on().await;
    assert_eq!(office.funding().await.phase(), Phase::Paying, "it waits for a person");
    office.look_again(payment).await.unwrap();
    office.work_on().await;
    assert_eq!(office.funding().await.phase(), Phase::Customer);
    assert_eq!(office.sandbox.count("payment_intents").await, 1);
    office.assert_sound().await;
}

#[tokio::test]
async fn a_dispute_takes_from_the_balance_that_has_the_money() {
    for won in [true, false] {
        for after_the_return in [false, true] {
            let office = Office::open().await;
            let (_, intent) = office.paid().await;
            if after_the_return {
                office.add_to_agency(ReturnChoice::Transfer).await;
                office.work().await;
            }
            let dispute = office.sandbox.dispute(&intent, 8_000).await;
            office.hear("evt_1", "created", &dispute).await.unwrap();
            let balances = || async { (office.own_balance().await, office.agencys().await) };
            let lost = if after_the_return { (usd(0), usd(20)) } else { (usd(20), usd(0)) };
            assert_eq!(balances().await, lost);
            assert_eq!(office.dispute_status().await, [DisputeStatus::Open]);
            office.work().await;
            assert_eq!(office.told("is disputed: $80.00").await, 1);
            assert_eq!(office.told("Answer it in your payment provider's dashboard by ").await, 1);
            office.assert_sound().await;
            office.sandbox.decide(&dispute, if won { "won" } else { "lost" }).await;
            office.hear("evt_2", "closed", &dispute).await.unwrap();
            let back = if after_the_return { (usd(0), usd(100)) } else { (usd(100), usd(0)) };
            assert_eq!(balances().await, if won { back } else { lost });
            office.work().await;
            assert_eq!(office.told(if won { "was won" } else { "was lost" }).await, 1);
            office.assert_sound().await;
        }
    }
}

#[tokio::test]
async fn what_was_paid_for_usage_is_disputed_with_the_agency() {
    let office = Office::open().await;
    let (request, token) = office.ask().await;
    let usage = Some(usd(5));
    office.order(Command::AskForUsage { request, amount: usage }).await.unwrap();
    let confirmation_token = office.sandbox.token("visa").await;
    let usage = usage.map(Into::into);
    let body = PayBody { amount: usd(100).into(), usage, confirmation_token };
    let raw = serde_json::to_vec(&body).unwrap();
    server::pay::pay(&office.deps, &token, "key", &raw, &body, "test").await.unwrap();
    office.work().await;
    assert_eq!((office.own_balance().await, office.agencys().await), (usd(100), usd(5)));
    let row = office.payments().await.remove(0);
    office.refund(row.payment.id, usd(10)).await.unwrap();
    office.work().await;
    let dispute = office.sandbox.dispute(&row.intent.unwrap(), 9_500).await;
    office.hear("evt_1", "created", &dispute).await.unwrap();
    assert_eq!((office.own_balance().await, office.agencys().await), (usd(0), usd(0)));
    office.work().await;
    assert_eq!(
        office.told("$90.00 taken from the customer's balance, $5.00 from the agency's").await,
        1
    );
    office.assert_sound().await;
    // Who pays meanwhile gets what comes back.
    office.add_to_agency(ReturnChoice::Transfer).await;
    office.sandbox.decide(&dispute, "won").await;
    office.hear("evt_2", "closed", &dispute).await.unwrap();
    office.work().await;
    assert_eq!((office.own_balance().await, office.agencys().await), (usd(0), usd(95)));
    office.assert_sound().await;
}

/// What is told of a dispute that was won: three events, each once or twice, in every order.
#[tokio::test]
async fn every_order_of_a_disputes_events_has_one_end() {
    let kinds = ["created", "updated", "closed"];
    for first in 0..3 {
        for second in 0..3 {
            if second == first {
                continue;
            }
            let third = 3 - first - second;
            let office = Office::open().await;
            let (_, intent) = office.paid().await;
            let dispute = office.sandbox.dispute(&intent, 10_000).await;
            // Told while it is open, or only after it was decided.
            if first == 0 {
                office.hear("evt_0", "created", &dispute).await.unwrap();
                assert_eq!(office.own_balance().await, usd(0));
            }
            office.sandbox.decide(&dispute, "won").await;
            for index in [first, second, third, first] {
                office.hear(&format!("evt_{index}"), kinds[index], &dispute).await.unwrap();
            }
            office.hear("evt_3", kinds[third], &dispute).await.unwrap();
            office.work().await;
            assert_eq!(office.own_balance().await, usd(100), "{first} {second}");
            assert_eq!(office.dispute_status().await, [DisputeStatus::Won]);
            let events = office.events().await;
            let count = |name| events.iter().filter(|event| event.event.name() == name).count();
            assert_eq!((count("dispute_opened"), count("dispute_closed")), (1, 1));
            office.assert_sound().await;
        }
    }
}

#[tokio::test]
async fn a_dispute_whose_end_nobody_told_is_looked_up_the_next_day() {
    let office = Office::open().await;
    let (_, intent) = office.paid().await;
    let dispute = office.sandbox.dispute(&intent, 10_000).await;
    office.hear("evt_1", "created", &dispute).await.unwrap();
    office.work_on().await;
    office.sandbox.decide(&dispute, "lost").await;
    office.work_on().await;
    assert_eq!(office.dispute_status().await, [DisputeStatus::Open], "not before");
    office.clock.forward(DAY);
    office.work().await;
    assert_eq!(office.dispute_status().await, [DisputeStatus::Lost]);
    assert_eq!(office.own_balance().await, usd(0));
    office.assert_sound().await;
}

#[tokio::test]
async fn a_dispute_heard_before_its_payment_settles_both() {
    let office = Office::open().await;
    let (_, token) = office.ask().await;
    office.sandbox.fault("POST", "/v1/payment_intents", "timeout_with_effect").await;
    office.pay(&token, "visa").await.unwrap();
    let books = office.sandbox.books().await;
    let intent = books["payment_intents"][0]["id"].as_str().unwrap().to_owned();
    let dispute = office.sandbox.dispute(&intent, 10_000).await;
    office.hear("evt_1", "created", &dispute).await.unwrap();
    assert_eq!((office.switches().await, office.own_balance().await), (1, usd(0)));
    office.work_on().await;
    office.assert_sound().await;
}

#[tokio::test]
async fn a_bank_that_only_asks_takes_nothing() {
    let office = Office::open().await;
    let (_, intent) = office.paid().await;
    let body = json!({ "payment_intent": intent, "inquiry": true }).to_string();
    let sent = office.sandbox.send(reqwest::Method::POST, "/_sandbox/disputes", body).await;
    let dispute = sent["id"].as_str().unwrap().to_owned();
    office.hear("evt_1", "created", &dispute).await.unwrap();
    office.sandbox.decide(&dispute, "warning_closed").await;
    office.hear("evt_2", "closed", &dispute).await.unwrap();
    office.work().await;
    assert!(office.dispute_status().await.is_empty());
    assert_eq!(office.own_balance().await, usd(100));
    office.assert_sound().await;
}

#[tokio::test]
async fn a_dispute_of_another_mode_is_put_aside() {
    let office = Office::open().await;
    let (payment, intent) = office.paid().await;
    let dispute = office.sandbox.dispute(&intent, 10_000).await;
    let scope = office.scope;
    let write =
        move |tx: &mut dyn Transaction| tx.set_intent(scope, payment, "pi_of_something_else");
    // What the gateway says it belongs to is not what we know it as: its metadata leads here all the same.
    office.deps.store.write(write).await.map_err(ExecuteError::from).unwrap();
    office.hear("evt_1", "created", &dispute).await.unwrap();
    assert!(office.dispute_status().await.is_empty());
    let row = office.payments().await.remove(0);
    assert!(row.quarantined.unwrap().contains("another payment"));
    assert_eq!(office.own_balance().await, usd(100));
}
