//! The mailbox of a demo: mail that would have gone out.

use billing::{MailId, Timestamp};

use super::Result;
use crate::mail::Mail;

/// A letter in the mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxRow {
    /// Its id.
    pub id: MailId,
    /// When it came.
    pub at: Timestamp,
    /// The letter.
    pub mail: Mail,
}

/// The mailbox.
pub trait Mailbox {
    /// Puts a letter in; a copy of one that is there is dropped, as a mail program would.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn insert_mail(&mut self, row: &MailboxRow) -> Result<()>;

    /// The newest letters, newest first.
    fn mails(&mut self, limit: u32) -> Result<Vec<MailboxRow>>;

    /// One letter.
    fn mail(&mut self, id: MailId) -> Result<Option<MailboxRow>>;
}
