//! What each rule posts, what cannot be booked, and what the chain notices: tables for a bookkeeper.

#![allow(clippy::inconsistent_digit_grouping, reason = "dollars and cents: 10_000_01")]

use super::{
    chain::{GENESIS, Link, link},
    rules::{
        Adjusted, adjustment, agency_top_up, customer_top_up, dispute_opened, dispute_won,
        refund_asked, refund_failed, refund_settled, return_to_agency, unapplied_payment, usage,
    },
    *,
};
use crate::{
    Currency, Money, PaymentId, SubAccountId, Timestamp,
    funding::{Payer, RefundKey},
};

fn draw(
    at: Timestamp,
    sub_account: SubAccountId,
    payer: Payer,
    amount: Money,
    reference: String,
) -> Result<JournalEntry, LedgerError> {
    let book = match payer {
        Payer::Agency => Book::Agency,
        Payer::Customer => Book::Customer { sub_account },
    };
    usage::draws(at, book, amount, reference)
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn sub() -> SubAccountId {
    SubAccountId::new(at(1), [1; 10])
}

fn pay() -> PaymentId {
    PaymentId::new(at(1), [2; 10])
}

fn key(number: u32) -> RefundKey {
    RefundKey { payment: pay(), number }
}

fn usd(cents: i64) -> Money {
    Money::from_minor(cents, Currency::Usd).unwrap()
}

/// `top_up: customer +$25.00, clearing −$25.00`
fn line(entry: &JournalEntry) -> String {
    let leg = |posting: &Posting| {
        let plus = if posting.amount.is_positive() { "+" } else { "" };
        format!("{} {plus}{}", posting.book.name(), posting.amount)
    };
    let legs: Vec<_> = entry.postings().iter().map(leg).collect();
    format!("{}: {}", entry.kind().name(), legs.join(", "))
}

#[test]
fn what_each_rule_posts() {
    let reference = || "why".to_owned();
    let back = |cents, refunds: &[(RefundKey, Money)]| {
        return_to_agency(at(9), sub(), usd(cents), refunds).unwrap().unwrap()
    };
    let table = [
        (
            customer_top_up(at(9), sub(), pay(), usd(25_00), None).unwrap(),
            "top_up: customer +$25.00, clearing −$25.00",
        ),
        (
            customer_top_up(at(9), sub(), pay(), usd(28_50), Some(usd(3_50))).unwrap(),
            "top_up: customer +$25.00, clearing −$28.50, agency +$3.50",
        ),
        (
            agency_top_up(at(9), pay(), usd(500_00)).unwrap(),
            "top_up: agency +$500.00, clearing −$500.00",
        ),
        (
            unapplied_payment(at(9), sub(), pay(), usd(25_00)).unwrap(),
            "unapplied_payment: refunds +$25.00, clearing −$25.00",
        ),
        (
            draw(at(9), sub(), Payer::Agency, usd(3), reference()).unwrap(),
            "draw: revenue +$0.03, agency −$0.03",
        ),
        (
            draw(
                at(9),
                sub(),
                Payer::Customer,
                Money::from_micros(1_500, Currency::Usd),
                reference(),
            )
            .unwrap(),
            "draw: revenue +$0.0015, customer −$0.0015",
        ),
        (back(18_40, &[]), "return: agency +$18.40, customer −$18.40"),
        (back(-1_87, &[]), "return: agency −$1.87, customer +$1.87"),
        (back(0, &[(key(1), usd(18_40))]), "return: refunds +$18.40, customer −$18.40"),
        (
            back(5_00, &[(key(1), usd(10_00)), (key(2), usd(3_40))]),
            "return: agency +$5.00, refunds +$13.40, customer −$18.40",
        ),
        (
            refund_settled(at(9), sub(), key(1), usd(18_40)).unwrap(),
            "refund_settled: clearing +$18.40, refunds −$18.40",
        ),
        (
            refund_failed(at(9), sub(), key(1), usd(18_40), Book::Refunds, Payer::Agency).unwrap(),
            "refund_failed: agency +$18.40, refunds −$18.40",
        ),
        (
            refund_failed(at(9), sub(), key(1), usd(18_40), Book::Clearing, Payer::Customer)
                .unwrap(),
            "refund_failed: customer +$18.40, clearing −$18.40",
        ),
        (
            refund_asked(at(9), sub(), key(1), usd(10_00)).unwrap(),
            "refund: refunds +$10.00, customer −$10.00",
        ),
        (
            dispute_opened(at(9), Some(sub()), "dp_1", usd(28_50), usd(25_00)).unwrap(),
            "dispute: customer −$25.00, agency −$3.50, clearing +$28.50",
        ),
        (
            dispute_opened(at(9), None, "dp_1", usd(500_00), usd(0)).unwrap(),
            "dispute: agency −$500.00, clearing +$500.00",
        ),
        (
            dispute_won(at(9), Some(sub()), "dp_1", usd(28_50), usd(0)).unwrap(),
            "dispute_won: agency +$28.50, clearing −$28.50",
        ),
        (
            adjustment(at(9), Adjusted::Agency, usd(-2_00), reference()).unwrap(),
            "adjustment: agency −$2.00, adjustments +$2.00",
        ),
        (
            adjustment(at(9), Adjusted::Customer(sub()), usd(2_00), reference()).unwrap(),
            "adjustment: customer +$2.00, adjustments −$2.00",
        ),
    ];
    for (entry, expected) in &table {
        assert_eq!(line(entry), *expected);
        assert_eq!(entry.postings().iter().map(|posting| posting.amount.micros()).sum::<i64>(), 0);
    }
    let kinds: std::collections::BTreeSet<_> =
        table.iter().map(|(entry, _)| entry.kind()).collect();
    assert_eq!(kinds.len(), EntryKind::ALL.len(), "a kind of entry without a line here");
}

#[test]
fn a_return_of_exactly_nothing_books_nothing() {
    assert_eq!(return_to_agency(at(9), sub(), usd(0), &[]), Ok(None));
}

#[test]
fn what_cannot_be_booked() {
    let leg = |book, cents| Posting { book, amount: usd(cents) };
    let euro =
        Posting { book: Book::Clearing, amount: Money::from_minor(-1, Currency::Eur).unwrap() };
    let most = |book| Posting { book, amount: Money::from_micros(i64::MAX, Currency::Usd) };
    let table = [
        ("nothing", vec![], LedgerError::Malformed),
        ("one leg", vec![leg(Book::Agency, 1)], LedgerError::Unbalanced),
        (
            "a cent too much",
            vec![leg(Book::Agency, 2), leg(Book::Clearing, -1)],
            LedgerError::Unbalanced,
        ),
        (
            "two legs of nothing",
            vec![leg(Book::Agency, 0), leg(Book::Clearing, 0)],
            LedgerError::Malformed,
        ),
        (
            "a leg of nothing beside two that balance",
            vec![leg(Book::Agency, 1), leg(Book::Clearing, -1), leg(Book::Revenue, 0)],
            LedgerError::Malformed,
        ),
        (
            "a book twice, though it balances",
            vec![leg(Book::Agency, 1), leg(Book::Clearing, -2), leg(Book::Agency, 1)],
            LedgerError::Malformed,
        ),
        ("two currencies", vec![leg(Book::Agency, 1), euro], LedgerError::Amount),
        ("more than fits", vec![most(Book::Agency), most(Book::Revenue)], LedgerError::Amount),
    ];
    for (what, postings, expected) in table {
        let entry = JournalEntry::new(EntryKind::Adjustment, at(9), None, "x".to_owned(), postings);
        assert_eq!(entry, Err(expected), "{what}");
    }
    let nothing = customer_top_up(at(9), sub(), pay(), usd(0), None);
    assert_eq!(nothing, Err(LedgerError::Malformed));
}

#[test]
fn books_and_kinds_read_back_by_name() {
    let customer = Book::Customer { sub_account: sub() };
    for book in
        [Book::Agency, customer, Book::Revenue, Book::Clearing, Book::Refunds, Book::Adjustments]
    {
        assert_eq!(Book::from_parts(book.name(), book.sub_account()), Some(book));
    }
    assert_eq!(Book::from_parts("customer", None), None);
    assert_eq!(Book::from_parts("agency", Some(sub())), None);
    for kind in EntryKind::ALL {
        assert_eq!(EntryKind::from_name(kind.name()), Some(kind));
    }
}

/// A small journal: as stored, with the link of each entry.
fn journal() -> Vec<(u64, JournalEntry, Link)> {
    let entries = [
        customer_top_up(at(1), sub(), pay(), usd(25_00), None),
        draw(at(2), sub(), Payer::Customer, usd(1_00), "usage 1".to_owned()),
        draw(at(3), sub(), Payer::Customer, usd(2_00), "usage 2".to_owned()),
        return_to_agency(at(4), sub(), usd(22_00), &[]).map(|entry| entry.unwrap()),
    ];
    let mut previous = GENESIS;
    (1..)
        .zip(entries)
        .map(|(number, entry)| {
            let entry = entry.unwrap();
            previous = link(&previous, number, &entry);
            (number, entry, previous)
        })
        .collect()
}

/// The first number whose link is not what it should be.
fn first_broken(journal: &[(u64, JournalEntry, Link)]) -> Option<u64> {
    let mut previous = GENESIS;
    for (expected, (number, entry, stored)) in (1..).zip(journal) {
        previous = link(&previous, *number, entry);
        if *number != expected || previous != *stored {
            return Some(expected);
        }
    }
    None
}

#[test]
fn the_chain_names_the_first_entry_that_was_touched() {
    let whole = journal();
    assert_eq!(first_broken(&whole), None);
    let changed = |index: usize, entry: Result<JournalEntry, LedgerError>| {
        let mut journal = whole.clone();
        journal[index].1 = entry.unwrap();
        journal
    };
    let again = |millis, payer, cents, why: &str| {
        draw(at(millis), sub(), payer, usd(cents), why.to_owned())
    };
    let other = SubAccountId::new(at(1), [3; 10]);
    let mut swapped = whole.clone();
    let (second, third) = (swapped[1].1.clone(), swapped[2].1.clone());
    (swapped[1].1, swapped[2].1) = (third, second);
    let mut dropped = whole.clone();
    dropped.remove(1);
    let mut inserted = whole.clone();
    inserted.insert(1, whole[1].clone());
    let mut flipped = whole.clone();
    flipped[3].2[31] ^= 1;
    let table = [
        ("an amount", changed(1, again(2, Payer::Customer, 1_01, "usage 1")), Some(2)),
        ("an instant", changed(1, again(3, Payer::Customer, 1_00, "usage 1")), Some(2)),
        ("a payer", changed(1, again(2, Payer::Agency, 1_00, "usage 1")), Some(2)),
        ("a reference", changed(2, again(3, Payer::Customer, 2_00, "usage 3")), Some(3)),
        (
            "a sub-account",
            changed(2, draw(at(3), other, Payer::Customer, usd(2_00), "usage 2".to_owned())),
            Some(3),
        ),
        (
            "a kind",
            changed(0, adjustment(at(1), Adjusted::Customer(sub()), usd(25_00), pay().to_string())),
            Some(1),
        ),
        ("the order", swapped, Some(2)),
        ("one fewer", dropped, Some(2)),
        ("one more", inserted, Some(3)),
        ("a bit of the last link", flipped, Some(4)),
    ];
    for (what, journal, expected) in table {
        assert_eq!(first_broken(&journal), expected, "{what}");
    }
}

#[test]
fn a_link_depends_on_every_byte_of_what_it_covers() {
    let entry = draw(at(3), sub(), Payer::Agency, usd(2_00), "usage".to_owned()).unwrap();
    let honest = link(&GENESIS, 1, &entry);
    for byte in 0..32 {
        for bit in 0..8 {
            let mut previous = GENESIS;
            previous[byte] ^= 1 << bit;
            assert_ne!(link(&previous, 1, &entry), honest, "bit {bit} of byte {byte}");
        }
    }
    assert_ne!(link(&GENESIS, 2, &entry), honest);
    // What a line of the canonical text looks like cannot be smuggled in by a reference.
    let smuggled =
        draw(at(3), sub(), Payer::Agency, usd(2_00), "usage\nrevenue=1 USD".to_owned()).unwrap();
    assert_ne!(link(&GENESIS, 1, &smuggled), honest);
}
