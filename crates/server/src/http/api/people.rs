//! People: listed, invited, changed, removed.

pub mod change;
pub mod invite;
pub mod list;
pub mod remove;
pub mod sign_out;

use axum::http::StatusCode;

use crate::{execute::staff::StaffError, http::Failure};

impl From<StaffError> for Failure {
    fn from(error: StaffError) -> Self {
        let conflict = |code: &str| Self::new(StatusCode::CONFLICT, code, error.to_string());
        match error {
            StaffError::LastOwner => conflict("last_owner"),
            StaffError::AddressTaken => conflict("address_taken"),
            StaffError::Accepted => conflict("already_accepted"),
            StaffError::Fields(errors) => Self::invalid(errors),
            StaffError::Execute(error) => error.into(),
        }
    }
}
