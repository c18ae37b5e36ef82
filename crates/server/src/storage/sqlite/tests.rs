//! What only this database has: its plans, its append-only triggers, its migrations. What every database must do is tested
//! through the server's suites.

use billing::{
    AgencyId, Currency, Money, SubAccountId, Timestamp,
    api::{AccountCounts, AccountSort, PayerFilter},
    funding::{Actor, Funding},
    ledger::rules::{Adjusted, adjustment},
    text::Name,
};

use super::*;
use crate::{
    execute::statements,
    storage::{
        accounts::{AccountQuery, AccountRow, Accounts as _},
        agencies::{Agencies as _, AgencyRow},
        changes::Changes as _,
        journal::Journal as _,
    },
    verify::verify,
};

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn furnished(folder: &Path) -> (Sqlite, Scope) {
    let statements = Arc::new(AtomicU64::new(0));
    let mut sqlite = Sqlite::connect(&folder.join("test.db"), &statements).unwrap();
    sqlite.migrate().unwrap();
    let id = AgencyId::new(at(1), [1; 10]);
    let agency = AgencyRow {
        id,
        name: Name::parse("Northwind Media").unwrap(),
        currency: Currency::Usd,
        low_below: Money::zero(Currency::Usd),
        created_at: at(1),
        balance: Money::zero(Currency::Usd),
        counts: AccountCounts { all: 0, agency: 0, customer: 0, between: 0 },
        change_seq: 0,
    };
    sqlite.insert_agency(&agency).unwrap();
    (sqlite, Scope::of(id))
}

fn account(number: u8) -> AccountRow {
    AccountRow {
        id: SubAccountId::new(at(1), [number; 10]),
        name: Name::parse(&format!("Client {number}")).unwrap(),
        external_id: format!("C-{number}"),
        created_at: at(1),
        created_by: Actor::system("test"),
        low_below: Money::zero(Currency::Usd),
        funding: Funding::new(at(1)),
        customer_balance: Money::zero(Currency::Usd),
    }
}

#[test]
fn a_page_of_the_list_walks_an_index_and_sorts_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (sqlite, scope) = furnished(folder.path());
    let id = SubAccountId::new(at(1), [0; 10]);
    for (sort, key) in [
        (AccountSort::Name, "client"),
        (AccountSort::NameDescending, "client"),
        (AccountSort::ExternalId, "C-1"),
        (AccountSort::ExternalIdDescending, "C-1"),
        (AccountSort::Since, "1"),
        (AccountSort::SinceDescending, "1"),
    ] {
        for after in [None, Some((key.to_owned(), id))] {
            let query = AccountQuery { sort, after, limit: 50, ..AccountQuery::default() };
            let plan = sqlite.explain_list(scope, &query).unwrap().join("\n");
            assert!(plan.contains("SEARCH a USING INDEX accounts_by_"), "{sort:?}: {plan}");
            assert!(!plan.contains("SCAN a") && !plan.contains("FOR ORDER BY"), "{sort:?}: {plan}");
        }
    }
}

#[test]
fn a_filter_by_payer_searches_by_phase() {
    let folder = tempfile::tempdir().unwrap();
    let (sqlite, scope) = furnished(folder.path());
    let payer = PayerFilter::Between;
    let query = AccountQuery { payer, limit: 50, ..AccountQuery::default() };
    let plan = sqlite.explain_list(scope, &query).unwrap().join("\n");
    assert!(plan.contains("SEARCH a USING INDEX") && !plan.contains("SCAN a"), "{plan}");
}

#[test]
fn the_ledger_cannot_be_changed_or_shortened() {
    let folder = tempfile::tempdir().unwrap();
    let (mut sqlite, scope) = furnished(folder.path());
    let amount = Money::from_micros(5_000_000, Currency::Usd);
    let entry = adjustment(at(2), Adjusted::Agency, amount, "opening".to_owned()).unwrap();
    sqlite.append(scope, &entry).unwrap();
    for statement in [
        "UPDATE entries SET at = 3",
        "DELETE FROM entries",
        "UPDATE postings SET amount_micros = 1",
        "DELETE FROM postings",
    ] {
        let refused = sqlite.connection.execute_batch(statement);
        assert!(refused.unwrap_err().to_string().contains("append-only"), "{statement}");
    }
    let again = sqlite.append(scope, &entry);
    assert!(matches!(again, Err(StorageError::Conflict(_))), "{again:?}");
}

#[test]
fn what_was_issued_cannot_be_changed_or_taken_back_and_whoever_does_it_all_the_same_is_found_out() {
    let folder = tempfile::tempdir().unwrap();
    let (mut sqlite, scope) = furnished(folder.path());
    let amount = Money::from_micros(5_000_000, Currency::Usd);
    let entry = adjustment(at(2), Adjusted::Agency, amount, "opening".to_owned()).unwrap();
    sqlite.append(scope, &entry).unwrap();
    let (month, later) = (billing::usage::Month(0), at(40 * 24 * 60 * 60 * 1_000));
    let issued = statements::issue(&mut sqlite, scope, None, month, later).unwrap().unwrap();
    assert_eq!(issued.number.as_deref(), Some("S-1970-000001"));
    for (statement, why) in [
        ("UPDATE statements SET content = '{}'", "immutable"),
        ("DELETE FROM statements", "immutable"),
        ("UPDATE statement_periods SET last_entry = 9", "closed"),
        ("DELETE FROM statement_periods", "closed"),
        // There is none; the guard is there all the same.
        (
            "INSERT INTO receipts VALUES ('a', 1, 'p', 's', 1, '{}', x''); UPDATE receipts SET serial = 2",
            "immutable",
        ),
        ("DELETE FROM receipts", "immutable"),
    ] {
        let refused = sqlite.connection.execute_batch(statement);
        assert!(refused.unwrap_err().to_string().contains(why), "{statement}");
    }
    assert!(verify(&mut sqlite).unwrap().ok);
    let force = |sqlite: &mut Sqlite, change: &str| {
        let sql = format!("DROP TRIGGER IF EXISTS statements_stay; {change}");
        sqlite.connection.execute_batch(&sql).unwrap();
        let report = verify(sqlite).unwrap();
        report.checks.into_iter().flat_map(|check| check.problems).collect::<Vec<_>>()
    };
    let told =
        force(&mut sqlite, "UPDATE statements SET content = replace(content, '5.00', '6.00')");
    assert!(told.len() == 1 && told[0].contains("statement 1 is not what was issued"), "{told:?}");
    let told = force(&mut sqlite, "UPDATE statements SET closing_micros = 6000000");
    assert!(told.iter().any(|problem| problem.contains("the ledger says")), "{told:?}");
}

#[test]
fn an_id_or_an_external_id_is_taken_once() {
    let folder = tempfile::tempdir().unwrap();
    let (mut sqlite, scope) = furnished(folder.path());
    sqlite.insert_account(scope, &account(1)).unwrap();
    let same_external_id = AccountRow { external_id: "C-1".to_owned(), ..account(2) };
    for taken in [account(1), same_external_id] {
        let refused = sqlite.insert_account(scope, &taken);
        assert!(matches!(refused, Err(StorageError::Conflict(_))), "{refused:?}");
    }
}

#[test]
fn another_agency_sees_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (mut sqlite, scope) = furnished(folder.path());
    sqlite.insert_account(scope, &account(1)).unwrap();
    let stranger = Scope::of(AgencyId::new(at(1), [9; 10]));
    assert_eq!(sqlite.account(stranger, account(1).id).unwrap(), None);
    assert_eq!(sqlite.account_by_external_id(stranger, "C-1").unwrap(), None);
    let query = AccountQuery { limit: 50, ..AccountQuery::default() };
    assert_eq!(sqlite.list_accounts(stranger, &query).unwrap(), []);
    assert_eq!(sqlite.list_accounts(scope, &query).unwrap().len(), 1);
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (sqlite, _) = furnished(folder.path());
    sqlite.connection.execute_batch("PRAGMA user_version = 999").unwrap();
    drop(sqlite);
    let refused = open(&folder.path().join("test.db")).map(|_| ());
    assert!(refused.unwrap_err().to_string().contains("newer version"));
}

#[test]
fn the_log_begins_anew_while_the_writer_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (mut sqlite, scope) = furnished(folder.path());
    let limits = checkpoints::Limits { every: 64, long: 256, short: 64 };
    let path = folder.path().join("test.db");
    sqlite.checkpoints = Some(Checkpoints::start(&path, limits).unwrap());
    let pages_in_log =
        |folder: &Path| std::fs::metadata(folder.join("test.db-wal")).unwrap().len() / 4_096;
    let mut most = 0;
    for number in 0..=255 {
        sqlite.begin(true).unwrap();
        for _ in 0..10 {
            sqlite.next_change(scope).unwrap();
        }
        sqlite.insert_account(scope, &account(number)).unwrap();
        // It works on the next command all the time, and has only just committed the last.
        std::thread::sleep(Duration::from_millis(2));
        sqlite.commit().unwrap();
        most = most.max(pages_in_log(folder.path()));
    }
    let written = 256 * 8;
    assert!(most < written / 2, "{most} pages in the log, some {written} written");
    let accounts = sqlite.one("SELECT count(*) FROM accounts", [], |row| number(row, 0)).unwrap();
    assert_eq!(accounts, Some(256));
}
