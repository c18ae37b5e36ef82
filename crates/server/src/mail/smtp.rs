//! Mail over SMTP, and the bytes a letter becomes. Nothing of a letter is logged, and no header depends on somebody else having
//! checked what stands in it: a display name with a line break makes `lettre` panic, so names are cleaned here.

mod server;

use std::time::Duration;

use async_trait::async_trait;
use lettre::{
    Address, Message,
    message::{
        Attachment, Mailbox, MultiPart, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{self, client::AsyncSmtpConnection},
};
use tokio::time::timeout;

use super::{Mail, MailError, Mailer};
use server::Server;

/// How long the whole of one sending may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The longest display name, in characters.
const NAME_MAX_CHARS: usize = 100;
/// The longest subject, in characters.
const SUBJECT_MAX_CHARS: usize = 300;

/// How long it may take to say goodbye, when the letter has been taken already.
const GOODBYE: Duration = Duration::from_secs(1);

/// A mail server.
#[derive(Debug)]
pub struct Smtp {
    server: Server,
    from: String,
    timeout: Duration,
}

impl Smtp {
    /// The server at `smtp://host:port`, `smtps://user:password@host` (TLS from the start) or `smtp://host?tls=required`
    /// (STARTTLS); mail comes from the address `from`.
    ///
    /// # Errors
    /// What is wrong with either, for whoever starts the server. The URL's password is not in it.
    pub fn from_url(url: &str, from: &str) -> Result<Self, String> {
        Self::trusting(url, from, None)
    }

    /// The same; with `roots`, certificates of authorities in PEM, these vouch for the server and the public ones do not.
    ///
    /// # Errors
    /// As for [`Smtp::from_url`], and when `roots` is no PEM.
    pub fn trusting(url: &str, from: &str, roots: Option<&[u8]>) -> Result<Self, String> {
        let server = Server::parse(url, roots)?;
        sender(from).map_err(|error| error.to_string())?;
        Ok(Self { server, from: from.to_owned(), timeout: TIMEOUT })
    }

    /// How long one sending may take (10 s).
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// `host:port` of the server, for people.
    pub fn address(&self) -> String {
        self.server.address()
    }

    /// Whether the server is told a name and a password.
    pub fn has_login(&self) -> bool {
        self.server.has_login()
    }

    /// Greets the server and logs in, but sends nothing.
    ///
    /// # Errors
    /// Why a letter would not leave.
    pub async fn check(&self) -> Result<(), MailError> {
        let connection = self.within(self.server.connect(self.timeout)).await?;
        say_goodbye(connection).await;
        Ok(())
    }

    async fn within<T>(
        &self,
        work: impl Future<Output = Result<T, smtp::Error>>,
    ) -> Result<T, MailError> {
        match timeout(self.timeout, work).await {
            Ok(done) => done.map_err(|error| failure(&error)),
            Err(_) => Err(MailError::TryLater("the mail server did not answer in time".to_owned())),
        }
    }
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let message = message(mail, &self.from)?;
        let bytes = message.formatted();
        let connection = self
            .within(async {
                let mut connection = self.server.connect(self.timeout).await?;
                connection.send(message.envelope(), &bytes).await?;
                Ok(connection)
            })
            .await?;
        // It has the letter: a server that is silent now does not get it again.
        say_goodbye(connection).await;
        Ok(())
    }
}

async fn say_goodbye(mut connection: AsyncSmtpConnection) {
    let _whatever_it_says = timeout(GOODBYE, connection.quit()).await;
}

fn failure(error: &smtp::Error) -> MailError {
    let code = error.status().map(u16::from);
    match code {
        // About us, not about this letter: somebody will correct the password, and the letter should not be lost by then.
        Some(530 | 534 | 535 | 538) => {
            MailError::TryLater("the mail server wants other credentials".to_owned())
        }
        Some(code) if error.is_permanent() => {
            MailError::Refused(format!("the mail server said {code}"))
        }
        Some(code) => MailError::TryLater(format!("the mail server said {code}")),
        None => MailError::TryLater("the mail server cannot be reached".to_owned()),
    }
}

/// The letter as it goes over the wire and into a mailbox (RFC 5322).
///
/// # Errors
/// [`MailError::Refused`] when an address is none.
pub fn mime(mail: &Mail, from: &str) -> Result<Vec<u8>, MailError> {
    Ok(message(mail, from)?.formatted())
}

fn sender(from: &str) -> Result<Address, MailError> {
    from.parse()
        .map_err(|_| MailError::Refused(format!("{} is no sender's address", clean(from, 80))))
}

fn message(mail: &Mail, from: &str) -> Result<Message, MailError> {
    let from = sender(from)?;
    let to: Address = mail
        .to
        .parse()
        .map_err(|_| MailError::Refused("the recipient's address is none".to_owned()))?;
    let is_id = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    if mail.message_id.is_empty() || !mail.message_id.bytes().all(is_id) {
        return Err(MailError::Refused("the letter has no usable id".to_owned()));
    }
    // Of our own making, because the usual one tells the machine's name, and every try has to have the same.
    let id = format!("<{}@{}>", mail.message_id, from.domain());
    let name = Some(clean(&mail.from_name, NAME_MAX_CHARS)).filter(|name| !name.is_empty());
    // RFC 3834: out-of-office replies to this are no use to anybody.
    let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
    Message::builder()
        .from(Mailbox::new(name, from))
        .to(Mailbox::new(None, to))
        .subject(clean(&mail.subject, SUBJECT_MAX_CHARS))
        .message_id(Some(id))
        .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
        .multipart(parts(mail)?)
        .map_err(|error| MailError::Refused(error.to_string()))
}

/// The text, and the HTML; with the logo beside it, so that mail programs show it without fetching anything.
fn parts(mail: &Mail) -> Result<MultiPart, MailError> {
    let Some(logo) = &mail.logo else {
        return Ok(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()));
    };
    let kind = ContentType::parse(logo.media_type);
    let kind = kind.map_err(|error| MailError::Refused(error.to_string()))?;
    let logo = Attachment::new_inline("logo".to_owned()).body(logo.bytes.clone(), kind);
    let html = MultiPart::related().singlepart(SinglePart::html(mail.html.clone()));
    let text = SinglePart::plain(mail.text.clone());
    Ok(MultiPart::alternative().singlepart(text).multipart(html.singlepart(logo)))
}

/// One line without anything that does not print or turns the direction of writing, and not endless.
fn clean(text: &str, max_chars: usize) -> String {
    let hides = |c: char| matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let printing: String =
        text.chars().map(|c| if c.is_control() || hides(c) { ' ' } else { c }).collect();
    let words: Vec<&str> = printing.split_whitespace().collect();
    words.join(" ").chars().take(max_chars).collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_needs_tls_unless_it_stays_on_this_machine() {
        let from = "billing@northwind.example";
        for (url, fine) in [
            ("smtp://mail.example", true),
            ("smtp://127.0.0.1:1025", true),
            ("smtp://u:p@127.0.0.1:1025", true),
            ("smtp://u:p@localhost", true),
            ("smtps://u:p@mail.example", true),
            ("smtp://u:p@mail.example:587?tls=required", true),
            ("smtp://u:p@mail.example", false),
            ("smtp://u:p@mail.example?tls=opportunistic", false),
            ("http://mail.example", false),
            ("mail.example", false),
            ("smtp://", false),
        ] {
            let made = Smtp::from_url(url, from);
            assert_eq!(made.is_ok(), fine, "{url}: {made:?}");
            assert!(!format!("{:?}", made.err()).contains("u:p"), "{url}");
        }
        for from in ["", "billing", "a@b.example\r\nBcc: c@d.example"] {
            assert!(Smtp::from_url("smtp://127.0.0.1", from).is_err(), "{from}");
        }
    }

    #[test]
    fn a_name_is_one_line_that_prints() {
        assert_eq!(clean("A\r\nBcc: x\0 \u{202e}gpj.exe", 100), "A Bcc: x gpj.exe");
        assert_eq!(clean(&"é".repeat(500), NAME_MAX_CHARS).chars().count(), NAME_MAX_CHARS);
        assert_eq!(clean("\u{7f}\t\n", 100), "");
    }
}
