//! One charge, however many look, and whenever they are killed.

use billing::{api::WalletPaymentStatus, funding::PaymentStatus, wallet::RechargeState};
use futures_util::future::join_all;
use server::{deps::Deps, jobs, metering::Meter};

use crate::{
    held::fresh,
    metering::{Usage as _, event},
    office::{Office, usd},
    scene::Agency,
};

/// Another process on the same database.
fn another(office: &Office) -> Deps {
    let store = office.database.open().store;
    let meter = Meter::start(store.clone(), office.deps.clock.clone());
    Deps { store, meter, ..office.deps.clone() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_that_see_the_balance_fall_charge_once() {
    let agency = Agency::paying_with("visa").await;
    agency.recharge(200).await;
    agency.office.work().await;
    let servers = [agency.office.deps.clone(), another(&agency.office)];
    let now = agency.office.deps.clock.now();
    // Each takes its share of the usage that crosses the threshold, and looks for work at the same time.
    let spend = |number: usize| {
        let (server, office) = (servers[number % 2].clone(), &agency.office);
        async move {
            let events = (0..8).map(|_| event(&fresh("race"), "BW-0077", now)).collect();
            server.meter.record(office.batch(events)).await.unwrap();
            jobs::tick(&server).await.unwrap();
            jobs::tick(&server).await.unwrap();
        }
    };
    join_all((0..12).map(spend)).await;
    agency.office.work_on().await;
    assert_eq!(agency.payments(PaymentStatus::Settled).await, 2, "the first, and one recharge");
    assert_eq!(agency.view().await.balance, usd(54), "100 - 96 + 50");
    agency.office.assert_sound().await;
}

const FAULTS: [&str; 3] =
    ["timeout_without_effect", "timeout_with_effect", "error_500_with_effect"];

/// Between the intent and the call, after the call, and with the answer lost.
#[tokio::test]
async fn a_server_that_is_gone_in_the_middle_leaves_one_charge() {
    for fault in FAULTS {
        let mut agency = Agency::paying_with("visa").await;
        agency.recharge(200).await;
        agency.office.work().await;
        agency.office.sandbox.fault("POST", "/v1/payment_intents", fault).await;
        agency.spend(95).await;
        agency.office.work().await;
        assert!(matches!(agency.state().await, RechargeState::Charging { .. }), "{fault}");
        agency.0.office = agency.0.office.started_again().await;
        agency.office.work_on().await;
        assert_eq!(agency.view().await.balance, usd(55), "{fault}");
        assert_eq!(agency.office.sandbox.count("payment_intents").await, 2, "{fault}");
        agency.office.assert_sound().await;
    }
}

/// The same while somebody pays by hand, from the gateway's customer on.
#[tokio::test]
async fn a_payment_by_hand_survives_its_server() {
    for path in ["/v1/customers", "/v1/payment_intents"] {
        for fault in FAULTS {
            let mut agency = Agency::open().await;
            agency.office.sandbox.fault("POST", path, fault).await;
            let view = agency.top_up(50, Some("visa")).await.unwrap();
            let status = view.payment.unwrap().status;
            assert_eq!(status, WalletPaymentStatus::Processing, "{path} {fault}");
            agency.0.office = agency.0.office.started_again().await;
            agency.office.work_on().await;
            let view = agency.view().await;
            assert_eq!((view.balance, view.card.is_some()), (usd(50), true), "{path} {fault}");
            assert_eq!(agency.office.sandbox.count("payment_intents").await, 1, "{path} {fault}");
            // A gateway that has remembered its own failure is asked under another name; nobody is charged as the first.
            let customers = if path == "/v1/customers" && fault == FAULTS[2] { 2 } else { 1 };
            let made = agency.office.sandbox.count("customers").await;
            assert_eq!(made, customers, "{path} {fault}");
            assert_eq!(agency.receipts().await.len(), 1);
            agency.office.assert_sound().await;
        }
    }
}
