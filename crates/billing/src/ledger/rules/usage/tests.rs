//! What an entry of usage says.

use super::*;
use crate::{Currency, SubAccountId};

#[test]
fn an_entry_takes_from_the_payer_and_names_its_events() {
    let at = Timestamp::from_millis(5);
    let sub_account = SubAccountId::new(at, [1; 10]);
    let book = Book::Customer { sub_account };
    let reference = reference(book, 7, 9, "abc");
    assert_eq!(read_reference(&reference), Some((7, 9, "abc")));
    assert_eq!(read_reference("usage/2026-11-22"), None);
    let amount = Money::from_micros(33, Currency::Usd);
    let entry = draws(at, book, amount, reference).unwrap();
    assert_eq!(entry.change_to(book), amount.negated().unwrap());
    assert_eq!(entry.change_to(Book::Revenue), amount);
    assert_eq!(entry.sub_account(), Some(sub_account));
}
