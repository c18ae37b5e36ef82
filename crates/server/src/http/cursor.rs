//! Where a page ended, as an opaque word: bound to the order it was made for.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use billing::{PaymentId, SubAccountId, api::AccountSort, usage::Day};

use crate::storage::usage::DayKey;

/// Cuts rows to a page, where one more than that was read to see whether more follow; answers where the next page begins.
pub fn next<T>(rows: &mut Vec<T>, limit: u32, of: impl FnOnce(&T) -> String) -> Option<String> {
    let page = usize::try_from(limit).unwrap_or(usize::MAX);
    let more_follow = rows.len() > page;
    rows.truncate(page);
    rows.last().filter(|_| more_follow).map(of)
}

/// After the row with this sort key and id.
pub fn of_account(sort: AccountSort, key: &str, id: SubAccountId) -> String {
    let json = serde_json::json!([sort.name(), key, id]).to_string();
    URL_SAFE_NO_PAD.encode(json)
}

/// Reads a cursor of the list of accounts; nothing when it is none, or one of another order.
pub fn account(cursor: &str, sort: AccountSort) -> Option<(String, SubAccountId)> {
    let json = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (name, key, id): (String, String, SubAccountId) = serde_json::from_slice(&json).ok()?;
    (name == sort.name()).then_some((key, id))
}

/// Before the entry of this number.
pub fn of_entry(number: u64) -> String {
    URL_SAFE_NO_PAD.encode(format!("entry {number}"))
}

/// Reads a cursor of the ledger.
pub fn entry(cursor: &str) -> Option<u64> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    text.strip_prefix("entry ")?.parse().ok()
}

/// Before this payment.
pub fn of_payment(id: PaymentId) -> String {
    URL_SAFE_NO_PAD.encode(format!("payment {id}"))
}

/// Reads a cursor of an account's payments.
pub fn payment(cursor: &str) -> Option<PaymentId> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    text.strip_prefix("payment ")?.parse().ok()
}

/// Before the line of the audit trail of this number.
pub fn of_audit(number: u64) -> String {
    URL_SAFE_NO_PAD.encode(format!("audit {number}"))
}

/// Reads a cursor of the audit trail.
pub fn audit(cursor: &str) -> Option<u64> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    text.strip_prefix("audit ")?.parse().ok()
}

/// From the event of this number on, back.
pub fn of_event(number: u64) -> String {
    URL_SAFE_NO_PAD.encode(format!("event {number}"))
}

/// Reads a cursor of draws.
pub fn event(cursor: &str) -> Option<u64> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    text.strip_prefix("event ")?.parse().ok()
}

/// After this line of a day.
pub fn of_usage_line(key: &DayKey) -> String {
    let json = serde_json::json!([key.day.0, key.event_type, key.payer]).to_string();
    URL_SAFE_NO_PAD.encode(json)
}

/// Reads a cursor of a sub-account's usage.
pub fn usage_line(cursor: &str, account: SubAccountId) -> Option<DayKey> {
    let json = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (day, event_type, payer) = serde_json::from_slice(&json).ok()?;
    Some(DayKey { day: Day(day), account, event_type, payer })
}

#[cfg(test)]
mod tests {
    use billing::Timestamp;

    use super::*;

    #[test]
    fn reads_back_only_in_the_order_it_was_made_for() {
        let id = SubAccountId::new(Timestamp::from_millis(1), [1; 10]);
        let cursor = of_account(AccountSort::Name, "café", id);
        assert_eq!(account(&cursor, AccountSort::Name), Some(("café".to_owned(), id)));
        assert_eq!(account(&cursor, AccountSort::NameDescending), None);
        assert_eq!(account("made-up", AccountSort::Name), None);
        assert_eq!(entry(&of_entry(7)), Some(7));
        assert_eq!(entry(&cursor), None);
    }
}
