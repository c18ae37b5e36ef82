//! Links to top up a balance.

use billing::{PaymentId, text::EmailAddress};
use server::{
    deps::{EntropyExt as _, SystemEntropy},
    storage::top_ups::TopUpRow,
};

use crate::ground::{Ground, account, at};

#[tokio::test]
async fn a_link_is_found_by_its_hash_and_keeps_what_was_paid_by_it() {
    let ground = Ground::open();
    let (scope, other) = (ground.agency("Northwind").await, ground.agency("Contoso").await);
    let row = TopUpRow {
        token_hash: [1; 32],
        sub_account: account("A-1", "Alder").id,
        email: EmailAddress::parse("Dana@brightwater.example").unwrap(),
        created_at: at(1),
        expires_at: at(10),
        payments: Vec::new(),
    };
    let insert = row.clone();
    ground.write(move |tx| tx.insert_top_up(scope, &insert)).await.unwrap();
    let found = async |hash: [u8; 32]| ground.read(move |tx| tx.top_up(&hash)).await;
    assert_eq!(found([1; 32]).await, Some((scope, row.clone())));
    assert_eq!(found([2; 32]).await, None);

    let payments =
        vec![PaymentId::new(at(2), SystemEntropy.id()), PaymentId::new(at(3), SystemEntropy.id())];
    let tried = TopUpRow { payments, ..row.clone() };
    let save = tried.clone();
    // Nobody else's: the same hash within another agency is no link.
    ground.write(move |tx| tx.save_top_up_payments(other, &save)).await.unwrap();
    assert_eq!(found([1; 32]).await, Some((scope, row.clone())));
    let save = tried.clone();
    ground.write(move |tx| tx.save_top_up_payments(scope, &save)).await.unwrap();
    assert_eq!(found([1; 32]).await, Some((scope, tried.clone())));

    let live = async |scope, now| {
        ground.read(move |tx| tx.live_top_ups(scope, tried.sub_account, at(now))).await
    };
    assert_eq!((live(scope, 9).await, live(scope, 10).await, live(other, 9).await), (1, 0, 0));
    assert_eq!(ground.write(|tx| tx.prune_top_ups(at(9))).await.unwrap(), 0);
    assert_eq!(ground.write(|tx| tx.prune_top_ups(at(10))).await.unwrap(), 1);
    assert_eq!(found([1; 32]).await, None);
}
