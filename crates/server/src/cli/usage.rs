//! `sluice usage import FILE`: usage of the past, through the same door as usage of today.
//!
//! The file is read piece by piece. Each piece is a batch of the meter: whole or not at all, and durable before the position
//! beside the file says so. A position that is lost, or behind, costs time and nothing else: what was drawn before is known.

mod file;
mod ndjson;
mod position;
mod table;

use std::{path::Path, sync::Arc, time::Duration};

use billing::{AgencyId, Timestamp, usage::BATCH_MAX_EVENTS};

use self::{
    file::{Found, History, Place, Wrong, WrongLine},
    position::Position,
};
use super::{
    End, args::UsageImportArgs, database::DatabaseUrl, import::operator, progress::Progress,
};
use crate::{
    deps::{Clock, SystemClock},
    metering::{Batch, Meter, MeterError, Refused, Trial},
    storage::{Scope, StorageError, Store, Transaction},
};

/// Text of one batch, as much as a request may have.
const BATCH_MAX_BYTES: u64 = 1024 * 1024;
/// Wrong lines that a trial tells; more help nobody.
const WRONG_MAX: usize = 100;
/// What is said when it stays so.
const BUSY: &str = "the database is busy";
/// How often a batch is tried while the database is busy with others.
const TRIES: u32 = 10;
/// How long to wait in between.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Imports a file of usage, or checks whether it could be.
pub async fn import(args: &UsageImportArgs, database: &DatabaseUrl) -> Result<(), End> {
    let store = database.open_existing()?;
    let scope = Scope::of(args.agency);
    let agency = store.read(move |tx: &mut dyn Transaction| tx.agency(scope)).await;
    if agency.map_err(|error: StorageError| End::failed(error))?.is_none() {
        return Err(End::Failed(format!("there is no agency {}", args.agency)));
    }
    let history = History::open(&args.file);
    let history = history.map_err(|wrong| End::Failed(told(&args.file, &wrong)))?;
    let import = Import { file: &args.file, agency: args.agency, store, scope };
    if args.dry_run { import.check(history).await } else { import.store(history).await }
}

/// One import.
struct Import<'a> {
    file: &'a Path,
    agency: AgencyId,
    store: Store,
    scope: Scope,
}

impl Import<'_> {
    /// Stores the file from where the last import of it ended.
    async fn store(&self, mut history: History) -> Result<(), End> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let meter = Meter::start(self.store.clone(), Arc::clone(&clock));
        if let Some(place) = self.go_on().await? {
            let there = history.seek(place);
            there.map_err(|wrong| End::Failed(told(self.file, &wrong)))?;
            eprintln!("sluice: going on after line {}", place.line);
        }
        let before = self.events().await?;
        let stored = self.store_pieces(&meter, &mut history, clock.as_ref()).await;
        // What is in is in, however it ended.
        meter.tell().await.map_err(End::failed)?;
        let new = self.events().await?.saturating_sub(before);
        self.leave_a_line(new, clock.now()).await?;
        let events = stored?;
        position::forget(self.file).map_err(End::failed)?;
        println!("imported {events} events");
        Ok(())
    }

    /// Writes into the audit trail how many events have come in, if any have.
    async fn leave_a_line(&self, new: u64, now: Timestamp) -> Result<(), End> {
        if new == 0 {
            return Ok(());
        }
        let (scope, mut line) = (self.scope, operator().did("import_usage", now));
        let file = self.file.file_name().map(|name| name.to_string_lossy().into_owned());
        line.after = Some(serde_json::json!({ "events": new, "file": file }).to_string());
        let write = move |tx: &mut dyn Transaction| tx.insert_audit(scope, &line);
        self.store.write(write).await.map_err(|error: StorageError| End::failed(error))
    }

    /// Answers how many events were in the rest of the file.
    async fn store_pieces(
        &self,
        meter: &Meter,
        history: &mut History,
        clock: &dyn Clock,
    ) -> Result<u64, End> {
        let (length, begin) = (history.length(), history.place().offset);
        let mut progress = Progress::start("events", length, begin, clock.now());
        let mut events = 0;
        loop {
            let before = history.place().line;
            let stopped = |why: &str| {
                let stored = format!("what stands before line {} is stored", before + 1);
                let what_now = "and nothing else; run the same command again to go on";
                End::Failed(format!("{why}\n{stored}, {what_now}"))
            };
            let mut piece = Vec::new();
            read(history, &mut piece).map_err(|wrong| stopped(&told(self.file, &wrong)))?;
            if piece.is_empty() {
                return Ok(events);
            }
            self.record(meter, &piece).await.map_err(|error| match error {
                MeterError::Refused(refused) => {
                    let wrong = wrong_line(history, &piece, &refused);
                    stopped(&told(self.file, &wrong.into()))
                }
                MeterError::Busy => stopped(BUSY),
            })?;
            self.keep(history.place()).await?;
            events += piece.len() as u64;
            progress.at(history.place().offset, events, clock.now());
        }
    }

    /// Checks the whole file, stores nothing.
    async fn check(&self, mut history: History) -> Result<(), End> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let trial = Trial::new(self.store.clone(), Arc::clone(&clock));
        let mut progress = Progress::start("events", history.length(), 0, clock.now());
        let (mut events, mut wrongs) = (0, Vec::new());
        while wrongs.len() < WRONG_MAX {
            let mut piece = Vec::new();
            // What stands before a wrong line is tried all the same.
            let wrong = match read(&mut history, &mut piece) {
                Ok(()) if piece.is_empty() => break,
                Ok(()) => None,
                Err(Wrong::Line(wrong)) => Some(wrong),
                Err(wrong) => return Err(End::Failed(told(self.file, &wrong))),
            };
            events += piece.len() as u64;
            wrongs.extend(self.try_piece(&trial, &history, piece).await?);
            wrongs.extend(wrong);
            progress.at(history.place().offset, events, clock.now());
        }
        drop(progress);
        if wrongs.is_empty() {
            println!("{events} events could be imported; nothing was stored");
            return Ok(());
        }
        let lines: Vec<_> =
            wrongs.iter().map(|wrong| format!("{}: {wrong}", self.file.display())).collect();
        Err(End::Failed(format!("nothing was stored\n{}", lines.join("\n"))))
    }

    /// The lines of a piece that would not be taken.
    async fn try_piece(
        &self,
        trial: &Trial,
        history: &History,
        mut piece: Vec<Found>,
    ) -> Result<Vec<WrongLine>, End> {
        let mut wrongs = Vec::new();
        while wrongs.len() < WRONG_MAX {
            match trial.check(self.batch(&piece)).await {
                Ok(()) => break,
                Err(MeterError::Busy) => return Err(End::Failed(BUSY.to_owned())),
                Err(MeterError::Refused(refused)) => {
                    wrongs.push(wrong_line(history, &piece, &refused));
                    piece.remove(refused.index);
                }
            }
        }
        Ok(wrongs)
    }

    fn batch(&self, piece: &[Found]) -> Batch {
        let events = piece.iter().map(|found| found.event.clone()).collect();
        Batch { scope: self.scope, events, any_age: true }
    }

    /// Records a piece; while others keep the database busy, again: it is drawn once all the same.
    async fn record(&self, meter: &Meter, piece: &[Found]) -> Result<(), MeterError> {
        for _ in 1..TRIES {
            match meter.record(self.batch(piece)).await {
                Err(MeterError::Busy) => tokio::time::sleep(TRY_AGAIN_AFTER).await,
                answer => return answer,
            }
        }
        meter.record(self.batch(piece)).await
    }

    /// How many events the agency has.
    async fn events(&self) -> Result<u64, End> {
        let scope = self.scope;
        let head = self.store.read(move |tx: &mut dyn Transaction| tx.metering_head(scope)).await;
        Ok(head.map_err(|error: StorageError| End::failed(error))?.events)
    }

    /// Writes down that everything up to a place is durable.
    async fn keep(&self, place: Place) -> Result<(), End> {
        let events = self.events().await?;
        let kept = Position::of(self.file, self.agency, place, events);
        kept.and_then(|position| position.keep(self.file)).map_err(End::failed)
    }

    /// Where the last import ended, if it was of this file, this agency and this database.
    async fn go_on(&self) -> Result<Option<Place>, End> {
        let Some(position) = Position::kept(self.file).map_err(End::failed)? else {
            return Ok(None);
        };
        let fits = match position {
            Some(position) => {
                position.is_of(self.file, self.agency, self.events().await?).then_some(position)
            }
            None => None,
        };
        if fits.is_none() {
            let path = position::path(self.file);
            eprintln!("sluice: {} is of another import; starting anew", path.display());
        }
        Ok(fits.map(|position| position.place()))
    }
}

/// The next piece; nothing at the end of the file. What was read before a wrong line is in it.
fn read(history: &mut History, piece: &mut Vec<Found>) -> Result<(), Wrong> {
    let begin = history.place().offset;
    while piece.len() < BATCH_MAX_EVENTS && history.place().offset - begin < BATCH_MAX_BYTES {
        match history.next()? {
            Some(found) => piece.push(found),
            None => break,
        }
    }
    Ok(())
}

fn wrong_line(history: &History, piece: &[Found], refused: &Refused) -> WrongLine {
    let line = piece.get(refused.index).map_or(0, |found| found.line);
    history.wrong(line, &refused.why.pointer(), &refused.why.to_string())
}

fn told(file: &Path, wrong: &Wrong) -> String {
    format!("{}: {wrong}", file.display())
}
