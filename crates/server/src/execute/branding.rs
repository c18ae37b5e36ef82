//! How an agency shows itself to its clients: its name, a colour, a logo, and the style sheet that they make.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use billing::{
    AgencyId,
    api::{Branding, LogoInfo},
    brand::{Colour, Image, Palette, sheet},
    text::Name,
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{ExecuteError, Origin, Tools, tell_agency};
use crate::storage::{
    Result as Stored, Scope, Transaction,
    audit::AuditRow,
    brands::{BrandRow, LogoRow},
};

/// A style sheet and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stylesheet {
    /// Its address, of this text alone.
    pub address: String,
    /// What it says.
    pub text: String,
}

/// An agency's style sheet; none when it has chosen nothing.
pub fn stylesheet(agency: AgencyId, brand: &BrandRow) -> Option<Stylesheet> {
    let palette = brand.accent.map(Palette::of);
    let logo = brand.logo.as_ref().map(|logo| (logo.image, logo_address(agency, logo)));
    let logo = logo.as_ref().map(|(image, address)| (*image, address.as_str()));
    let text = sheet::write(palette.as_ref(), logo)?;
    Some(Stylesheet { address: format!("/brand/{agency}/{}.css", digest(text.as_bytes())), text })
}

/// The address of the style sheet of one's own agency, for the pages of its clients.
///
/// # Errors
/// When storage fails.
pub fn address(tx: &mut dyn Transaction, scope: Scope) -> Stored<Option<String>> {
    let sheet = stylesheet(scope.agency(), &tx.brand(scope)?);
    Ok(sheet.map(|sheet| sheet.address))
}

/// Everything that was chosen.
///
/// # Errors
/// `NotFound` when the agency is gone; when storage fails.
pub fn show(tx: &mut dyn Transaction, scope: Scope) -> Result<Branding, ExecuteError> {
    let agency = tx.agency(scope)?.ok_or(ExecuteError::NotFound)?;
    let brand = tx.brand(scope)?;
    Ok(Branding {
        name: agency.name,
        accent: brand.accent,
        logo: brand.logo.as_ref().map(|logo| LogoInfo {
            url: logo_address(agency.id, logo),
            media_type: logo.image.kind,
            width: logo.image.width,
            height: logo.image.height,
        }),
        stylesheet: stylesheet(agency.id, &brand).map(|sheet| sheet.address),
    })
}

/// Takes another name and another colour; open pages of the agency's people hear of the name.
///
/// # Errors
/// `NotFound` when the agency is gone; when storage fails.
pub fn set(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    name: &Name,
    accent: Option<Colour>,
    origin: &Origin,
) -> Result<Branding, ExecuteError> {
    let before = show(tx, scope)?;
    if before.name == *name && before.accent == accent {
        return Ok(before);
    }
    if before.name != *name {
        tx.rename_agency(scope, name)?;
        tell_agency(tx, scope, tools.now)?;
    }
    tx.save_accent(scope, accent)?;
    let row = AuditRow {
        before: Some(json!({ "name": before.name, "accent": before.accent }).to_string()),
        after: Some(json!({ "name": name, "accent": accent }).to_string()),
        ..origin.did("set_branding", tools.now)
    };
    tx.insert_audit(scope, &row)?;
    show(tx, scope)
}

/// Puts a logo in the place of the one that is there, or takes it away.
///
/// # Errors
/// `NotFound` when the agency is gone; when storage fails.
pub fn set_logo(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    logo: Option<(Image, &[u8])>,
    origin: &Origin,
) -> Result<Branding, ExecuteError> {
    let before = tx.brand(scope)?.logo;
    let made = logo.map(|(image, bytes)| (LogoRow { digest: digest(bytes), image }, bytes));
    let after = made.as_ref().map(|(row, _)| row);
    if before.as_ref() != after {
        tx.save_logo(scope, made.as_ref().map(|(row, bytes)| (row, *bytes)))?;
        let told = |logo: Option<&LogoRow>| {
            logo.map(|logo| json!({ "logo": logo.digest, "type": logo.image.kind }).to_string())
        };
        let action = if after.is_some() { "set_logo" } else { "remove_logo" };
        let row = AuditRow {
            before: told(before.as_ref()),
            after: told(after),
            ..origin.did(action, tools.now)
        };
        tx.insert_audit(scope, &row)?;
    }
    show(tx, scope)
}

fn logo_address(agency: AgencyId, logo: &LogoRow) -> String {
    format!("/brand/{agency}/{}.{}", logo.digest, logo.image.kind.extension())
}

/// Sixteen bytes of a hash: nobody finds two files of one.
fn digest(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(bytes).get(..16).unwrap_or_default())
}
