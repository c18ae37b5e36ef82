//! How agencies show themselves to their clients: a colour and a logo.

use billing::{
    AgencyId,
    brand::{Colour, Image, ImageKind},
};

use super::{Result, Scope, StorageError};

/// What an agency has chosen; nothing unless it has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BrandRow {
    /// Its colour.
    pub accent: Option<Colour>,
    /// Its logo, without its bytes.
    pub logo: Option<LogoRow>,
}

/// A logo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoRow {
    /// The hash of its bytes: its address.
    pub digest: String,
    /// What it is, and how large.
    pub image: Image,
}

/// The brands.
pub trait Brands {
    /// One's own.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn brand(&mut self, scope: Scope) -> Result<BrandRow>;

    /// The bytes of one's own logo.
    fn logo(&mut self, scope: Scope) -> Result<Option<Vec<u8>>>;

    /// Chooses a colour, or none.
    fn save_accent(&mut self, scope: Scope, accent: Option<Colour>) -> Result<()>;

    /// Puts a logo with its bytes in the place of the one that is there, or takes it away.
    fn save_logo(&mut self, scope: Scope, logo: Option<(&LogoRow, &[u8])>) -> Result<()>;

    /// What anybody may see of an agency's brand: it stands on public pages.
    fn published_brand(&mut self, agency: AgencyId) -> Result<BrandRow>;

    /// The picture of this address, for anybody.
    fn published_logo(
        &mut self,
        agency: AgencyId,
        digest: &str,
    ) -> Result<Option<(ImageKind, Vec<u8>)>>;
}

/// A logo from its columns, all of which are there or none.
pub(super) fn logo_row(
    digest: Option<String>,
    media_type: Option<String>,
    width: Option<i64>,
    height: Option<i64>,
) -> Result<Option<LogoRow>> {
    let Some(digest) = digest else { return Ok(None) };
    let pixels = |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok());
    let damaged = || StorageError::Damaged("a logo".to_owned());
    let kind = media_type.and_then(|name| ImageKind::from_media_type(&name)).ok_or_else(damaged)?;
    let (width, height) = (pixels(width).ok_or_else(damaged)?, pixels(height).ok_or_else(damaged)?);
    Ok(Some(LogoRow { digest, image: Image { kind, width, height } }))
}

/// A colour from its column.
pub(super) fn accent(text: Option<String>) -> Result<Option<Colour>> {
    let damaged = || StorageError::Damaged("a colour".to_owned());
    text.map(|text| Colour::parse(&text).ok_or_else(damaged)).transpose()
}
