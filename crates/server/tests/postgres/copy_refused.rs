//! When `sluice copy` copies nothing: what it says, and that the target is as empty as it was.

use server::{
    copy::{self, Step},
    deps::{Clock as _, SystemClock},
    storage::{
        DatabaseUrl, StorageError, Transaction,
        copy::{CopyError, TABLES},
    },
};

use crate::{
    copy::copied,
    database::{Database, ask, statement},
    ground::{Ground, account},
};

/// Anything that was copied would be seen here, whoever sees which rows; and the guards are where they were.
fn assert_empty(target: &Database) {
    let url = target.url().parse().unwrap();
    let unforced = "SELECT count(*) FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity";
    assert_eq!(ask(&url, unforced)[0].get::<_, i64>(0), 0);
    let copy = target.copy();
    copy.tamper("");
    for table in TABLES {
        let rows = ask(&copy.url().parse().unwrap(), &format!("SELECT count(*) FROM {table}"));
        assert_eq!(rows[0].get::<_, i64>(0), 0, "{table}");
    }
}

/// A file with one agency and one account in it.
async fn small() -> Database {
    let database = Database::file();
    let ground = Ground { store: database.open().store, database };
    let scope = ground.agency("Northwind").await;
    ground.insert(scope, &account("BW-0077", "Brightwater Plumbing")).await.unwrap();
    ground.database
}

/// What a copy within this process ends with, told of each step.
fn copied_here(
    from: &Database,
    to: &Database,
    tell: impl FnMut(Step) + Send,
) -> Result<copy::Copied, CopyError> {
    let (from, to) = (from.url().parse::<DatabaseUrl>(), to.url().parse::<DatabaseUrl>());
    let (from, to, mut tell) = (from.unwrap(), to.unwrap(), tell);
    let copying = move || {
        let (mut source, target) = from.copy_into(&to)?;
        copy::copy(source.as_mut(), target, &mut tell)
    };
    std::thread::scope(|scope| scope.spawn(copying).join().unwrap())
}

fn sqlite(at: &Database, sql: &str) {
    rusqlite::Connection::open(at.path().unwrap()).unwrap().execute_batch(sql).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_target_that_holds_anything_is_left_alone() {
    let source = small().await;
    let ground = Ground::open();
    let scope = ground.agency("Somebody else").await;
    let target = ground.database.copy();
    let (code, out, error) = copied(&source, &target).await;
    assert_eq!((code, out.as_str()), (1, ""));
    let rule = "the target's table agencies holds rows already: a copy goes into an empty database";
    assert!(error.contains(rule), "{error}");
    let read = |tx: &mut dyn Transaction| tx.agencies();
    let agencies = target.open().store.read(read).await;
    assert_eq!(agencies.map_err(|error: StorageError| error).unwrap(), [scope]);

    let target = Database::fresh();
    statement(&target.url().parse().unwrap(), "INSERT INTO webhooks VALUES ('evt_1', 1)");
    let (code, _, error) = copied(&source, &target).await;
    assert!(code == 1 && error.contains("table webhooks holds rows"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_target_that_a_server_works_on_is_left_alone() {
    let (source, target) = (small().await, Database::fresh());
    let server = target.open();
    let refused = copied_here(&source, &target, |_| ());
    assert!(matches!(refused, Err(CopyError::InUse)), "{refused:?}");
    drop(server);
    // Its listener notices within a moment that it is not needed.
    for _ in 0..50 {
        match copied_here(&source, &target, |_| ()) {
            Err(CopyError::InUse) => {
                tokio::time::sleep(std::time::Duration::from_millis(100)).await
            }
            done => return assert!(done.unwrap().is_kept()),
        }
    }
    panic!("a server that is gone still uses the target");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_source_that_is_written_to_meanwhile_is_not_half_copied() {
    let (source, target) = (small().await, Database::bare());
    let mut step = 0;
    let refused = copied_here(&source, &target, |_| {
        step += 1;
        if step == 1 {
            sqlite(&source, "INSERT INTO webhooks VALUES ('evt_late', 1)");
        }
    });
    let refused = refused.unwrap_err();
    assert!(matches!(refused, CopyError::Moved), "{refused}");
    assert!(refused.to_string().contains("stop every server"), "{refused}");
    assert_empty(&target);

    // Somebody is in the middle of writing when it ends.
    let mut late = None;
    let refused = copied_here(&source, &target, |step| {
        if step == Step::Verifying {
            let connection = rusqlite::Connection::open(source.path().unwrap()).unwrap();
            let writing = "BEGIN IMMEDIATE; INSERT INTO webhooks VALUES ('evt_later', 1)";
            connection.execute_batch(writing).unwrap();
            late = Some(connection);
        }
    });
    assert!(matches!(refused, Err(CopyError::Moved)), "{refused:?}");
    drop(late);
    assert_empty(&target);

    // Nobody writes, and the very same target is taken; what others read does not matter.
    let reader = source.open();
    assert!(copied_here(&source, &target, |_| ()).unwrap().is_kept());
    drop(reader);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn what_cannot_be_copied_is_named() {
    let target = Database::bare();
    for (change, said) in [
        ("CREATE TABLE later (id TEXT PRIMARY KEY) STRICT", "does not know: later"),
        ("ALTER TABLE users ADD COLUMN later TEXT", "the table users is not the same"),
        ("DROP TABLE dips", "the table dips is not the same"),
        ("PRAGMA user_version = 2", "has version 2, this program's has"),
        (
            "INSERT INTO mailbox VALUES ('m', 1, 'i', 'f', 'r', 's', 'a' || char(0), 'h')",
            "a text in mailbox.text holds the character U+0000",
        ),
    ] {
        let source = small().await;
        sqlite(&source, change);
        let (code, out, error) = copied(&source, &target).await;
        assert_eq!((code, out.as_str()), (1, ""), "{change}: {error}");
        assert!(error.contains(said), "{change}: {error}");
        assert!(!error.contains("Northwind"), "{error}");
    }
    let (file, cluster) = (Database::file(), Database::fresh());
    let (code, _, error) = copied(&file, &target).await;
    assert!(code == 1 && error.contains("there is no database at"), "{error}");
    let ways = [(&cluster, &target), (&cluster, &file), (&small().await, &file)];
    for (from, to) in ways {
        let (code, _, error) = copied(from, to).await;
        assert!(code == 2 && error.contains("from SQLite to PostgreSQL"), "{error}");
    }
    drop(small().await);
    assert!(!file.path().unwrap().exists(), "a file was made");
    // The schema may be there by now, and no more.
    drop(target.open());
    assert_empty(&target);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn only_what_arrived_as_it_was_and_is_sound_is_kept() {
    // The target changes what it is given.
    let (source, target) = (small().await, Database::fresh());
    let url = target.url().parse().unwrap();
    statement(
        &url,
        "CREATE FUNCTION change() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN new.name := new.name || ' '; RETURN new; END $$;
         CREATE TRIGGER change BEFORE INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION change()",
    );
    let (code, out, error) = copied(&source, &target).await;
    assert!(code == 3 && error.contains("nothing was kept in postgres://"), "{out}{error}");
    let failed: Vec<_> = out.lines().filter(|line| line.starts_with("FAIL")).collect();
    assert!(failed.len() == 1 && failed[0].starts_with("FAIL  accounts"), "{out}");
    assert!(out.contains("in the target"), "{out}");
    statement(&url, "DROP TRIGGER change ON accounts");
    assert_empty(&target);

    // The source's books were wrong before.
    let now = SystemClock.now().millis();
    sqlite(
        &source,
        &format!(
            "INSERT INTO balances SELECT id, 'agency', '', 5 FROM agencies;
             INSERT INTO webhooks VALUES ('evt', {now})"
        ),
    );
    let (code, out, _) = copied(&source, &target).await;
    assert_eq!(code, 3, "{out}");
    assert!(out.contains("FAIL  a stored balance is the fold of its postings"), "{out}");
    assert_empty(&target);
}
