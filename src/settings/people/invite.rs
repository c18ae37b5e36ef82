//! *Invite somebody*: a letter with a link, with which they choose a password.

use billing::{access::Role, api::InvitePersonBody};
use leptos::prelude::*;

use super::draft::{Draft, NameField, RoleFields};
use crate::{
    api,
    dialogs::{Attempt, framed},
    settings::form::{DialogForm, Said, focus_wrong},
    state::{Pages, desk},
    ui::Field,
};

/// The dialog.
pub fn invite(pages: Pages) -> AnyView {
    let desk = desk();
    let draft = Draft::new(String::new(), Role::Viewer, Vec::new());
    let email = RwSignal::new(String::new());
    let attempt = Attempt::default();
    focus_wrong(attempt, "dialog");
    let send = move |()| {
        let body = InvitePersonBody {
            name: draft.name.get_untracked(),
            email: email.get_untracked().trim().to_owned(),
            role: draft.role.get_untracked(),
            accounts: draft.accounts_of_role(),
        };
        let (content, to) = (format!("{body:?}"), body.email.clone());
        attempt.ask(
            Some(desk.session),
            content,
            move |key| api::invite(body, key),
            move |()| {
                desk.toaster.tell(format!("An invitation is on its way to {to}"));
                pages.refresh();
                desk.leave_dialog();
            },
        );
    };
    let input = move |text| {
        attempt.clear();
        email.set(text);
    };
    let body = view! {
        <DialogForm attempt=attempt act="Send invitation" on_send=send>
            <NameField draft=draft attempt=attempt />
            <Field
                id="person-email"
                label="Email address"
                kind="email"
                inputmode="email"
                hint=Signal::stored(Some("Where the invitation goes, and where they will sign in.".to_owned()))
                value=email
                on_input=input
                error=attempt.wrong("/email")
            />
            <RoleFields draft=draft attempt=attempt />
            <Said attempt=attempt />
        </DialogForm>
    };
    let about = "They get a letter with a link that is good for 7 days.".to_owned();
    framed("Invite somebody", Signal::stored(Some(about)), body.into_any())
}
