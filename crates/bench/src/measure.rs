//! What is measured, in which order. Spans that are compared lie next to one another, and each is measured several times: the
//! machine's noise hits both sides, and the median counts.

use std::{fs, path::Path, rc::Rc, time::Duration};

use crate::{
    Outcome,
    arguments::Arguments,
    bare,
    chance::Ids,
    clock, fill,
    load::{self, Kind, Taken, percentile},
    postgres::Postgres,
    seed::{self, Agency, Seeded},
    serving::{self, Serving},
    switches,
};

/// Everything that was measured. Rates are events per second, times microseconds.
#[derive(Debug, Default)]
pub struct Measured {
    /// Batches on one hot balance.
    pub hot: u64,
    /// The median and the 99th percentile of such a batch.
    pub hot_micros: (u64, u64),
    /// Batches spread over as many balances as accounts.
    pub spread: u64,
    /// Single events on one hot balance.
    pub single: u64,
    /// The median and the 99th percentile of a single event.
    pub single_micros: (u64, u64),
    /// PostgreSQL, a transaction per draw, with the number of clients that was best.
    pub postgres: (u64, u32),
    /// The plain loop of inserts, with the events of an average commit.
    pub bare: (u64, u64),
    /// Batches on one hot balance, with so many events stored.
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
    /// The most memory of any server, in KiB: resident, and of it the process's own.
    pub memory: (u64, u64),
}

/// Rates of the rounds.
#[derive(Default)]
struct Rounds {
    hot: Vec<Taken>,
    spread: Vec<Taken>,
    single: Vec<Taken>,
    stored: Vec<Taken>,
    postgres: Vec<(u64, u32)>,
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
    let postgres = Postgres::prepare(arguments)?;
    let mut measured = Measured::default();
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

    let mut rounds = Rounds::default();
    let reader = bare::read_only(&empty)?;
    let hot_agency = seeded.hot.scope.agency().to_string();
    for round in 1..=Arguments::ROUNDS {
        say(&format!("round {round} of {}", Arguments::ROUNDS));
        let before = bare::events(&reader, &hot_agency)?;
        let span = Spans { arguments, ids: &ids };
        let hot = span.of(&server, &seeded.hot, Kind::Batch).await?;
        let after = bare::events(&reader, &hot_agency)?;
        if after - before != hot.events {
            let told = hot.events;
            return Err(format!("{told} events were answered, {} stored", after - before).into());
        }
        rounds.hot.push(hot);
        rounds.stored.push(span.of(&full, &seeded.hot, Kind::Batch).await?);
        let written = bare::read(&reader, &hot_agency, before)?;
        let took = bare::insert(&plain, &written)?;
        let rate = clock::per_second(written.events, took.as_micros());
        rounds.bare.push((rate, written.events_per_commit()));
        drop(written);
        rounds.spread.push(span.of(&server, &seeded.spread, Kind::Batch).await?);
        rounds.single.push(span.of(&server, &seeded.hot, Kind::Single).await?);
        rounds.postgres.push(postgres.draws()?);
    }
    rounds.into_medians(&mut measured, arguments.stored_events());
    say("switches of funding, idle and under load");
    switch(arguments, &server, &seeded, &ids, &mut measured).await?;
    for memory in [server.memory.most(), full.memory.most()] {
        measured.memory.0 = measured.memory.0.max(memory.0);
        measured.memory.1 = measured.memory.1.max(memory.1);
    }
    server.stop()?;
    full.stop()?;
    measured.file_bytes = size(&stored)?;
    Ok(measured)
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

/// Switches idle and under load, in turns.
async fn switch(
    arguments: &Arguments,
    server: &Serving,
    seeded: &Seeded,
    ids: &Rc<Ids>,
    measured: &mut Measured,
) -> Outcome {
    let some = arguments.switches() / 2;
    let half = measured.hot / 2;
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
        let rate = |rounds: &mut Vec<Taken>| {
            rounds.sort_by_key(|taken| taken.rate);
            let middle = rounds.get(rounds.len() / 2).cloned();
            let taken = middle.unwrap_or(Taken { events: 0, rate: 0, micros: Vec::new() });
            (taken.rate, (percentile(&taken.micros, 50), percentile(&taken.micros, 99)))
        };
        (measured.hot, measured.hot_micros) = rate(&mut self.hot);
        (measured.spread, _) = rate(&mut self.spread);
        (measured.single, measured.single_micros) = rate(&mut self.single);
        measured.stored = (rate(&mut self.stored).0, stored_events);
        self.postgres.sort_unstable();
        self.bare.sort_unstable();
        measured.postgres = self.postgres.get(self.postgres.len() / 2).copied().unwrap_or_default();
        measured.bare = self.bare.get(self.bare.len() / 2).copied().unwrap_or_default();
    }
}

fn size(database: &Path) -> Outcome<u64> {
    Ok(fs::metadata(database)?.len())
}

fn say(what: &str) {
    println!("      {what}");
}
