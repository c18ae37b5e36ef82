//! What only this database has: its plans. Every statement that the traits run is explained as it runs, with its own values,
//! on a database with enough in it; so no statement is typed twice, and none that is added is forgotten where its method is
//! called here. What every database must do is tested through the server's suites.

mod ground;

use billing::{
    PaymentId, RequestId, SetupId, Timestamp,
    api::{AccountSort, PayerFilter, ReportBy},
    funding::Payer,
    ledger::Book,
    pricing::PriceSubject,
    usage::{Day, EventType},
};

use super::*;
use crate::storage::{
    accounts::{AccountQuery, Accounts as _},
    agencies::Agencies as _,
    changes::Changes as _,
    endpoints::Endpoints as _,
    funding_log::FundingLog as _,
    journal::Journal as _,
    notices::Notices as _,
    payments::Payments as _,
    prices::Prices as _,
    requests::Requests as _,
    usage::{DayKey, Usage as _, UsageQuery},
    usage_days::UsageDays as _,
    wallets::Wallets as _,
};
use ground::{ACCOUNTS, DAYS, ENTRIES, Ground};

/// A page of a list.
const PAGE: u32 = 50;
/// Tables of which an agency has a row, or a few: to read them whole is right.
const SMALL: [&str; 4] = ["agencies", "metering", "endpoints", "prices"];

/// A statement, and what the database did for it.
#[derive(Clone, Debug)]
pub(super) struct Explained {
    sql: String,
    plan: String,
}

impl Postgres {
    /// Carries a statement out once more and keeps the plan.
    pub(super) fn explain(&mut self, sql: &str, params: Params<'_>) {
        let Some((client, _)) = &mut self.client else { return };
        let explain = format!("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) {sql}");
        let plan = text(&client.query(&explain, params).unwrap());
        self.explained.push(Explained { sql: sql.to_owned(), plan });
    }
}

fn text(rows: &[Row]) -> String {
    rows.iter().map(|row| row.get::<_, String>(0) + "\n").collect()
}

impl Explained {
    /// How many rows were looked at in big tables and their indexes, whether they were wanted or not.
    fn visited(&self) -> u64 {
        let (mut visited, mut loops) = (0, 0);
        for line in self.plan.lines() {
            if line.contains("(actual") {
                let reads = line.contains("Scan ") && !line.contains("Bitmap Index");
                let small = SMALL.iter().any(|table| line.contains(&format!(" on {table} ")));
                loops = if reads && !small { number(line, "loops=") } else { 0 };
                visited += number(line, "rows=") * loops;
            } else if line.contains("Rows Removed by") {
                visited += number(line, ": ") * loops;
            }
        }
        visited
    }
}

/// What stands after a word.
fn number(line: &str, after: &str) -> u64 {
    let rest = line.split_once(after).unwrap().1;
    let end = rest.find(|digit: char| !digit.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().unwrap()
}

/// Where a table is read whole that should not be.
fn scans<'a>(plan: &'a str, may: &[&str]) -> Option<&'a str> {
    plan.lines().find(|line| {
        let read = line.split_once("Seq Scan on ").map(|(_, rest)| rest);
        let table = read.map(|rest| rest.split(' ').next().unwrap_or(rest));
        table.is_some_and(|table| !SMALL.contains(&table) && !may.contains(&table))
    })
}

/// Whether all rows are sorted before the first is known. Few that an index has in the same place are no matter.
fn sorts(plan: &str) -> bool {
    plan.lines().any(|line| {
        let node = line.trim_start_matches([' ', '-', '>']);
        node == "Sort" || node.starts_with("Sort (")
    })
}

/// What a method is held to.
struct Held<'a> {
    postgres: &'a mut Postgres,
}

impl Held<'_> {
    /// Runs a method; together its statements look at most at so many rows, and read no big table whole.
    fn visits<T>(
        &mut self,
        what: &str,
        most: u64,
        method: impl FnOnce(&mut Postgres) -> Result<T>,
    ) -> Vec<Explained> {
        self.visits_all_of(&[], what, most, method)
    }

    /// The same, when to read some tables whole may be right.
    fn visits_all_of<T>(
        &mut self,
        tables: &[&str],
        what: &str,
        most: u64,
        method: impl FnOnce(&mut Postgres) -> Result<T>,
    ) -> Vec<Explained> {
        self.postgres.explained.clear();
        // Not everything in this database means something: how a row was found is what matters.
        match method(self.postgres) {
            Ok(_) | Err(StorageError::Damaged(_)) => {}
            Err(error) => panic!("{what}: {error}"),
        }
        let explained = std::mem::take(&mut self.postgres.explained);
        assert!(!explained.is_empty(), "{what} runs no statement");
        let visited: u64 = explained.iter().map(Explained::visited).sum();
        assert!(visited <= most, "{what} looks at {visited} rows: {explained:#?}");
        for one in &explained {
            assert_eq!(scans(&one.plan, tables), None, "{what}: {}\n{}", one.sql, one.plan);
        }
        explained
    }

    /// The same for a page of a list, which is never sorted.
    fn walks<T>(&mut self, what: &str, most: u64, method: impl FnOnce(&mut Postgres) -> Result<T>) {
        for one in self.visits(what, most, method) {
            assert!(!sorts(&one.plan), "{what}: {}\n{}", one.sql, one.plan);
        }
    }
}

#[test]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
fn hot_statements_find_what_they_want_by_an_index() {
    let ground = Ground::make();
    let mut postgres = ground.connect();
    postgres.begin(false).unwrap();
    let mut held = Held { postgres: &mut postgres };
    lists(&mut held, &ground);
    books(&mut held, &ground);
    usage(&mut held, &ground);
    standing(&mut held, &ground);
    // For any value, as a statement may be planned once it has run a few times: none of them can do no better than to read a
    // table whole.
    let statements: Vec<_> = postgres
        .prepared
        .iter()
        .map(|(sql, statement)| (sql.clone(), statement.params().len()))
        .filter(|(sql, _)| sql.trim_start().starts_with("SELECT"))
        .collect();
    assert!(statements.len() > 30, "{}", statements.len());
    let (client, _) = postgres.client.as_mut().unwrap();
    client.batch_execute("SET LOCAL enable_seqscan = off").unwrap();
    client.batch_execute("SET LOCAL plan_cache_mode = force_generic_plan").unwrap();
    for (number, (sql, count)) in statements.iter().enumerate() {
        client.batch_execute(&format!("PREPARE any_{number} AS {sql}")).unwrap();
        let values = vec!["NULL"; *count].join(", ");
        let values = if values.is_empty() { values } else { format!("({values})") };
        let explain = format!("EXPLAIN (COSTS OFF) EXECUTE any_{number}{values}");
        let plan = text(&client.query(&explain, &[]).unwrap());
        assert_eq!(scans(&plan, &[]), None, "{sql}\n{plan}");
    }
}

fn lists(held: &mut Held<'_>, ground: &Ground) {
    let (scope, id) = (ground.scope, ground.accounts[4_321]);
    // The page, the agency and two balances for each of its rows.
    let page = u64::from(PAGE) * 5;
    for (sort, key) in [
        (AccountSort::Name, "client 04000"),
        (AccountSort::NameDescending, "client 04000"),
        (AccountSort::ExternalId, "X-04000"),
        (AccountSort::ExternalIdDescending, "X-04000"),
        (AccountSort::Since, "4000"),
        (AccountSort::SinceDescending, "4000"),
    ] {
        for after in [None, Some((key.to_owned(), id))] {
            let query = AccountQuery { sort, after, limit: PAGE, ..AccountQuery::default() };
            let what = format!("a page by {sort:?} after {:?}", query.after);
            held.walks(&what, page, |it| it.list_accounts(scope, &query));
        }
    }
    let common = Some("client".to_owned());
    let query = AccountQuery { text: common, limit: PAGE, ..AccountQuery::default() };
    held.walks("a search that finds many", page, |it| it.list_accounts(scope, &query));
    let rare = Some("client 09999".to_owned());
    let query = AccountQuery { text: rare, limit: PAGE, ..AccountQuery::default() };
    let all = ACCOUNTS as u64 + 10;
    held.walks("a search that finds one", all, |it| it.list_accounts(scope, &query));
    let payer = PayerFilter::Between;
    let query = AccountQuery { payer, limit: PAGE, ..AccountQuery::default() };
    let between = ACCOUNTS as u64 / 100 * 5;
    held.visits("a page of those in between", between, |it| it.list_accounts(scope, &query));
    held.visits("an account", 4, |it| it.account(scope, id));
    held.visits("a subject", 1, |it| it.account_by_external_id(scope, "X-04321"));
    held.visits("an agency", 2, |it| it.agency(scope));
}

fn books(held: &mut Held<'_>, ground: &Ground) {
    let (scope, id) = (ground.scope, ground.accounts[7]);
    let (first, last) = (1, ENTRIES as u64);
    // The page, its two legs each, the currency.
    let page = u64::from(PAGE) * 3 + 1;
    for from in [first, last / 2] {
        let what = format!("entries from {from}");
        held.visits(&what, page, |it| it.entries_from(scope, from, PAGE));
    }
    for before in [None, Some(last / 2)] {
        let what = format!("a page of an account's ledger before {before:?}");
        held.visits(&what, page, |it| it.entries_of(scope, id, before, PAGE));
    }
    held.visits("a balance", 2, |it| it.balance(scope, Book::Customer { sub_account: id }));
    held.visits("a funding log", 3, |it| it.events(scope, id));
    held.visits("the last of a funding log", 1, |it| it.last_event(scope, id));
    held.visits("an account's payments", 2, |it| it.payments_of(scope, Some(id)));
    let nobodys = PaymentId::new(Timestamp::from_millis(0), [9; 10]);
    held.visits("a payment", 1, |it| it.payment(scope, nobodys));
    let nobodys = RequestId::new(Timestamp::from_millis(0), [9; 10]);
    held.visits("a request", 1, |it| it.request(scope, nobodys));
    held.walks("changes since", 100, |it| it.changes_after(scope, last - 100, 500));
    held.walks("changes from long ago", 500, |it| it.changes_after(scope, 10, 500));
    held.visits("the last change", 1, |it| it.last_change(scope));
}

fn usage(held: &mut Held<'_>, ground: &Ground) {
    let (scope, id) = (ground.scope, ground.accounts[7]);
    let event_type = EventType::parse("sms.sent").unwrap();
    held.visits("what is known of usage", 1, |it| it.metering_head(scope));
    held.walks("what to forget", 5, |it| it.metering_changes(scope, ENTRIES as u64 - 5));
    held.visits("an event, a draw", 1, |it| it.event(scope, 12_345));
    held.walks("events from", u64::from(PAGE), |it| it.events_from(scope, 12_345, PAGE));
    let waiting = ENTRIES as u64 / 100;
    let mms = EventType::parse("mms.sent").unwrap();
    held.walks("events that wait", 20, |it| it.unpriced_events(scope, &mms, 1_000, 20));
    held.visits("types that wait", waiting, |it| it.unpriced_types(scope));
    let (number, key) = (5, [0x80; 16]);
    held.walks("the page of an identity", 1, |it| it.index_page(scope, number, &key));
    held.visits("a segment of identities", 200, |it| it.index_segment(scope, number));

    let payer = Payer::Agency;
    let day = DayKey { day: Day(50), account: id, event_type: event_type.clone(), payer };
    held.visits("a line of a day", 1, |it| it.usage_day(scope, &day));
    let query = UsageQuery { from: Day(20), to: Day(30), account: None };
    for after in [None, Some(DayKey { day: Day(25), ..day.clone() })] {
        let what = format!("a page of days after {after:?}");
        held.walks(&what, u64::from(PAGE), |it| it.usage_days(scope, &query, after.as_ref(), PAGE));
    }
    let of_account = DAYS as u64;
    held.visits("an account's days", of_account, |it| it.usage_days_of(scope, id, None, PAGE));
    let month = Day(40).month();
    let quantity = |it: &mut Postgres| it.month_quantity(scope, id, &event_type, month);
    held.visits("a month's quantity", 31, quantity);
    // Ten of all the days, and the accounts' names.
    let ten_days = (ground.accounts_with_days() * 10) as u64;
    for by in [ReportBy::Account, ReportBy::Type, ReportBy::Day, ReportBy::Payer] {
        // The names of very many accounts are had from all of them.
        let (names, most) = match by {
            ReportBy::Account => (&["accounts"][..], ten_days + 2 * ACCOUNTS as u64),
            _ => (&[][..], ten_days),
        };
        let report = |it: &mut Postgres| it.usage_report(scope, &query, by);
        held.visits_all_of(names, &format!("a report by {by:?}"), most, report);
        let own = UsageQuery { account: Some(id), ..query.clone() };
        held.visits("an account's report", 20, |it| it.usage_report(scope, &own, by));
    }
    held.visits("prices", 500, |it| it.prices(scope));
    let list = PriceSubject::List { event_type };
    held.visits("prices of a type", 500, |it| it.prices_of(scope, &list));
}

fn standing(held: &mut Held<'_>, ground: &Ground) {
    let (scope, id) = (ground.scope, ground.accounts[7]);
    held.visits("an agency's standing", 3, |it| it.level(scope, None));
    held.visits("an account's standing", 4, |it| it.level(scope, Some(id)));
    held.visits("a wallet", 1, |it| it.wallet(scope, Some(id)));
    let nobodys = SetupId::new(Timestamp::from_millis(0), [9; 10]);
    held.visits("a card that is being saved", 1, |it| it.card_setup(scope, nobodys));
    held.visits("what was told of an account", 1, |it| it.told(scope, id));
    held.visits("a dip", 1, |it| it.dip(scope, Some(id)));
    let most = 2 * u64::from(PAGE);
    held.walks("a walk through those an agency pays for", most, |it| {
        it.paid_for(scope, Some(ground.accounts[2_000]), PAGE)
    });
    held.visits("endpoints", 10, |it| it.endpoints(scope));
}
