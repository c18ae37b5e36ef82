//! Transactions as the store's threads want them: a group of commands with a savepoint each. Transaction control goes out with the
//! next statement where it can: a round trip less.

use std::fmt::Write as _;

use billing::AgencyId;

use super::{CHANNEL, Postgres};
use crate::storage::{Connection, Fate, Result, StorageError, Transaction};

impl Postgres {
    fn start(&mut self, write: bool) {
        self.fate = Fate::Fine;
        self.aborted = false;
        self.entered = None;
        self.held.clear();
        self.taken.clear();
        self.holding = false;
        self.counts.clear();
        self.told.clear();
        self.pending = if write { "BEGIN ISOLATION LEVEL READ COMMITTED" } else { "" };
    }
}

impl Connection for Postgres {
    fn begin(&mut self, write: bool) -> Result<()> {
        self.start(write);
        self.connect()?;
        if write {
            // It goes out with the first savepoint; a connection that was lost meanwhile is noticed there.
            return Ok(());
        }
        let snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        match self.control(snapshot) {
            // Lost since the last read: nothing was read yet, and a new connection may be had.
            Err(_) if self.client.is_none() => {
                self.start(write);
                self.connect()?;
                self.control(snapshot)
            }
            begun => begun,
        }
    }

    fn savepoint(&mut self) -> Result<()> {
        self.aborted = false;
        let sql = format!("{}; SAVEPOINT command", std::mem::take(&mut self.pending));
        self.control(&sql)
    }

    fn release(&mut self) -> Result<()> {
        if self.aborted {
            let detail = "a command went on after the database had refused a statement of it";
            return Err(StorageError::Database(detail.to_owned()));
        }
        self.store_counts()?;
        self.held.append(&mut self.taken);
        self.holding = true;
        self.pending = "RELEASE SAVEPOINT command";
        Ok(())
    }

    fn rollback_to_savepoint(&mut self) -> Result<()> {
        if self.fate == Fate::PutBack {
            self.fate = Fate::Fine;
        }
        self.entered = None;
        self.taken.clear();
        self.counts.clear();
        self.pending = "ROLLBACK TO SAVEPOINT command; RELEASE SAVEPOINT command";
        Ok(())
    }

    fn commit(&mut self) -> Result<Vec<AgencyId>> {
        let mut sql = std::mem::take(&mut self.pending).to_owned();
        for agency in &self.told {
            let _ = write!(sql, "; NOTIFY {CHANNEL}, '{agency}'");
        }
        sql.push_str("; COMMIT");
        match self.control(&sql) {
            Ok(()) => Ok(std::mem::take(&mut self.told).into_iter().collect()),
            Err(_) if self.client.is_none() => {
                self.fate = Fate::Fine;
                let detail =
                    "the connection was lost during a commit; whether it was done is not known";
                Err(StorageError::Database(detail.to_owned()))
            }
            Err(error) => Err(error),
        }
    }

    fn rollback(&mut self) {
        if self.client.is_some() && self.control("ROLLBACK").is_err() {
            self.lost();
        }
    }

    fn as_transaction(&mut self) -> &mut dyn Transaction {
        self
    }

    fn fate(&self) -> Fate {
        self.fate
    }
}
