//! The bare limit on PostgreSQL: the very rows that the server has written, inserted by a plain loop with the same commits.
//!
//! The rows are read from the server's database, each table's share of a commit as one array per column, and the loop sends
//! them as they are to a copy of that database from before: prepared statements over `unnest`, one per table and commit. It
//! works as the owner, for whom no row is hidden, and parses, looks up and checks nothing.

use std::{thread, time::Duration};

use postgres::{
    Client, NoTls, Statement,
    types::{ToSql, Type},
};

use crate::{Outcome, clock};

/// Events of one replay; more would only take longer.
const EVENTS_MAX: i64 = 400_000;

/// What a commit has written to one table: how it is read, and how it is written. `AGENCY`, `OLDEST` and `ENTRY` (its first and
/// its last entry), and `FIRST` and `LAST` of its events stand for the commit's own, `SEGMENT` for the events of a segment of the
/// index, `ROWS` for what was read.
struct Share {
    read: &'static str,
    write: &'static str,
}

const SHARES: [Share; 8] = [
    Share {
        read: "SELECT * FROM entries WHERE agency_id = 'AGENCY' AND number BETWEEN OLDEST AND ENTRY
               ORDER BY number",
        write: "INSERT INTO entries SELECT * FROM ROWS",
    },
    Share {
        read: "SELECT * FROM postings WHERE agency_id = 'AGENCY' AND number BETWEEN OLDEST AND ENTRY
               ORDER BY number, leg",
        write: "INSERT INTO postings SELECT * FROM ROWS",
    },
    Share {
        read: "SELECT agency_id, book, coalesce(account_id, ''), balance_after_micros FROM postings
               WHERE agency_id = 'AGENCY' AND number = ENTRY",
        write: "INSERT INTO balances SELECT * FROM ROWS ON CONFLICT (agency_id, book, account_id)
                DO UPDATE SET amount_micros = excluded.amount_micros",
    },
    Share {
        read: "SELECT agency_id, number, link FROM entries WHERE agency_id = 'AGENCY' AND number = ENTRY",
        write: "UPDATE agencies SET entry_count = entry.number, last_link = entry.link
                FROM ROWS AS entry (agency_id, number, link) WHERE id = entry.agency_id",
    },
    Share {
        read: "SELECT agency_id, at / 86400000, account_id, type, payer, count(*), 0::bigint,
                      sum(quantity_micros)::bigint, sum(amount_micros)::bigint, max(number), 0::bigint
               FROM events WHERE agency_id = 'AGENCY' AND number BETWEEN FIRST AND LAST
               GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5",
        write: "INSERT INTO usage_days AS d SELECT * FROM ROWS
                ON CONFLICT (agency_id, day, account_id, type, payer) DO UPDATE
                SET events = d.events + excluded.events,
                    quantity_micros = d.quantity_micros + excluded.quantity_micros,
                    amount_micros = d.amount_micros + excluded.amount_micros,
                    last_before = d.last_event, last_event = excluded.last_event",
    },
    Share {
        read: "SELECT * FROM events WHERE agency_id = 'AGENCY' AND number BETWEEN FIRST AND LAST
               ORDER BY number",
        write: "INSERT INTO events SELECT * FROM ROWS",
    },
    Share {
        read: "SELECT * FROM event_index WHERE agency_id = 'AGENCY'
               AND segment BETWEEN (FIRST - 1) / SEGMENT AND LAST / SEGMENT - 1 ORDER BY first",
        write: "INSERT INTO event_index SELECT * FROM ROWS",
    },
    Share {
        read: "SELECT 'AGENCY'::text, LAST::bigint, LAST::bigint / SEGMENT * SEGMENT, 1::bigint",
        write: "INSERT INTO metering SELECT * FROM ROWS ON CONFLICT (agency_id)
                DO UPDATE SET events = excluded.events, indexed = excluded.indexed, version = excluded.version",
    },
];

/// A column of some rows.
enum Column {
    Numbers(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

impl Column {
    fn value(&self) -> &(dyn ToSql + Sync) {
        match self {
            Self::Numbers(numbers) => numbers,
            Self::Texts(texts) => texts,
            Self::Bytes(bytes) => bytes,
        }
    }

    fn of_type(&self) -> &'static str {
        match self {
            Self::Numbers(_) => "bigint[]",
            Self::Texts(_) => "text[]",
            Self::Bytes(_) => "bytea[]",
        }
    }
}

/// Rows of the server, commit by commit and share by share; a share without rows has no columns.
pub struct Written {
    commits: Vec<Vec<Vec<Column>>>,
    /// How many of them are events.
    pub events: u64,
}

impl Written {
    /// Events of an average commit.
    pub fn events_per_commit(&self) -> u64 {
        self.events / (self.commits.len() as u64).max(1)
    }
}

/// A database as its owner sees it. Each look is a connection of its own.
pub struct Database {
    url: String,
}

impl Database {
    /// The one at this URL.
    pub fn at(url: String) -> Self {
        Self { url }
    }

    /// How many events an agency has: the rows themselves are counted.
    pub fn events(&self, agency: &str) -> Outcome<u64> {
        self.with(|client| {
            let sql = "SELECT count(*) FROM events WHERE agency_id = $1";
            let count: i64 = client.query_one(sql, &[&agency])?.try_get(0)?;
            Ok(u64::try_from(count)?)
        })
    }

    /// Reads what was written after an agency's event of this number.
    pub fn read(&self, agency: &str, after: u64) -> Outcome<Written> {
        self.with(|client| read(client, agency, i64::try_from(after)?))
    }

    /// The plain loop; answers how long it took.
    pub fn insert(&self, written: &Written) -> Outcome<Duration> {
        self.with(|client| insert(client, written))
    }

    /// PostgreSQL's client waits, also when it is dropped, which it must not do on a thread that drives others' work.
    fn with<T: Send>(&self, work: impl FnOnce(&mut Client) -> Outcome<T> + Send) -> Outcome<T> {
        let work = || work(&mut Client::connect(&self.url, NoTls)?);
        let crashed = |_| Err("the thread that talks to PostgreSQL failed".into());
        thread::scope(|scope| scope.spawn(work).join()).unwrap_or_else(crashed)
    }
}

fn read(client: &mut Client, agency: &str, after: i64) -> Outcome<Written> {
    // What was received at the same instant is one commit. Its entries are its own: nothing else is booked meanwhile.
    let commits = client.query(
        "SELECT min(entry), max(entry), min(number), max(number) FROM events
         WHERE agency_id = $1 AND number > $2 AND number <= $3 GROUP BY received_at ORDER BY 3",
        &[&agency, &after, &(after + EVENTS_MAX)],
    )?;
    let segment = server::metering::known::SEGMENT_EVENTS.to_string();
    let mut written = Written { commits: Vec::with_capacity(commits.len()), events: 0 };
    for commit in commits {
        let [oldest, entry, first, last] =
            [0, 1, 2, 3].map(|index| commit.try_get::<_, i64>(index));
        let (oldest, entry, first, last) = (oldest?, entry?, first?, last?);
        let shares = SHARES.iter().map(|share| {
            let sql = share.read.replace("SEGMENT", &segment).replace("ENTRY", &entry.to_string());
            let sql = sql.replace("OLDEST", &oldest.to_string());
            let sql = sql.replace("FIRST", &first.to_string()).replace("LAST", &last.to_string());
            columns(client, &sql.replace("AGENCY", agency))
        });
        written.commits.push(shares.collect::<Outcome<_>>()?);
        written.events += u64::try_from(last + 1 - first)?;
    }
    Ok(written)
}

/// The rows of a query as arrays.
fn columns(client: &mut Client, sql: &str) -> Outcome<Vec<Column>> {
    let rows = client.query(sql, &[])?;
    let Some(one) = rows.first() else { return Ok(Vec::new()) };
    let column = |(index, column): (usize, &postgres::Column)| {
        Ok(match *column.type_() {
            Type::INT8 => Column::Numbers(
                rows.iter().map(|row| row.try_get(index)).collect::<Result<_, _>>()?,
            ),
            Type::TEXT => {
                Column::Texts(rows.iter().map(|row| row.try_get(index)).collect::<Result<_, _>>()?)
            }
            Type::BYTEA => {
                Column::Bytes(rows.iter().map(|row| row.try_get(index)).collect::<Result<_, _>>()?)
            }
            ref other => return Err(format!("a column of type {other}: {sql}").into()),
        })
    };
    one.columns().iter().enumerate().map(column).collect()
}

fn insert(client: &mut Client, written: &Written) -> Outcome<Duration> {
    let mut statements = Vec::with_capacity(SHARES.len());
    for (index, share) in SHARES.iter().enumerate() {
        // Not every commit has a share in each table.
        let mut shares = written.commits.iter().filter_map(|commit| commit.get(index));
        let columns = shares.find(|columns| !columns.is_empty());
        statements.push(columns.map(|columns| prepare(client, share, columns)).transpose()?);
    }
    let begun = clock::now();
    for commit in &written.commits {
        let mut transaction = client.transaction()?;
        for (statement, columns) in statements.iter().zip(commit) {
            if let (Some(statement), false) = (statement, columns.is_empty()) {
                let values: Vec<_> = columns.iter().map(Column::value).collect();
                transaction.execute(statement, &values)?;
            }
        }
        transaction.commit()?;
    }
    Ok(begun.elapsed())
}

fn prepare(client: &mut Client, share: &Share, columns: &[Column]) -> Outcome<Statement> {
    let value = |(place, column): (usize, &Column)| format!("${place}::{}", column.of_type());
    let values: Vec<_> = (1..).zip(columns).map(value).collect();
    let rows = format!("unnest({})", values.join(", "));
    Ok(client.prepare(&share.write.replace("ROWS", &rows))?)
}
