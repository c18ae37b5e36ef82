//! How many, in words.

use billing::api::{AccountCounts, PayerFilter};

use crate::routes::ListQuery;

/// `42 accounts · 29 draw from the agency, 13 from their customer`
pub fn sentence(counts: &AccountCounts) -> String {
    let AccountCounts { all, agency, customer, .. } = counts;
    if *all == 0 {
        return "None yet".to_owned();
    }
    let accounts = if *all == 1 { "account" } else { "accounts" };
    let draw = if *agency == 1 { "draws" } else { "draw" };
    format!("{all} {accounts} · {agency} {draw} from the agency, {customer} from their customer")
}

/// How many there are of a kind.
pub fn of(counts: &AccountCounts, filter: PayerFilter) -> u64 {
    match filter {
        PayerFilter::All => counts.all,
        PayerFilter::Agency => counts.agency,
        PayerFilter::Customer => counts.customer,
        PayerFilter::Between => counts.between,
    }
}

/// `50 of 412`, or `50 shown` where the whole is not known.
pub fn shown(
    shown: usize,
    more: bool,
    query: &ListQuery,
    counts: Option<&AccountCounts>,
) -> String {
    let narrowed = !query.text.is_empty() || query.standing.is_some();
    match counts {
        Some(counts) if !narrowed => format!("{shown} of {}", of(counts, query.funding)),
        _ if more => format!("{shown} shown, there are more"),
        _ if shown == 1 => "1 match".to_owned(),
        _ => format!("{shown} matches"),
    }
}
