//! `sluice copy`: an installation that lived on SQLite goes on on PostgreSQL.

use std::{collections::BTreeMap, time::Duration};

use billing::{
    Currency, Timestamp,
    api::{AccountSort, EmbedComponent},
    embed::SiteOrigin,
    ledger::{Book, rules::Adjusted},
    text::{EmailAddress, Name},
};
use server::{
    demo::{self, SandboxAddress},
    execute::{
        ExecuteError, Tools, books, embed, endpoints, import,
        links::token_hash,
        people::{self, NewPerson},
        second_factor, tickets,
    },
    metering::{Meter, MeterError, NewEvent, Refusal},
    storage::{
        StorageError, Store, Transaction, accounts::AccountQuery, copy::TABLES,
        tickets::TicketPurpose, top_ups::TopUpRow,
    },
    verify,
};
use tokio::process::Command;

use crate::{
    database::{Database, ask},
    ground::{origin, usd},
    metering::{Usage as _, event},
    office::Office,
};

/// A segment of the index of identities, so that there is one.
const SEGMENT: u64 = 64;

/// What an operator types: the exit code, standard output, standard error.
pub async fn copied(from: &Database, to: &Database) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sluice"));
    command.args(["copy", "--from", from.url()]).env("SLUICE_TO", to.url());
    let output = command.output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The demo's two agencies with their ninety days, and a third one with everything under way that can be: no table is empty.
/// Answers the token of a link that was mailed, and an event that was drawn.
async fn furnished() -> (Office, String, NewEvent) {
    let office = Office::open_on(Database::file()).await;
    let gateway = &office.sandbox.config;
    let (url, secret_key) = (gateway.api_url.clone(), gateway.secret_key.0.clone());
    demo::seed(&office.deps, &SandboxAddress { url, secret_key }).await.unwrap();

    office.set_price("sms.sent", "1", Timestamp::from_millis(0)).await;
    let tools = Tools::of(&office.deps);
    let (scope, account, now) = (office.scope, office.account, tools.now);
    let csv = "external_id,name\n\"\\N'\"\"\",\"Zoë\\ 🦀 \"\"漢字\"\" \\.\"\n";
    let rows = import::parse(csv.as_bytes(), Currency::Usd).unwrap();
    let furnish = move |tx: &mut dyn Transaction| {
        books::adjust(tx, scope, Adjusted::Agency, usd(200), "x".to_owned(), now, &origin())?;
        endpoints::add_endpoint(tx, &tools, scope, "http://127.0.0.1:9/hooks", &origin()).unwrap();
        let name = Name::parse("Ada").unwrap();
        let email = EmailAddress::parse("ada@northwind.example").unwrap();
        let user = people::create_user(
            tx,
            &tools,
            scope,
            NewPerson::owner(&name, &email, "none".to_owned()),
        )?;
        people::start_session(tx, &tools, scope, user.id, "")?;
        tickets::make(tx, &tools, scope, user.id, TicketPurpose::Reset)?;
        second_factor::begin(tx, &tools, scope, &user).unwrap();
        let site = SiteOrigin::parse("https://portal.example").unwrap();
        let colour = billing::brand::Colour::parse("#0b6480");
        tx.save_accent(scope, colour)?;
        let sites = embed::set_origins(tx, &tools, scope, &[site], &origin())?;
        let (shown, hour) = (vec![EmbedComponent::Balance], Duration::from_secs(3_600));
        let minted = embed::mint(tx, &tools, scope, account, shown, sites, hour)?;
        let widget = embed::identify(tx, &token_hash(&minted.token), now)?.unwrap();
        embed::make_ticket(tx, &tools, &widget)?;
        let top_up = TopUpRow {
            token_hash: token_hash("top-up"),
            sub_account: account,
            email,
            created_at: now,
            expires_at: now.plus(hour),
            payments: Vec::new(),
        };
        tx.insert_top_up(scope, &top_up)?;
        import::import(tx, &tools, scope, &rows, &origin()).map_err(|error| match error {
            import::ImportError::Execute(error) => error,
            other => panic!("{other}"),
        })?;
        Ok::<_, ExecuteError>(())
    };
    office.deps.store.write(furnish).await.unwrap();
    let (_, token) = office.ask().await;
    // What the gateway told while nobody listened in this test.
    let seen = office.deps.store.write(move |tx| tx.take_webhook("evt_1", now)).await;
    assert!(seen.map_err(|error: StorageError| error).unwrap());

    let meter = Meter::with_segments_of(office.deps.store.clone(), office.clock.clone(), SEGMENT);
    let now = office.deps.clock.now();
    let events: Vec<_> = (0..150).map(|n| event(&n.to_string(), "BW-0077", now)).collect();
    meter.record(office.batch(events.clone())).await.unwrap();
    office.work().await;
    // What nobody has looked at yet.
    let more = (150..210).map(|n| event(&n.to_string(), "BW-0077", now)).collect();
    meter.record(office.batch(more)).await.unwrap();
    office.record(vec![event_without_price(now)]).await.unwrap();
    assert!(server::jobs::statements::issue_due(&office.deps).await.unwrap() > 0);
    (office, token, events[7].clone())
}

fn event_without_price(now: Timestamp) -> NewEvent {
    crate::metering::event_of("mms.sent", "new", "BW-0077", now)
}

/// What people and programs see of every agency.
async fn views(store: &Store) -> Vec<String> {
    let read = |tx: &mut dyn Transaction| {
        let mut views = vec![format!("{:#?}", tx.mails(1_000)?)];
        for scope in tx.agencies()? {
            let balances: BTreeMap<_, _> = tx.balances(scope)?.into_iter().collect();
            views.push(format!("{:#?}", (tx.agency(scope)?, balances)));
            for sort in [AccountSort::Name, AccountSort::BalanceDescending, AccountSort::Since] {
                let query = AccountQuery { sort, limit: 500, ..AccountQuery::default() };
                views.push(format!("{:#?}", tx.list_accounts(scope, &query)?));
            }
            for account in tx.account_ids(scope)? {
                let log = (tx.events(scope, account)?, tx.payments_of(scope, Some(account))?);
                views.push(format!("{log:#?}"));
                views.push(format!("{:#?}", tx.entries_of(scope, account, None, 1_000)?));
            }
            views.push(format!("{:#?}", tx.entries_from(scope, 1, 10_000)?));
            views.push(format!("{:#?}", (tx.metering_head(scope)?, tx.unpriced_types(scope)?)));
            views.push(format!("{:#?}", tx.events_from(scope, 1, 50_000)?));
            views.push(format!("{:?}", (tx.changes_after(scope, 0, 1_000)?, tx.prices(scope)?)));
            views.push(format!("{:?}", endpoints::list(tx, scope)?));
            let issued = (tx.statements_from(scope, 1, 1_000)?, tx.receipts_from(scope, 1, 1_000)?);
            views.push(format!("{issued:?} {:?}", (tx.periods(scope)?, tx.unissued(scope)?)));
        }
        Ok::<_, StorageError>(views)
    };
    store.read(read).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_live_installation_is_moved_whole_and_goes_on() {
    let (office, token, known) = furnished().await;
    // The meter still tells clients of draws now and then: what is moved is a file that nobody works on.
    let source = office.database.copy();
    let before = views(&source.open().store).await;
    let target = Database::bare();
    let (code, out, error) = copied(&source, &target).await;
    assert_eq!(code, 0, "{out}{error}");
    let told: BTreeMap<&str, u64> = out
        .lines()
        .filter_map(|line| line.strip_prefix("ok    ")?.split_once(" rows  "))
        .filter_map(|(line, _)| line.split_once(' '))
        .map(|(table, rows)| (table, rows.trim().parse().unwrap()))
        .collect();
    for table in TABLES {
        assert!(told[table] > 0, "nothing was in {table}, so nothing is proved of it");
    }
    assert_eq!(told.len(), TABLES.len());
    assert!(out.contains("ok    the index of identities holds what it should"), "{out}");

    let office = office.moved_to(target);
    let after = views(&office.deps.store).await;
    assert_eq!(after.len(), before.len());
    for (after, before) in after.iter().zip(&before) {
        assert!(after == before, "{after}\n\ninstead of\n\n{before}");
    }
    goes_on(&office, &token, known).await;
    let report = office.deps.store.read(|tx| verify::verify(tx)).await;
    let report = report.map_err(|error: StorageError| error).unwrap();
    assert!(report.ok, "{report:#?}");
}

/// A server on the target knows what happened before, and counts on from there.
async fn goes_on(office: &Office, token: &str, known: NewEvent) {
    let (scope, now) = (office.scope, office.deps.clock.now());
    let meter = Meter::with_segments_of(office.deps.store.clone(), office.clock.clone(), SEGMENT);
    let (head, balance) = (office.head().await, office.balance(Book::Agency).await);
    assert!(head.indexed >= 2 * SEGMENT, "{head:?}");
    let last = move |tx: &mut dyn Transaction| {
        let (changes, entries) = (tx.last_change(scope)?, tx.entries_from(scope, 1, 10_000)?);
        Ok::<_, StorageError>((changes, entries.last().map_or(0, |entry| entry.number)))
    };
    let (changes, entries) = office.deps.store.read(last).await.unwrap();

    meter.record(office.batch(vec![known.clone()])).await.unwrap();
    assert_eq!(office.head().await.events, head.events, "an event from before draws nothing");
    assert_eq!(office.balance(Book::Agency).await, balance);
    let mut other = known;
    other.payload = [0; 16];
    let refused = meter.record(office.batch(vec![other])).await.unwrap_err();
    let MeterError::Refused(refused) = refused else { panic!("{refused:?}") };
    assert_eq!(refused.why, Refusal::OtherPayload);
    meter.record(office.batch(vec![event("fresh", "BW-0077", now)])).await.unwrap();
    meter.tell().await.unwrap();
    assert_eq!(office.head().await.events, head.events + 1);
    assert_eq!(office.balance(Book::Agency).await, balance.minus(usd(1)).unwrap());
    let (_, number) = office.deps.store.read(last).await.unwrap();
    assert_eq!(number, entries + 1);
    let news = office.deps.store.read(move |tx| tx.changes_after(scope, changes, 10)).await;
    let news = news.map_err(|error: StorageError| error).unwrap();
    assert_eq!(news[0].0, changes + 1, "clients that come back go on from where they were");

    // The link that was mailed before the move.
    office.pay(token, "visa").await.unwrap();
    office.work_on().await;
    assert_eq!((office.own_balance().await, office.switches().await), (usd(100), 1));
    let later = office.deps.clock.now().plus(Duration::from_secs(1));
    meter.record(office.batch(vec![event("own", "BW-0077", later)])).await.unwrap();
    assert_eq!(office.own_balance().await, usd(99));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn every_table_of_both_databases_is_copied_and_nothing_counts_outside_of_them() {
    let (from, to) = (Database::file(), Database::bare());
    drop(from.open());
    let mut known = TABLES.map(str::to_owned);
    known.sort();
    let (source, target): (server::storage::DatabaseUrl, server::storage::DatabaseUrl) =
        (from.url().parse().unwrap(), to.url().parse().unwrap());
    let tables = std::thread::spawn(move || {
        let (mut source, mut target) = source.copy_into(&target).unwrap();
        let tables = (source.tables().unwrap(), target.tables().unwrap());
        // It began, and nobody has committed it.
        drop(target);
        tables
    });
    assert_eq!(tables.join().unwrap(), (known.to_vec(), known.to_vec()));
    // A sequence would have to be set to go on where the source was; all our numbers are in rows.
    let sequences = ask(&to.url().parse().unwrap(), "SELECT count(*) FROM pg_sequences");
    assert_eq!(sequences[0].get::<_, i64>(0), 0);
}
