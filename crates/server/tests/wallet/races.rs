//! One charge, however many look, and whenever they are killed.

use billing::{funding::PaymentStatus, wallet::RechargeState};
use futures_util::future::join_all;
use server::{deps::Deps, jobs, metering::Meter};

use crate::{
    held::fresh,
    metering::{Usage as _, event},
    office::{Office, usd},
    scene::Customer,
};

/// Another process on the same database; one works on an embedded database at a time.
fn another(office: &Office) -> Deps {
    if !office.database.is_postgres() {
        return office.deps.clone();
    }
    let store = office.database.open().store;
    let meter = Meter::start(store.clone(), office.deps.clock.clone());
    Deps { store, meter, ..office.deps.clone() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_that_see_the_balance_fall_charge_once() {
    let customer = Customer::paying_with("visa").await;
    customer.recharge(200).await;
    customer.office.work().await;
    let servers = [customer.office.deps.clone(), another(&customer.office)];
    let now = customer.office.deps.clock.now();
    // Each takes its share of the usage that crosses the threshold, and looks for work at the same time.
    let spend = |number: usize| {
        let (server, office) = (servers[number % 2].clone(), &customer.office);
        async move {
            let events = (0..8).map(|_| event(&fresh("race"), "BW-0077", now)).collect();
            server.meter.record(office.batch(events)).await.unwrap();
            jobs::tick(&server).await.unwrap();
            jobs::tick(&server).await.unwrap();
        }
    };
    join_all((0..12).map(spend)).await;
    customer.office.work_on().await;
    assert_eq!(customer.payments(PaymentStatus::Settled).await, 2, "the first, and one recharge");
    assert_eq!(customer.view().await.balance, usd(29), "100 - 96 + 25");
    customer.office.assert_sound().await;
}

/// Between the intent and the call, after the call, and with the answer lost.
#[tokio::test]
async fn a_server_that_is_gone_in_the_middle_leaves_one_charge() {
    for fault in ["timeout_without_effect", "timeout_with_effect", "error_500_with_effect"] {
        let mut customer = Customer::paying_with("visa").await;
        customer.recharge(100).await;
        customer.office.work().await;
        customer.office.sandbox.fault("POST", "/v1/payment_intents", fault).await;
        customer.spend(95).await;
        customer.office.work().await;
        assert!(matches!(customer.state().await, RechargeState::Charging { .. }), "{fault}");
        customer.0.office = customer.0.office.started_again().await;
        customer.office.work_on().await;
        assert_eq!(customer.view().await.balance, usd(30), "{fault}");
        assert_eq!(customer.office.sandbox.count("payment_intents").await, 2, "{fault}");
        customer.office.assert_sound().await;
    }
}
