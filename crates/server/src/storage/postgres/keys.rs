use billing::{AgencyId, KeyId, Timestamp, text::Name};
use postgres::Row;

use super::{
    Postgres, agency,
    values::{bytes, get, parsed, timestamp},
};
use crate::storage::{
    Result, Scope, StorageError,
    keys::{KeyRow, KeyScope, Keys},
};

const COLUMNS: &str = "agency_id, id, name, hash, scopes, created_at, used_at";

impl Keys for Postgres {
    fn insert_key(&mut self, scope: Scope, key: &KeyRow) -> Result<()> {
        let scopes: Vec<_> = key.scopes.iter().map(|scope| scope.name()).collect();
        self.within(scope)?.execute(
            "INSERT INTO api_keys (agency_id, id, name, hash, scopes, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
            params![
                agency(scope),
                key.id.to_string(),
                key.name.as_str(),
                &key.hash[..],
                scopes.join(" "),
                key.created_at.millis(),
            ],
        )?;
        Ok(())
    }

    fn key_by_hash(&mut self, hash: &[u8; 32]) -> Result<Option<(Scope, KeyRow)>> {
        let sql = "SELECT agency_id, id, name, hash, scopes, created_at, NULL::bigint
                   FROM sluice_key($1)";
        self.one(sql, params![&hash[..]], |row| {
            Ok((Scope::of(parsed::<AgencyId>(row, 0)?), read(row)?))
        })
    }

    fn keys(&mut self, scope: Scope) -> Result<Vec<KeyRow>> {
        let sql = format!("SELECT {COLUMNS} FROM api_keys WHERE agency_id = $1 ORDER BY id");
        self.within(scope)?.all(&sql, params![agency(scope)], read)
    }

    fn touch_key(&mut self, scope: Scope, id: KeyId, at: Timestamp) -> Result<()> {
        let sql = "UPDATE api_keys SET used_at = $3 WHERE agency_id = $1 AND id = $2";
        self.within(scope)?.execute(sql, params![agency(scope), id.to_string(), at.millis()])?;
        Ok(())
    }

    fn delete_key(&mut self, scope: Scope, id: KeyId) -> Result<()> {
        let sql = "DELETE FROM api_keys WHERE agency_id = $1 AND id = $2";
        self.within(scope)?.execute(sql, params![agency(scope), id.to_string()])?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<KeyRow> {
    let name: String = get(row, 2)?;
    let scopes: String = get(row, 4)?;
    Ok(KeyRow {
        id: parsed(row, 1)?,
        name: Name::parse(&name).map_err(|error| StorageError::Damaged(error.to_string()))?,
        hash: bytes(row, 3)?,
        scopes: scopes.split_whitespace().filter_map(KeyScope::from_name).collect(),
        created_at: timestamp(row, 5)?,
        used_at: get::<Option<i64>>(row, 6)?.map(Timestamp::from_millis),
    })
}
