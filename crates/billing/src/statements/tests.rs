use super::*;
use crate::{
    Currency, PaymentId, SubAccountId, Timestamp,
    funding::{Payer, RefundKey},
    ledger::{Posting, rules},
};

fn usd(micros: i64) -> Money {
    Money::from_micros(micros, Currency::Usd)
}

fn at(day: &str) -> Timestamp {
    Day::parse(day).unwrap().start()
}

fn account() -> SubAccountId {
    SubAccountId::new(Timestamp::from_millis(1), [7; 10])
}

fn payment() -> PaymentId {
    PaymentId::new(Timestamp::from_millis(1), [8; 10])
}

fn own() -> Book {
    Book::Customer { sub_account: account() }
}

fn on(day: &str, entry: JournalEntry) -> Booked {
    Booked { day: Day::parse(day).unwrap(), entry, account: None, detail: None }
}

fn drawn(day: &str, book: Book, micros: i64) -> Booked {
    on(day, rules::usage::draws(at(day), book, usd(micros), "events/1-2/x".to_owned()).unwrap())
}

/// `day what amount balance`
fn written(made: &Lines) -> Vec<String> {
    let line = |line: &StatementLine| {
        let (amount, after) = (line.amount.amount(), line.balance_after.amount());
        format!("{} {} {amount} {after}", line.day, line.what)
    };
    made.lines.iter().map(line).collect()
}

#[test]
fn a_month_of_a_customers_balance_reads_as_a_bookkeeper_would_write_it() {
    let refund = RefundKey { payment: payment(), number: 1 };
    let paid =
        rules::customer_top_up(at("2026-11-03"), account(), payment(), usd(50_000_000), None);
    let mut paid = on("2026-11-03", paid.unwrap());
    paid.detail = Some("Visa ···· 4242".to_owned());
    let returned = rules::return_to_agency(
        at("2026-11-20"),
        account(),
        usd(8_119_800),
        &[(refund, usd(40_000_000))],
    );
    let failed = rules::refund_failed(
        at("2026-11-25"),
        account(),
        refund,
        usd(40_000_000),
        Book::Refunds,
        Payer::Customer,
    );
    let entries = [
        drawn("2026-11-03", own(), 100),
        paid,
        drawn("2026-11-03", own(), 100),
        drawn("2026-11-04", own(), 1_880_000),
        on("2026-11-20", returned.unwrap().unwrap()),
        on("2026-11-25", failed.unwrap()),
    ];
    let made = lines(own(), usd(0), entries).unwrap();
    assert_eq!(
        written(&made),
        [
            "2026-11-03 Payment: Visa ···· 4242 50.00 50.00",
            "2026-11-03 Usage -0.0002 49.9998",
            "2026-11-04 Usage -1.88 48.1198",
            "2026-11-20 Balance returned to the agency -8.1198 40.00",
            "2026-11-20 Refund to the card -40.00 0.00",
            "2026-11-25 Refund that did not reach its card 40.00 40.00",
        ]
    );
    assert_eq!(made.closing, usd(40_000_000));
    assert_eq!(totals(Currency::Usd, &made.lines), (usd(90_000_000), usd(-50_000_000)));
    assert!(adds_up(usd(0), &made.lines, made.closing));
    assert!(!adds_up(usd(1), &made.lines, made.closing));
    let mut changed = made.lines.clone();
    changed[1].amount = usd(-300);
    assert!(!adds_up(usd(0), &changed, made.closing));
}

#[test]
fn the_agencys_side_of_the_same_entries_says_what_they_are_to_the_agency() {
    let whole = rules::customer_top_up(
        at("2026-11-03"),
        account(),
        payment(),
        usd(50_000_000),
        Some(usd(10_000_000)),
    );
    let debt = rules::return_to_agency(at("2026-11-05"), account(), usd(-3_000_000), &[]);
    let returned = rules::return_to_agency(at("2026-11-06"), account(), usd(2_000_000), &[]);
    let own_payment = rules::agency_top_up(at("2026-11-07"), payment(), usd(500_000_000));
    let entries = [
        on("2026-11-03", whole.unwrap()),
        on("2026-11-05", debt.unwrap().unwrap()),
        on("2026-11-06", returned.unwrap().unwrap()),
        on("2026-11-07", own_payment.unwrap()),
    ];
    let made = lines(Book::Agency, usd(1_000_000), entries.clone()).unwrap();
    assert_eq!(
        written(&made),
        [
            "2026-11-03 Usage paid back by the customer 10.00 11.00",
            "2026-11-05 Debt taken over from the customer -3.00 8.00",
            "2026-11-06 Balance returned by the customer 2.00 10.00",
            "2026-11-07 Payment 500.00 510.00",
        ]
    );
    let customers = lines(own(), usd(-37_000_000), entries[1..2].to_vec()).unwrap();
    assert_eq!(written(&customers), ["2026-11-05 Debt taken over by the agency 3.00 -34.00"]);
}

#[test]
fn an_empty_month_ends_as_it_began() {
    let made = lines(own(), usd(25_000_000), []).unwrap();
    assert_eq!(made, Lines { lines: Vec::new(), closing: usd(25_000_000) });
    assert!(adds_up(usd(25_000_000), &[], made.closing));
}

#[test]
fn days_do_not_go_back_and_usage_that_cancels_out_is_no_line() {
    let refund = JournalEntry::new(
        EntryKind::Draw,
        at("2026-11-02"),
        Some(account()),
        "events/3-3/y".to_owned(),
        vec![
            Posting { book: own(), amount: usd(5) },
            Posting { book: Book::Revenue, amount: usd(-5) },
        ],
    );
    let entries = [
        drawn("2026-11-02", own(), 5),
        on("2026-11-01", refund.unwrap()),
        drawn("2026-11-03", own(), 7),
    ];
    let made = lines(own(), usd(10), entries).unwrap();
    assert_eq!(written(&made), ["2026-11-03 Usage -0.000007 0.000003"]);
}

#[test]
fn a_sum_that_does_not_fit_is_no_statement() {
    let entries = [drawn("2026-11-02", own(), 5)];
    assert_eq!(lines(own(), usd(i64::MIN + 1), entries), Err(MoneyError::TooLarge));
}

#[test]
fn ten_thousand_lines_add_up() {
    let entry = |number: i64| {
        let reference = number.to_string();
        let whose = rules::Adjusted::Agency;
        let entry = rules::adjustment(at("2026-11-02"), whose, usd(number + 1), reference).unwrap();
        on("2026-11-02", entry)
    };
    let made = lines(Book::Agency, usd(0), (0..10_000).map(entry)).unwrap();
    assert_eq!((made.lines.len(), made.closing), (10_000, usd(50_005_000)));
    assert!(adds_up(usd(0), &made.lines, made.closing));
}

#[test]
fn numbers_carry_the_year_and_never_begin_anew() {
    let november = Day::parse("2026-11-01").unwrap();
    assert_eq!(statement_number(november, 123), "S-2026-000123");
    assert_eq!(receipt_number(Day::parse("2027-01-01").unwrap(), 1_234_567), "R-2027-1234567");
}
