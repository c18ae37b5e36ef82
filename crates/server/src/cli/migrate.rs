//! `sluice migrate`

use super::{End, database::DatabaseUrl};

/// Opening is migrating.
pub fn run(database: &DatabaseUrl) -> Result<(), End> {
    database.open()?;
    println!("{} is up to date", database);
    Ok(())
}
