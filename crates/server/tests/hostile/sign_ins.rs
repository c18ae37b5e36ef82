//! Two hundred sign-ins at once.

use std::collections::BTreeMap;

use serde_json::json;

use crate::{
    process::House,
    wire::{ask, served},
};

const COUNT: usize = 200;
const PASSWORD: &str = "seven quiet lanterns";

async fn sign_in(url: &str, email: &str, password: &str) -> u16 {
    let head = "POST /api/v1/session HTTP/1.1\r\nContent-Type: application/json";
    ask(url, head, &json!({ "email": email, "password": password }).to_string()).await
}

#[tokio::test]
async fn two_hundred_sign_ins_at_once_hold_nobody_up_and_lock_no_owner_out() {
    let house = House::build().await;
    let owner = "robin@northwind.example";
    let colleague = "kim@northwind.example";
    house.add_person(owner, PASSWORD).await;
    house.add_person(colleague, PASSWORD).await;
    let server = house.serve().await;
    for person in [owner, colleague] {
        assert_eq!(sign_in(&server.url, person, PASSWORD).await, 200);
    }
    let mut all = tokio::task::JoinSet::new();
    for number in 0..COUNT {
        let url = server.url.clone();
        // The owner's address is among them, as often as an attacker likes.
        let email = if number % 4 == 0 { owner.to_owned() } else { format!("{number}@x.example") };
        all.spawn(async move { sign_in(&url, &email, "not the password").await });
    }
    assert_eq!(served(&server.url, &house.key, 50).await, 50);
    let mut answers = BTreeMap::new();
    while let Some(status) = all.join_next().await {
        *answers.entry(status.unwrap()).or_insert(0) += 1;
    }
    let known = answers.keys().all(|status| [401, 429, 503].contains(status));
    assert!(known && answers.values().sum::<usize>() == COUNT, "{answers:?}");
    // A hundred strange addresses, ten tries at the owner's: nobody hashes more for one caller, however many come at once.
    assert!(answers[&429] >= 90, "{answers:?}");
    // Whoever works at this address is not locked out with whoever attacks from it; only the tried address waits.
    assert_eq!(sign_in(&server.url, owner, PASSWORD).await, 429);
    assert_eq!(sign_in(&server.url, colleague, PASSWORD).await, 200);
    assert_eq!(served(&server.url, &house.key, 10).await, 10);
}
