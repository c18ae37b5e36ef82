//! People, sessions, links, keys of requests, and what belongs to nobody.

use billing::{
    MailId, RequestId, UserId,
    text::{EmailAddress, Name},
};
use server::{
    deps::{EntropyExt as _, SystemEntropy},
    mail::Mail,
    storage::{
        Scope, StorageError, idempotency::IdempotencyRow, links::LinkPurpose, mailbox::MailboxRow,
        users::UserRow,
    },
};

use crate::ground::{Ground, at};

fn user(email: &str) -> UserRow {
    UserRow {
        id: UserId::new(at(0), SystemEntropy.id()),
        name: Name::parse("Robin Hale").unwrap(),
        email: EmailAddress::parse(email).unwrap(),
        password_hash: "$argon2id$none".to_owned(),
        created_at: at(0),
    }
}

async fn insert(ground: &Ground, scope: Scope, row: &UserRow) -> Result<(), StorageError> {
    let row = row.clone();
    ground.write(move |tx| tx.insert_user(scope, &row)).await
}

#[tokio::test]
async fn an_address_belongs_to_one_person_whatever_its_case() {
    let ground = Ground::open();
    let (scope, other) = (ground.agency("Northwind").await, ground.agency("Contoso").await);
    let robin = user("Robin@Northwind.example");
    insert(&ground, scope, &robin).await.unwrap();
    let refused = insert(&ground, other, &user("robin@northwind.EXAMPLE")).await;
    assert!(matches!(refused, Err(StorageError::Conflict(_))), "{refused:?}");
    let found = ground
        .read(|tx| tx.user_by_email(&EmailAddress::parse("ROBIN@northwind.example").unwrap()));
    assert_eq!(found.await, Some((scope, robin.clone())));
    assert_eq!(ground.read(move |tx| tx.users(scope)).await, [robin]);
    assert_eq!(ground.read(move |tx| tx.users(other)).await, []);
}

#[tokio::test]
async fn a_session_lasts_until_it_ends() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let robin = user("robin@northwind.example");
    let id = robin.id;
    insert(&ground, scope, &robin).await.unwrap();
    let (first, second) = ([1; 32], [2; 32]);
    let start = move |tx: &mut dyn server::storage::Transaction| {
        tx.insert_session(scope, &first, id, at(10))?;
        tx.insert_session(scope, &second, id, at(20))
    };
    ground.write(start).await.unwrap();
    let whose = async |token: [u8; 32], now| {
        ground.read(move |tx| Ok(tx.session(&token, at(now))?.map(|(scope, _)| scope))).await
    };
    assert_eq!(whose(first, 9).await, Some(scope));
    assert_eq!(whose(first, 10).await, None);
    assert_eq!(whose([3; 32], 0).await, None);
    assert_eq!(ground.write(|tx| tx.prune_sessions(at(10))).await.unwrap(), 1);
    assert_eq!(whose(first, 0).await, None);
    assert_eq!(whose(second, 0).await, Some(scope));
    ground.write(move |tx| tx.delete_session(&second)).await.unwrap();
    assert_eq!(whose(second, 0).await, None);
}

#[tokio::test]
async fn a_link_leads_to_its_request() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let request = RequestId::new(at(0), SystemEntropy.id());
    let make =
        ground.write(move |tx| tx.insert_link(scope, &[7; 32], request, LinkPurpose::Mail, at(0)));
    make.await.unwrap();
    assert_eq!(ground.read(|tx| tx.link(&[7; 32])).await, Some((scope, request)));
    assert_eq!(ground.read(|tx| tx.link(&[8; 32])).await, None);
}

#[tokio::test]
async fn the_answer_to_a_key_is_kept_with_it() {
    let ground = Ground::open();
    let (scope, other) = (ground.agency("Northwind").await, ground.agency("Contoso").await);
    let under_way = IdempotencyRow { fingerprint: [1; 32], answer: None };
    let answered = IdempotencyRow {
        answer: Some((200, "{\"note\":\"\\u0000\"}".to_owned())),
        ..under_way.clone()
    };
    for row in [under_way, answered.clone()] {
        let save = row.clone();
        let saved =
            ground.write(move |tx| tx.save_idempotency(scope, "usr", "key", &save, at(0))).await;
        saved.unwrap();
        let kept = ground.read(move |tx| tx.idempotency(scope, "usr", "key")).await;
        assert_eq!(kept, Some(row));
    }
    for (whose, by, key) in [(other, "usr", "key"), (scope, "req", "key"), (scope, "usr", "kez")] {
        assert_eq!(ground.read(move |tx| tx.idempotency(whose, by, key)).await, None);
    }
    assert_eq!(ground.write(|tx| tx.prune_idempotency(at(0))).await.unwrap(), 0);
    assert_eq!(ground.write(|tx| tx.prune_idempotency(at(1))).await.unwrap(), 1);
}

#[tokio::test]
async fn events_of_the_gateway_and_letters_are_taken_once() {
    let ground = Ground::open();
    let take = async |event: &'static str| {
        ground.write(move |tx| tx.take_webhook(event, at(0))).await.unwrap()
    };
    assert_eq!(
        (take("evt_1").await, take("evt_1").await, take("evt_2").await),
        (true, false, true)
    );
    let letter = |text: &str| MailboxRow {
        id: MailId::new(at(0), SystemEntropy.id()),
        at: at(0),
        mail: Mail {
            message_id: "one".to_owned(),
            from_name: "Northwind".to_owned(),
            to: "dana@brightwater.example".to_owned(),
            subject: "Hi".to_owned(),
            text: text.to_owned(),
            html: String::new(),
        },
    };
    let (first, copy) = (letter("first"), letter("copy"));
    let id = first.id;
    for row in [first.clone(), copy] {
        ground.write(move |tx| tx.insert_mail(&row)).await.unwrap();
    }
    assert_eq!(ground.read(|tx| tx.mails(10)).await, std::slice::from_ref(&first));
    assert_eq!(ground.read(move |tx| tx.mail(id)).await, Some(first));
}
