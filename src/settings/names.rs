//! Names of accounts that a screen mentions by their ids, each asked for once.

use std::collections::BTreeSet;

use billing::SubAccountId;
use leptos::prelude::*;

use crate::{
    api,
    state::{Desk, desk},
};

/// What is known of them is in the store; this knows what was asked for.
#[derive(Clone, Copy)]
pub struct Names {
    desk: Desk,
    asked: StoredValue<BTreeSet<SubAccountId>>,
}

impl Names {
    /// Lays them out, once, beside the desk.
    pub fn provide() {
        provide_context(Self { desk: desk(), asked: StoredValue::new(BTreeSet::new()) });
    }

    /// Those that were laid out.
    pub fn here() -> Self {
        expect_context()
    }

    /// The name of an account, as soon as it is known.
    pub fn of(self, id: SubAccountId) -> Option<String> {
        let desk = self.desk;
        let known = desk.store.account(id).get();
        if known.is_none() && self.asked.try_update_value(|asked| asked.insert(id)) == Some(true) {
            leptos::task::spawn_local(async move {
                if let Ok(detail) = desk.session.check(api::account(id).await) {
                    desk.store.apply(detail);
                }
            });
        }
        known.map(|account| account.name.to_string())
    }
}
