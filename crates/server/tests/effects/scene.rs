//! What a cell is played on: an office whose process is killed and started again.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use billing::{RequestId, funding::Command};
use reqwest::Method;
use serde_json::json;
use server::{
    execute::{ExecuteError, Order, Origin, Tools, execute},
    gateway::stripe::Stripe,
    storage::{Scope, StorageError, Transaction},
};

use super::{
    cells::{Answer, Cell},
    hold::{Call, HeldGateway, Hold},
    office::Office,
};

/// How long a call waits that gets no answer. Nothing else is as impatient.
pub const IMPATIENCE: Duration = Duration::from_millis(700);
/// As often as anybody could ask.
const ALWAYS: u32 = 100;

/// The fault by which the sandbox gives this answer.
fn fault(answer: Answer) -> Option<&'static str> {
    Some(match answer {
        Answer::Ok => return None,
        Answer::Refused => "refused",
        Answer::LostWithEffect => "timeout_with_effect",
        Answer::LostWithoutEffect => "timeout_without_effect",
        Answer::FailedWithEffect => "error_500_with_effect",
        Answer::Conflict => "conflict",
        Answer::RateLimited => "rate_limited",
    })
}

/// An office whose gateway's client waits as long as one does.
pub async fn open() -> Office {
    let mut office = Office::open().await;
    office.deps.gateway = Arc::new(office.sandbox.stripe());
    office
}

/// The office's process has this gateway, held somewhere.
pub fn hold_gateway(office: &mut Office, cell: Cell, call: Call, hold: &Arc<Hold>) {
    let impatient = Stripe::builder(&office.sandbox.config).total_timeout(IMPATIENCE);
    office.deps.gateway = Arc::new(HeldGateway {
        hold: Arc::clone(hold),
        patient: office.sandbox.stripe(),
        impatient: impatient.build().unwrap(),
        impatient_with: cell.is_lost().then_some(call),
    });
}

/// From now on such a request is answered as the cell says.
pub async fn arm(office: &Office, cell: Cell, method: &str, path: &str) {
    let Some(fault) = fault(cell.answer) else { return };
    let times = if cell.is_refused() { ALWAYS } else { 1 };
    let fault = json!({ "method": method, "path": path, "fault": fault, "times": times });
    office.sandbox.send(Method::POST, "/_sandbox/faults", fault.to_string()).await;
}

/// How often the gateway's faults have struck; none is left to strike whoever looks afterwards.
pub async fn disarm(office: &Office) -> u32 {
    let queue = office.sandbox.send(Method::GET, "/_sandbox/faults", String::new()).await;
    office.sandbox.send(Method::DELETE, "/_sandbox/faults", String::new()).await;
    let faults = queue["faults"].as_array().unwrap().iter();
    u32::try_from(faults.map(|fault| fault["fired"].as_u64().unwrap()).sum::<u64>()).unwrap()
}

/// A new process on the same database. What the old one had handed to its database is there before.
pub async fn start_again(office: Office) -> Office {
    office.deps.store.write(|_| Ok::<_, StorageError>(())).await.unwrap();
    office.started_again().await
}

/// As if the process had been killed between the commit of a job's result and that of its end.
pub fn forget_the_end(office: &Office, job: &str) {
    // Taken for as long as can be: the next process frees it.
    office.database.tamper(&format!(
        "UPDATE jobs SET state = 'open', leased_until = 9000000000000000
         WHERE state = 'done' AND key LIKE '{job}/%'"
    ));
}

/// Carries out a command, but is killed before the commit.
pub async fn almost(office: &Office, command: Command) {
    let sub_account = office.account;
    let origin = Origin::new(billing::funding::Actor::system("test"), "test");
    let order = Order { sub_account, command, seen: None, origin };
    uncommitted(office, move |tx, tools, scope| execute(tx, tools, scope, &order).map(|_| ()))
        .await;
}

/// Does this in a transaction, but is killed before the commit.
pub async fn uncommitted(
    office: &Office,
    work: impl Fn(&mut dyn Transaction, &Tools, Scope) -> Result<(), ExecuteError> + Send + 'static,
) {
    let (tools, scope, reached) = (Tools::of(&office.deps), office.scope, AtomicBool::new(false));
    let reached = Arc::new(reached);
    let there = Arc::clone(&reached);
    let killed = office.deps.store.write(move |tx| {
        work(tx, &tools, scope)?;
        there.store(true, Ordering::SeqCst);
        Err::<(), _>(ExecuteError::NotFound)
    });
    assert!(matches!(killed.await, Err(ExecuteError::NotFound)));
    assert!(reached.load(Ordering::SeqCst), "it was refused");
}

/// Pays and has all letters about it sent.
pub async fn paid(office: &Office) -> RequestId {
    let (request, token) = office.ask().await;
    office.pay(&token, "visa").await.unwrap();
    office.work().await;
    assert_eq!(office.switches().await, 1);
    request
}

/// How many jobs were given up, for a person to look at.
pub async fn given_up(office: &Office) -> u64 {
    let counts = office.deps.store.read(|tx| tx.job_counts()).await;
    counts.map_err(|error: StorageError| error).unwrap().failed
}
