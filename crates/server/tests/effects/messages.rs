//! Webhooks: at least once, under one id.

use std::{sync::Arc, time::Duration};

use billing::{funding::Actor, ledger::rules::Adjusted};
use server::{
    courier::{Courier, address::Reach},
    execute::{Origin, Tools, books, endpoints},
    storage::{StorageError, Transaction},
};

use super::{
    cells::{Cell, Crash},
    hold::Side,
    office::{Office, usd},
    scene::{IMPATIENCE, open, start_again},
    sockets::Sink,
};

/// Much longer than any step takes on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn origin() -> Origin {
    Origin::new(Actor::system("test"), "test")
}

async fn adjust(office: &Office, units: i64) {
    let (scope, now) = (office.scope, office.deps.clock.now());
    let write = move |tx: &mut dyn Transaction| {
        let reference = format!("by hand {units}");
        books::adjust(tx, scope, Adjusted::Agency, usd(units), reference, now, &origin())
    };
    office.deps.store.write(write).await.unwrap();
}

async fn listen(office: &Office, sink: &Sink) {
    let (tools, scope) = (Tools::of(&office.deps), office.scope);
    let url = format!("http://127.0.0.1:{}/", sink.port());
    let write =
        move |tx: &mut dyn Transaction| endpoints::add_endpoint(tx, &tools, scope, &url, &origin());
    office.deps.store.write(write).await.unwrap();
}

fn hurry(office: &mut Office, cell: Cell) {
    if cell.is_lost() {
        office.deps.courier = Courier::with_patience(Reach::Everywhere, IMPATIENCE).unwrap();
    }
}

/// The process is killed when somebody is held at the endpoint.
async fn kill_at(sink: &Sink, work: impl Future<Output = ()>) {
    tokio::select! {
        () = work => panic!("nobody was held"),
        reached = tokio::time::timeout(PATIENCE, sink.reached()) => reached.expect("nothing comes"),
    }
}

pub async fn run(cell: Cell) -> u32 {
    let mut office = open().await;
    let sink = Arc::new(Sink::http(cell).await);
    adjust(&office, 200).await;
    office.work().await;
    listen(&office, &sink).await;
    hurry(&mut office, cell);

    // The agency's balance is low now: one message.
    adjust(&office, -150).await;
    match cell.crash {
        Crash::BeforeIntent => {}
        Crash::AfterIntent | Crash::AfterCall => {
            // A request that lies unread has not been made; the endpoint holds it, since the courier is no port of ours.
            let unread = cell.crash == Crash::AfterIntent;
            sink.hold(if unread { Side::Before } else { Side::After });
            kill_at(&sink, office.work()).await;
        }
        Crash::Never | Crash::AfterResult => office.work().await,
    }
    if cell.crash != Crash::Never {
        office = start_again(office).await;
        hurry(&mut office, cell);
    }
    office.work_on().await;

    assert_eq!(sink.fired(), cell.expected_faults(), "{cell:?}: faults");
    let taken = sink.taken();
    let least = match (cell.is_refused(), cell.is_done_at_once()) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 1 + usize::from(cell.takes_effect()),
    };
    if cell.is_lost() {
        // The courier is impatient to the end: on a slow machine it may ask once more than it had to.
        assert!(taken.len() >= least, "{cell:?}: {taken:?}");
    } else {
        assert_eq!(taken.len(), least, "{cell:?}: {taken:?}");
    }
    assert!(taken.iter().all(|id| *id == taken[0] && !id.is_empty()), "{cell:?}: {taken:?}");
    let scope = office.scope;
    let all = office.deps.store.read(move |tx| endpoints::list(tx, scope)).await;
    let all = all.map_err(|error: StorageError| error).unwrap();
    // Where nobody wants anything any more nothing is sent to.
    assert_eq!(all.len(), usize::from(!cell.is_refused()), "{cell:?}");
    assert!(all.iter().all(|endpoint| (endpoint.waiting, endpoint.failed) == (0, 0)), "{cell:?}");
    office.assert_sound().await;
    sink.fired()
}
