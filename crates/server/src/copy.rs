//! `sluice copy`: moves an installation to another database. All or nothing, and only what was proved to have arrived.
//!
//! The source is one snapshot, the target one transaction. Every row is fingerprinted when it leaves and, once all are there,
//! when it is read back; then `verify` goes through the target as it does through any database. At last the source is held
//! still: when somebody has written to it meanwhile, the copy would lack that, and is undone.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use crate::{
    storage::copy::{CopyError, Row, Shape, Source, TABLES, Target, Value},
    verify,
};

/// Rows that are sent at once, and about how many bytes.
const BATCH_ROWS: usize = 5_000;
const BATCH_BYTES: usize = 4 * 1024 * 1024;

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many of all rows are in the target.
    Copied {
        /// Rows that are there.
        rows: u64,
        /// Rows there are.
        of: u64,
    },
    /// So many of all rows were read back.
    Compared {
        /// Rows that were read.
        rows: u64,
        /// Rows there are.
        of: u64,
    },
    /// The invariants are checked.
    Verifying,
}

/// What was copied, or, when the two sides differ, would have been.
#[derive(Clone, Debug)]
pub struct Copied {
    /// Each table.
    pub tables: Vec<Compared>,
    /// What `verify` finds in the target; nothing when the tables differ already.
    pub report: Option<verify::Report>,
}

impl Copied {
    /// Whether both sides are the same and sound: only then was anything kept.
    pub fn is_kept(&self) -> bool {
        self.tables.iter().all(Compared::is_same) && self.report.as_ref().is_some_and(|it| it.ok)
    }
}

/// A table on both sides.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Its name.
    pub table: &'static str,
    /// What left the source.
    pub source: Content,
    /// What is in the target.
    pub target: Content,
}

impl Compared {
    /// Whether the same rows are in both.
    pub fn is_same(&self) -> bool {
        self.source == self.target
    }
}

/// How much is in a table, and the fingerprint of it: SHA-256 of its rows in the order of their keys, every value with its
/// type and length before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Rows.
    pub rows: u64,
    /// The fingerprint.
    pub digest: [u8; 32],
}

/// Copies everything and keeps it when both sides turn out to be the same and sound.
///
/// # Errors
/// When something does not work, or the source has changed meanwhile; then nothing is kept.
pub fn copy(
    source: &mut dyn Source,
    mut target: Box<dyn Target>,
    tell: &mut dyn FnMut(Step),
) -> Result<Copied, CopyError> {
    let shapes = shapes(source, target.as_mut())?;
    let mut of = 0;
    for (_, shape) in &shapes {
        of += source.count(shape)?;
    }
    let (mut rows, mut left) = (0, Vec::new());
    for (_, shape) in &shapes {
        left.push(send(source, target.as_mut(), shape, &mut |sent| {
            rows += sent;
            tell(Step::Copied { rows, of });
        })?);
    }
    let (mut rows, mut tables) = (0, Vec::new());
    for ((table, shape), source) in shapes.iter().zip(left) {
        let mut content = Counting::default();
        target.each_row(shape, &mut |row| {
            content.add(&row);
            rows += 1;
            if rows % BATCH_ROWS as u64 == 0 {
                tell(Step::Compared { rows, of });
            }
            Ok(())
        })?;
        tables.push(Compared { table, source, target: content.finish() });
    }
    if !tables.iter().all(Compared::is_same) {
        return Ok(Copied { tables, report: None });
    }
    tell(Step::Verifying);
    let report = verify::verify(target.as_server()?)?;
    let copied = Copied { tables, report: Some(report) };
    if copied.is_kept() {
        source.hold_still()?;
        target.commit()?;
    }
    Ok(copied)
}

/// How the tables are made, which must be the same on both sides.
fn shapes(
    source: &mut dyn Source,
    target: &mut dyn Target,
) -> Result<Vec<(&'static str, Shape)>, CopyError> {
    let known = BTreeSet::from(TABLES);
    let unknown: Vec<_> =
        source.tables()?.into_iter().filter(|table| !known.contains(table.as_str())).collect();
    if !unknown.is_empty() {
        return Err(CopyError::UnknownTables(unknown));
    }
    let shape = |table: &'static str| match (source.shape(table)?, target.shape(table)?) {
        (Some(from), Some(to)) if are_alike(&from, &to) => Ok((table, from)),
        _ => Err(CopyError::OtherShape(table.to_owned())),
    };
    TABLES.into_iter().map(shape).collect()
}

/// Columns that were added later may stand in another place.
fn are_alike(one: &Shape, other: &Shape) -> bool {
    let columns = |shape: &Shape| shape.columns.iter().cloned().collect::<BTreeSet<_>>();
    one.key == other.key && !one.key.is_empty() && columns(one) == columns(other)
}

/// Sends a table's rows; answers what they were.
fn send(
    source: &mut dyn Source,
    target: &mut dyn Target,
    shape: &Shape,
    sent: &mut dyn FnMut(u64),
) -> Result<Content, CopyError> {
    let (mut content, mut batch, mut bytes) = (Counting::default(), Vec::new(), 0);
    source.each_row(shape, &mut |row| {
        bytes += content.add(&row);
        batch.push(row);
        if batch.len() >= BATCH_ROWS || bytes >= BATCH_BYTES {
            target.insert(shape, &batch)?;
            sent(batch.len() as u64);
            batch.clear();
            bytes = 0;
        }
        Ok(())
    })?;
    target.insert(shape, &batch)?;
    sent(batch.len() as u64);
    target.filled(shape)?;
    Ok(content.finish())
}

/// The content of a table while its rows go by.
#[derive(Default)]
struct Counting {
    rows: u64,
    digest: Sha256,
}

impl Counting {
    /// Takes a row in; answers about how many bytes it has.
    fn add(&mut self, row: &Row) -> usize {
        let mut size = 0;
        for value in row {
            let (mark, bytes): (_, &[u8]) = match value {
                Value::Null => (b'-', &[]),
                Value::Integer(number) => (b'i', &number.to_be_bytes()),
                Value::Text(text) => (b't', text.as_bytes()),
                Value::Bytes(bytes) => (b'b', bytes),
            };
            self.digest.update([mark]);
            self.digest.update((bytes.len() as u64).to_be_bytes());
            self.digest.update(bytes);
            size += bytes.len();
        }
        self.rows += 1;
        size
    }

    fn finish(self) -> Content {
        Content { rows: self.rows, digest: self.digest.finalize().into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(rows: &[Row]) -> Content {
        let mut counting = Counting::default();
        for row in rows {
            counting.add(row);
        }
        counting.finish()
    }

    #[test]
    fn a_value_is_never_taken_for_another() {
        let text = |text: &str| Value::Text(text.to_owned());
        let tables = [
            vec![],
            vec![vec![text("ab"), text("c")]],
            vec![vec![text("a"), text("bc")]],
            vec![vec![text("")]],
            vec![vec![Value::Null]],
            vec![vec![Value::Bytes(vec![])]],
            vec![vec![Value::Integer(0)]],
            vec![vec![Value::Bytes(vec![0; 8])]],
            vec![vec![text("a")], vec![text("b")]],
            vec![vec![text("b")], vec![text("a")]],
        ];
        let digests: BTreeSet<_> = tables.iter().map(|rows| content(rows).digest).collect();
        assert_eq!(digests.len(), tables.len());
        assert_eq!(content(&tables[8]), content(&tables[8]));
    }

    #[test]
    fn a_table_is_alike_whatever_the_order_of_its_columns() {
        let column = |name: &str, kind, optional| super::super::storage::copy::Column {
            name: name.to_owned(),
            kind,
            optional,
        };
        use crate::storage::copy::Kind::{Integer, Text};
        let shape = |columns: Vec<_>, key: &str| Shape {
            table: "t".to_owned(),
            columns,
            key: key.split_whitespace().map(str::to_owned).collect(),
        };
        let one = shape(vec![column("a", Text, false), column("b", Integer, true)], "a");
        let swapped = shape(vec![column("b", Integer, true), column("a", Text, false)], "a");
        assert!(are_alike(&one, &swapped));
        for other in [
            shape(vec![column("a", Text, false)], "a"),
            shape(vec![column("a", Text, false), column("b", Text, true)], "a"),
            shape(vec![column("a", Text, false), column("b", Integer, false)], "a"),
            shape(one.columns.clone(), "a b"),
        ] {
            assert!(!are_alike(&one, &other), "{other:?}");
        }
        let without_a_key = shape(one.columns.clone(), "");
        assert!(!are_alike(&without_a_key, &without_a_key), "rows of no order cannot be compared");
    }
}
