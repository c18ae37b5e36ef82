//! Mail that stays here: into the mailbox of the database, for a demo or until a mail server is configured.

use std::sync::Arc;

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::STANDARD};
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
        let row = MailboxRow { id: MailId::new(at, self.entropy.id()), at, mail: whole(mail) };
        let put = move |tx: &mut dyn Transaction| tx.insert_mail(&row);
        self.store
            .write(put)
            .await
            .map_err(|error: StorageError| MailError::TryLater(error.to_string()))
    }
}

/// The letter with its logo within the HTML: the mailbox has no place for parts.
fn whole(mail: &Mail) -> Mail {
    let mut mail = mail.clone();
    if let Some(logo) = mail.logo.take() {
        let data = format!("data:{};base64,{}", logo.media_type, STANDARD.encode(&logo.bytes));
        mail.html = mail.html.replace("src=\"cid:logo\"", &format!("src=\"{data}\""));
    }
    mail
}
