//! One letter: the page around it, and the letter itself as a page that can do nothing but have its link followed.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{Html, IntoResponse as _, Response},
};
use billing::ids::MailId;

use super::{mailbox::when, page};
use crate::{
    http::{App, Failure, content_policy, gate::Anyone},
    storage::{Transaction, mailbox::MailboxRow},
};

#[derive(Template)]
#[template(path = "letter.html")]
struct Letter {
    id: String,
    at: String,
    from: String,
    to: String,
    subject: String,
    text: String,
}

/// `GET /demo/mailbox/{id}`
pub async fn show(
    _: Anyone,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let row = letter(&app, &id).await?;
    page(&Letter {
        id: row.id.to_string(),
        at: when(row.at),
        from: row.mail.from_name,
        to: row.mail.to,
        subject: row.mail.subject,
        text: row.mail.text,
    })
}

/// `GET /demo/mailbox/{id}/html`: for the frame of the page above.
pub async fn html(
    _: Anyone,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let row = letter(&app, &id).await?;
    // A link leads out of the frame, to the whole window, as in a mail program.
    let html = out_of_the_frame(&row.mail.html);
    let policy = HeaderValue::from_static(content_policy::LETTER);
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response())
}

fn out_of_the_frame(html: &str) -> String {
    const BASE: &str = "<base target=\"_top\">";
    match html.split_once("<head>") {
        Some((before, after)) => format!("{before}<head>{BASE}{after}"),
        None => format!("{BASE}{html}"),
    }
}

async fn letter(app: &App, id: &str) -> Result<MailboxRow, Failure> {
    let id: MailId = id.parse().map_err(|_| Failure::not_found())?;
    let row = app.deps.store.read(move |tx: &mut dyn Transaction| tx.mail(id)).await?;
    row.ok_or_else(Failure::not_found)
}
