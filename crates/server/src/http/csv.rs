//! Tables as CSV (RFC 4180), for spreadsheets.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};

use super::Failure;
use crate::storage::StorageError;

/// A table that is downloaded under a name, the first row naming the columns.
///
/// # Errors
/// When it cannot be written.
pub fn attachment<'a>(
    name: &str,
    columns: &[&str],
    rows: impl IntoIterator<Item = Vec<String>> + 'a,
) -> Result<Response, Failure> {
    let mut response = write(columns, rows)?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.csv\"")) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

fn write(
    columns: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Result<String, StorageError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let broken = |error: csv::Error| StorageError::Damaged(error.to_string());
    writer.write_record(columns).map_err(broken)?;
    for row in rows {
        writer.write_record(row).map_err(broken)?;
    }
    let bytes = writer.into_inner().map_err(|error| StorageError::Damaged(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| StorageError::Damaged(error.to_string()))
}

/// A cell of text that came from outside. One that a spreadsheet would take for a formula gets a quote before it (OWASP, "CSV
/// Injection").
pub fn defused(cell: &str) -> String {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_defused_and_a_comma_quoted() {
        let row = vec![defused("=1+1, \"Finch\""), defused("-1"), "-0.01".to_owned()];
        assert_eq!(
            write(&["name", "other", "amount"], [row]).unwrap(),
            "name,other,amount\n\"'=1+1, \"\"Finch\"\"\",'-1,-0.01\n"
        );
    }
}
