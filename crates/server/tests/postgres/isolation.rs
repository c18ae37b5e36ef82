//! Row-level security: it holds for whoever the server works as, on every table, whatever a statement forgets to say.

use postgres::Client;
use server::storage::{DatabaseUrl, Scope, StorageError, Transaction};
use url::Url;

use crate::{
    database::{ask, statement},
    ground::{Ground, account},
};

/// A connection as the server's own, without the server.
fn as_server<T: Send>(url: &Url, work: impl FnOnce(&mut Client) -> T + Send) -> T {
    let connect = || {
        let mut client = Client::connect(url.as_str(), postgres::NoTls).unwrap();
        client.batch_execute("SET ROLE sluice_app").unwrap();
        work(&mut client)
    };
    std::thread::scope(|scope| scope.spawn(connect).join().unwrap())
}

async fn two_agencies() -> (Ground, Url, Scope, Scope) {
    let ground = Ground::open();
    let (scope, other) = (ground.agency("Northwind").await, ground.agency("Contoso").await);
    ground.insert(scope, &account("N-1", "Northwind's")).await.unwrap();
    ground.insert(other, &account("C-1", "Contoso's")).await.unwrap();
    ground.insert(other, &account("C-2", "Contoso's")).await.unwrap();
    let url = ground.database.url().parse().unwrap();
    (ground, url, scope, other)
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_statement_that_names_no_agency_sees_the_entered_one_alone() {
    let (_ground, url, scope, other) = two_agencies().await;
    as_server(&url, |client| {
        let mut count = |table: &str| -> i64 {
            client.query_one(&format!("SELECT count(*) FROM {table}"), &[]).unwrap().get(0)
        };
        assert_eq!((count("accounts"), count("agencies"), count("balances")), (0, 0, 0));
        for (whose, accounts) in [(scope, 1i64), (other, 2)] {
            let mut entered = client.transaction().unwrap();
            let agency = whose.agency().to_string();
            entered.query_one("SELECT sluice_enter($1, true)", &[&agency]).unwrap();
            let seen = entered.query("SELECT agency_id FROM accounts", &[]).unwrap();
            assert_eq!(seen.len() as i64, accounts);
            assert!(seen.iter().all(|row| row.get::<_, String>(0) == agency));
            let changed = entered.execute("UPDATE accounts SET name = 'x'", &[]).unwrap();
            assert_eq!(changed as i64, accounts);
            entered.rollback().unwrap();
        }
        let mut count = |table: &str| -> i64 {
            client.query_one(&format!("SELECT count(*) FROM {table}"), &[]).unwrap().get(0)
        };
        assert_eq!((count("accounts"), count("agencies")), (0, 0), "it ends with the transaction");
    });
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn nothing_is_written_for_another_agency() {
    let (_ground, url, scope, other) = two_agencies().await;
    as_server(&url, |client| {
        for sql in [
            "INSERT INTO changes (agency_id, seq, at, change) VALUES ($1, 99, 0, '{}')",
            "UPDATE accounts SET agency_id = $1",
        ] {
            let mut entered = client.transaction().unwrap();
            let agency = scope.agency().to_string();
            entered.query_one("SELECT sluice_enter($1, true)", &[&agency]).unwrap();
            let refused = entered.execute(sql, &[&other.agency().to_string()]).unwrap_err();
            let told = refused.as_db_error().unwrap().message().to_owned();
            assert!(told.contains("row-level security"), "{told}");
        }
    });
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn the_servers_role_owns_nothing_and_cannot_change_the_ledger() {
    let (_ground, url, scope, _) = two_agencies().await;
    as_server(&url, |client| {
        for sql in [
            "UPDATE entries SET at = 0",
            "DELETE FROM postings",
            "DELETE FROM audit",
            "DELETE FROM agencies",
            "UPDATE prices SET set_at = 0",
            "DELETE FROM events",
            "UPDATE statements SET content = ''",
            "DELETE FROM statements",
            "UPDATE receipts SET content = ''",
            "DELETE FROM receipts",
            "ALTER TABLE accounts DISABLE ROW LEVEL SECURITY",
            "DROP POLICY own_agency ON accounts",
            "TRUNCATE accounts",
            "INSERT INTO schema_migrations (version) VALUES (99)",
            "CREATE TABLE mine (id bigint)",
        ] {
            let refused = client.batch_execute(sql).unwrap_err();
            let code = refused.code().unwrap().code().to_owned();
            assert_eq!(code, "42501", "{sql}: {refused:?}");
        }
    });
    // Whoever owns the tables cannot do it by accident either.
    let enter = format!("SELECT set_config('sluice.agency', '{}', false)", scope.agency());
    let owner = |sql: &str| {
        let (url, sql) = (url.clone(), format!("{enter}; {sql}"));
        std::thread::spawn(move || statement(&url, &sql)).join()
    };
    assert!(owner("UPDATE accounts SET name = 'x'").is_ok());
    for sql in [
        "UPDATE entries SET at = 0",
        "DELETE FROM postings",
        "TRUNCATE entries",
        "UPDATE statements SET content = ''",
        "DELETE FROM receipts",
        "UPDATE statement_periods SET last_entry = 0",
        "DELETE FROM statement_periods",
    ] {
        assert!(owner(sql).is_err(), "{sql}");
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn every_table_of_agencies_rows_is_protected() {
    let ground = Ground::open();
    let url: Url = ground.database.url().parse().unwrap();
    let bare = ask(
        &url,
        "SELECT DISTINCT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE c.relkind = 'r' AND (a.attname = 'agency_id' OR c.relname = 'agencies')
             AND c.relnamespace = 'public'::regnamespace
             AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
                 SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'own_agency'))",
    );
    let bare: Vec<String> = bare.iter().map(|row| row.get(0)).collect();
    assert_eq!(bare, [""; 0], "tables without row-level security");
    let open = ask(
        &url,
        "SELECT p.proname::text FROM pg_proc p, aclexplode(p.proacl) a
         WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace AND a.grantee = 0",
    );
    assert_eq!(open.len(), 0, "functions with the owner's rights that anybody may call");
    let guarded = ask(&url, "SELECT FROM pg_proc WHERE prosecdef AND proacl IS NULL");
    assert_eq!(guarded.len(), 0, "functions whose rights nobody has set");
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_server_needs_no_more_than_the_role() {
    let ground = Ground::open();
    let scope = ground.agency("Northwind").await;
    let owner: Url = ground.database.url().parse().unwrap();
    let name = format!("web_{}", std::process::id());
    statement(
        &owner,
        &format!(
            "CREATE ROLE {name} LOGIN; GRANT sluice_app TO {name}; GRANT {name} TO CURRENT_USER"
        ),
    );
    let mut guest = owner.clone();
    guest.set_username(&name).unwrap();
    let open = |url: &Url| url.as_str().parse::<DatabaseUrl>().unwrap().open();
    let store = open(&guest).unwrap().store;
    let row = account("N-1", "Client");
    let inserted: Result<(), StorageError> =
        store.write(move |tx: &mut dyn Transaction| tx.insert_account(scope, &row)).await;
    inserted.unwrap();
    assert_eq!(ground.read(move |tx| tx.account_ids(scope)).await.len(), 1);
    drop(store);
    // Migrating is the owner's.
    statement(&owner, "DELETE FROM schema_migrations WHERE version > 1");
    let refused = open(&guest).map(|_| ()).unwrap_err().to_string();
    assert!(
        refused.contains("permission denied") || refused.contains("must be owner"),
        "{refused}"
    );
    drop(ground);
    let mut cluster = owner;
    cluster.set_path("postgres");
    statement(&cluster, &format!("DROP ROLE {name}"));
}
