//! People: who is there, what they may do, how they come in and in again.

use serde::{Deserialize, Serialize};

use crate::{
    SubAccountId, Timestamp, UserId,
    access::Role,
    text::{EmailAddress, Name},
};

/// `POST /people`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InvitePersonBody {
    /// Their name.
    #[cfg_attr(feature = "schema", schemars(with = "Name"))]
    pub name: String,
    /// Where the invitation goes, and where they will sign in.
    #[cfg_attr(feature = "schema", schemars(with = "EmailAddress"))]
    pub email: String,
    /// What they will be.
    pub role: Role,
    /// The sub-accounts of a client user; absent or empty for everybody else.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 100)))]
    pub accounts: Vec<SubAccountId>,
}

/// `PATCH /people/{id}`: what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePersonBody {
    /// Their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Name>"))]
    pub name: Option<String>,
    /// What they will be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The sub-accounts of a client user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accounts: Option<Vec<SubAccountId>>,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PersonSnapshot {
    /// Their id.
    pub id: UserId,
    /// Their name.
    pub name: Name,
    /// Where they sign in.
    pub email: EmailAddress,
    /// What they are.
    pub role: Role,
    /// The sub-accounts of a client user; empty for everybody else.
    pub accounts: Vec<SubAccountId>,
    /// Whether they have yet to accept their invitation.
    pub is_invited: bool,
    /// Until when the invitation's link is good; none before its letter went out, and once it was accepted.
    pub invited_until: Option<Timestamp>,
    /// Since when they are here.
    pub created_at: Timestamp,
}

/// `GET /people`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PeopleList {
    /// Everybody, oldest first.
    pub people: Vec<PersonSnapshot>,
}

/// `POST /invitations/open`
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenInvitationBody {
    /// What stands after `#t=` in the link.
    pub token: String,
}

/// Whom an invitation is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InvitationView {
    /// Who invites.
    pub agency: Name,
    /// Who is invited.
    pub name: Name,
    /// Where they will sign in.
    pub email: EmailAddress,
    /// What they will be.
    pub role: Role,
    /// Until when the link is good.
    pub expires_at: Timestamp,
}

/// `POST /invitations/accept` and `POST /password-resets/accept`
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetPasswordBody {
    /// What stands after `#t=` in the link.
    pub token: String,
    /// The password from now on.
    #[cfg_attr(feature = "schema", schemars(length(min = 12, max = 1024)))]
    pub password: String,
}

/// `POST /password-resets`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskResetBody {
    /// Where somebody signs in.
    #[cfg_attr(feature = "schema", schemars(with = "EmailAddress"))]
    pub email: String,
}

/// One of one's own sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionSnapshot {
    /// Names it; opens nothing.
    pub id: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used, to the hour or so.
    pub used_at: Timestamp,
    /// Until when, at the latest: one that is not used ends earlier.
    pub expires_at: Timestamp,
    /// What the browser called itself; may be empty.
    pub agent: String,
    /// It is the one that asks.
    pub is_current: bool,
}

/// `DELETE /sessions/{id}`
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EndSessionBody {
    /// One's password. Whoever has signed in within the last five minutes may leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_password: Option<String>,
}

/// `GET /sessions`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionList {
    /// One's own, newest first.
    pub sessions: Vec<SessionSnapshot>,
}

impl std::fmt::Debug for EndSessionBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EndSessionBody").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for OpenInvitationBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenInvitationBody").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for SetPasswordBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SetPasswordBody").finish_non_exhaustive()
    }
}
