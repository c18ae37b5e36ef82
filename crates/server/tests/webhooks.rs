//! Standing, told: which webhooks and letters follow from draws, top-ups and switches, how webhooks are signed and tried again,
//! and where they never go. The endpoint is a process of its own that checks signatures with the standard's own library.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "a test that cannot go on has failed; the support files serve several suites"
)]

#[path = "support/hooks.rs"]
mod hooks;
#[path = "support/metering.rs"]
mod metering;
#[path = "support/office.rs"]
mod office;
#[path = "support/sandbox.rs"]
mod sandbox;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use billing::{
    Currency, EndpointId, MessageId, Timestamp,
    api::{EndpointSnapshot, NewEndpoint},
    funding::{Actor, Command, ReturnChoice},
    ledger::{Book, rules::Adjusted},
};
use hooks::{Hook, Sink};
use metering::{Usage, event};
use office::{Office, usd};
use server::{
    config::Secret,
    courier::{Answer, Courier, Parcel, address::Reach},
    deps::{Deps, EntropyExt as _, SystemEntropy},
    execute::{ExecuteError, Origin, Tools, books, endpoints, import},
    jobs,
    mail::mailbox::MailboxMailer,
    metering::Meter,
    storage::{StorageError, Transaction},
};
use tokio::net::TcpListener;

/// What waits a little longer than this is due.
const A_FIRST_PAUSE: i64 = 6;

static COUNT: AtomicU64 = AtomicU64::new(0);

fn origin() -> Origin {
    Origin::new(Actor::system("test"), "test")
}

/// What a test of standings does with an office.
trait Standings {
    async fn credit(&self, units: i64);
    async fn draw(&self, units: u64);
    async fn listen(&self, url: &str) -> NewEndpoint;
    async fn endpoints(&self) -> Vec<EndpointSnapshot>;
    async fn letters(&self) -> Vec<String>;
    async fn add_accounts(&self, count: usize);
}

impl Standings for Office {
    /// By hand, onto the agency's balance.
    async fn credit(&self, units: i64) {
        let (scope, now) = (self.scope, self.deps.clock.now());
        let reference = format!("credit {}", COUNT.fetch_add(1, Ordering::Relaxed));
        let write = move |tx: &mut dyn Transaction| {
            let amount = usd(units);
            books::adjust(tx, scope, Adjusted::Agency, amount, reference.clone(), now, &origin())
        };
        self.deps.store.write(write).await.unwrap();
    }

    /// One event for each unit.
    async fn draw(&self, units: u64) {
        let now = self.deps.clock.now();
        let first = COUNT.fetch_add(units, Ordering::Relaxed);
        let events = (first..first + units).map(|n| event(&n.to_string(), "BW-0077", now));
        self.record(events.collect()).await.unwrap();
    }

    async fn listen(&self, url: &str) -> NewEndpoint {
        let (tools, scope, url) = (Tools::of(&self.deps), self.scope, url.to_owned());
        let write = move |tx: &mut dyn Transaction| {
            endpoints::add_endpoint(tx, &tools, scope, &url, &origin())
        };
        self.deps.store.write(write).await.unwrap()
    }

    async fn endpoints(&self) -> Vec<EndpointSnapshot> {
        let scope = self.scope;
        let all = self.deps.store.read(move |tx| endpoints::list(tx, scope)).await;
        all.map_err(|error: StorageError| error).unwrap()
    }

    /// Whom letters about balances went to, with their subjects, oldest first.
    async fn letters(&self) -> Vec<String> {
        let mails = self.deps.store.read(|tx| tx.mails(100)).await;
        let mails = mails.map_err(|error: StorageError| error).unwrap().into_iter().rev();
        let about = mails.filter(|row| row.mail.subject.contains("balance"));
        let mut letters: Vec<_> =
            about.map(|row| format!("{}: {}", row.mail.to, row.mail.subject)).collect();
        letters.sort();
        letters
    }

    async fn add_accounts(&self, count: usize) {
        let mut csv = "external_id,name\n".to_owned();
        for number in 0..count {
            csv.push_str(&format!("X-{number:05},Client {number}\n"));
        }
        let rows = import::parse(csv.as_bytes(), Currency::Usd).unwrap();
        let (tools, scope) = (Tools::of(&self.deps), self.scope);
        let write = move |tx: &mut dyn Transaction| {
            import::import(tx, &tools, scope, &rows, &origin()).map_err(|error| match error {
                import::ImportError::Execute(error) => error,
                other => panic!("{other}"),
            })
        };
        self.deps.store.write(write).await.unwrap();
    }
}

/// An office whose agency has so much; nothing of that is news any more.
async fn open(units: i64) -> Office {
    let mut office = Office::open().await;
    office.deps.courier =
        Courier::with_patience(Reach::Everywhere, Duration::from_millis(700)).unwrap();
    office.set_price("sms.sent", "1", Timestamp::from_millis(0)).await;
    if units > 0 {
        office.credit(units).await;
    }
    office.work().await;
    office
}

async fn says(sink: &mut Sink) -> (String, String, String) {
    let hook = sink.next().await;
    let (event, standing, payer) = hook.says();
    (event.to_owned(), standing.to_owned(), payer.to_owned())
}

fn told(event: &str, standing: &str, payer: &str) -> (String, String, String) {
    (event.to_owned(), standing.to_owned(), payer.to_owned())
}

#[tokio::test]
async fn draws_and_a_top_up_are_told_with_a_signature_that_the_official_library_accepts() {
    let mut sink = Sink::start().await;
    let office = open(200).await;
    let endpoint = office.listen(&sink.url("200")).await;
    assert!(endpoint.id.to_string().starts_with("whe_") && endpoint.secret.starts_with("whsec_"));
    sink.expect(&endpoint.secret).await;

    office.draw(100).await;
    office.work().await;
    sink.assert_quiet().await;
    office.draw(1).await;
    office.work().await;
    let low = sink.next().await;
    assert_eq!(low.says(), ("account.low", "low", "agency"));
    assert_eq!(low.genuine, true);
    assert_eq!(low.body["data"]["account"], office.account.to_string());
    assert_eq!(low.body["data"]["external_id"], "BW-0077");
    assert_eq!(low.headers["content-type"], "application/json");
    assert!(low.id.starts_with("msg_") && !low.id.contains('.'), "{}", low.id);
    assert!(low.bytes < 20_000, "{}", low.bytes);

    office.draw(99).await;
    office.work().await;
    let paused = sink.next().await;
    assert_eq!(paused.says(), ("account.paused", "paused", "agency"));
    assert_eq!(paused.genuine, true);
    assert_ne!(paused.id, low.id);
    // A little lets the service go on, though it is low.
    office.credit(5).await;
    office.work().await;
    assert_eq!(says(&mut sink).await, told("account.resumed", "low", "agency"));
    office.draw(10).await;
    office.work().await;
    assert_eq!(says(&mut sink).await, told("account.paused", "paused", "agency"));
    office.credit(500).await;
    office.work().await;
    assert_eq!(says(&mut sink).await, told("account.resumed", "active", "agency"));
    sink.assert_quiet().await;
    let [of_it] = &office.endpoints().await[..] else { panic!("one endpoint") };
    assert_eq!((of_it.waiting, of_it.failed, &of_it.error), (0, 0, &None));
    assert!(of_it.delivered_at.is_some());

    // Another secret is another signature.
    sink.expect("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").await;
    office.draw(450).await;
    office.work().await;
    assert_eq!(sink.next().await.genuine, "No matching signature found");
    office.assert_books().await;
}

#[tokio::test]
async fn a_funding_switch_is_told_when_it_changes_the_standing() {
    let mut sink = Sink::start().await;
    // The agency has nothing: its accounts are paused from the beginning.
    let office = open(0).await;
    office.listen(&sink.url("200")).await;
    let (_, token) = office.ask().await;
    office.work().await;
    sink.assert_quiet().await;
    office.pay(&token, "visa").await.unwrap();
    office.work_on().await;
    assert_eq!(says(&mut sink).await, told("account.resumed", "active", "customer"));

    office.draw(95).await;
    office.work().await;
    assert_eq!(says(&mut sink).await, told("account.low", "low", "customer"));
    // What the agency has does not concern it meanwhile.
    office.credit(500).await;
    office.work().await;
    sink.assert_quiet().await;
    let back = Command::AddToAgency { choice: ReturnChoice::Transfer, take_over_negative: false };
    office.order(back).await.unwrap();
    office.work_on().await;
    assert_eq!(says(&mut sink).await, told("account.resumed", "active", "agency"));
    sink.assert_quiet().await;
    office.assert_sound().await;
}

#[tokio::test]
async fn an_account_is_paused_while_it_is_closed() {
    let mut sink = Sink::start().await;
    let office = open(500).await;
    office.listen(&sink.url("200")).await;
    let close = Command::CloseAccount { choice: ReturnChoice::Transfer, take_over_negative: false };
    office.order(close).await.unwrap();
    office.work().await;
    assert_eq!(says(&mut sink).await, told("account.paused", "paused", "agency"));
    // What still arrives is the agency's to pay, and changes nothing about that.
    office.draw(450).await;
    office.work().await;
    assert_eq!(office.balance(Book::Agency).await, usd(50));
    sink.assert_quiet().await;
    office.order(Command::ReopenAccount).await.unwrap();
    office.work().await;
    assert_eq!(says(&mut sink).await, told("account.resumed", "low", "agency"));
    sink.assert_quiet().await;
    office.assert_sound().await;
}

#[tokio::test]
async fn a_letter_is_written_once_per_dip() {
    let office = open(200).await;
    let (low, used_up) = ("Your agency balance is low", "Your agency balance is used up");
    let to_robin = |subjects: &[&str]| -> Vec<String> {
        subjects.iter().map(|subject| format!("robin@northwind.example: {subject}")).collect()
    };
    office.draw(150).await;
    office.work().await;
    assert_eq!(office.letters().await, to_robin(&[low]));
    office.draw(60).await;
    office.work().await;
    assert_eq!(office.letters().await, to_robin(&[low, used_up]));
    // Up and down, but never back to active: the same dip.
    for _ in 0..2 {
        office.credit(50).await;
        office.work().await;
        office.draw(50).await;
        office.work().await;
    }
    assert_eq!(office.letters().await, to_robin(&[low, used_up]));
    office.credit(300).await;
    office.work().await;
    office.draw(300).await;
    office.work().await;
    // Past both thresholds at once: one letter.
    assert_eq!(office.letters().await, to_robin(&[low, used_up, used_up]));
    office.assert_books().await;
}

#[tokio::test]
async fn of_a_customers_balance_the_customer_and_the_agency_are_told() {
    let office = open(500).await;
    let (_, token) = office.ask().await;
    office.pay(&token, "visa").await.unwrap();
    office.work_on().await;
    assert_eq!(office.letters().await, [""; 0]);
    office.draw(95).await;
    office.work().await;
    let low = [
        "dana@brightwater.example: Your balance for Brightwater Plumbing is low",
        "robin@northwind.example: The customer's balance for Brightwater Plumbing is low",
    ];
    assert_eq!(office.letters().await, low);
    office.draw(1).await;
    office.work().await;
    assert_eq!(office.letters().await, low);
    office.draw(10).await;
    office.work().await;
    assert_eq!(office.letters().await.len(), 4);
    let mails = office.mails().await;
    assert!(mails.iter().any(|mail| mail.contains("is −$6.00. Until there is money on it again")));
    office.assert_sound().await;
}

#[tokio::test]
async fn a_message_that_failed_goes_again_under_its_id_after_growing_pauses() {
    let mut sink = Sink::start().await;
    let office = open(200).await;
    let endpoint = office.listen(&sink.url("500,slow,redirect,200")).await;
    office.draw(150).await;
    office.work().await;
    let first = sink.next().await;
    assert_eq!(office.endpoints().await[0].error.as_deref(), Some("it answered 500"));
    office.clock.forward(3);
    office.work().await;
    sink.assert_quiet().await;
    office.clock.forward(A_FIRST_PAUSE - 3);
    office.work().await;
    let second = sink.next().await;
    assert_eq!(office.endpoints().await[0].error.as_deref(), Some("it did not answer in time"));
    office.clock.forward(4 * 60);
    office.work().await;
    sink.assert_quiet().await;
    office.clock.forward(2 * 60);
    office.work().await;
    let third = sink.next().await;
    // The redirect is not followed: nothing comes to where it leads.
    assert_eq!(office.endpoints().await[0].error.as_deref(), Some("it answered 307"));
    office.clock.forward(40 * 60);
    office.work().await;
    let fourth = sink.next().await;
    sink.assert_quiet().await;
    for again in [&second, &third, &fourth] {
        assert_eq!((&again.id, &again.body, &again.path), (&first.id, &first.body, &first.path));
    }
    let time = |hook: &Hook| -> i64 {
        hook.headers["webhook-timestamp"].as_str().unwrap().parse().unwrap()
    };
    assert!(time(&second) >= time(&first) + 5 && time(&fourth) > time(&third) + 30 * 60);
    let [of_it] = &office.endpoints().await[..] else { panic!("one endpoint") };
    assert_eq!((of_it.id, of_it.waiting, &of_it.error), (endpoint.id, 0, &None));
}

#[tokio::test]
async fn what_never_arrives_is_given_up_after_three_days() {
    let mut sink = Sink::start().await;
    let office = open(200).await;
    office.listen(&sink.url("500")).await;
    office.draw(150).await;
    for _ in 0..100 {
        office.work().await;
        let [of_it] = &office.endpoints().await[..] else { panic!("one endpoint") };
        if of_it.failed == 1 {
            break;
        }
        office.clock.forward(60 * 60);
    }
    for _ in 0..10 {
        assert_eq!(sink.next().await.event, "account.low");
    }
    sink.assert_quiet().await;
    // The next change is a message of its own, and is tried once the endpoint has had its peace.
    office.clock.forward(6 * 60);
    office.credit(500).await;
    office.work().await;
    assert_eq!(sink.next().await.event, "account.resumed");
}

#[tokio::test]
async fn a_newer_message_takes_the_place_of_one_that_has_not_arrived() {
    let mut sink = Sink::start().await;
    let office = open(200).await;
    office.listen(&sink.url("500,200")).await;
    office.draw(150).await;
    office.work().await;
    let low = sink.next().await;
    assert_eq!(low.event, "account.low");
    office.draw(60).await;
    office.work().await;
    sink.assert_quiet().await;
    office.clock.forward(A_FIRST_PAUSE);
    office.work().await;
    let paused = sink.next().await;
    assert_eq!(paused.event, "account.paused");
    assert_ne!(paused.id, low.id);
    office.clock.forward(60 * 60);
    office.work().await;
    sink.assert_quiet().await;
}

#[tokio::test]
async fn nothing_is_lost_between_the_draw_and_the_delivery() {
    let mut sink = Sink::start().await;
    let mut office = open(200).await;
    office.listen(&sink.url("slow,200")).await;
    // Dead after the draw was committed, before anybody was told.
    office.draw(150).await;
    office.deps = restarted(&office);
    // Dead while the message is on its way: its answer is never heard.
    let impatient = Courier::with_patience(Reach::Everywhere, Duration::from_secs(10)).unwrap();
    office.deps.courier = impatient;
    let first = tokio::select! {
        _ = jobs::tick(&office.deps) => panic!("the endpoint takes two seconds"),
        first = sink.next() => first,
    };
    office.deps = restarted(&office);
    office.work().await;
    sink.assert_quiet().await;
    office.clock.forward(61);
    office.work().await;
    let again = sink.next().await;
    assert_eq!((&again.id, &again.body), (&first.id, &first.body));
    assert_eq!(office.letters().await.len(), 1);
    office.clock.forward(600);
    office.work().await;
    sink.assert_quiet().await;
}

/// The same office after its process died: all that is left is the database.
fn restarted(office: &Office) -> Deps {
    let (store, clock) = (office.database.open().store, office.deps.clock.clone());
    let entropy = Arc::clone(&office.deps.entropy);
    Deps {
        meter: Meter::start(store.clone(), clock.clone()),
        mailer: Arc::new(MailboxMailer { store: store.clone(), clock, entropy }),
        store,
        ..office.deps.clone()
    }
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_removed() {
    let mut sink = Sink::start().await;
    let office = open(200).await;
    office.listen(&sink.url("410")).await;
    let stays = office.listen(&sink.url("200")).await;
    office.draw(150).await;
    office.work().await;
    let mut paths = [sink.next().await.path, sink.next().await.path];
    paths.sort();
    assert_eq!(paths, ["/200", "/410"]);
    let left: Vec<EndpointId> = office.endpoints().await.iter().map(|row| row.id).collect();
    assert_eq!(left, [stays.id]);
    office.draw(60).await;
    office.work().await;
    assert_eq!(sink.next().await.path, "/200");
    sink.assert_quiet().await;
}

#[tokio::test]
async fn every_account_of_the_agency_is_told_a_page_at_a_time() {
    let mut sink = Sink::start().await;
    let mut office = open(200).await;
    office.deps.courier = Courier::new(Reach::Everywhere).unwrap();
    office.add_accounts(1_200).await;
    office.listen(&sink.url("200")).await;
    office.draw(150).await;
    let before = office.deps.store.commits();
    jobs::tick(&office.deps).await.unwrap();
    let waiting = office.endpoints().await[0].waiting;
    assert!(
        waiting > 400 && waiting <= 500,
        "a page of 500, of which a few have arrived: {waiting}"
    );
    assert!(office.deps.store.commits() - before < 50);
    let mut told = std::collections::BTreeSet::new();
    let listen = async {
        for _ in 0..1_201 {
            let hook = sink.next().await;
            assert_eq!(hook.event, "account.low");
            told.insert(hook.body["data"]["account"].as_str().unwrap().to_owned());
        }
    };
    // What the endpoint has to say must be listened to, or it stops answering.
    tokio::join!(office.work(), listen);
    assert_eq!(told.len(), 1_201);
    sink.assert_quiet().await;
    let letters = office.letters().await;
    assert_eq!(letters, ["robin@northwind.example: Your agency balance is low"], "one for all");
}

#[tokio::test]
async fn what_was_over_before_anybody_was_told_is_not_told() {
    let mut sink = Sink::start().await;
    let office = open(200).await;
    office.listen(&sink.url("200")).await;
    office.draw(150).await;
    office.credit(150).await;
    office.work().await;
    sink.assert_quiet().await;
    assert_eq!(office.letters().await, [""; 0]);
}

#[tokio::test]
async fn private_addresses_are_never_connected_to() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let secret = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned());
    let now = Timestamp::from_millis(1_795_363_809_250);
    let send = async |reach: Reach, url: &str| {
        let courier = Courier::with_patience(reach, Duration::from_millis(500)).unwrap();
        let id = MessageId::new(now, SystemEntropy.id());
        courier.carry(&Parcel { id, url, secret: &secret, body: "{}" }, now).await
    };
    let failed = |error: &str| Answer::Failed { error: error.to_owned(), retry_after: None };
    let public_only = failed("Webhooks are sent to public addresses only.");
    // A name that leads to us is found out when it is looked up, a literal address before.
    let by_name = format!("https://localhost:{port}/");
    assert_eq!(send(Reach::Public, &by_name).await, failed("it cannot be reached"));
    for host in ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0x7f000001", "127.1", "0.0.0.0"] {
        let url = format!("https://{host}:{port}/");
        assert_eq!(send(Reach::Public, &url).await, public_only, "{host}");
    }
    let in_the_clear = send(Reach::Public, "http://example.com/").await;
    assert_eq!(in_the_clear, failed("Webhooks are sent over https only."));
    let accepted = tokio::time::timeout(Duration::from_millis(200), listener.accept()).await;
    assert!(accepted.is_err(), "somebody has connected");
    // The listener would have noticed: whoever may go everywhere does connect.
    let (_, accepted) = tokio::join!(send(Reach::Everywhere, &by_name), listener.accept());
    accepted.unwrap();
}

#[tokio::test]
async fn an_agency_has_ten_endpoints_at_most_and_only_its_own() {
    let office = open(200).await;
    for _ in 0..10 {
        office.listen("https://example.com/hooks").await;
    }
    let (tools, scope) = (Tools::of(&office.deps), office.scope);
    let add = move |tx: &mut dyn Transaction| {
        endpoints::add_endpoint(tx, &tools, scope, "https://example.com/", &origin())
    };
    let refused = office.deps.store.write(add).await;
    assert!(matches!(refused, Err(endpoints::EndpointError::TooMany)), "{refused:?}");
    let other = EndpointId::new(office.deps.clock.now(), [7; 10]);
    let tools = Tools::of(&office.deps);
    let remove = move |tx: &mut dyn Transaction| {
        endpoints::remove_endpoint(tx, &tools, scope, other, &origin())
    };
    let refused = office.deps.store.write(remove).await;
    assert!(matches!(refused, Err(ExecuteError::NotFound)), "{refused:?}");
}

#[test]
fn an_operator_adds_lists_and_removes_an_endpoint() {
    let folder = tempfile::tempdir().unwrap();
    let sluice = |words: &[&str], allow: bool| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_sluice"));
        command.args(words).current_dir(folder.path());
        if allow {
            command.env("SLUICE_WEBHOOKS_ALLOW_PRIVATE", "true");
        }
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim_end().to_owned();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    };
    let agency = sluice(&["agency", "add", "--name", "Northwind"], false).1;
    let add =
        |url: &str, allow| sluice(&["endpoint", "add", "--agency", &agency, "--url", url], allow);
    let (code, out, _) = add("https://hooks.northwind.example/sluice", false);
    let (id, secret) = out.split_once('\n').unwrap();
    assert!(code == 0 && id.starts_with("whe_") && secret.starts_with("whsec_"), "{out}");
    let (code, out, error) = add("https://192.168.1.5/", false);
    assert_eq!((code, out.as_str()), (2, ""));
    assert_eq!(error, "sluice: --url: Webhooks are sent to public addresses only.");
    assert_eq!(add("http://192.168.1.5/", true).0, 0);
    let list = || sluice(&["endpoint", "list", "--agency", &agency], false).1;
    let listed = list();
    assert!(listed.starts_with(&format!(
        "{id}\thttps://hooks.northwind.example/sluice\teverything has arrived\n"
    )));
    assert!(!listed.contains("whsec_"));
    let remove = ["endpoint", "remove", id, "--agency", &agency];
    assert_eq!(sluice(&remove, false).0, 0);
    assert_eq!(sluice(&remove, false).0, 1);
    assert_eq!(list().lines().count(), 1);
}
