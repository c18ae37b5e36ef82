//! The schema, by version.

use postgres::{Client, Transaction};

use super::{Address, words};
use crate::storage::{Result, Schema, StorageError};

/// Each brings the schema one version further.
const MIGRATIONS: [&str; 12] = [
    concat!(include_str!("schema.sql"), include_str!("access.sql")),
    include_str!("usage.sql"),
    include_str!("standing.sql"),
    include_str!("people.sql"),
    include_str!("embed.sql"),
    include_str!("top_ups.sql"),
    include_str!("brands.sql"),
    include_str!("ways_in.sql"),
    include_str!("statements.sql"),
    include_str!("closing.sql"),
    include_str!("wallets.sql"),
    include_str!("treasury.sql"),
];

/// Brings the schema up to date; one that is needs no rights to change it.
pub(super) fn migrate(address: &Address, make: bool) -> Result<()> {
    let mut client = address.own().map_err(|error| StorageError::Database(words(&error)))?;
    match version(&mut client)? {
        Some(version) if version > MIGRATIONS.len() => {
            let detail = "the database was made by a newer version of this program";
            Err(StorageError::Database(detail.to_owned()))
        }
        Some(version) if version == MIGRATIONS.len() => Ok(()),
        None if !make => {
            let detail = "there is nothing of ours in this database; `sluice migrate` makes it";
            Err(StorageError::Database(detail.to_owned()))
        }
        _ => bring_up(&mut client).map_err(|error| StorageError::Database(words(&error))),
    }
}

/// How far the schema is; changes nothing.
pub(super) fn schema(address: &Address) -> Result<Schema> {
    let mut client = address.own().map_err(|error| StorageError::Database(words(&error)))?;
    Ok(Schema::of(version(&mut client)?.unwrap_or(0), MIGRATIONS.len()))
}

/// How many migrations the database has seen; none when it is not ours.
fn version(client: &mut Client) -> Result<Option<usize>> {
    let asked = (|| {
        let ours = "SELECT to_regclass('schema_migrations') IS NOT NULL";
        if !client.query_one(ours, &[])?.try_get::<_, bool>(0)? {
            return Ok(None);
        }
        let last = "SELECT coalesce(max(version), 0) FROM schema_migrations";
        client.query_one(last, &[])?.try_get::<_, i64>(0).map(Some)
    })();
    let version = asked.map_err(|error: postgres::Error| StorageError::Database(words(&error)))?;
    Ok(version.map(|version| usize::try_from(version).unwrap_or(usize::MAX)))
}

/// All that is missing, in one transaction; whoever comes at the same time waits and finds it done.
fn bring_up(client: &mut Client) -> std::result::Result<(), postgres::Error> {
    let mut transaction = client.transaction()?;
    // Of the locks with Sluice's number (7583), 1 is for migrating and 2 says that a server is there.
    transaction.batch_execute(
        "SELECT pg_advisory_xact_lock(7583, 1);
         CREATE TABLE IF NOT EXISTS schema_migrations (
             version bigint PRIMARY KEY,
             applied_at timestamptz NOT NULL DEFAULT now()
         );",
    )?;
    let last = "SELECT coalesce(max(version), 0) FROM schema_migrations";
    let have: i64 = transaction.query_one(last, &[])?.try_get(0)?;
    for (number, migration) in (1i64..).zip(MIGRATIONS) {
        if number > have {
            one(&mut transaction, number, migration)?;
        }
    }
    transaction.commit()
}

fn one(
    transaction: &mut Transaction<'_>,
    number: i64,
    migration: &str,
) -> std::result::Result<(), postgres::Error> {
    transaction.batch_execute(migration)?;
    transaction.execute("INSERT INTO schema_migrations (version) VALUES ($1)", &[&number])?;
    Ok(())
}
