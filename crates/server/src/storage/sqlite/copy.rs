//! A database file as the source of a copy: one snapshot, which a server that goes on does not disturb.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, types::ValueRef};

use super::{MIGRATIONS, database};
use crate::storage::{
    StorageError,
    copy::{Column, CopyError, Kind, Row, Shape, Source, Tables, TakeRow, Value},
};

/// How long somebody else's commit may take at the end.
const PATIENCE: Duration = Duration::from_secs(5);

/// A snapshot of a database file.
pub struct Snapshot {
    connection: Connection,
    /// Differs from then on when somebody else has committed.
    version: i64,
}

impl Snapshot {
    /// Takes a snapshot of a file that exists. Its schema stays as it is.
    ///
    /// # Errors
    /// When it cannot be read, or its schema is not this program's.
    pub fn take(path: &Path) -> Result<Self, CopyError> {
        if !path.is_file() {
            let detail = format!("there is no database at {}", path.display());
            return Err(StorageError::Database(detail).into());
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(database)?;
        connection.busy_timeout(PATIENCE).map_err(database)?;
        connection.execute_batch("BEGIN").map_err(database)?;
        // The first look is what takes the snapshot.
        let found: i64 = pragma(&connection, "user_version")?;
        let expected = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
        if found != expected {
            return Err(CopyError::Version { found, expected });
        }
        let version = pragma(&connection, "data_version")?;
        Ok(Self { connection, version })
    }
}

fn pragma(connection: &Connection, name: &str) -> Result<i64, CopyError> {
    let value = connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0));
    Ok(value.map_err(database)?)
}

impl Tables for Snapshot {
    fn tables(&mut self) -> Result<Vec<String>, CopyError> {
        let sql = "SELECT name FROM sqlite_schema
                   WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
        let mut statement = self.connection.prepare(sql).map_err(database)?;
        let names = statement.query_map([], |row| row.get(0)).map_err(database)?;
        Ok(names.collect::<Result<_, _>>().map_err(database)?)
    }

    fn shape(&mut self, table: &str) -> Result<Option<Shape>, CopyError> {
        let sql = "SELECT name, type, \"notnull\", pk FROM pragma_table_info(?1) ORDER BY cid";
        let mut statement = self.connection.prepare(sql).map_err(database)?;
        let mut rows = statement.query([table]).map_err(database)?;
        let (mut columns, mut key) = (Vec::new(), Vec::new());
        while let Some(row) = rows.next().map_err(database)? {
            let name: String = row.get(0).map_err(database)?;
            let kind: String = row.get(1).map_err(database)?;
            let kind = match kind.as_str() {
                "INTEGER" => Kind::Integer,
                "TEXT" => Kind::Text,
                "BLOB" => Kind::Bytes,
                _ => return Err(CopyError::OtherShape(table.to_owned())),
            };
            let place: i64 = row.get(3).map_err(database)?;
            if place > 0 {
                key.push((place, name.clone()));
            }
            let optional = !row.get::<_, bool>(2).map_err(database)?;
            columns.push(Column { name, kind, optional });
        }
        key.sort();
        let key = key.into_iter().map(|(_, name)| name).collect();
        let table = table.to_owned();
        Ok((!columns.is_empty()).then_some(Shape { table, columns, key }))
    }

    fn each_row(&mut self, shape: &Shape, take: &mut TakeRow<'_>) -> Result<(), CopyError> {
        let names: Vec<_> = shape.columns.iter().map(|column| quoted(&column.name)).collect();
        let key: Vec<_> = shape.key.iter().map(|name| quoted(name)).collect();
        let (names, table, key) = (names.join(", "), quoted(&shape.table), key.join(", "));
        let sql = format!("SELECT {names} FROM {table} ORDER BY {key}");
        let mut statement = self.connection.prepare(&sql).map_err(database)?;
        let mut rows = statement.query([]).map_err(database)?;
        while let Some(row) = rows.next().map_err(database)? {
            let read = |index| row.get_ref(index).map_err(database).and_then(value);
            let values: Row = (0..shape.columns.len()).map(read).collect::<Result<_, _>>()?;
            take(values)?;
        }
        Ok(())
    }
}

impl Source for Snapshot {
    fn count(&mut self, shape: &Shape) -> Result<u64, CopyError> {
        let sql = format!("SELECT count(*) FROM {}", quoted(&shape.table));
        let count: i64 = self.connection.query_row(&sql, [], |row| row.get(0)).map_err(database)?;
        Ok(count.unsigned_abs())
    }

    fn hold_still(&mut self) -> Result<(), CopyError> {
        // Whoever holds the file for writing now is about to change it.
        let held = self.connection.execute_batch("COMMIT; BEGIN IMMEDIATE");
        held.map_err(|error| match database(error) {
            StorageError::Busy => CopyError::Moved,
            other => other.into(),
        })?;
        if pragma(&self.connection, "data_version")? == self.version {
            Ok(())
        } else {
            Err(CopyError::Moved)
        }
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn value(value: ValueRef<'_>) -> Result<Value, StorageError> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Integer(number)),
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Ok(Value::Text(text.to_owned())),
            Err(error) => Err(StorageError::Damaged(error.to_string())),
        },
        ValueRef::Blob(bytes) => Ok(Value::Bytes(bytes.to_vec())),
        ValueRef::Real(_) => Err(StorageError::Damaged("a number with a fraction".to_owned())),
    }
}
