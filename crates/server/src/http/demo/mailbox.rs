//! The mailbox: every letter the demo sent, as a page and as JSON.

use askama::Template;
use axum::{Json, extract::State, http::HeaderMap, response::Response};
use billing::Timestamp;
use serde::Serialize;

use super::page;
use crate::{
    http::{App, Failure, files::File, gate::Anyone},
    storage::{Result as Stored, Transaction, mailbox::MailboxRow},
};

/// Letters that are shown.
const SHOWN: u32 = 500;
/// The look of the mailbox, the same tokens as everywhere.
const STYLE: &str = include_str!("mailbox.css");

/// The page.
#[derive(Template)]
#[template(path = "mailbox.html")]
struct Mailbox {
    letters: Vec<Line>,
}

/// A letter in the list.
pub(super) struct Line {
    id: String,
    to: String,
    from: String,
    subject: String,
    at: String,
}

/// `GET /demo/mailbox`: newest first.
pub async fn list(_: Anyone, State(app): State<App>) -> Result<Response, Failure> {
    let letters = letters(&app).await?.iter().map(Line::of).collect();
    page(&Mailbox { letters })
}

/// A letter as tests read it.
#[derive(Serialize)]
pub struct Letter {
    id: String,
    at: Timestamp,
    to: String,
    from_name: String,
    subject: String,
    text: String,
    html: String,
    message_id: String,
}

/// `GET /demo/mailbox.json`: newest first.
pub async fn json(_: Anyone, State(app): State<App>) -> Result<Json<Vec<Letter>>, Failure> {
    let letters = letters(&app).await?.into_iter().map(|row| Letter {
        id: row.id.to_string(),
        at: row.at,
        to: row.mail.to,
        from_name: row.mail.from_name,
        subject: row.mail.subject,
        text: row.mail.text,
        html: row.mail.html,
        message_id: row.mail.message_id,
    });
    Ok(Json(letters.collect()))
}

/// `GET /demo/mailbox.css`
pub async fn style(_: Anyone, headers: HeaderMap) -> Response {
    File::new("mailbox.css", STYLE.as_bytes(), None).answer(&headers)
}

async fn letters(app: &App) -> Stored<Vec<MailboxRow>> {
    app.deps.store.read(|tx: &mut dyn Transaction| tx.mails(SHOWN)).await
}

impl Line {
    fn of(row: &MailboxRow) -> Self {
        Self {
            id: row.id.to_string(),
            to: row.mail.to.clone(),
            from: row.mail.from_name.clone(),
            subject: row.mail.subject.clone(),
            at: when(row.at),
        }
    }
}

/// `2026-11-22 16:10`, in UTC.
pub(super) fn when(at: Timestamp) -> String {
    let text = at.to_string();
    let (date, time) = text.split_once('T').unwrap_or((&text, ""));
    format!("{date} {}", time.get(..5).unwrap_or_default())
}
