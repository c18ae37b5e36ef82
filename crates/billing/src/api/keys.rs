//! API keys: how an agency's machines come in.

use serde::{Deserialize, Serialize};

use crate::{KeyId, Timestamp, access::KeyScope, text::Name};

/// `POST /api-keys`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateKeyBody {
    /// What people will call it.
    #[cfg_attr(feature = "schema", schemars(with = "Name"))]
    pub name: String,
    /// What it will allow; at least one.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub scopes: Vec<KeyScope>,
}

/// A key that was just made, with itself, which nobody is told again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewKey {
    /// Its id.
    pub id: KeyId,
    /// What people call it.
    pub name: Name,
    /// What it allows.
    pub scopes: Vec<KeyScope>,
    /// The key, `sluice_…`.
    pub key: String,
}

/// A key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeySnapshot {
    /// Its id.
    pub id: KeyId,
    /// What people call it.
    pub name: Name,
    /// What it allows.
    pub scopes: Vec<KeyScope>,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used, to the minute; none if it never was.
    pub used_at: Option<Timestamp>,
}

/// `GET /api-keys`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeyList {
    /// All that live, oldest first.
    pub keys: Vec<KeySnapshot>,
}

impl std::fmt::Debug for NewKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewKey").field("id", &self.id).finish_non_exhaustive()
    }
}
