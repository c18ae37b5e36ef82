//! Columns to values and back.

use std::str::FromStr;

use billing::{Currency, Money, Timestamp};
use postgres::{Row, types::FromSql};
use serde::{Serialize, de::DeserializeOwned};

use crate::storage::{Result, StorageError};

pub(super) fn get<'a, T: FromSql<'a>>(row: &'a Row, index: usize) -> Result<T> {
    row.try_get(index).map_err(|error| StorageError::Damaged(error.to_string()))
}

/// A column that holds the text form of something.
pub(super) fn parsed<T: FromStr>(row: &Row, index: usize) -> Result<T>
where
    T::Err: std::fmt::Display,
{
    let text: &str = get(row, index)?;
    text.parse().map_err(|error: T::Err| StorageError::Damaged(format!("{text:?}: {error}")))
}

/// A column that holds JSON.
pub(super) fn json<T: DeserializeOwned>(row: &Row, index: usize) -> Result<T> {
    let text: &str = get(row, index)?;
    serde_json::from_str(text).map_err(|error| StorageError::Damaged(error.to_string()))
}

pub(super) fn to_json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StorageError::Damaged(error.to_string()))
}

/// A column that holds a hash.
pub(super) fn bytes<const LENGTH: usize>(row: &Row, index: usize) -> Result<[u8; LENGTH]> {
    let bytes: &[u8] = get(row, index)?;
    bytes.try_into().map_err(|_| StorageError::Damaged(format!("{} bytes", bytes.len())))
}

pub(super) fn timestamp(row: &Row, index: usize) -> Result<Timestamp> {
    get(row, index).map(Timestamp::from_millis)
}

pub(super) fn money(row: &Row, index: usize, currency: Currency) -> Result<Money> {
    get(row, index).map(|micros| Money::from_micros(micros, currency))
}

/// A count or a number, which PostgreSQL keeps signed.
pub(super) fn number(row: &Row, index: usize) -> Result<u64> {
    let number: i64 = get(row, index)?;
    u64::try_from(number).map_err(|_| StorageError::Damaged(format!("{number} is negative")))
}

/// The only column: how many.
pub(super) fn count(row: &Row) -> Result<u64> {
    number(row, 0)
}

pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
