//! People of the agency and of its clients.

use billing::api::{ChangePersonBody, InvitePersonBody, PeopleList, PersonSnapshot};
use serde_json::json;

use super::{API, Group};
use crate::http::openapi::{
    examples::person,
    operation::{Operation, delete, get, patch, post},
};

const LAST_OWNER: &str = "An agency keeps an owner who can sign in.";

pub fn group() -> Group {
    Group {
        tag: "People",
        text: "Who signs in, and as what. A right that is taken away is gone from the next request.",
        prefix: API,
        operations: operations(),
    }
}

fn operations() -> Vec<Operation> {
    vec![
        get("/people", "list_people", "List people", "Everybody of the agency and of its clients, oldest first.")
            .answers::<PeopleList>("Everybody.", json!({ "people": [person()] })),
        post(
            "/people",
            "invite_person",
            "Invite somebody",
            "Mails them a link, good for 7 days, with which they choose a password. A client user belongs to 1 to 100 accounts, \
             everybody else to none. An address signs in to one agency only.",
        )
        .needs_key()
        .takes::<InvitePersonBody>(
            "Who, and as what.",
            json!({
                "name": "Mara Quist", "email": "mara.quist@northwind-media.example", "role": "billing_manager",
                "accounts": [],
            }),
        )
        .answers::<PersonSnapshot>("They are invited.", person())
        .refuses(409, &["address_taken"], "Somebody signs in with this address already."),
        post(
            "/people/{person}/invitation",
            "invite_again",
            "Mail an invitation once more",
            "With a fresh link; the one before is dead.",
        )
        .needs_key()
        .answers::<PersonSnapshot>("It is on its way.", person())
        .refuses(409, &["already_accepted"], "They have a password."),
        patch(
            "/people/{person}",
            "change_person",
            "Change somebody",
            "What the body leaves out stays. It holds from their next request on.",
        )
        .takes::<ChangePersonBody>("Their name, their role, the accounts of a client user.", json!({ "role": "viewer" }))
        .answers::<PersonSnapshot>("As they are now.", person())
        .refuses(409, &["last_owner"], LAST_OWNER),
        delete("/people/{person}", "remove_person", "Remove somebody", "Their sessions are over with it.")
            .answers_nothing(204, "They are gone.")
            .refuses(409, &["last_owner"], LAST_OWNER),
        delete("/people/{person}/sessions", "sign_out_person", "Sign somebody out everywhere", "Every session of theirs is over; their open streams end within five seconds.")
            .answers_nothing(204, "They are signed out."),
    ]
}
