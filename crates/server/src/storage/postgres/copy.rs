//! An empty database as the target of a copy: everything in one transaction, by whoever owns the tables.
//!
//! The owner, too, sees the rows of an entered agency only. Within the transaction that holds for nobody (`NO FORCE ROW LEVEL
//! SECURITY`), and by the same statement nobody else can look or write before it ends; when it ends, it holds again.

use std::sync::Arc;

use postgres::{
    Client,
    binary_copy::BinaryCopyInWriter,
    fallible_iterator::FallibleIterator as _,
    types::{ToSql, Type},
};

use super::{Address, Postgres, Shared, migrate, words};
use crate::storage::{
    StorageError, Transaction,
    copy::{Column, CopyError, Kind, Row, Shape, TABLES, Tables, TakeRow, Target, Value},
};

/// No limit but the one on waiting for others. What a server holds while it lives (class 7583, object 2) is held alone.
const BEGIN: &str = "SET lock_timeout = '10s'; SET statement_timeout = 0;
     SET idle_in_transaction_session_timeout = 0; SET client_min_messages = warning;
     BEGIN ISOLATION LEVEL READ COMMITTED";
const ALONE: &str = "SELECT pg_try_advisory_xact_lock(7583, 2)";
/// Our own tables whose rows the owner does not see either.
const FORCED: &str = "SELECT relname::text FROM pg_class
     WHERE relforcerowsecurity AND relname = ANY ($1) AND relnamespace = current_schema()::regnamespace";
const COLUMNS: &str = "SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull
     FROM pg_attribute a
     WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";
const KEY: &str = "SELECT a.attname::text
     FROM pg_index i CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
     WHERE i.indrelid = to_regclass($1) AND i.indisprimary ORDER BY k.place";
const ALL: &str = "SELECT relname::text FROM pg_class
     WHERE relkind IN ('r', 'p') AND relname <> 'schema_migrations'
         AND relnamespace = current_schema()::regnamespace ORDER BY relname";

/// A copy that is under way.
pub struct Copying {
    /// Also what the rows are looked at with, as a server does.
    connection: Postgres,
    /// Whose security is to be forced again.
    forced: Vec<String>,
}

impl Copying {
    /// Brings an empty database's schema up to date and keeps everybody else out of it.
    ///
    /// # Errors
    /// When it holds anything, or somebody uses it, or it cannot be used.
    pub fn begin(address: &Address) -> Result<Self, CopyError> {
        let mut client = address.own().map_err(failed)?;
        // An installation of an older version is not even brought up to date.
        let there = "SELECT to_regclass('agencies') IS NOT NULL";
        if ask(&mut client, there)? && ask(&mut client, "SELECT EXISTS (SELECT FROM agencies)")? {
            return Err(CopyError::NotEmpty("agencies".to_owned()));
        }
        migrate::migrate(address, true)?;
        client.batch_execute(BEGIN).map_err(failed)?;
        if !ask(&mut client, ALONE)? {
            return Err(CopyError::InUse);
        }
        let found = client.query(FORCED, &[&&TABLES[..]]).map_err(failed)?;
        let forced: Vec<String> =
            found.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>().map_err(failed)?;
        client.batch_execute(&force(&forced, "NO FORCE")).map_err(failed)?;
        for table in TABLES {
            let name = quoted(table);
            let lock = format!("LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE");
            client.batch_execute(&lock).map_err(failed)?;
            if ask(&mut client, &format!("SELECT EXISTS (SELECT FROM {name})"))? {
                return Err(CopyError::NotEmpty(table.to_owned()));
            }
        }
        let shared = Shared::new(address, &Arc::default());
        let mut connection = Postgres::new(shared, false);
        connection.client = Some((client, 0));
        Ok(Self { connection, forced })
    }

    fn client(&mut self) -> Result<&mut Client, CopyError> {
        match &mut self.connection.client {
            Some((client, _)) => Ok(client),
            None => Err(StorageError::Database("the connection was lost".to_owned()).into()),
        }
    }
}

impl Tables for Copying {
    fn tables(&mut self) -> Result<Vec<String>, CopyError> {
        let rows = self.client()?.query(ALL, &[]).map_err(failed)?;
        rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>().map_err(failed)
    }

    fn shape(&mut self, table: &str) -> Result<Option<Shape>, CopyError> {
        let client = self.client()?;
        let mut columns = Vec::new();
        for row in client.query(COLUMNS, &[&table]).map_err(failed)? {
            let kind = match row.try_get(1).map_err(failed)? {
                "bigint" => Kind::Integer,
                "text" => Kind::Text,
                "bytea" => Kind::Bytes,
                _ => return Err(CopyError::OtherShape(table.to_owned())),
            };
            let name = row.try_get(0).map_err(failed)?;
            let optional = !row.try_get::<_, bool>(2).map_err(failed)?;
            columns.push(Column { name, kind, optional });
        }
        let key = client.query(KEY, &[&table]).map_err(failed)?;
        let key: Result<_, _> = key.iter().map(|row| row.try_get(0)).collect();
        let (key, table) = (key.map_err(failed)?, table.to_owned());
        Ok((!columns.is_empty()).then_some(Shape { table, columns, key }))
    }

    fn each_row(&mut self, shape: &Shape, take: &mut TakeRow<'_>) -> Result<(), CopyError> {
        let key: Vec<_> = shape.key.iter().map(|name| quoted(name)).collect();
        let (table, key) = (quoted(&shape.table), key.join(", "));
        let sql = format!("SELECT {} FROM {table} ORDER BY {key}", names(shape));
        let nothing = std::iter::empty::<&(dyn ToSql + Sync)>();
        let mut rows = self.client()?.query_raw(&sql, nothing).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let read = |(index, column): (usize, &Column)| {
                let value = match column.kind {
                    Kind::Integer => row.try_get::<_, Option<_>>(index)?.map(Value::Integer),
                    Kind::Text => row.try_get::<_, Option<_>>(index)?.map(Value::Text),
                    Kind::Bytes => row.try_get::<_, Option<_>>(index)?.map(Value::Bytes),
                };
                Ok(value.unwrap_or(Value::Null))
            };
            let values: Result<Row, postgres::Error> =
                shape.columns.iter().enumerate().map(read).collect();
            take(values.map_err(failed)?)?;
        }
        Ok(())
    }
}

impl Target for Copying {
    fn insert(&mut self, shape: &Shape, rows: &[Row]) -> Result<(), CopyError> {
        for (column, value) in rows.iter().flat_map(|row| shape.columns.iter().zip(row)) {
            if matches!(value, Value::Text(text) if text.contains('\0')) {
                let (table, column) = (shape.table.clone(), column.name.clone());
                return Err(CopyError::Unstorable { table, column });
            }
        }
        let types: Vec<_> = shape.columns.iter().map(|column| wire(column.kind)).collect();
        let table = quoted(&shape.table);
        let sql = format!("COPY {table} ({}) FROM STDIN BINARY", names(shape));
        let writer = self.client()?.copy_in(&sql).map_err(failed)?;
        let mut writer = BinaryCopyInWriter::new(writer, &types);
        for row in rows {
            let columns = shape.columns.iter().zip(row);
            let values: Vec<_> = columns.map(|(column, value)| sent(column.kind, value)).collect();
            writer.write(&values).map_err(failed)?;
        }
        writer.finish().map_err(failed)?;
        Ok(())
    }

    /// What is known of a table's values decides how it is read: nothing is known of rows that have just come.
    fn filled(&mut self, shape: &Shape) -> Result<(), CopyError> {
        let sql = format!("ANALYZE {}", quoted(&shape.table));
        self.client()?.batch_execute(&sql).map_err(failed)
    }

    fn as_server(&mut self) -> Result<&mut dyn Transaction, CopyError> {
        let sql = force(&std::mem::take(&mut self.forced), "FORCE");
        let client = self.client()?;
        client.batch_execute(&sql).map_err(failed)?;
        client.batch_execute("SET LOCAL ROLE sluice_app").map_err(failed)?;
        Ok(&mut self.connection)
    }

    fn commit(mut self: Box<Self>) -> Result<(), CopyError> {
        // Whatever was not looked at as a server: the guards are back.
        self.as_server()?;
        self.client()?.batch_execute("COMMIT").map_err(failed)
    }
}

/// A value on its way; nothing has to say what it is not.
fn sent(kind: Kind, value: &Value) -> &(dyn ToSql + Sync) {
    match (value, kind) {
        (Value::Integer(number), _) => number,
        (Value::Text(text), _) => text,
        (Value::Bytes(bytes), _) => bytes,
        (Value::Null, Kind::Integer) => &None::<i64>,
        (Value::Null, Kind::Text) => &None::<&str>,
        (Value::Null, Kind::Bytes) => &None::<&[u8]>,
    }
}

fn wire(kind: Kind) -> Type {
    match kind {
        Kind::Integer => Type::INT8,
        Kind::Text => Type::TEXT,
        Kind::Bytes => Type::BYTEA,
    }
}

fn ask(client: &mut Client, question: &str) -> Result<bool, CopyError> {
    client.query_one(question, &[]).and_then(|row| row.try_get(0)).map_err(failed)
}

fn force(tables: &[String], how: &str) -> String {
    let each = tables.iter().map(|table| quoted(table));
    each.map(|table| format!("ALTER TABLE {table} {how} ROW LEVEL SECURITY;")).collect()
}

fn names(shape: &Shape) -> String {
    let names: Vec<_> = shape.columns.iter().map(|column| quoted(&column.name)).collect();
    names.join(", ")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn failed(error: postgres::Error) -> CopyError {
    StorageError::Database(words(&error)).into()
}
