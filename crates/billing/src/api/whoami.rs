//! `GET /me` and the answer of `POST /session`, whole. The agency's app reads [`Me`] out of it, which says as much as that
//! app needs.

use serde::{Deserialize, Serialize};

use super::{Me, UserSnapshot};
use crate::{
    AgencyId, Currency, SubAccountId,
    access::{Right, Role},
    text::Name,
};

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum WhoAmI {
    /// Somebody of the agency.
    Staff(StaffMe),
    /// Somebody of a client.
    Client(ClientMe),
}

/// Somebody of the agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StaffMe {
    /// Who, and of which agency.
    #[serde(flatten)]
    pub me: Me,
    /// What they may do.
    #[serde(flatten)]
    pub access: Access,
}

/// Somebody of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientMe {
    /// Who.
    pub user: UserSnapshot,
    /// Whose client.
    pub agency: AgencyBrand,
    /// The change sequence of this answer.
    pub change_seq: u64,
    /// What they may do.
    #[serde(flatten)]
    pub access: Access,
}

/// An agency as its clients know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AgencyBrand {
    /// Its id.
    pub id: AgencyId,
    /// Its name.
    pub name: Name,
    /// What it is billed in.
    pub currency: Currency,
    /// The address of a style sheet with its colour and logo, if it has chosen some.
    pub stylesheet: Option<String>,
}

/// What somebody may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Access {
    /// What they are.
    pub role: Role,
    /// Everything that it gives.
    pub rights: Vec<Right>,
    /// The sub-accounts of a client user; empty for the agency's people, who see all.
    pub accounts: Vec<SubAccountId>,
}
