//! What is read of a balance and its cards, in words.

use billing::{
    Money, Timestamp,
    api::WalletView,
    funding::Card,
    runway::{self, DAYS_MAX},
    usage::Day,
};

use crate::browser;

/// Now, by the browser's clock.
pub fn now() -> Timestamp {
    Timestamp::from_millis(browser::now_millis())
}

/// `$25` where there are no cents, else `$25.50`.
pub fn short(amount: Money) -> String {
    let text = amount.text();
    text.strip_suffix(".00").map_or_else(|| text.clone(), ToOwned::to_owned)
}

/// How long the balance lasts, by what the last days have cost, from the first that has cost anything.
pub fn lasts(view: &WalletView) -> Option<String> {
    if !view.balance.is_positive() {
        return None;
    }
    let since = view.days.iter().position(|day| day.amount.is_positive())?;
    let days = view.days.get(since..)?;
    let drawn = days.iter().fold(0_i64, |sum, day| sum.saturating_add(day.amount.micros()));
    let left = runway::days_left(view.balance, drawn, u32::try_from(days.len()).ok()?)?;
    Some(match left {
        0 => "Less than a day left at the present rate".to_owned(),
        1 => "About 1 day left at the present rate".to_owned(),
        DAYS_MAX.. => "More than two years left at the present rate".to_owned(),
        days => format!("About {days} days left at the present rate"),
    })
}

/// `12/34`
pub fn expiry(card: &Card) -> String {
    format!("{:02}/{:02}", card.exp_month, card.exp_year % 100)
}

/// How many days a card is still good for, today included in none; below nothing when it has expired. It is good to the end of its month.
pub fn days_left(card: &Card) -> Option<i64> {
    let (year, month) = match card.exp_month {
        12.. => (card.exp_year.saturating_add(1), 1),
        month => (card.exp_year, month.saturating_add(1)),
    };
    let end = Day::parse(&format!("{year:04}-{month:02}-01"))?;
    Some(end.0.saturating_sub(Day::of(now()).0))
}
