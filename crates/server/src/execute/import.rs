//! `accounts.csv`: sub-accounts from elsewhere. Checked whole before anything is stored.
//!
//! Columns, by name, in any order: `external_id` (1–64 visible characters, unique), `name` (1–200 characters), and optionally
//! `low_below` (a plain amount; 10.00 when empty).

use std::collections::BTreeMap;

use billing::{Currency, Money, SubAccountId, funding::Funding, text::Name};
use serde::Serialize;

use super::{ExecuteError, Origin, Tools, tell_agency};
use crate::{
    deps::EntropyExt,
    storage::{Scope, Transaction, accounts::AccountRow, audit::AuditRow},
};

/// The columns there must be.
const REQUIRED: [&str; 2] = ["external_id", "name"];
/// The columns there may be.
const OPTIONAL: [&str; 1] = ["low_below"];
/// The longest external id, in characters.
pub const EXTERNAL_ID_MAX_CHARS: usize = 64;
/// Rows in one file.
pub const ROWS_MAX: usize = 1_000_000;
/// Errors that are reported; more help nobody.
const ERRORS_MAX: usize = 100;
/// Below this a balance counts as low, when the file does not say.
const LOW_BELOW_MICROS: i64 = 10_000_000;

/// A row that is fine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccount {
    /// Its line in the file.
    pub line: u64,
    /// The agency's own id.
    pub external_id: String,
    /// Its name.
    pub name: Name,
    /// Below this its own balance counts as low.
    pub low_below: Money,
}

/// A row, or the file, that is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowError {
    /// The line in the file, from 1.
    pub line: u64,
    /// The column's name; empty when it is about the whole line.
    pub column: String,
    /// What is wrong.
    pub detail: String,
}

impl std::fmt::Display for RowError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.column.is_empty() {
            write!(f, "line {}: {}", self.line, self.detail)
        } else {
            write!(f, "line {}, column {}: {}", self.line, self.column, self.detail)
        }
    }
}

fn wrong(line: u64, column: &str, detail: impl Into<String>) -> RowError {
    RowError { line, column: column.to_owned(), detail: detail.into() }
}

/// Reads and checks a whole file.
///
/// # Errors
/// Every row that is wrong, up to a hundred; nothing is to be imported then.
pub fn parse(csv: &[u8], currency: Currency) -> Result<Vec<NewAccount>, Vec<RowError>> {
    // Spreadsheets put a byte order mark first.
    let csv = csv.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(csv);
    if let Err(error) = std::str::from_utf8(csv) {
        let before = csv.get(..error.valid_up_to()).unwrap_or_default();
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count() as u64;
        return Err(vec![wrong(line, "", "this is not UTF-8; save the file as CSV UTF-8")]);
    }
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(csv);
    let headers = reader.headers().map_err(|error| vec![wrong(1, "", error.to_string())])?;
    let columns = columns(headers)?;
    let mut rows = Vec::new();
    let mut errors = Vec::new();
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    let mut lines = Lines { csv, read: 0, line: 1 };
    for record in reader.records() {
        if errors.len() >= ERRORS_MAX {
            break;
        }
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, |position| lines.of(position));
                errors.push(wrong(line, "", "the number of fields is not that of the header"));
                continue;
            }
        };
        let line = record.position().map_or(0, |position| lines.of(position));
        if rows.len() >= ROWS_MAX {
            errors.push(wrong(line, "", format!("at most {ROWS_MAX} rows in one file")));
            break;
        }
        let field = |name: &str| {
            columns.get(name).and_then(|index| record.get(*index)).unwrap_or_default().trim()
        };
        let external_id = external_id(field("external_id"))
            .map_err(|detail| errors.push(wrong(line, "external_id", detail)));
        let name = Name::parse(field("name"))
            .map_err(|error| errors.push(wrong(line, "name", error.to_string())));
        let low_below = low_below(field("low_below"), currency)
            .map_err(|detail| errors.push(wrong(line, "low_below", detail)));
        let (Ok(external_id), Ok(name), Ok(low_below)) = (external_id, name, low_below) else {
            continue;
        };
        if let Some(first) = seen.insert(external_id.clone(), line) {
            let detail = format!("{external_id} stands in line {first} too");
            errors.push(wrong(line, "external_id", detail));
            continue;
        }
        rows.push(NewAccount { line, external_id, name, low_below });
    }
    if errors.is_empty() { Ok(rows) } else { Err(errors) }
}

/// On which line a row begins, as an editor counts. The reader's own count is one behind where lines end as on Windows, and
/// takes the empty lines before a row for the row's.
struct Lines<'a> {
    csv: &'a [u8],
    read: usize,
    line: u64,
}

impl Lines<'_> {
    /// Of the row at this position; rows are asked for in their order.
    fn of(&mut self, position: &csv::Position) -> u64 {
        let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
        let rest = self.csv.get(from..).unwrap_or_default();
        let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = self.csv.get(self.read..from.saturating_add(ends)).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.read += passed.len();
        self.line
    }
}

fn columns(headers: &csv::StringRecord) -> Result<BTreeMap<String, usize>, Vec<RowError>> {
    let mut columns = BTreeMap::new();
    let mut errors = Vec::new();
    for (index, header) in headers.iter().enumerate() {
        let header = header.trim();
        if !REQUIRED.contains(&header) && !OPTIONAL.contains(&header) {
            let detail = "unknown column; known are external_id, name, low_below";
            errors.push(wrong(1, header, detail));
        } else if columns.insert(header.to_owned(), index).is_some() {
            errors.push(wrong(1, header, "the column stands twice"));
        }
    }
    for required in REQUIRED {
        if !columns.contains_key(required) {
            errors.push(wrong(1, required, "the column is missing"));
        }
    }
    if errors.is_empty() { Ok(columns) } else { Err(errors) }
}

fn external_id(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Err("this is needed".to_owned());
    }
    if text.chars().count() > EXTERNAL_ID_MAX_CHARS {
        return Err(format!("at most {EXTERNAL_ID_MAX_CHARS} characters"));
    }
    if text.chars().any(|c| c.is_control()) {
        return Err("remove the characters that do not print".to_owned());
    }
    Ok(text.to_owned())
}

fn low_below(text: &str, currency: Currency) -> Result<Money, String> {
    if text.is_empty() {
        return Ok(Money::from_micros(LOW_BELOW_MICROS, currency));
    }
    let amount = Money::parse_wire(text, currency).map_err(|error| error.to_string())?;
    if amount.is_negative() { Err("not below zero".to_owned()) } else { Ok(amount) }
}

/// Stores the rows, all or none, in the caller's transaction. Answers how many.
///
/// # Errors
/// The rows whose external id the agency has already, or [`ExecuteError`].
pub fn import(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    rows: &[NewAccount],
    origin: &Origin,
) -> Result<usize, ImportError> {
    let mut taken = Vec::new();
    for row in rows {
        if tx.account_by_external_id(scope, &row.external_id).map_err(ExecuteError::from)?.is_some()
        {
            let detail = format!("{} is an account of this agency already", row.external_id);
            taken.push(wrong(row.line, "external_id", detail));
            if taken.len() >= ERRORS_MAX {
                break;
            }
        }
    }
    if !taken.is_empty() {
        return Err(ImportError::Rows(taken));
    }
    for row in rows {
        let account = AccountRow {
            id: SubAccountId::new(tools.now, tools.entropy.id()),
            name: row.name.clone(),
            external_id: row.external_id.clone(),
            created_at: tools.now,
            created_by: origin.who.actor(),
            low_below: row.low_below,
            funding: Funding::new(tools.now),
            customer_balance: Money::zero(row.low_below.currency()),
        };
        tx.insert_account(scope, &account).map_err(ExecuteError::from)?;
    }
    let audit = AuditRow {
        after: Some(serde_json::json!({ "accounts": rows.len() }).to_string()),
        ..origin.did("import_accounts", tools.now)
    };
    tx.insert_audit(scope, &audit).map_err(ExecuteError::from)?;
    tell_agency(tx, scope, tools.now)?;
    Ok(rows.len())
}

/// Why an import stored nothing.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// These rows.
    #[error("{} rows are wrong", .0.len())]
    Rows(Vec<RowError>),
    /// Something else.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
}

impl From<crate::storage::StorageError> for ImportError {
    fn from(error: crate::storage::StorageError) -> Self {
        Self::Execute(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(csv: &[u8]) -> Vec<String> {
        parse(csv, Currency::Usd).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn reads_columns_by_name_in_any_order() {
        let csv = "\u{feff}name,external_id,low_below\n\"Calder, Finch\",CF-1,\nDune,DF-2,25.00\n";
        let rows = parse(csv.as_bytes(), Currency::Usd).unwrap();
        let seen: Vec<_> = rows
            .iter()
            .map(|r| (r.line, r.external_id.as_str(), r.name.as_str(), r.low_below.amount()))
            .collect();
        assert_eq!(
            seen,
            [
                (2, "CF-1", "Calder, Finch", "10.00".to_owned()),
                (3, "DF-2", "Dune", "25.00".to_owned())
            ]
        );
    }

    #[test]
    fn every_wrong_row_names_its_line_and_column() {
        let csv = b"external_id,name,low_below\n,A,\nB-1,,\nC-1,C,1 000\nD-1,D,\nD-1,D again,\nE\n";
        assert_eq!(
            errors(csv),
            [
                "line 2, column external_id: this is needed",
                "line 3, column name: This is needed.",
                "line 4, column low_below: Enter an amount like 25.00.",
                "line 6, column external_id: D-1 stands in line 5 too",
                "line 7: the number of fields is not that of the header",
            ]
        );
    }

    #[test]
    fn lines_are_counted_as_an_editor_counts_them() {
        for end in ["\n", "\r\n"] {
            let rows = ["external_id,name", "A-1,A", "", ",B", "\"C\n1\",C", "D-1,D", ",E", "F"];
            let expected = [
                "line 4, column external_id: this is needed",
                "line 8, column external_id: this is needed",
                "line 9: the number of fields is not that of the header",
            ];
            let found = errors(rows.join(end).as_bytes());
            let found: Vec<_> = found.iter().filter(|error| !error.starts_with("line 5")).collect();
            assert_eq!(found, expected, "{end:?}");
        }
    }

    #[test]
    fn a_wrong_header_or_encoding_is_told_before_any_row() {
        assert_eq!(
            errors(b"id,name\nA,B\n"),
            [
                "line 1, column id: unknown column; known are external_id, name, low_below",
                "line 1, column external_id: the column is missing",
            ]
        );
        assert_eq!(
            errors(b"external_id,name\nA-1,Caf\xe9\n"),
            ["line 2: this is not UTF-8; save the file as CSV UTF-8"]
        );
    }
}
