//! Who is signed in, as the server says it.

use billing::access::Role;

use crate::browser::Json;

/// A client user, and whose client they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// Where they sign in.
    pub email: String,
    /// The agency's name.
    pub agency: String,
    /// The address of its style sheet; empty for none.
    pub stylesheet: String,
    /// The change sequence at which they were told.
    pub change_seq: u64,
}

impl Person {
    /// Reads `GET /me`; nothing when it is somebody of the agency.
    pub fn read(me: &Json) -> Option<Self> {
        if me.text("role") != Role::Client.name() {
            return None;
        }
        let user = me.get("user");
        Some(Self {
            name: user.text("name"),
            email: user.text("email"),
            agency: me.get("agency").text("name"),
            stylesheet: me.get("agency").text("stylesheet"),
            change_seq: me.count("change_seq"),
        })
    }
}
