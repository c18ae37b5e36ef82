//! What is measured, in which order. Spans that are compared lie next to one another, and each is measured several times: the
//! machine's noise hits both sides, and the median counts.

use std::{fs, path::Path, process::Command, rc::Rc, time::Duration};

use crate::{
    Outcome,
    arguments::{Arguments, Only},
    bare, bare_postgres,
    chance::Ids,
    clock, fill,
    load::{self, Kind, Taken, percentile},
    postgres::Postgres,
    seed::{self, Agency, Seeded},
    serving::{self, Serving},
    switches,
};

/// Draws on one hot balance of one database. Rates are events per second, times microseconds.
#[derive(Debug, Default)]
pub struct Draws {
    /// Batches.
    pub batches: u64,
    /// The median and the 99th percentile of such a batch.
    pub batch_micros: (u64, u64),
    /// Single events.
    pub singles: u64,
    /// The median and the 99th percentile of a single event.
    pub single_micros: (u64, u64),
    /// The plain loop of inserts, with the events of an average commit.
    pub bare: (u64, u64),
    /// The most memory of the server, in KiB: resident, and of it the process's own.
    pub memory: (u64, u64),
}

/// Everything that was measured. Rates are events per second, times microseconds.
#[derive(Debug, Default)]
pub struct Measured {
    /// The server on SQLite; its memory is the most of both, with few events stored and with many.
    pub sqlite: Draws,
    /// The server on PostgreSQL.
    pub postgres: Draws,
    /// PostgreSQL alone, a transaction per draw, with the number of clients that was best.
    pub baseline: (u64, u32),
    /// Batches spread over as many balances as accounts.
    pub spread: u64,
    /// Batches on one hot balance on SQLite, with so many events stored.
    pub stored: (u64, u64),
    /// The rate at which those were stored.
    pub fill: u64,
    /// The size of the file with them, in bytes.
    pub file_bytes: u64,
    /// From the start of the process until an event was taken: empty, and with them.
    pub restart: (Duration, Duration),
    /// The 99th percentile of a switch, idle and while draws run at half of capacity.
    pub switch_p99: (u64, u64),
    /// The median of the same.
    pub switch_median: (u64, u64),
    /// The rate at which draws ran meanwhile.
    pub half: u64,
}

/// Rates of the rounds.
#[derive(Default)]
struct Rounds {
    sqlite: DrawsRounds,
    postgres: DrawsRounds,
    spread: Vec<Taken>,
    stored: Vec<Taken>,
    baseline: Vec<(u64, u32)>,
}

/// Of one database.
#[derive(Default)]
struct DrawsRounds {
    batches: Vec<Taken>,
    singles: Vec<Taken>,
    bare: Vec<(u64, u64)>,
}

/// Measures everything.
pub async fn all(arguments: &Arguments) -> Outcome<Measured> {
    let ids = Rc::new(Ids::new());
    let file = |name: &str| arguments.folder.join(name);
    let (empty, stored, plain) = (file("empty.db"), file("stored.db"), file("plain.db"));
    say("two agencies of 100,000 accounts each");
    let seeded = seed::seed(&empty).await?;
    bare::copy(&empty, &stored)?;
    bare::copy(&empty, &plain)?;
    let plain = bare::open(&plain)?;
    let mut measured = Measured::default();
    say("one of them on PostgreSQL");
    let cluster = Postgres::prepare(arguments)?;
    let on_postgres = OnPostgres::prepare(arguments, &cluster, &file("moving.db")).await?;
    say(&format!("{} events with random identities", arguments.stored_events()));
    measured.fill = fill::fill(&stored, &seeded.hot, arguments.stored_events(), &ids).await?;

    let sluice = &arguments.sluice;
    let (server, took) = serving::restart(sluice, &empty, &seeded.hot, &ids).await?;
    measured.restart.0 = took;
    let (full, took) = serving::restart(sluice, &stored, &seeded.hot, &ids).await?;
    measured.restart.1 = took;
    say("every account once, so that no span is about the first sight of one");
    load::warm_up(server.address, &seeded.hot, &ids).await?;
    load::warm_up(server.address, &seeded.spread, &ids).await?;
    load::warm_up(full.address, &seeded.hot, &ids).await?;
    load::warm_up(on_postgres.server.address, &on_postgres.hot, &ids).await?;
    let reader = bare::read_only(&empty)?;
    let hot_agency = seeded.hot.scope.agency().to_string();
    bare::insert(&plain, &bare::read(&reader, &hot_agency, 0)?)?;
    on_postgres.replay(0)?;

    let mut rounds = Rounds::default();
    for round in 1..=Arguments::ROUNDS {
        say(&format!("round {round} of {}", Arguments::ROUNDS));
        let before = bare::events(&reader, &hot_agency)?;
        let span = Spans { arguments, ids: &ids };
        let hot = span.of(&server, &seeded.hot, Kind::Batch).await?;
        all_are_stored(&hot, before, bare::events(&reader, &hot_agency)?)?;
        rounds.sqlite.batches.push(hot);
        rounds.stored.push(span.of(&full, &seeded.hot, Kind::Batch).await?);
        let written = bare::read(&reader, &hot_agency, before)?;
        let took = bare::insert(&plain, &written)?;
        let rate = clock::per_second(written.events, took.as_micros());
        rounds.sqlite.bare.push((rate, written.events_per_commit()));
        drop(written);
        rounds.spread.push(span.of(&server, &seeded.spread, Kind::Batch).await?);
        rounds.sqlite.singles.push(span.of(&server, &seeded.hot, Kind::Single).await?);
        on_postgres.round(&span, &mut rounds.postgres).await?;
        rounds.baseline.push(cluster.draws()?);
    }
    rounds.into_medians(&mut measured, arguments.stored_events());
    measured.postgres.memory = on_postgres.server.memory.most();
    on_postgres.server.stop()?;
    say("switches of funding, idle and under load");
    switch(arguments, &server, &seeded, &ids, &mut measured).await?;
    let (few, many) = (server.memory.most(), full.memory.most());
    measured.sqlite.memory = (few.0.max(many.0), few.1.max(many.1));
    server.stop()?;
    full.stop()?;
    measured.file_bytes = size(&stored)?;
    Ok(measured)
}

/// Runs one kind of load on SQLite and prints what it led to, span by span.
pub async fn only(arguments: &Arguments, only: Only) -> Outcome {
    let ids = Rc::new(Ids::new());
    let database = arguments.folder.join("only.db");
    let seeded = seed::seed(&database).await?;
    let (server, _) = serving::restart(&arguments.sluice, &database, &seeded.hot, &ids).await?;
    load::warm_up(server.address, &seeded.hot, &ids).await?;
    say(&format!("the server is process {}", server.id()));
    let span = Spans { arguments, ids: &ids };
    let kind = if only == Only::Singles { Kind::Single } else { Kind::Batch };
    let mut measured = Measured::default();
    for _ in 0..Arguments::ROUNDS {
        let taken = span.of(&server, &seeded.hot, kind).await?;
        let (median, p99) = (percentile(&taken.micros, 50), percentile(&taken.micros, 99));
        say(&format!(
            "{} events/s; a request takes {median} µs (median), {p99} µs (p99)",
            taken.rate
        ));
        measured.sqlite.batches = taken.rate;
    }
    if only == Only::Switches {
        switch(arguments, &server, &seeded, &ids, &mut measured).await?;
        let ((idle, busy), (median, median_busy)) = (measured.switch_p99, measured.switch_median);
        say(&format!(
            "idle {median} µs (median), {idle} µs (p99); under load {median_busy} µs, {busy} µs"
        ));
    }
    server.stop()
}

/// What was answered is stored, and nothing else.
fn all_are_stored(taken: &Taken, before: u64, after: u64) -> Outcome {
    let stored = after - before;
    match stored == taken.events {
        true => Ok(()),
        false => Err(format!("{} events were answered, {stored} stored", taken.events).into()),
    }
}

struct Spans<'a> {
    arguments: &'a Arguments,
    ids: &'a Rc<Ids>,
}

impl Spans<'_> {
    async fn of(&self, server: &Serving, agency: &Agency, kind: Kind) -> Outcome<Taken> {
        load::full(server.address, agency, kind, self.arguments.span(), self.ids).await
    }
}

/// The server on PostgreSQL, and what is needed to compare it with the plain loop.
struct OnPostgres {
    server: Serving,
    hot: Agency,
    /// The server's database, and the one that the loop writes to, as their owner sees them.
    served: bare_postgres::Database,
    plain: bare_postgres::Database,
}

impl OnPostgres {
    /// Moves an agency there as an operator would, copies the database for the loop, and starts the server.
    async fn prepare(
        arguments: &Arguments,
        cluster: &Postgres<'_>,
        moving: &Path,
    ) -> Outcome<Self> {
        let hot = seed::hot(moving).await?;
        let served = cluster.database("served", "template0")?;
        let mut copy = Command::new(&arguments.sluice);
        cluster.run(copy.args(["copy", "--from", &serving::file(moving), "--to", &served]))?;
        let plain = cluster.database("plain", "served")?;
        Ok(Self {
            server: Serving::start(&arguments.sluice, &served)?,
            hot,
            served: bare_postgres::Database::at(served),
            plain: bare_postgres::Database::at(plain),
        })
    }

    async fn round(&self, span: &Spans<'_>, rounds: &mut DrawsRounds) -> Outcome {
        let before = self.events()?;
        let batches = span.of(&self.server, &self.hot, Kind::Batch).await?;
        let between = self.events()?;
        all_are_stored(&batches, before, between)?;
        rounds.bare.push(self.replay(before)?);
        let singles = span.of(&self.server, &self.hot, Kind::Single).await?;
        all_are_stored(&singles, between, self.events()?)?;
        rounds.batches.push(batches);
        rounds.singles.push(singles);
        Ok(())
    }

    fn events(&self) -> Outcome<u64> {
        self.served.events(&self.hot.scope.agency().to_string())
    }

    /// The plain loop with what was written after this event: its rate, and the events of an average commit.
    fn replay(&self, after: u64) -> Outcome<(u64, u64)> {
        let written = self.served.read(&self.hot.scope.agency().to_string(), after)?;
        let took = self.plain.insert(&written)?;
        Ok((clock::per_second(written.events, took.as_micros()), written.events_per_commit()))
    }
}

/// Switches idle and under load, in turns.
async fn switch(
    arguments: &Arguments,
    server: &Serving,
    seeded: &Seeded,
    ids: &Rc<Ids>,
    measured: &mut Measured,
) -> Outcome {
    let some = arguments.switches() / 2;
    let half = measured.sqlite.batches / 2;
    let (mut idle, mut busy) = (Vec::new(), Vec::new());
    let mut accounts = seeded.switching.chunks_exact(some);
    let mut next = || accounts.next().ok_or("too few accounts to switch");
    for _ in 0..2 {
        idle.extend(switches::switch(server.address, &seeded.session, next()?).await?);
        // The load begins before the first switch and ends with the last.
        let span = Duration::from_secs(3600);
        let load = load::paced(server.address, &seeded.hot, half, span, ids);
        let switched = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            switches::switch(server.address, &seeded.session, next()?).await
        };
        tokio::select! {
            load = load => return Err(format!("the load ended: {load:?}").into()),
            switched = switched => busy.extend(switched?),
        }
    }
    idle.sort_unstable();
    busy.sort_unstable();
    measured.half = half;
    measured.switch_p99 = (percentile(&idle, 99), percentile(&busy, 99));
    measured.switch_median = (percentile(&idle, 50), percentile(&busy, 50));
    Ok(())
}

impl Rounds {
    fn into_medians(mut self, measured: &mut Measured, stored_events: u64) {
        measured.sqlite = self.sqlite.into_medians();
        measured.postgres = self.postgres.into_medians();
        measured.spread = median(&mut self.spread).0;
        measured.stored = (median(&mut self.stored).0, stored_events);
        measured.baseline = middle(&mut self.baseline);
    }
}

impl DrawsRounds {
    fn into_medians(mut self) -> Draws {
        let (batches, batch_micros) = median(&mut self.batches);
        let (singles, single_micros) = median(&mut self.singles);
        let bare = middle(&mut self.bare);
        Draws { batches, batch_micros, singles, single_micros, bare, memory: (0, 0) }
    }
}

/// The rate of the middle round, and the median and the 99th percentile of what its requests took.
fn median(rounds: &mut [Taken]) -> (u64, (u64, u64)) {
    rounds.sort_by_key(|taken| taken.rate);
    rounds.get(rounds.len() / 2).map_or_else(Default::default, |taken| {
        (taken.rate, (percentile(&taken.micros, 50), percentile(&taken.micros, 99)))
    })
}

fn middle<T: Copy + Default + Ord>(rounds: &mut [T]) -> T {
    rounds.sort_unstable();
    rounds.get(rounds.len() / 2).copied().unwrap_or_default()
}

fn size(database: &Path) -> Outcome<u64> {
    Ok(fs::metadata(database)?.len())
}

fn say(what: &str) {
    println!("      {what}");
}
