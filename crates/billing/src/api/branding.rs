//! Settings > Branding: how the agency shows itself to its clients.

use serde::{Deserialize, Serialize};

use crate::{
    brand::{Colour, ImageKind},
    text::Name,
};

/// `GET /branding`, and the answer to every change of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Branding {
    /// The agency's name, as customers read it.
    pub name: Name,
    /// Its colour; none for the product's own.
    pub accent: Option<Colour>,
    /// Its logo, if it has one.
    pub logo: Option<LogoInfo>,
    /// The address of the style sheet that its clients' pages load; none without a colour and a logo.
    pub stylesheet: Option<String>,
}

/// A logo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LogoInfo {
    /// Its address, of this picture alone.
    pub url: String,
    /// What it is.
    pub media_type: ImageKind,
    /// How wide, in pixels.
    pub width: u32,
    /// How high, in pixels.
    pub height: u32,
}

/// `PUT /branding`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BrandingBody {
    /// The agency's name.
    pub name: String,
    /// Its colour, `#0b6480`; none for the product's own.
    #[serde(default)]
    pub accent: Option<String>,
}
