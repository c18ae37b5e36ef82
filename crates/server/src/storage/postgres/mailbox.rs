use billing::MailId;
use postgres::Row;

use super::{
    Postgres,
    values::{get, parsed, timestamp},
};
use crate::{
    mail::Mail,
    storage::{
        Result,
        mailbox::{Mailbox, MailboxRow},
    },
};

const COLUMNS: &str = "id, at, message_id, from_name, recipient, subject, text, html";

impl Mailbox for Postgres {
    fn insert_mail(&mut self, row: &MailboxRow) -> Result<()> {
        self.execute(
            "INSERT INTO mailbox (id, at, message_id, from_name, recipient, subject, text, html)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (message_id) DO NOTHING",
            params![
                row.id.to_string(),
                row.at.millis(),
                row.mail.message_id,
                row.mail.from_name,
                row.mail.to,
                row.mail.subject,
                row.mail.text,
                row.mail.html,
            ],
        )?;
        Ok(())
    }

    fn mails(&mut self, limit: u32) -> Result<Vec<MailboxRow>> {
        let sql = format!("SELECT {COLUMNS} FROM mailbox ORDER BY at DESC, id DESC LIMIT $1");
        self.all(&sql, params![i64::from(limit)], read)
    }

    fn mail(&mut self, id: MailId) -> Result<Option<MailboxRow>> {
        let sql = format!("SELECT {COLUMNS} FROM mailbox WHERE id = $1");
        self.one(&sql, params![id.to_string()], read)
    }
}

fn read(row: &Row) -> Result<MailboxRow> {
    Ok(MailboxRow {
        id: parsed(row, 0)?,
        at: timestamp(row, 1)?,
        mail: Mail {
            message_id: get(row, 2)?,
            from_name: get(row, 3)?,
            to: get(row, 4)?,
            subject: get(row, 5)?,
            text: get(row, 6)?,
            html: get(row, 7)?,
            logo: None,
        },
    })
}
