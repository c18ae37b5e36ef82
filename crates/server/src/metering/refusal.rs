//! Why an event is not taken, in the words of the wire.

use billing::quantity::QuantityError;

/// The first event of a batch that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its place in the batch, from 0.
    pub index: usize,
    /// Why.
    pub why: Refusal,
}

/// Why an event cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No sub-account of the agency has this id.
    #[error("There is no sub-account with this id or external id.")]
    UnknownSubject,
    /// It is older than the late window.
    #[error("Usage is taken up to 35 days after it happened.")]
    TooOld,
    /// It has not happened yet.
    #[error("Usage is taken at most 5 minutes before it happens.")]
    InTheFuture,
    /// An event of the same source and id said something else.
    #[error("An event with this source and id, but other content, was taken before.")]
    OtherPayload,
    /// The price counts a field that is not in the data.
    #[error("The price of this type counts {0}, which is not in the data.")]
    MissingQuantity(String),
    /// The field that the price counts is no quantity.
    #[error("{1}")]
    Quantity(String, QuantityError),
    /// It would cost more than an event may.
    #[error("One event costs at most 1000000.")]
    TooDear,
}

impl Refusal {
    /// The word for it on the wire.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownSubject => "unknown_subject",
            Self::TooOld => "too_old",
            Self::InTheFuture => "in_the_future",
            Self::OtherPayload => "other_payload",
            Self::MissingQuantity(_) => "required",
            Self::Quantity(_, error) => error.code(),
            Self::TooDear => "too_dear",
        }
    }

    /// The attribute of the event that it is about, as a JSON pointer.
    pub fn pointer(&self) -> String {
        match self {
            Self::UnknownSubject => "/subject".to_owned(),
            Self::TooOld | Self::InTheFuture => "/time".to_owned(),
            Self::OtherPayload => "/id".to_owned(),
            Self::MissingQuantity(field) | Self::Quantity(field, _) => {
                format!("/data/{}", field.replace('~', "~0").replace('/', "~1"))
            }
            Self::TooDear => "/data".to_owned(),
        }
    }
}
