//! What is filled in about somebody: name, role, and the accounts of a client user.

use billing::{SubAccountId, access::Role};
use leptos::prelude::*;

use super::{
    picker::AccountsPicker,
    words::{means, title},
};
use crate::{
    dialogs::Attempt,
    settings::form::{Choice, GroupError},
    ui::Field,
};

/// The fields that an invitation and a change have in common.
#[derive(Clone, Copy)]
pub struct Draft {
    /// Their name.
    pub name: RwSignal<String>,
    /// What they are.
    pub role: RwSignal<Role>,
    /// The accounts of a client user.
    pub accounts: RwSignal<Vec<SubAccountId>>,
}

impl Draft {
    /// With this in it.
    pub fn new(name: String, role: Role, accounts: Vec<SubAccountId>) -> Self {
        Self {
            name: RwSignal::new(name),
            role: RwSignal::new(role),
            accounts: RwSignal::new(accounts),
        }
    }

    /// The accounts that go with the role: only a client user has some.
    pub fn accounts_of_role(self) -> Vec<SubAccountId> {
        match self.role.get_untracked() {
            Role::Client => self.accounts.get_untracked(),
            _ => Vec::new(),
        }
    }
}

/// Their name.
#[component]
pub fn NameField(draft: Draft, attempt: Attempt) -> impl IntoView {
    let input = move |text| {
        attempt.clear();
        draft.name.set(text);
    };
    view! {
        <Field
            id="person-name"
            label="Name"
            autofocus=true
            value=draft.name
            on_input=input
            error=attempt.wrong("/name")
        />
    }
}

/// Their role, and what goes with it.
#[component]
pub fn RoleFields(draft: Draft, attempt: Attempt) -> impl IntoView {
    let choice = move |role: Role| {
        let choose = move |chosen: bool| {
            if chosen {
                attempt.clear();
                draft.role.set(role);
            }
        };
        view! {
            <Choice
                kind="radio"
                name="role"
                label=title(role)
                hint=means(role)
                checked=Signal::derive(move || draft.role.get() == role)
                on_change=choose
            />
        }
    };
    let is_client = Memo::new(move |_| draft.role.get() == Role::Client);
    view! {
        <fieldset class="stack">
            <legend>
                <h2>"Role"</h2>
            </legend>
            {Role::ALL.map(choice).into_iter().collect_view()}
            <GroupError error=attempt.wrong("/role") />
        </fieldset>
        {move || {
            is_client
                .get()
                .then(|| view! { <AccountsPicker draft=draft attempt=attempt /> })
        }}
    }
}
