//! Who is signed in.

use serde::{Deserialize, Serialize};

use super::AgencySnapshot;
use crate::{
    Policy, UserId,
    text::{EmailAddress, Name},
};

/// `GET /session/providers`: whom people may sign in with, beside their password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProviderList {
    /// None, or one.
    pub providers: Vec<SignInProvider>,
}

/// An OpenID provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignInProvider {
    /// What it is called here.
    pub label: String,
    /// Where a browser is sent from there to it: a path of this server, for a link.
    pub url: String,
}

/// `POST /session`
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SignInBody {
    /// The user's e-mail address.
    pub email: String,
    /// Their password.
    pub password: String,
    /// What their authenticator app shows, or a recovery code: of those who have turned that on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl std::fmt::Debug for SignInBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignInBody").field("email", &self.email).finish_non_exhaustive()
    }
}

/// `PUT /me/password`
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChangePasswordBody {
    /// The password until now.
    pub current_password: String,
    /// The password from now on.
    pub password: String,
}

impl std::fmt::Debug for ChangePasswordBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChangePasswordBody").finish_non_exhaustive()
    }
}

/// A person of the agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UserSnapshot {
    /// Their id.
    pub id: UserId,
    /// Their name.
    pub name: Name,
    /// Where they sign in and get notices.
    pub email: EmailAddress,
}

/// What a demo has beside the product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DemoInfo {
    /// The page that shows every mail sent.
    pub mailbox_url: String,
}

/// `GET /me`, and the answer of `POST /session`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Me {
    /// Who.
    pub user: UserSnapshot,
    /// Of which agency.
    pub agency: AgencySnapshot,
    /// The change sequence of this answer: from here on the change stream tells the rest.
    pub change_seq: u64,
    /// What this deployment allows.
    pub policy: Policy,
    /// Present in a demo only.
    pub demo: Option<DemoInfo>,
}
