//! Sub-accounts: their keys, their lists, their counts.

use billing::{
    RequestId,
    api::{AccountSort, PayerFilter},
    funding::Command,
    text::{EmailAddress, MessageText},
};
use server::{
    deps::{EntropyExt as _, SystemEntropy},
    storage::{
        Scope, StorageError,
        accounts::{AccountQuery, AccountRow},
    },
};

use crate::ground::{Ground, account, at, usd};

#[tokio::test]
async fn an_id_or_an_external_id_is_taken_once() {
    let ground = Ground::open();
    let (scope, other) = (ground.agency("Northwind").await, ground.agency("Contoso").await);
    let first = account("C-1", "Client");
    ground.insert(scope, &first).await.unwrap();
    let same_external_id = AccountRow { id: account("", "x").id, ..first.clone() };
    let same_id = AccountRow { external_id: "C-2".to_owned(), ..first.clone() };
    for taken in [first.clone(), same_external_id.clone(), same_id] {
        let refused = ground.insert(scope, &taken).await;
        assert!(matches!(refused, Err(StorageError::Conflict(_))), "{refused:?}");
    }
    ground.insert(other, &same_external_id).await.unwrap();
    let counts = ground.read(move |tx| Ok(tx.agency(scope)?.unwrap().counts)).await;
    assert_eq!((counts.all, counts.agency), (1, 1), "what was refused is not counted");
}

#[tokio::test]
async fn another_agency_sees_nothing() {
    let ground = Ground::open();
    let (scope, stranger) = (ground.agency("Northwind").await, ground.agency("Contoso").await);
    let row = account("C-1", "Client");
    ground.insert(scope, &row).await.unwrap();
    let id = row.id;
    let seen = |whose: Scope| {
        ground.read(move |tx| {
            let query = AccountQuery { limit: 50, ..AccountQuery::default() };
            Ok((
                tx.account(whose, id)?,
                tx.account_by_external_id(whose, "C-1")?,
                tx.account_ids(whose)?,
                tx.list_accounts(whose, &query)?.len(),
            ))
        })
    };
    assert_eq!(seen(scope).await, (Some(row), Some(id), vec![id], 1));
    assert_eq!(seen(stranger).await, (None, None, vec![], 0));
}

/// Names that tell a database's own idea of the alphabet from ours.
const NAMES: [&str; 9] =
    ["alder", "Äpfel", "Zebra", "bay", "Bay", "ÆON", "x-ray", "X ray", "ångström"];

async fn furnished(ground: &Ground) -> (Scope, Vec<AccountRow>) {
    let scope = ground.agency("Northwind").await;
    let mut rows = Vec::new();
    for number in 0..27 {
        let name = format!("{} {}", NAMES[number % 9], number / 9);
        let external_id = format!("{}-{number}", if number % 2 == 0 { "a" } else { "B" });
        let row = AccountRow { created_at: at(-(number as i64)), ..account(&external_id, &name) };
        ground.insert(scope, &row).await.unwrap();
        rows.push(row);
    }
    for row in rows.iter().step_by(5) {
        let command = Command::RequestBilling {
            request: RequestId::new(at(0), SystemEntropy.id()),
            email: EmailAddress::parse("Dana@Brightwater.example").unwrap(),
            starting_balance: usd(25),
            message: MessageText::parse("Hi").unwrap(),
        };
        ground.order(scope, row.id, command).await;
    }
    (scope, rows)
}

async fn listed(ground: &Ground, scope: Scope, query: AccountQuery) -> Vec<AccountRow> {
    let mut all: Vec<(AccountRow, String)> = Vec::new();
    loop {
        let after = all.last().map(|(row, key)| (key.clone(), row.id));
        let query = AccountQuery { after, limit: 4, ..query.clone() };
        let page = ground.read(move |tx| tx.list_accounts(scope, &query)).await;
        if page.is_empty() {
            return all.into_iter().map(|(row, _)| row).collect();
        }
        all.extend(page);
    }
}

#[tokio::test]
async fn pages_follow_one_another_in_every_order() {
    let ground = Ground::open();
    let (scope, rows) = furnished(&ground).await;
    for sort in AccountSort::ALL {
        let query = AccountQuery { sort, ..AccountQuery::default() };
        let listed: Vec<_> =
            listed(&ground, scope, query).await.into_iter().map(|row| (row.name, row.id)).collect();
        let mut expected: Vec<_> = rows.iter().collect();
        // Byte by byte: the same on every database, whatever the language of its operator.
        expected.sort_by_key(|row| {
            let key = match sort {
                AccountSort::Name | AccountSort::NameDescending => row.name.as_str().to_lowercase(),
                AccountSort::ExternalId | AccountSort::ExternalIdDescending => {
                    row.external_id.clone()
                }
                _ => String::new(),
            };
            (key, row.id.to_string())
        });
        if sort.name().starts_with('-') {
            expected.reverse();
        }
        let expected: Vec<_> = expected.into_iter().map(|row| (row.name.clone(), row.id)).collect();
        if matches!(sort, AccountSort::Since | AccountSort::SinceDescending) {
            // The requests have moved some of them on.
            assert_eq!(listed.len(), expected.len());
            continue;
        }
        assert_eq!(listed, expected, "{sort:?}");
    }
}

#[tokio::test]
async fn filters_and_searches_find_what_they_say() {
    let ground = Ground::open();
    let (scope, rows) = furnished(&ground).await;
    let find = async |payer, text: Option<&str>| {
        let text = text.map(str::to_owned);
        listed(&ground, scope, AccountQuery { payer, text, ..AccountQuery::default() }).await.len()
    };
    let asked = rows.iter().step_by(5).count();
    assert_eq!(find(PayerFilter::All, None).await, rows.len());
    assert_eq!(find(PayerFilter::Agency, None).await, rows.len());
    assert_eq!(find(PayerFilter::Customer, None).await, 0);
    assert_eq!(find(PayerFilter::Between, None).await, asked);
    assert_eq!(find(PayerFilter::All, Some("DANA@bright")).await, asked);
    assert_eq!(find(PayerFilter::All, Some("äpfel")).await, 3);
    assert_eq!(find(PayerFilter::All, Some("%")).await, 0);
    assert_eq!(find(PayerFilter::All, Some("a\0b")).await, 0);
    let counts = ground.read(move |tx| Ok(tx.agency(scope)?.unwrap().counts)).await;
    assert_eq!((counts.all, counts.between), (rows.len() as u64, asked as u64));
}
