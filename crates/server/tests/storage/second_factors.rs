//! Second factors: kept as they are, replaced, gone with their person, nobody else's.

use std::collections::BTreeSet;

use billing::{
    UserId,
    access::Role,
    text::{EmailAddress, Name},
};
use server::{
    deps::{EntropyExt as _, SystemEntropy},
    storage::{Transaction, second_factors::SecondFactorRow, users::UserRow},
};

use crate::ground::{Ground, at};

#[tokio::test]
async fn a_second_factor_is_its_persons_and_goes_with_them() {
    let ground = Ground::open();
    let (scope, other) = (ground.agency("Northwind").await, ground.agency("Contoso").await);
    let id = UserId::new(at(0), SystemEntropy.id());
    let robin = UserRow {
        id,
        name: Name::parse("Robin Hale").unwrap(),
        email: EmailAddress::parse("robin@northwind.example").unwrap(),
        password_hash: "$argon2id$none".to_owned(),
        created_at: at(0),
        role: Role::Owner,
        accounts: BTreeSet::new(),
        provider: None,
    };
    ground.write(move |tx| tx.insert_user(scope, &robin)).await.unwrap();
    let begun = SecondFactorRow {
        user: id,
        secret: b"12345678901234567890".to_vec(),
        on_since: None,
        last_step: 0,
        recovery: Vec::new(),
    };
    let on = SecondFactorRow {
        on_since: Some(at(7)),
        last_step: 59_845_460,
        recovery: vec![[1; 32], [2; 32], [3; 32]],
        ..begun.clone()
    };
    let found = async |scope| ground.read(move |tx| tx.second_factor(scope, id)).await;
    assert_eq!(found(scope).await, None);
    for row in [begun, on.clone()] {
        let kept = row.clone();
        ground.write(move |tx| tx.save_second_factor(scope, &kept)).await.unwrap();
        assert_eq!(found(scope).await, Some(row));
        assert_eq!(found(other).await, None);
    }
    ground.write(move |tx| tx.delete_second_factor(other, id)).await.unwrap();
    assert_eq!(found(scope).await, Some(on.clone()));
    ground.write(move |tx| tx.delete_second_factor(scope, id)).await.unwrap();
    assert_eq!(found(scope).await, None);
    let go = move |tx: &mut dyn Transaction| {
        tx.save_second_factor(scope, &on)?;
        tx.delete_user(scope, id)
    };
    ground.write(go).await.unwrap();
    assert_eq!(found(scope).await, None);
}
