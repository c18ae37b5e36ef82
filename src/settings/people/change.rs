//! *Change*: what somebody is called, is, and belongs to; their invitation once more; the way to take them away.

use billing::{access::Role, api::ChangePersonBody};
use leptos::{ev, prelude::*};

use super::{
    draft::{Draft, NameField, RoleFields},
    over,
};
use crate::{
    api,
    browser::Json,
    dialogs::{Attempt, framed},
    settings::form::{Said, focus_wrong},
    state::{Pages, desk},
    ui::{Button, Kind},
};

/// The dialog about somebody.
pub fn change(pages: Pages, person: &Json) -> AnyView {
    let desk = desk();
    let (id, name) = (person.text("id"), person.text("name"));
    let role = Role::from_name(&person.text("role")).unwrap_or(Role::Viewer);
    let draft = Draft::new(name, role, person.ids("accounts"));
    let attempt = Attempt::default();
    focus_wrong(attempt, "dialog");
    let resend = person.has("is_invited").then(|| resend(&id, &person.text("email")));
    let removal = over("remove", &id);
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let (id, name) = (id.clone(), draft.name.get_untracked());
        let told = name.trim().to_owned();
        let body = ChangePersonBody {
            name: Some(name),
            role: Some(draft.role.get_untracked()),
            accounts: Some(draft.accounts_of_role()),
        };
        let call = move |_| api::change_person(id, body);
        attempt.ask(Some(desk.session), String::new(), call, move |()| {
            desk.toaster.tell(format!("{told} is changed. It holds from their next click on."));
            pages.refresh();
            desk.leave_dialog();
        });
    };
    let body = view! {
        <form class="modal-form" novalidate on:submit=send>
            <div class="modal-body stack">
                <NameField draft=draft attempt=attempt />
                <RoleFields draft=draft attempt=attempt />
                <Said attempt=attempt />
                {resend}
            </div>
            <footer class="modal-foot">
                <a class="button danger first" href=removal data-replace="">
                    "Remove…"
                </a>
                <Button on_press=move |()| desk.leave_dialog()>"Cancel"</Button>
                <Button kind=Kind::Primary submit=true busy=attempt.pending()>
                    "Save"
                </Button>
            </footer>
        </form>
    };
    framed("Change somebody", Signal::stored(Some(person.text("email"))), body.into_any())
}

/// The invitation once more, for somebody who has not accepted it.
fn resend(id: &str, email: &str) -> AnyView {
    let desk = desk();
    let attempt = Attempt::default();
    let (id, email) = (id.to_owned(), email.to_owned());
    let send = move |()| {
        let (id, email) = (id.clone(), email.clone());
        let call = {
            let id = id.clone();
            move |key| api::invite_again(id, key)
        };
        attempt.ask(Some(desk.session), id, call, move |()| {
            desk.toaster.tell(format!("The invitation is on its way to {email} once more"));
        });
    };
    view! {
        <div class="note resend">
            <span>"The invitation has not been accepted yet."</span>
            <Button busy=attempt.pending() on_press=send>
                "Resend invitation"
            </Button>
            <Said attempt=attempt />
        </div>
    }
    .into_any()
}
