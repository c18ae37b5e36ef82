//! Statements: months that end where the agency is, numbers without gaps, nothing that changes once it is issued.

use std::{process::Stdio, time::Duration};

use axum::{
    body::Body,
    http::{Method, Request},
};
use billing::{
    Currency, Money, SubAccountId, Timestamp, access::Role, funding::Actor,
    ledger::rules::Adjusted, usage::Month,
};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use server::{
    execute::{ExecuteError, Origin, books, statements as issued},
    jobs::statements::issue_due,
    storage::Transaction,
    verify::verify,
};
use tokio::{io::AsyncWriteExt as _, process::Command};

use crate::support::{Answer, Person, Server};

const AGENCY: &str = "/api/v1/agency/statements";

fn micros(micros: i64) -> Money {
    Money::from_micros(micros, Currency::Usd)
}

fn usd(units: i64) -> Money {
    micros(units * 1_000_000)
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// Brings the clock to an instant.
fn turn(server: &Server, to: &str) {
    let to = time(to);
    assert!(to >= server.deps.clock.now(), "clocks go on");
    server.clock.pass(to.since(server.deps.clock.now()));
}

async fn book_at(
    server: &Server,
    by: &Person,
    whose: Adjusted,
    amount: Money,
    why: &str,
    at: Timestamp,
) {
    let (scope, why) = (by.scope, why.to_owned());
    let origin = Origin::new(Actor::system("test"), "test");
    let write = move |tx: &mut dyn Transaction| {
        books::adjust(tx, scope, whose, amount, why.clone(), at, &origin)
    };
    let done: Result<(), ExecuteError> = server.deps.store.write(write).await;
    done.unwrap();
}

async fn book(server: &Server, by: &Person, whose: Adjusted, amount: Money, why: &str) {
    book_at(server, by, whose, amount, why, server.deps.clock.now()).await;
}

async fn put_zone(server: &Server, by: &Person, zone: &str) -> Answer {
    let request = by
        .request(Method::PUT, "/api/v1/agency/time-zone")
        .header("content-type", "application/json")
        .body(Body::from(json!({ "time_zone": zone }).to_string()));
    server.send(request.unwrap()).await
}

/// One line each, of a cent and as many millionths as its number.
async fn book_many(server: &Server, by: &Person, numbers: std::ops::Range<i64>) {
    let (scope, now) = (by.scope, server.deps.clock.now());
    let write = move |tx: &mut dyn Transaction| {
        let origin = Origin::new(Actor::system("test"), "test");
        for number in numbers.clone() {
            let (amount, why) = (micros(10_000 + number), format!("no. {number}"));
            books::adjust(tx, scope, Adjusted::Agency, amount, why, now, &origin)?;
        }
        Ok::<_, ExecuteError>(())
    };
    server.deps.store.write(write).await.unwrap();
}

fn of_account(account: SubAccountId) -> String {
    format!("/api/v1/accounts/{account}/statements")
}

/// `day what amount balance`, between opening and closing.
fn written(statement: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut all = vec![format!("from {}", text(&statement["opening"]["amount"]))];
    for line in statement["lines"].as_array().unwrap() {
        let amounts = [&line["amount"], &line["balance_after"]].map(|money| text(&money["amount"]));
        all.push(format!("{} {} {}", text(&line["day"]), text(&line["what"]), amounts.join(" ")));
    }
    all.push(format!("to {}", text(&statement["closing"]["amount"])));
    all
}

/// Nothing in the database contradicts itself.
async fn verified(server: &Server) {
    let report = server.deps.store.read(|tx| verify(tx)).await.unwrap();
    assert!(report.ok, "{report:?}");
    let seen = report.checks.iter().find(|check| check.name.starts_with("statements are")).unwrap();
    assert!(seen.checked > 0);
}

async fn bytes(server: &Server, by: &Person, path: &str) -> Vec<u8> {
    let answer = server.open(by.request(Method::GET, path).body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status(), 200, "{path}");
    assert_eq!(answer.headers()["content-type"], "application/pdf");
    answer.into_body().collect().await.unwrap().to_bytes().to_vec()
}

/// What somebody else's parser reads in a PDF.
async fn read_by_pypdf(pdf: &[u8]) -> Value {
    let python = std::env::var_os("SLUICE_PYTHON").expect(
        "SLUICE_PYTHON is not set: it names a Python with crates/server/tests/requirements.txt installed",
    );
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/pdf_text.py");
    let mut command = Command::new(python);
    let mut process =
        command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = process.stdin.take().unwrap();
    stdin.write_all(pdf).await.unwrap();
    drop(stdin);
    let output = process.wait_with_output().await.unwrap();
    assert!(output.status.success(), "pypdf cannot read it");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn a_month_ends_at_midnight_where_the_agency_is() {
    for (zone, end, offset) in [
        ("UTC", "2026-12-01T00:00:00Z", "UTC"),
        ("Pacific/Kiritimati", "2026-11-30T10:00:00Z", "UTC+14:00"),
        ("Pacific/Pago_Pago", "2026-12-01T11:00:00Z", "UTC-11:00"),
        ("Europe/Berlin", "2026-11-30T23:00:00Z", "UTC+01:00"),
        // The clocks have gone back in this month.
        ("America/New_York", "2026-12-01T05:00:00Z", "UTC-04:00, then UTC-05:00"),
    ] {
        let server = Server::start();
        let owner = server.agency("Northwind").await;
        assert_eq!(put_zone(&server, &owner, zone).await.json(), json!({ "time_zone": zone }));
        book(&server, &owner, Adjusted::Agency, usd(100), "Transfer 1").await;
        let last = time(end).minus(Duration::from_millis(1));
        turn(&server, &last.to_string());
        let owner = server.signed_in(&owner).await;
        book(&server, &owner, Adjusted::Agency, usd(-1), "the last moment").await;
        let so_far = server.get(&owner, &format!("{AGENCY}/2026-11")).await.json();
        assert_eq!((&so_far["number"], &so_far["issued_at"]), (&Value::Null, &Value::Null));
        turn(&server, end);
        let owner = server.signed_in(&owner).await;
        book(&server, &owner, Adjusted::Agency, usd(7), "the first moment").await;

        let november = server.get(&owner, &format!("{AGENCY}/2026-11")).await.json();
        assert_eq!(
            written(&november),
            [
                "from 0.00",
                "2026-11-22 Credit: Transfer 1 100.00 100.00",
                "2026-11-30 Correction: the last moment -1.00 99.00",
                "to 99.00",
            ]
            .map(|line| match zone {
                // There it was the day after already.
                "Pacific/Kiritimati" => line.replace("2026-11-22", "2026-11-23"),
                _ => line.to_owned(),
            }),
            "{zone}"
        );
        assert_eq!(
            (&november["number"], &november["time_zone"]),
            (&json!("S-2026-000001"), &json!(zone))
        );
        assert_eq!(november["offset"], offset);
        let december = server.get(&owner, &format!("{AGENCY}/2026-12")).await.json();
        assert_eq!(
            written(&december),
            ["from 99.00", "2026-12-01 Credit: the first moment 7.00 106.00", "to 106.00"]
        );
        assert_eq!(december["number"], Value::Null);
        verified(&server).await;
    }
}

#[tokio::test]
async fn what_comes_late_is_in_the_next_month_and_an_issued_statement_stays() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    book(&server, &owner, Adjusted::Agency, usd(100), "Transfer 1").await;
    turn(&server, "2026-12-02T08:00:00Z");
    let owner = server.signed_in(&owner).await;
    let november = server.get(&owner, &format!("{AGENCY}/2026-11")).await;
    assert_eq!(november.json()["issued_at"], "2026-12-02T08:00:00Z");
    // Made before midnight, written down after the statement was issued.
    let late = time("2026-11-30T23:59:59Z");
    book_at(&server, &owner, Adjusted::Agency, usd(-3), "late", late).await;
    book(&server, &owner, Adjusted::Agency, usd(1), "in time").await;
    let again = server.get(&owner, &format!("{AGENCY}/2026-11")).await;
    assert_eq!(again.text, november.text, "word for word");
    let december = server.get(&owner, &format!("{AGENCY}/2026-12")).await.json();
    assert_eq!(
        written(&december),
        [
            "from 100.00",
            "2026-11-30 Correction: late -3.00 97.00",
            "2026-12-02 Credit: in time 1.00 98.00",
            "to 98.00",
        ]
    );
    // Another name and another zone do not change it either.
    let body = json!({ "name": "Northwind & Sons", "accent": null }).to_string();
    let rename =
        owner.request(Method::PUT, "/api/v1/branding").header("content-type", "application/json");
    assert_eq!(server.send(rename.body(Body::from(body)).unwrap()).await.status, 200);
    assert_eq!(put_zone(&server, &owner, "Asia/Tokyo").await.status, 200);
    let after = server.get(&owner, &format!("{AGENCY}/2026-11")).await;
    assert_eq!(after.text, november.text);
    let csv = server.get(&owner, &format!("{AGENCY}/2026-11.csv")).await.text;
    assert!(
        csv.contains(
            "\nS-2026-000001,2026-11-22,adjustment,Credit: Transfer 1,,,100.00,100.00,USD,UTC\n"
        ),
        "{csv}"
    );
    turn(&server, "2026-12-31T14:59:59.999Z");
    let owner = server.signed_in(&owner).await;
    assert_eq!(
        server.get(&owner, &format!("{AGENCY}/2026-12")).await.json()["number"],
        Value::Null
    );
    turn(&server, "2026-12-31T15:00:00Z");
    let owner = server.signed_in(&owner).await;
    let december = server.get(&owner, &format!("{AGENCY}/2026-12")).await.json();
    assert_eq!(
        (&december["number"], &december["agency"]),
        (&json!("S-2026-000002"), &json!("Northwind & Sons"))
    );
    verified(&server).await;
}

#[tokio::test]
async fn all_months_are_issued_in_their_order_without_gaps_and_only_once() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let other = server.agency("Contoso").await;
    let rows: Vec<_> = (0..60).map(|number| format!("A-{number},Alder {number:02}")).collect();
    let accounts = server.accounts(&owner, &rows.join("\n")).await;
    // More balances than are looked at in one transaction; one that is empty again when the month begins.
    for (index, account) in accounts.iter().enumerate() {
        let (whose, why) = (Adjusted::Customer(*account), format!("start {index}"));
        book(&server, &owner, whose, usd(10), &why).await;
    }
    book(&server, &owner, Adjusted::Customer(accounts[0]), usd(-10), "end").await;
    book(&server, &other, Adjusted::Agency, usd(5), "elsewhere").await;
    assert_eq!(issue_due(&server.deps).await.unwrap(), 0, "no month is over");
    turn(&server, "2027-02-10T00:00:00Z");
    // November: the agency's and sixty; December and January: the agency's, and the fifty-nine with something on them.
    let (owner, other) = (server.signed_in(&owner).await, server.signed_in(&other).await);
    assert_eq!(issue_due(&server.deps).await.unwrap(), 61 + 2 * 60 + 3);
    assert_eq!(issue_due(&server.deps).await.unwrap(), 0);
    let numbers = |list: Answer| -> Vec<(String, String)> {
        let list = list.json();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let all = list["statements"].as_array().unwrap();
        all.iter().map(|one| (text(&one["month"]), text(&one["number"]))).collect()
    };
    let pair = |month: &str, number: &str| (month.to_owned(), number.to_owned());
    assert_eq!(
        numbers(server.get(&owner, AGENCY).await),
        [
            pair("2027-01", "S-2027-000122"),
            pair("2026-12", "S-2026-000062"),
            pair("2026-11", "S-2026-000001"),
        ]
    );
    assert_eq!(
        numbers(server.get(&other, AGENCY).await),
        [
            pair("2027-01", "S-2027-000003"),
            pair("2026-12", "S-2026-000002"),
            pair("2026-11", "S-2026-000001")
        ]
    );
    assert_eq!(numbers(server.get(&owner, &of_account(accounts[0])).await).len(), 1);
    let empty = server.get(&owner, &format!("{}/2026-12", of_account(accounts[1]))).await.json();
    assert_eq!(written(&empty), ["from 10.00", "to 10.00"]);
    let none = server.get(&owner, &format!("{}/2026-12", of_account(accounts[0]))).await;
    assert_eq!(none.problem(), (404, "not_found".to_owned()));
    for path in ["2026-10", "2027-03", "2026-13", "2026-1", "2026-11.xls", "2026-11.csv.pdf"] {
        let answer = server.get(&owner, &format!("{AGENCY}/{path}")).await;
        assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{path}");
    }
    verified(&server).await;
}

#[tokio::test]
async fn whoever_asks_first_has_it_issued_and_the_job_goes_on_behind_them() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let account = server.accounts(&owner, "A-1,Alder").await[0];
    book(&server, &owner, Adjusted::Customer(account), usd(10), "start").await;
    turn(&server, "2026-12-01T00:00:00Z");
    let owner = server.signed_in(&owner).await;
    let asked = server.get(&owner, &format!("{}/2026-11", of_account(account))).await.json();
    assert_eq!(asked["number"], "S-2026-000001");
    assert_eq!(issue_due(&server.deps).await.unwrap(), 1, "the agency's");
    let agency = server.get(&owner, &format!("{AGENCY}/2026-11")).await.json();
    assert_eq!(agency["number"], "S-2026-000002");
    verified(&server).await;
}

#[tokio::test]
async fn client_users_see_their_own_balance_while_it_is_theirs_and_nothing_of_the_agencys() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let accounts = server.accounts(&owner, "A-1,Alder\nA-2,Bay\nA-3,Cedar").await;
    let client = server.person(&owner, Role::Client, &[accounts[0], accounts[2]]).await;
    book(&server, &owner, Adjusted::Agency, usd(77_777), "the agency's own words").await;
    book(&server, &owner, Adjusted::Customer(accounts[0]), usd(10), "the agency's own words, too")
        .await;
    book(&server, &owner, Adjusted::Customer(accounts[1]), usd(10), "of another").await;
    let own = server.get(&client, &format!("{}/2026-11", of_account(accounts[0]))).await;
    assert_eq!(written(&own.json()), ["from 0.00", "2026-11-22 Credit 10.00 10.00", "to 10.00"]);
    assert!(!own.text.contains("own words"), "{own:?}");
    assert_eq!(own.json()["account"]["name"], "Alder");
    // Of an account that its agency pays for there is nothing to state.
    let never = server.get(&client, &format!("{}/2026-11", of_account(accounts[2]))).await;
    assert_eq!(never.problem().0, 404);
    let others = server.get(&client, &format!("{}/2026-11", of_account(accounts[1]))).await;
    assert_eq!(others.problem().0, 404);
    for path in
        [AGENCY.to_owned(), format!("{AGENCY}/2026-11.pdf"), "/statements/agency".to_owned()]
    {
        assert_eq!(server.get(&client, &path).await.problem().0, 403, "{path}");
    }
    let page = server.get(&client, &format!("/statements/{}", accounts[0])).await;
    assert!(page.text.contains(&format!("/client/accounts/{}", accounts[0])), "{page:?}");
}

#[tokio::test]
async fn the_time_zone_is_one_that_there_is_and_choosing_it_is_in_the_trail() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let shown = server.get(&owner, "/api/v1/agency/time-zone").await.json();
    assert_eq!(shown, json!({ "time_zone": "UTC" }));
    for wrong in ["", "Mars/Olympus", "CEST", "+02:00", &"x".repeat(65)] {
        let answer = put_zone(&server, &owner, wrong).await;
        let field = [("/time_zone".to_owned(), "unknown_time_zone".to_owned())];
        assert_eq!(answer.fields(), field, "{wrong}");
    }
    assert_eq!(
        put_zone(&server, &owner, "europe/paris").await.json(),
        json!({ "time_zone": "Europe/Paris" })
    );
    let trail = server.get(&owner, "/api/v1/audit?action=set_time_zone").await.json();
    assert_eq!(trail["lines"][0]["after"], r#"{"time_zone":"Europe/Paris"}"#);
    assert_eq!(trail["lines"].as_array().unwrap().len(), 1);
    let manager = server.person(&owner, Role::BillingManager, &[]).await;
    assert_eq!(put_zone(&server, &manager, "UTC").await.problem().0, 403);
}

#[tokio::test]
async fn a_zone_that_is_chosen_at_the_border_leaves_no_gap() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    put_zone(&server, &owner, "Pacific/Kiritimati").await;
    book(&server, &owner, Adjusted::Agency, usd(1), "1").await;
    turn(&server, "2026-11-30T12:00:00Z");
    let owner = server.signed_in(&owner).await;
    // December has begun there; here it is still November, which is closed.
    assert_eq!(put_zone(&server, &owner, "Pacific/Pago_Pago").await.status, 200);
    book(&server, &owner, Adjusted::Agency, usd(2), "2").await;
    let list = server.get(&owner, AGENCY).await.json();
    assert_eq!(list["running"], "2026-12");
    let running = server.get(&owner, &format!("{AGENCY}/2026-12")).await.json();
    assert_eq!(written(&running), ["from 1.00", "2026-11-30 Credit: 2 2.00 3.00", "to 3.00"]);
    turn(&server, "2027-01-01T11:00:00Z");
    let owner = server.signed_in(&owner).await;
    book(&server, &owner, Adjusted::Agency, usd(4), "4").await;
    let december = server.get(&owner, &format!("{AGENCY}/2026-12")).await.json();
    assert_eq!(december["closing"]["amount"], "3.00");
    assert_eq!(december["time_zone"], "Pacific/Pago_Pago");
    verified(&server).await;
}

#[tokio::test]
async fn ten_thousand_lines_add_up_in_every_form() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    // PostgreSQL is asked for each of them by itself: fewer show the same.
    let many = if server.database.is_postgres() { 2_000 } else { 10_000 };
    for start in (0..many).step_by(1_000) {
        book_many(&server, &owner, start..start + 1_000).await;
    }
    turn(&server, "2026-12-01T00:00:00Z");
    let owner = server.signed_in(&owner).await;
    let sum = |lines: i64| micros((0..lines).map(|number| 10_000 + number).sum()).amount();
    let statement = server.get(&owner, &format!("{AGENCY}/2026-11")).await.json();
    assert_eq!(statement["lines"].as_array().unwrap().len(), usize::try_from(many).unwrap());
    assert_eq!(statement["closing"]["amount"], sum(many));
    let csv = server.get(&owner, &format!("{AGENCY}/2026-11.csv")).await.text;
    assert_eq!(csv.lines().count(), usize::try_from(many + 3).unwrap());
    let closing = format!(",closing,Closing balance,,,,{},USD,UTC", sum(many));
    assert!(csv.lines().last().unwrap().contains(&closing), "{closing}");
    // As many on paper are a matter of the PDF's own tests; here somebody else reads some pages.
    book_many(&server, &owner, many..many + 300).await;
    let pdf = read_by_pypdf(&bytes(&server, &owner, &format!("{AGENCY}/2026-12.pdf")).await).await;
    let pages = pdf["pages"].as_array().unwrap();
    let last = pages.last().unwrap().as_str().unwrap();
    assert!(last.contains(&format!("Page {0} of {0}", pages.len())), "{last}");
    let end = sum(many + 300);
    assert!(last.contains("Balance so far") && last.contains(&end), "{end} is not in {last}");
    let all: String = pages.iter().map(|page| page.as_str().unwrap()).collect();
    assert_eq!(all.matches("Credit: no. ").count(), 300);
    verified(&server).await;
}

#[tokio::test]
async fn a_pdf_says_what_the_statement_says_in_whatever_alphabet() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let account = server.accounts(&owner, "A-1,Café Łódź 日本").await[0];
    book(&server, &owner, Adjusted::Customer(account), micros(50_000_000), "start").await;
    book(&server, &owner, Adjusted::Customer(account), micros(-1_234_567), "usage").await;
    turn(&server, "2026-12-01T00:00:00Z");
    let owner = server.signed_in(&owner).await;
    let path = of_account(account);
    let answer = server
        .open(
            owner.request(Method::GET, &format!("{path}/2026-11.pdf")).body(Body::empty()).unwrap(),
        )
        .await;
    let name = "attachment; filename=\"statement-S-2026-000001.pdf\"";
    assert_eq!(answer.headers()["content-disposition"], name);
    let pdf = read_by_pypdf(&bytes(&server, &owner, &format!("{path}/2026-11.pdf")).await).await;
    assert_eq!(
        (&pdf["title"], &pdf["author"]),
        (&json!("Statement S-2026-000001"), &json!("Northwind"))
    );
    let text = pdf["pages"][0].as_str().unwrap();
    for part in [
        "Statement S-2026-000001",
        "Café Łódź",
        "November 2026",
        "Time zone UTC",
        "1 November 2026 – 30 November 2026",
        "Opening balance",
        "50.000000",
        "−1.234567",
        "48.765433",
        "Page 1 of 1",
        "A box stands for a character",
    ] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    // What is drawn as boxes can be copied and searched for: the first is what the box means, the others are said beside it.
    let maps = pdf["maps"].to_string();
    assert!(maps.contains("<65E5>"), "{maps}");
    assert_eq!(pdf["beside"], json!(["本"]));
    let fonts = pdf["fonts"].as_array().unwrap();
    assert!(fonts.len() == 2 && fonts.iter().all(|font| font[1] == true), "{fonts:?}");
    let so_far = read_by_pypdf(&bytes(&server, &owner, &format!("{path}/2026-12.pdf")).await).await;
    let text = so_far["pages"][0].as_str().unwrap();
    assert!(text.contains("Statement so far") && text.contains("this month is not over"), "{text}");
}

#[tokio::test]
async fn a_cell_that_starts_a_formula_is_defused() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let account = server.accounts(&owner, "A-1,\"=HYPERLINK(\"\"x\"\")\"").await[0];
    book(&server, &owner, Adjusted::Customer(account), usd(-5), "=1+1").await;
    let csv = server.get(&owner, &format!("{}/2026-11.csv", of_account(account))).await;
    assert_eq!(
        csv.header("content-disposition"),
        "attachment; filename=\"statement-2026-11-so-far.csv\""
    );
    assert_eq!(
        csv.text,
        "statement,day,kind,what,account,account_name,amount,balance,currency,time_zone\n\
         so far,2026-11-01,opening,Opening balance,,,,0.00,USD,UTC\n\
         so far,2026-11-22,adjustment,Correction,,,-5.00,-5.00,USD,UTC\n\
         so far,2026-11-30,closing,Closing balance,,,,-5.00,USD,UTC\n"
    );
    // The agency's says which account it was about.
    let (scope, now) = (owner.scope, server.deps.clock.now());
    let back = move |tx: &mut dyn Transaction| {
        let entry = billing::ledger::rules::return_to_agency(now, account, usd(-5), &[]).unwrap();
        tx.append(scope, &entry.unwrap())?;
        Ok::<_, ExecuteError>(())
    };
    server.deps.store.write(back).await.unwrap();
    let csv = server.get(&owner, &format!("{AGENCY}/2026-11.csv")).await.text;
    let line = format!(
        "return,Debt taken over from the customer,{account},\"'=HYPERLINK(\"\"x\"\")\",-5.00,-5.00"
    );
    assert!(csv.contains(&line), "{csv}");
}

#[tokio::test]
async fn a_page_is_for_whoever_is_signed_in_runs_nothing_and_leads_others_to_the_door() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    let account = server.accounts(&owner, "A-1,<b>Alder</b>").await[0];
    book(&server, &owner, Adjusted::Customer(account), usd(10), "start").await;
    turn(&server, "2026-12-01T00:00:00Z");
    let owner = server.signed_in(&owner).await;
    let page = server.get(&owner, &format!("/statements/{account}/2026-11")).await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(
        page.text.contains("S-2026-000001") && page.text.contains("&#60;b&#62;Alder"),
        "{page:?}"
    );
    assert!(!page.text.contains("<b>Alder") && !page.text.contains("<script"), "{page:?}");
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'self' 'sha256-"), "{policy}");
    assert_eq!(page.header("cache-control"), "no-store");
    let index = server.get(&owner, &format!("/statements/{account}")).await.text;
    for part in
        ["November 2026", "S-2026-000001", "/statements/2026-11.pdf", "December 2026 so far"]
    {
        assert!(index.contains(part), "{part} is not in {index}");
    }
    let stranger = |accept: &str| {
        let path = format!("/statements/{account}/2026-11");
        Request::get(path).header("accept", accept).body(Body::empty()).unwrap()
    };
    let led = server.send(stranger("text/html,*/*")).await;
    assert_eq!(led.status, 303);
    assert!(led.header("location").starts_with("/sign-in?next=%2Fstatements%2F"), "{led:?}");
    assert_eq!(server.send(stranger("*/*")).await.problem().0, 401);
    let other = server.agency("Contoso").await;
    assert_eq!(server.get(&other, &format!("/statements/{account}")).await.problem().0, 404);
}

/// The door that everything goes through says the same as the API.
#[tokio::test]
async fn nothing_is_stated_of_an_agency_that_never_had_a_balance() {
    let server = Server::start();
    let owner = server.agency("Northwind").await;
    turn(&server, "2027-03-01T00:00:00Z");
    let owner = server.signed_in(&owner).await;
    assert_eq!(issue_due(&server.deps).await.unwrap(), 0);
    let list = server.get(&owner, AGENCY).await.json();
    assert_eq!((&list["running"], &list["statements"]), (&json!("2027-03"), &json!([])));
    let running = server.get(&owner, &format!("{AGENCY}/2027-03")).await.json();
    assert_eq!(written(&running), ["from 0.00", "to 0.00"]);
    let (scope, now) = (owner.scope, server.deps.clock.now());
    let month = Month::parse("2027-02").unwrap();
    let found = server.deps.store.write(move |tx| issued::issue(tx, scope, None, month, now)).await;
    assert_eq!(found.unwrap(), None);
}
