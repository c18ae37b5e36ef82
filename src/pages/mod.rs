//! The pages, one for each address. They know the router, lay out components and open dialogs.

mod account;
mod accounts;
mod not_found;
mod sign_in;
mod usage;

pub use account::AccountPage;
pub use accounts::{AccountsPage, SEARCH_ID};
pub use not_found::NotFoundPage;
pub use sign_in::SignInPage;
pub use usage::UsagePage;
