use billing::{
    funding::DisputeStatus,
    ledger::Book,
    wallet::{RechargeState, recharge::OffReason},
};
use serde_json::json;
use server::jobs;

use crate::{office::usd, scene::Agency};

/// Delivers the gateway's event about a dispute.
async fn hear(agency: &Agency, event: &str, kind: &str, dispute: &str) {
    let office = &agency.office;
    let event = json!({
        "id": event, "object": "event", "type": format!("charge.dispute.{kind}"),
        "created": office.deps.clock.now().seconds(),
        "data": { "object": { "id": dispute, "object": "dispute" } },
    });
    let (header, body) = office.sign(&event);
    jobs::take_webhook(&office.deps, &header, &body).await.unwrap();
}

async fn status(agency: &Agency) -> Vec<DisputeStatus> {
    let rows = agency.rows().await;
    let disputes = rows.iter().flat_map(|row| &row.payment.disputes);
    disputes.map(|dispute| dispute.status).collect()
}

#[tokio::test]
async fn a_dispute_takes_the_money_and_switches_the_recharge_off() {
    for won in [true, false] {
        let agency = Agency::paying_with("visa").await;
        agency.recharge(200).await;
        agency.office.work().await;
        let intent = agency.rows().await[0].intent.clone().unwrap();
        let dispute = agency.office.sandbox.dispute(&intent, 8_000).await;
        // However often it is told.
        for event in ["evt_1", "evt_1", "evt_2"] {
            hear(&agency, event, "created", &dispute).await;
        }
        agency.office.work().await;
        assert_eq!(agency.office.balance(Book::Agency).await, usd(20), "80.00 of it is gone");
        assert_eq!(status(&agency).await, [DisputeStatus::Open]);
        let state = agency.state().await;
        assert!(matches!(state, RechargeState::Off { why: OffReason::Disputed, .. }), "{state:?}");
        let told =
            (agency.letters("is disputed").await, agency.letters("Auto-recharge is off").await);
        assert_eq!(told, (1, 1));
        agency.office.assert_sound().await;
        agency.office.sandbox.decide(&dispute, if won { "won" } else { "lost" }).await;
        // No webhook: its own job looks once a day.
        agency.office.clock.forward(25 * 3_600);
        agency.office.work_on().await;
        let ended = if won { DisputeStatus::Won } else { DisputeStatus::Lost };
        assert_eq!(status(&agency).await, [ended]);
        let left = if won { usd(100) } else { usd(20) };
        assert_eq!(agency.office.balance(Book::Agency).await, left);
        assert_eq!(agency.letters(if won { "was won" } else { "was lost" }).await, 1);
        agency.office.assert_sound().await;
    }
}
