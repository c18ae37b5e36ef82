//! A database of this test's own: a large agency, and small ones that are in the way.

use billing::{
    AgencyId, SubAccountId, Timestamp,
    funding::{Actor, Funding},
};
use postgres::Client;

use super::super::{Address, Postgres, Scope, Shared, migrate};

/// Accounts of the large agency; one in a hundred is asked for its billing.
pub const ACCOUNTS: usize = 10_000;
/// Its entries; as many changes, and events.
pub const ENTRIES: i64 = 30_000;
/// Days of usage.
pub const DAYS: i64 = 100;
/// One account in so many has used something.
const ONE_IN: usize = 50;

/// The database; it is gone when this is.
pub struct Ground {
    server: Address,
    own: Address,
    name: String,
    pub scope: Scope,
    pub accounts: Vec<SubAccountId>,
}

impl Ground {
    pub fn make() -> Self {
        let url = std::env::var("SLUICE_TEST_DATABASE_URL").unwrap();
        let mut own = url::Url::parse(&url).unwrap();
        let name = format!("test_plans_{}", std::process::id());
        own.set_path(&name);
        let (server, own): (Address, Address) =
            (url.parse().unwrap(), own.as_str().parse().unwrap());
        server.own().unwrap().batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        migrate::migrate(&own, true).unwrap();
        let scope = Scope::of(AgencyId::new(Timestamp::from_millis(0), [0; 10]));
        let accounts = (0..ACCOUNTS).map(|number| account(0, number)).collect();
        let ground = Self { server, own, name, scope, accounts };
        let mut client = ground.own.own().unwrap();
        each_table(&mut client, "NO FORCE ROW LEVEL SECURITY");
        furnish(&mut client, scope, &ground.accounts, ENTRIES);
        for other in 1..4 {
            let scope = Scope::of(AgencyId::new(Timestamp::from_millis(0), [other; 10]));
            let accounts: Vec<_> = (0..500).map(|number| account(other, number)).collect();
            furnish(&mut client, scope, &accounts, ENTRIES / 10);
        }
        each_table(&mut client, "FORCE ROW LEVEL SECURITY");
        client.batch_execute("ANALYZE").unwrap();
        ground
    }

    /// A connection as a server's readers have it.
    pub fn connect(&self) -> Postgres {
        Postgres::new(Shared::new(&self.own, &std::sync::Arc::default()), false)
    }

    /// How many accounts have used something each day.
    pub fn accounts_with_days(&self) -> usize {
        ACCOUNTS / ONE_IN
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        self.server.own().unwrap().batch_execute(&drop).unwrap();
    }
}

fn account(agency: u8, number: usize) -> SubAccountId {
    let [high, low] = u16::try_from(number).unwrap().to_be_bytes();
    SubAccountId::new(Timestamp::from_millis(0), [0, 0, 0, 0, 0, 0, 0, agency, high, low])
}

fn furnish(client: &mut Client, scope: Scope, accounts: &[SubAccountId], entries: i64) {
    let accounts: Vec<_> = accounts.iter().map(|id| id.to_string()).collect();
    let given = "CREATE TEMPORARY TABLE given AS
                 SELECT n - 1 AS n, id FROM unnest($1::text[]) WITH ORDINALITY AS of_agency (id, n)";
    client.execute(given, &[&accounts]).unwrap();
    let by = serde_json::to_string(&Actor::system("test")).unwrap();
    let funding = serde_json::to_string(&Funding::new(Timestamp::from_millis(1))).unwrap();
    let furnish = include_str!("furnish.sql")
        .replace(":agency", &format!("'{}'", scope.agency()))
        .replace(":by", &format!("'{by}'"))
        .replace(":funding", &format!("'{funding}'"))
        .replace(":entries", &entries.to_string());
    client.batch_execute(&furnish).unwrap_or_else(|error| panic!("{error:?}"));
    client.batch_execute("DROP TABLE given").unwrap();
}

fn each_table(client: &mut Client, change: &str) {
    let tables = "SELECT relname::text FROM pg_class WHERE relrowsecurity";
    for row in client.query(tables, &[]).unwrap() {
        let table: String = row.get(0);
        client.batch_execute(&format!("ALTER TABLE {table} {change}")).unwrap();
    }
}
