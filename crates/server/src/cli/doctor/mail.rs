//! The mail server: whether it can be reached, trusts our login, and takes a letter.

use super::{finding::Finding, words};
use crate::{
    cli::{args::DoctorArgs, mail_server::mail_server},
    deps::{Clock as _, SystemClock},
    mail::{Mail, MailError, Mailer as _, smtp::Smtp},
};

const SUBJECT: &str = "mail";

/// The server, then the letter if one is wanted.
pub async fn check(args: &DoctorArgs, from: &str) -> Vec<Finding> {
    let smtp = match mail_server(&args.serve, from) {
        Ok(Some(smtp)) => smtp,
        Ok(None) if args.serve.live => return Vec::new(),
        Ok(None) => {
            return vec![Finding::notable(
                SUBJECT,
                "SLUICE_MAIL_URL is not set: letters stay in the database and reach nobody",
                "Name a mail server before customers are asked to pay.",
            )];
        }
        Err(end) => return vec![Finding::wrong(SUBJECT, words(&end), "Correct the setting.")],
    };
    if let Err(error) = smtp.check().await {
        return vec![refused(&smtp, &error)];
    }
    let login = if smtp.has_login() { ", and knows our login" } else { "" };
    let mut found = vec![Finding::fine(SUBJECT, format!("{} answers{login}", smtp.address()))];
    if let Some(to) = &args.mail_to {
        found.push(letter(&smtp, to.0.as_str()).await);
    }
    found
}

fn refused(smtp: &Smtp, error: &MailError) -> Finding {
    let (MailError::TryLater(why) | MailError::Refused(why)) = error;
    let detail = format!("{}: {why}", smtp.address());
    let remedy = "Check host, port, name and password in SLUICE_MAIL_URL, and who vouches for its certificate \
                  (SLUICE_MAIL_CA_FILE).";
    Finding::wrong(SUBJECT, detail, remedy)
}

async fn letter(smtp: &Smtp, to: &str) -> Finding {
    let text = "This letter was sent by `sluice doctor`. That you read it says that mail from Sluice arrives.";
    let mail = Mail {
        message_id: format!("mail_doctor_{}", SystemClock.now().millis()),
        from_name: "Sluice".to_owned(),
        to: to.to_owned(),
        subject: "Mail from Sluice arrives".to_owned(),
        text: text.to_owned(),
        html: format!("<p>{text}</p>"),
        logo: None,
    };
    match smtp.send(&mail).await {
        Ok(()) => {
            Finding::fine("test letter", format!("accepted for {to}: look whether it arrives"))
        }
        Err(error) => {
            let remedy =
                "Ask whoever runs the mail server whether it may send as SLUICE_MAIL_FROM.";
            Finding::wrong("test letter", error.to_string(), remedy)
        }
    }
}
