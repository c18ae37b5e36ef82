//! What somebody shows beside their password.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// `GET /me/second-factor`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SecondFactorView {
    /// Since when a code is asked for when one signs in with a password; none when it is not.
    pub on_since: Option<Timestamp>,
    /// How many recovery codes were not used.
    pub recovery_codes_left: u32,
}

/// `POST /me/second-factor`
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BeginSecondFactorBody {
    /// One's password. Whoever has signed in within the last five minutes may leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_password: Option<String>,
}

/// What an authenticator app needs, told once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewSecondFactor {
    /// The secret in base 32, for whoever types it.
    pub secret: String,
    /// The same as an address, `otpauth://…`.
    pub uri: String,
    /// The address as a picture; none when it is too long for one.
    pub picture: Option<Picture>,
}

/// A QR code: dark squares on light ground.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Picture {
    /// How many squares it is wide and high; around it belongs an empty border of four.
    pub size: u32,
    /// The dark ones, as the `d` of an SVG path.
    pub path: String,
}

/// `PUT /me/second-factor`
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TurnOnSecondFactorBody {
    /// What the app shows.
    pub code: String,
}

/// Recovery codes, told once; each signs in once in place of the app's.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecoveryCodes {
    /// Them.
    pub codes: Vec<String>,
}

/// `DELETE /me/second-factor`
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TurnOffSecondFactorBody {
    /// One's password. Whoever has signed in within the last five minutes may leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_password: Option<String>,
    /// What the app shows, or a recovery code.
    pub code: String,
}

/// None of these is printed: each holds a secret.
macro_rules! unprinted {
    ($($name:ident)*) => {
        $(
            impl std::fmt::Debug for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.debug_struct(stringify!($name)).finish_non_exhaustive()
                }
            }
        )*
    };
}
unprinted! { BeginSecondFactorBody NewSecondFactor TurnOnSecondFactorBody RecoveryCodes TurnOffSecondFactorBody }
