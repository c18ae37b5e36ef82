//! People, sessions, links, keys of requests, and what belongs to nobody.

use std::collections::BTreeSet;

use billing::{
    KeyId, MailId, RequestId, SubAccountId, UserId,
    access::{KeyScope, Role},
    text::{EmailAddress, Name},
};
use server::{
    deps::{EntropyExt as _, SystemEntropy},
    mail::Mail,
    storage::{
        Scope, StorageError,
        idempotency::IdempotencyRow,
        keys::KeyRow,
        links::LinkPurpose,
        mailbox::MailboxRow,
        tickets::{TicketPurpose, TicketRow},
        users::{ProviderId, SessionRow, UserRow},
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
        role: Role::Owner,
        accounts: BTreeSet::new(),
        provider: None,
    }
}

fn session(token: u8, user: UserId, expires: i64) -> SessionRow {
    SessionRow {
        token_hash: [token; 32],
        user,
        created_at: at(i64::from(token)),
        expires_at: at(expires),
        agent: "Firefox".to_owned(),
        used_at: at(i64::from(token)),
        is_vouched: token == 2,
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
        tx.insert_session(scope, &session(1, id, 10))?;
        tx.insert_session(scope, &session(2, id, 20))
    };
    ground.write(start).await.unwrap();
    let kept = ground.read(move |tx| tx.sessions_of(scope, id, at(0))).await;
    assert_eq!(kept, [session(2, id, 20), session(1, id, 10)]);
    assert_eq!(ground.read(move |tx| tx.sessions_of(scope, id, at(10))).await.len(), 1);
    let whose = async |token: [u8; 32], now| {
        ground.read(move |tx| Ok(tx.session(&token, at(now))?.map(|(scope, ..)| scope))).await
    };
    assert_eq!(whose(first, 9).await, Some(scope));
    assert_eq!(whose(first, 10).await, None);
    assert_eq!(whose([3; 32], 0).await, None);
    assert_eq!(ground.write(|tx| tx.prune_sessions(at(10), at(0))).await.unwrap(), 1);
    assert_eq!(whose(first, 0).await, None);
    assert_eq!(whose(second, 0).await, Some(scope));
    let used = async |scope: Scope, when| {
        ground.write(move |tx| tx.touch_session(scope, &second, at(when))).await.unwrap();
        let found = ground.read(move |tx| tx.session(&second, at(0))).await;
        found.unwrap().2.used_at
    };
    let other = ground.agency("Contoso").await;
    assert_eq!(used(scope, 7).await, at(7));
    assert_eq!(used(scope, 5).await, at(7), "nothing is used earlier than it was");
    assert_eq!(used(other, 8).await, at(7), "nobody else's is touched");
    assert_eq!(ground.write(|tx| tx.prune_sessions(at(0), at(6))).await.unwrap(), 0);
    assert_eq!(ground.write(|tx| tx.prune_sessions(at(0), at(7))).await.unwrap(), 1);
    assert_eq!(whose(second, 0).await, None);
    ground.write(move |tx| tx.insert_session(scope, &session(2, id, 20))).await.unwrap();
    ground.write(move |tx| tx.delete_session(&second)).await.unwrap();
    assert_eq!(whose(second, 0).await, None);
}

#[tokio::test]
async fn a_person_changes_and_goes_with_all_that_is_theirs() {
    let ground = Ground::open();
    let (scope, other) = (ground.agency("Northwind").await, ground.agency("Contoso").await);
    let mut row = user("robin@northwind.example");
    insert(&ground, scope, &row).await.unwrap();
    let id = row.id;
    row.role = Role::Client;
    row.accounts = [1, 2].map(|n| SubAccountId::new(at(n), SystemEntropy.id())).into();
    row.password_hash = String::new();
    let (issuer, subject) = ("https://accounts.example".to_owned(), "robin".to_owned());
    row.provider = Some(ProviderId { issuer, subject });
    let changed = row.clone();
    ground.write(move |tx| tx.save_user(scope, &changed)).await.unwrap();
    let stranger = UserRow { role: Role::Owner, ..row.clone() };
    ground.write(move |tx| tx.save_user(other, &stranger)).await.unwrap();
    assert_eq!(ground.read(move |tx| tx.user(scope, id)).await, Some(row));
    assert_eq!(ground.read(move |tx| tx.user(other, id)).await, None);
    let ticket = TicketRow {
        token_hash: [9; 32],
        user: id,
        purpose: TicketPurpose::Reset,
        expires_at: at(100),
    };
    let give = move |tx: &mut dyn server::storage::Transaction| {
        tx.insert_ticket(scope, &ticket)?;
        tx.insert_session(scope, &session(1, id, 10))
    };
    ground.write(give).await.unwrap();
    for whose in [other, scope] {
        assert_eq!(ground.read(|tx| tx.ticket(&[9; 32])).await, Some((scope, ticket)));
        assert!(ground.read(move |tx| tx.session(&[1; 32], at(0))).await.is_some());
        ground.write(move |tx| tx.delete_user(whose, id)).await.unwrap();
    }
    assert_eq!(ground.read(|tx| tx.ticket(&[9; 32])).await, None);
    assert_eq!(ground.read(move |tx| tx.session(&[1; 32], at(0))).await, None);
    assert_eq!(ground.read(move |tx| tx.user(scope, id)).await, None);
}

#[tokio::test]
async fn tickets_are_their_persons_and_die() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let (robin, kim) = (user("robin@northwind.example"), user("kim@northwind.example"));
    let (robin_id, kim_id) = (robin.id, kim.id);
    let ticket = |token: u8, user: UserId, purpose, until: i64| TicketRow {
        token_hash: [token; 32],
        user,
        purpose,
        expires_at: at(until),
    };
    let (invitation, reset) = (TicketPurpose::Invitation, TicketPurpose::Reset);
    let rows = [
        ticket(1, robin.id, invitation, 10),
        ticket(2, robin.id, invitation, 30),
        ticket(3, kim.id, reset, 20),
    ];
    let make = move |tx: &mut dyn server::storage::Transaction| {
        tx.insert_user(scope, &robin)?;
        tx.insert_user(scope, &kim)?;
        rows.iter().try_for_each(|row| tx.insert_ticket(scope, row))
    };
    ground.write(make).await.unwrap();
    let until =
        async |user, purpose| ground.read(move |tx| tx.ticket_until(scope, user, purpose)).await;
    assert_eq!(until(robin_id, invitation).await, Some(at(30)));
    assert_eq!(until(robin_id, reset).await, None);
    assert_eq!(ground.write(|tx| tx.prune_tickets(at(10))).await.unwrap(), 1);
    assert_eq!(ground.read(|tx| tx.ticket(&[1; 32])).await, None);
    ground.write(move |tx| tx.delete_tickets(scope, robin_id)).await.unwrap();
    assert_eq!(ground.read(|tx| tx.ticket(&[2; 32])).await, None);
    assert_eq!(until(kim_id, reset).await, Some(at(20)));
    ground.write(move |tx| tx.delete_sessions_of(scope, kim_id)).await.unwrap();
}

#[tokio::test]
async fn a_key_is_found_used_and_taken_away() {
    let ground = Ground::open();
    let (scope, other) = (ground.agency("Northwind").await, ground.agency("Contoso").await);
    let row = KeyRow {
        id: KeyId::new(at(0), SystemEntropy.id()),
        name: Name::parse("Telephone system").unwrap(),
        hash: [5; 32],
        scopes: vec![KeyScope::UsageWrite, KeyScope::BillingWrite],
        created_at: at(0),
        used_at: None,
    };
    let (id, insert) = (row.id, row.clone());
    ground.write(move |tx| tx.insert_key(scope, &insert)).await.unwrap();
    assert_eq!(ground.read(|tx| tx.key_by_hash(&[5; 32])).await, Some((scope, row.clone())));
    ground.write(move |tx| tx.touch_key(scope, id, at(7))).await.unwrap();
    ground.write(move |tx| tx.delete_key(other, id)).await.unwrap();
    let used = KeyRow { used_at: Some(at(7)), ..row };
    assert_eq!(ground.read(move |tx| tx.keys(scope)).await, [used]);
    assert_eq!(ground.read(move |tx| tx.keys(other)).await, []);
    ground.write(move |tx| tx.delete_key(scope, id)).await.unwrap();
    assert_eq!(ground.read(|tx| tx.key_by_hash(&[5; 32])).await, None);
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
            logo: None,
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
