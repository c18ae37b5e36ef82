//! An event as it came, checked for everything that needs no database.

use std::collections::BTreeMap;

use billing::{
    Timestamp,
    usage::{EventType, event_key, payload_hash},
};
use serde_json::value::RawValue;

use crate::storage::usage::EventKey;

/// The fields of an event's data with their JSON text, by name.
pub type Fields = BTreeMap<String, String>;

/// An event to be drawn.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// Its identity, first half.
    pub source: String,
    /// Its identity, second half.
    pub id: String,
    /// Whose usage: a sub-account's id or the agency's own id for it.
    pub subject: String,
    /// What kind.
    pub event_type: EventType,
    /// When it happened; now when nobody said.
    pub time: Option<Timestamp>,
    /// Its data as it came, JSON.
    pub data: String,
    /// The fields of its data.
    pub fields: Fields,
    /// The fingerprint of its identity.
    pub key: EventKey,
    /// The fingerprint of what it says.
    pub payload: EventKey,
}

impl NewEvent {
    /// From its parts. `data` is a JSON object's text, whose fields these are.
    pub fn new(
        source: String,
        id: String,
        subject: String,
        event_type: EventType,
        time: Option<Timestamp>,
        (data, fields): (String, Fields),
    ) -> Self {
        let key = event_key(&source, &id);
        let said = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let payload = payload_hash(event_type.as_str(), &subject, time, said);
        Self { source, id, subject, event_type, time, data, fields, key, payload }
    }
}

/// The fields of a JSON object with their text as it stands there: numbers stay exact.
///
/// # Errors
/// When it is no JSON object.
pub fn data_fields(data: &str) -> serde_json::Result<Fields> {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(data)?;
    Ok(fields.into_iter().map(|(name, value)| (name, value.get().to_owned())).collect())
}
