use billing::{AgencyId, text::Name};

use super::{
    Postgres, agency,
    values::{bytes, get, parsed, timestamp},
};
use crate::storage::{
    Result, Scope, StorageError,
    keys::{KeyRow, KeyScope, Keys},
};

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
        let sql = "SELECT agency_id, id, name, hash, scopes, created_at FROM sluice_key($1)";
        self.one(sql, params![&hash[..]], |row| {
            let name: String = get(row, 2)?;
            let scopes: String = get(row, 4)?;
            let key = KeyRow {
                id: parsed(row, 1)?,
                name: Name::parse(&name)
                    .map_err(|error| StorageError::Damaged(error.to_string()))?,
                hash: bytes(row, 3)?,
                scopes: scopes.split_whitespace().filter_map(KeyScope::from_name).collect(),
                created_at: timestamp(row, 5)?,
            };
            Ok((Scope::of(parsed::<AgencyId>(row, 0)?), key))
        })
    }
}
