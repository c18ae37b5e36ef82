//! The widget: sites, tokens, tickets.

use billing::{SubAccountId, api::EmbedComponent};
use server::{
    deps::{EntropyExt as _, SystemEntropy},
    storage::embed::EmbedSessionRow,
};

use crate::ground::{Ground, account, at};

#[tokio::test]
async fn an_agencys_sites_are_found_by_its_accounts_alone() {
    let ground = Ground::open();
    let (scope, other) = (ground.agency("Northwind").await, ground.agency("Contoso").await);
    let (ours, theirs) = (account("A-1", "Alder"), account("A-1", "Birch"));
    ground.insert(scope, &ours).await.unwrap();
    ground.insert(other, &theirs).await.unwrap();
    let sites = ["https://b.example".to_owned(), "https://a.example".to_owned()];
    ground.write(move |tx| tx.save_embed_origins(scope, &sites)).await.unwrap();
    let in_order = ["https://a.example", "https://b.example"];
    assert_eq!(ground.read(move |tx| tx.embed_origins(scope)).await, in_order);
    assert_eq!(ground.read(move |tx| tx.embed_origins(other)).await, [""; 0]);
    let of = async |id: SubAccountId| ground.read(move |tx| tx.embed_origins_for(id)).await;
    assert_eq!(of(ours.id).await, in_order);
    assert_eq!(of(theirs.id).await, [""; 0]);
    assert_eq!(of(SubAccountId::new(at(0), SystemEntropy.id())).await, [""; 0]);
    let one = ["https://c.example".to_owned()];
    ground.write(move |tx| tx.save_embed_origins(scope, &one)).await.unwrap();
    assert_eq!(of(ours.id).await, ["https://c.example"]);
}

#[tokio::test]
async fn a_token_lives_until_it_expires() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let session = EmbedSessionRow {
        token_hash: [1; 32],
        account: account("A-1", "Alder").id,
        components: EmbedComponent::ALL.to_vec(),
        origins: vec!["https://a.example".to_owned(), "https://b.example".to_owned()],
        expires_at: at(10),
    };
    let row = session.clone();
    ground.write(move |tx| tx.insert_embed_session(scope, &row)).await.unwrap();
    let found =
        async |hash: [u8; 32], now| ground.read(move |tx| tx.embed_session(&hash, at(now))).await;
    assert_eq!(found([1; 32], 9).await, Some((scope, session)));
    assert_eq!(found([1; 32], 10).await, None);
    assert_eq!(found([2; 32], 0).await, None);
    assert_eq!(ground.write(|tx| tx.prune_embedding(at(9))).await.unwrap(), 0);
    assert_eq!(ground.write(|tx| tx.prune_embedding(at(10))).await.unwrap(), 1);
    assert_eq!(found([1; 32], 0).await, None);
}

#[tokio::test]
async fn a_ticket_is_taken_once_and_in_time() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    for ticket in [[1; 32], [2; 32], [3; 32]] {
        let insert =
            ground.write(move |tx| tx.insert_embed_ticket(scope, &ticket, &[9; 32], at(30)));
        insert.await.unwrap();
    }
    let take = async |ticket: [u8; 32], now| {
        ground.write(move |tx| tx.take_embed_ticket(&ticket, at(now))).await.unwrap()
    };
    assert_eq!(take([1; 32], 29).await, Some([9; 32]));
    assert_eq!(take([1; 32], 29).await, None);
    assert_eq!(take([2; 32], 30).await, None);
    assert_eq!(take([4; 32], 0).await, None);
    assert_eq!(ground.write(|tx| tx.prune_embedding(at(30))).await.unwrap(), 1);
}
