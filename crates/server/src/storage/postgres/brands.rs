use billing::{
    AgencyId,
    brand::{Colour, ImageKind},
};

use super::{Postgres, agency, values::get};
use crate::storage::{
    Result, Scope, StorageError,
    brands::{BrandRow, Brands, LogoRow, accent, logo_row},
};

impl Brands for Postgres {
    fn brand(&mut self, scope: Scope) -> Result<BrandRow> {
        let sql = "SELECT accent, logo_digest, logo_type, logo_width, logo_height
                   FROM brands WHERE agency_id = $1";
        let row = self.within(scope)?.one(sql, params![agency(scope)], |row| {
            Ok(BrandRow {
                accent: accent(get(row, 0)?)?,
                logo: logo_row(get(row, 1)?, get(row, 2)?, get(row, 3)?, get(row, 4)?)?,
            })
        })?;
        Ok(row.unwrap_or_default())
    }

    fn logo(&mut self, scope: Scope) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT logo FROM brands WHERE agency_id = $1 AND logo IS NOT NULL";
        self.within(scope)?.one(sql, params![agency(scope)], |row| get(row, 0))
    }

    fn save_accent(&mut self, scope: Scope, accent: Option<Colour>) -> Result<()> {
        let sql = "INSERT INTO brands (agency_id, accent) VALUES ($1, $2)
                   ON CONFLICT (agency_id) DO UPDATE SET accent = excluded.accent";
        let accent = accent.map(|accent| accent.to_string());
        self.within(scope)?.execute(sql, params![agency(scope), accent])?;
        Ok(())
    }

    fn save_logo(&mut self, scope: Scope, logo: Option<(&LogoRow, &[u8])>) -> Result<()> {
        let sql =
            "INSERT INTO brands (agency_id, logo_digest, logo_type, logo_width, logo_height, logo)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (agency_id) DO UPDATE SET
                logo_digest = excluded.logo_digest, logo_type = excluded.logo_type,
                logo_width = excluded.logo_width, logo_height = excluded.logo_height,
                logo = excluded.logo";
        let row = logo.map(|(row, _)| row);
        self.within(scope)?.execute(
            sql,
            params![
                agency(scope),
                row.map(|row| row.digest.as_str()),
                row.map(|row| row.image.kind.media_type()),
                row.map(|row| i64::from(row.image.width)),
                row.map(|row| i64::from(row.image.height)),
                logo.map(|(_, bytes)| bytes),
            ],
        )?;
        Ok(())
    }

    fn published_brand(&mut self, agency: AgencyId) -> Result<BrandRow> {
        self.brand(Scope::of(agency))
    }

    fn published_logo(
        &mut self,
        agency: AgencyId,
        digest: &str,
    ) -> Result<Option<(ImageKind, Vec<u8>)>> {
        let sql = "SELECT logo_type, logo FROM brands WHERE agency_id = $1 AND logo_digest = $2";
        self.within(Scope::of(agency))?.one(sql, params![agency.to_string(), digest], |row| {
            let kind = ImageKind::from_media_type(&get::<String>(row, 0)?);
            let damaged = || StorageError::Damaged("a logo".to_owned());
            Ok((kind.ok_or_else(damaged)?, get(row, 1)?))
        })
    }
}
