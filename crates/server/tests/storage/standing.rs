//! Balances to look at, what was told of them, and the webhooks that have not arrived.

use billing::{EndpointId, MessageId, Standing, SubAccountId};
use server::{
    config::Secret,
    deps::{EntropyExt as _, SystemEntropy},
    storage::{
        Scope, Transaction,
        deliveries::{DeliveryCounts, DeliveryOutcome, DeliveryRow, NewDelivery},
        endpoints::EndpointRow,
        notices::NoticeRow,
    },
};

use crate::ground::{Ground, account, at, usd};

async fn endpoint(ground: &Ground, scope: Scope) -> EndpointId {
    let row = EndpointRow {
        id: EndpointId::new(at(0), SystemEntropy.id()),
        url: "https://hooks.example/in".to_owned(),
        secret: Secret("whsec_x".to_owned()),
        created_at: at(0),
        delivered_at: None,
        error: None,
    };
    let id = row.id;
    let insert = row.clone();
    ground.write(move |tx| tx.insert_endpoint(scope, &insert)).await.unwrap();
    assert_eq!(ground.read(move |tx| tx.endpoints(scope)).await.last(), Some(&row));
    id
}

async fn put(ground: &Ground, scope: Scope, endpoint: EndpointId, about: SubAccountId, now: i64) {
    let id = MessageId::new(at(now), SystemEntropy.id());
    let message = NewDelivery { id, endpoint, account: about, body: format!("{{\"at\":{now}}}") };
    ground.write(move |tx| tx.put_delivery(scope, &message, at(now))).await.unwrap();
}

async fn lease(ground: &Ground, now: i64, each: u32) -> Vec<DeliveryRow> {
    ground.write(move |tx| tx.lease_deliveries(at(now), at(now + 100), 10, each)).await.unwrap()
}

#[tokio::test]
async fn the_newest_message_about_an_account_is_sent_by_one() {
    let ground = Ground::open();
    let (scope, other) = (ground.agency("Northwind").await, ground.agency("Contoso").await);
    let (here, there) = (endpoint(&ground, scope).await, endpoint(&ground, other).await);
    let about = account("x", "x").id;
    put(&ground, scope, here, about, 1).await;
    put(&ground, scope, here, about, 2).await;
    put(&ground, other, there, about, 3).await;
    let taken = lease(&ground, 5, 3).await;
    let mut bodies: Vec<_> = taken.iter().map(|row| row.message.body.clone()).collect();
    bodies.sort();
    assert_eq!(bodies, ["{\"at\":2}", "{\"at\":3}"]);
    assert_eq!(lease(&ground, 6, 3).await, []);
    // A newer one waits until the try of the older one has ended.
    put(&ground, scope, here, about, 7).await;
    assert_eq!(lease(&ground, 8, 3).await, []);
    let ours = taken.into_iter().find(|row| row.scope == scope).unwrap();
    let delivered = DeliveryOutcome::Delivered { at: at(9) };
    ground.write(move |tx| tx.finish_delivery(&ours, &delivered)).await.unwrap();
    let next = lease(&ground, 10, 3).await;
    assert_eq!(next.iter().map(|row| &*row.message.body).collect::<Vec<_>>(), ["{\"at\":7}"]);
    let freed = ground.write(|tx| tx.forget_delivery_leases()).await.unwrap();
    assert_eq!(freed, 2, "nobody else is here");
    assert!(ground.write(move |tx| tx.remove_endpoint(scope, here)).await.unwrap());
    assert!(!ground.write(move |tx| tx.remove_endpoint(scope, there)).await.unwrap());
    let left = lease(&ground, 300, 3).await;
    assert_eq!(left.iter().map(|row| row.scope).collect::<Vec<_>>(), [other]);
}

#[tokio::test]
async fn an_endpoint_that_fails_is_left_in_peace_and_tried_with_one_message() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let id = endpoint(&ground, scope).await;
    for _ in 0..3 {
        put(&ground, scope, id, account("x", "x").id, 0).await;
    }
    let taken = lease(&ground, 1, 2).await;
    assert_eq!(taken.len(), 2, "at most so many at a time of one endpoint");
    for (row, again_at) in taken.into_iter().zip([Some(at(200)), None]) {
        let quiet_until = at(150);
        let error = "no answer".to_owned();
        let failed = DeliveryOutcome::Failed { error, again_at, quiet_until };
        ground.write(move |tx| tx.finish_delivery(&row, &failed)).await.unwrap();
    }
    let counts = ground.read(move |tx| tx.delivery_counts(scope, id)).await;
    assert_eq!(counts, DeliveryCounts { waiting: 2, failed: 1 });
    assert_eq!(lease(&ground, 149, 2).await, []);
    assert_eq!(lease(&ground, 250, 2).await.len(), 1, "whether it is back");
    let error = ground.read(move |tx| Ok(tx.endpoints(scope)?[0].error.clone())).await;
    assert_eq!(error.as_deref(), Some("no answer"));
    assert_eq!(ground.write(|tx| tx.prune_deliveries(at(1000))).await.unwrap(), 1);
}

#[tokio::test]
async fn notices_wait_in_line_once_per_balance() {
    let ground = Ground::open();
    let (scope, other) = (ground.agency("Northwind").await, ground.agency("Contoso").await);
    let one = account("A-1", "Alder");
    let id = one.id;
    ground.insert(scope, &one).await.unwrap();
    let note = move |tx: &mut dyn Transaction| {
        tx.insert_notice(other, None, Standing::Low, at(1))?;
        tx.insert_notice(scope, Some(id), Standing::Active, at(2))?;
        tx.insert_notice(other, None, Standing::Paused, at(3))
    };
    ground.write(note).await.unwrap();
    let waiting = ground.write(|tx| tx.notices(10)).await.unwrap();
    let first = NoticeRow { scope: other, account: None, from: Standing::Low, after: None };
    let second = NoticeRow { scope, account: Some(id), from: Standing::Active, after: None };
    assert_eq!(waiting, [first.clone(), second.clone()]);
    let go_on = first.clone();
    ground.write(move |tx| tx.move_notice(&go_on, id, at(4))).await.unwrap();
    let waiting = ground.write(|tx| tx.notices(10)).await.unwrap();
    assert_eq!(waiting, [second.clone(), NoticeRow { after: Some(id), ..first }]);
    assert_eq!(ground.write(|tx| tx.notices(1)).await.unwrap(), std::slice::from_ref(&second));
    ground.write(move |tx| tx.finish_notice(&second)).await.unwrap();
    ground.write(move |tx| tx.drop_notices(other)).await.unwrap();
    assert_eq!(ground.write(|tx| tx.notices(10)).await.unwrap(), []);
}

#[tokio::test]
async fn what_was_told_and_how_deep_the_dip_was_is_remembered() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let mut ids = Vec::new();
    for number in 0..3 {
        let row = account(&format!("A-{number}"), "Client");
        ids.push(row.id);
        ground.insert(scope, &row).await.unwrap();
    }
    ids.sort_by_key(ToString::to_string);
    let (first, last) = (ids[0], ids[2]);
    let level = ground.read(move |tx| Ok((tx.level(scope, None)?, tx.level(scope, Some(first))?)));
    let (of_agency, of_account) = level.await;
    assert_eq!(of_agency.unwrap().balance, usd(0));
    assert_eq!(of_account, None, "the agency pays for it");
    for worst in [Some(Standing::Low), Some(Standing::Paused), None] {
        ground.write(move |tx| tx.save_dip(scope, None, worst)).await.unwrap();
        assert_eq!(ground.read(move |tx| tx.dip(scope, None)).await, worst);
    }
    ground.write(move |tx| tx.save_told(scope, first, Standing::Low)).await.unwrap();
    assert_eq!(ground.read(move |tx| tx.told(scope, first)).await, Some(Standing::Low));
    let paid_for = async |after| {
        let page = ground.read(move |tx| tx.paid_for(scope, after, 2)).await;
        page.into_iter().map(|row| (row.id, row.told)).collect::<Vec<_>>()
    };
    assert_eq!(paid_for(None).await, [(first, Some(Standing::Low)), (ids[1], None)]);
    assert_eq!(paid_for(Some(ids[1])).await, [(last, None)]);
    ground.write(move |tx| tx.forget_told(scope)).await.unwrap();
    assert_eq!(ground.read(move |tx| tx.told(scope, first)).await, None);
}
