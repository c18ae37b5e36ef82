//! A whole database as tables of plain values: what moving an installation from one database to another needs, and nothing
//! else does. No noun is known here, so that a row that some old version wrote is moved as it stands.

use super::{StorageError, Transaction};

/// Every table there is, in the order in which they are copied. A table that is missing here is never left behind silently:
/// a source that has it is refused, and a test compares this list with both schemas.
pub const TABLES: [&str; 43] = [
    "agencies",
    "users",
    "sessions",
    "tickets",
    "second_factors",
    "accounts",
    "funding_events",
    "requests",
    "links",
    "payments",
    "entries",
    "postings",
    "balances",
    "changes",
    "jobs",
    "idempotency",
    "audit",
    "webhooks",
    "mailbox",
    "api_keys",
    "prices",
    "metering",
    "metering_changes",
    "events",
    "usage_days",
    "event_index",
    "notices",
    "dips",
    "standings_told",
    "endpoints",
    "deliveries",
    "embed_origins",
    "embed_sessions",
    "embed_tickets",
    "top_ups",
    "brands",
    "statement_periods",
    "statements",
    "receipts",
    "wallets",
    "balance_links",
    "card_setups",
    "treasuries",
];

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Whole numbers of 64 bits.
    Integer,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may hold nothing.
    pub optional: bool,
}

/// How a table is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Its name.
    pub table: String,
    /// Its columns, in the order of the schema.
    pub columns: Vec<Column>,
    /// The names of the columns of its primary key.
    pub key: Vec<String>,
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A number.
    Integer(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// The values of a row, in the order of its shape's columns.
pub type Row = Vec<Value>;

/// Takes one row after another.
pub type TakeRow<'a> = dyn FnMut(Row) -> Result<(), CopyError> + 'a;

/// A database that can be read table by table.
pub trait Tables {
    /// The names of all tables that hold data.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn tables(&mut self) -> Result<Vec<String>, CopyError>;
    /// How a table is made; nothing when it is not there.
    fn shape(&mut self, table: &str) -> Result<Option<Shape>, CopyError>;
    /// Hands over every row, in the order of the primary key, byte by byte.
    fn each_row(&mut self, shape: &Shape, take: &mut TakeRow<'_>) -> Result<(), CopyError>;
}

/// Where a copy comes from: one snapshot of it.
pub trait Source: Tables {
    /// How many rows a table has.
    fn count(&mut self, shape: &Shape) -> Result<u64, CopyError>;
    /// Keeps everybody else from writing from here on, for as long as this lives, and refuses when somebody has written since
    /// the snapshot was taken: what they wrote is not in the copy.
    fn hold_still(&mut self) -> Result<(), CopyError>;
}

/// Where a copy goes: an empty database, in which nobody sees anything before [`Target::commit`].
pub trait Target: Tables {
    /// Stores rows of a table.
    fn insert(&mut self, shape: &Shape, rows: &[Row]) -> Result<(), CopyError>;
    /// All rows of this table are stored.
    fn filled(&mut self, shape: &Shape) -> Result<(), CopyError>;
    /// Puts back what guards the rows, and sees them as a server will. Nothing can be stored after it.
    fn as_server(&mut self) -> Result<&mut dyn Transaction, CopyError>;
    /// Keeps it all. A target that is dropped without it stays empty.
    fn commit(self: Box<Self>) -> Result<(), CopyError>;
}

/// Why nothing was copied. The target is as empty as it was.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// Only one way is open.
    #[error(
        "a copy goes from SQLite to PostgreSQL: --from sqlite:PATH --to postgres://USER@HOST/NAME"
    )]
    Direction,
    /// One of the two databases does not work.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The source's schema is not this program's.
    #[error(
        "the source's schema has version {found}, this program's has {expected}: bring it up to date with `sluice migrate`"
    )]
    Version {
        /// What the source has.
        found: i64,
        /// What it should have.
        expected: i64,
    },
    /// The source has tables that are not copied.
    #[error("the source has tables that this program does not know: {}", .0.join(", "))]
    UnknownTables(Vec<String>),
    /// A table is made otherwise on the two sides, or is missing on one.
    #[error("the table {0} is not the same in the source and in the target")]
    OtherShape(String),
    /// Somebody uses the target.
    #[error("a server or another copy is using the target: stop it first")]
    InUse,
    /// The target holds something.
    #[error("the target's table {0} holds rows already: a copy goes into an empty database only")]
    NotEmpty(String),
    /// A text that PostgreSQL cannot hold.
    #[error("a text in {table}.{column} holds the character U+0000, which the target cannot hold")]
    Unstorable {
        /// In which table.
        table: String,
        /// In which column.
        column: String,
    },
    /// Somebody has written to the source meanwhile.
    #[error(
        "the source was written to while it was copied, so the copy was undone: stop every server that works on it, then copy \
         again"
    )]
    Moved,
}
