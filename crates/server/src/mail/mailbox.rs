//! Mail that stays here: into the mailbox of the database, for a demo or until a mail server is configured.

use std::sync::Arc;

use async_trait::async_trait;
use billing::ids::MailId;

use super::{Mail, MailError, Mailer};
use crate::{
    deps::{Clock, Entropy, EntropyExt as _},
    storage::{StorageError, Store, Transaction, mailbox::MailboxRow},
};

/// Puts letters into the mailbox.
#[derive(Clone)]
pub struct MailboxMailer {
    /// Where the mailbox is.
    pub store: Store,
    /// When a letter came.
    pub clock: Arc<dyn Clock>,
    /// For the letters' ids.
    pub entropy: Arc<dyn Entropy>,
}

#[async_trait]
impl Mailer for MailboxMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let at = self.clock.now();
        let row = MailboxRow { id: MailId::new(at, self.entropy.id()), at, mail: mail.clone() };
        let put = move |tx: &mut dyn Transaction| tx.insert_mail(&row);
        self.store
            .write(put)
            .await
            .map_err(|error: StorageError| MailError::TryLater(error.to_string()))
    }
}
