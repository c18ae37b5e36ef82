//! An open database with agencies in it.

use std::sync::Arc;

use billing::{
    Currency, Money, SubAccountId, Timestamp,
    funding::{Actor, Command, Funding},
    text::Name,
};
use server::{
    deps::{EntropyExt as _, SystemEntropy},
    execute::{ExecuteError, Order, Origin, Tools, execute, people},
    storage::{Scope, StorageError, Store, Transaction, accounts::AccountRow},
};

use crate::database::Database;

pub struct Ground {
    pub store: Store,
    /// Whose it is: it goes when the ground does.
    pub database: Database,
}

pub fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_795_363_809_250 + millis)
}

pub fn tools() -> Tools {
    Tools { now: at(0), entropy: Arc::new(SystemEntropy) }
}

pub fn origin() -> Origin {
    Origin::new(Actor::system("test"), "test")
}

pub fn usd(units: i64) -> Money {
    Money::from_micros(units * 1_000_000, Currency::Usd)
}

pub fn account(external_id: &str, name: &str) -> AccountRow {
    AccountRow {
        id: SubAccountId::new(at(0), SystemEntropy.id()),
        name: Name::parse(name).unwrap(),
        external_id: external_id.to_owned(),
        created_at: at(0),
        created_by: Actor::system("test"),
        low_below: usd(10),
        funding: Funding::new(at(0)),
        customer_balance: usd(0),
    }
}

impl Ground {
    pub fn open() -> Self {
        let database = Database::fresh();
        let opened = database.open();
        Self { store: opened.store, database }
    }

    pub async fn write<R: Send + 'static>(
        &self,
        work: impl FnMut(&mut dyn Transaction) -> Result<R, StorageError> + Send + 'static,
    ) -> Result<R, StorageError> {
        self.store.write(work).await
    }

    pub async fn read<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Transaction) -> Result<R, StorageError> + Send + 'static,
    ) -> R {
        self.store.read(work).await.unwrap()
    }

    pub async fn agency(&self, name: &str) -> Scope {
        let (name, tools) = (Name::parse(name).unwrap(), tools());
        let write = move |tx: &mut dyn Transaction| {
            people::create_agency(tx, &tools, &name, Currency::Usd, tools.now)
        };
        self.store.write(write).await.unwrap()
    }

    pub async fn insert(&self, scope: Scope, row: &AccountRow) -> Result<(), StorageError> {
        let row = row.clone();
        self.write(move |tx| tx.insert_account(scope, &row)).await
    }

    pub async fn order(&self, scope: Scope, sub_account: SubAccountId, command: Command) {
        let order = Order { sub_account, command, seen: None, origin: origin() };
        let tools = tools();
        let done: Result<_, ExecuteError> =
            self.store.write(move |tx| execute(tx, &tools, scope, &order)).await;
        done.unwrap();
    }
}
