//! Mail: what a letter says ([`compose`]), and how it leaves ([`Mailer`]): over SMTP, or into the mailbox of a demo.

pub mod compose;
pub mod mailbox;
pub mod smtp;

use async_trait::async_trait;

/// A letter, ready to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The left half of its Message-ID, the same for every try: receivers drop the copies.
    pub message_id: String,
    /// The sender's display name: the agency's, or the product's.
    pub from_name: String,
    /// The one address it goes to.
    pub to: String,
    /// One line.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// The picture that the HTML names `cid:logo`, if it does.
    pub logo: Option<Picture>,
}

/// A picture within a letter.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

/// Why a letter did not leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailError {
    /// The server is away or said 4xx: try again.
    TryLater(String),
    /// The server said 5xx, or the letter cannot be built: give up.
    Refused(String),
}

impl std::fmt::Display for MailError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TryLater(why) => write!(f, "try later: {why}"),
            Self::Refused(why) => write!(f, "refused: {why}"),
        }
    }
}

impl std::error::Error for MailError {}

/// How mail leaves.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends one letter.
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;
}
