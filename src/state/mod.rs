//! What the server told, and who is asking: signals that every screen of the agency's app reads.
//!
//! [`Store::apply`] is the one way in for what the server says, be it an answer or a change it sent by itself. Nothing in
//! here is shown and nothing in here decides about funding; `billing` does.

mod accounts_list;
mod desk;
mod live;
mod news;
mod pages;
mod session;
mod store;

pub use accounts_list::{AccountsList, Loading};
pub use desk::{Desk, desk};
pub use live::{Live, Notice, listen};
pub use news::News;
pub use pages::Pages;
pub use session::{Session, Who};
pub use store::Store;
