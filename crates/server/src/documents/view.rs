//! What a document says, in words: the same for the page and for the PDF.

use billing::{
    Money,
    api::{Receipt, Statement},
    brand::Colour,
    funding::RefundStatus,
    statements::totals,
    usage::Month,
};
use jiff::civil::Date;

/// A document, worded.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it is: `Statement`, `Receipt`.
    pub title: &'static str,
    /// Its number; none for what has none yet.
    pub number: Option<String>,
    /// The name it is kept under, without its ending.
    pub file: String,
    /// Who issues it.
    pub agency: String,
    /// The agency's colour.
    pub accent: Option<Colour>,
    /// Whose it is.
    pub whose: String,
    /// What there is to know, name and value.
    pub facts: Vec<(&'static str, String)>,
    /// The figures in large: name and amount; the last is what it comes to.
    pub figures: Vec<(&'static str, String)>,
    /// What stands over the columns of the lines.
    pub columns: [&'static str; 4],
    /// The lines.
    pub lines: Vec<Line>,
    /// The small print.
    pub notes: Vec<String>,
}

/// A line.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// When: `3 Nov`.
    pub day: String,
    /// The same for machines.
    pub date: String,
    /// What.
    pub what: String,
    /// Whom it is about.
    pub about: Option<String>,
    /// How much.
    pub amount: String,
    /// The balance after it.
    pub balance: String,
    /// It is no event but a balance or a sum.
    pub is_sum: bool,
}

/// A statement.
pub fn statement(statement: &Statement, accent: Option<Colour>) -> Document {
    let (came, left) = totals(statement.currency, &statement.lines);
    let amounts = statement.lines.iter().flat_map(|line| [line.amount, line.balance_after]);
    let digits = digits(amounts.chain([statement.opening, statement.closing]));
    let write = |money: Money| written(money, digits);
    let month = Month::parse(&statement.month).map(month_in_words).unwrap_or_default();
    let mut facts = vec![
        ("Month", month),
        ("From – to", format!("{} – {}", long(&statement.first_day), long(&statement.last_day))),
        ("Time zone", zone(&statement.time_zone, &statement.offset)),
        ("Currency", statement.currency.code().to_owned()),
    ];
    let issued = statement.issued_at.map(|at| moment(&at.to_string()));
    facts.push(("Issued", issued.unwrap_or_else(|| "not yet: the month is not over".to_owned())));
    let sum = |date: &str, what: &str, balance: Money| Line {
        day: short(date),
        date: date.to_owned(),
        what: what.to_owned(),
        balance: write(balance),
        is_sum: true,
        ..Line::default()
    };
    let mut lines = vec![sum(&statement.first_day, "Opening balance", statement.opening)];
    lines.extend(statement.lines.iter().map(|line| Line {
        day: short(&line.day),
        date: line.day.clone(),
        what: line.what.clone(),
        about: line.account.as_ref().map(|account| account.name.to_string()),
        amount: write(line.amount),
        balance: write(line.balance_after),
        is_sum: false,
    }));
    let end = if statement.number.is_some() { "Closing balance" } else { "Balance so far" };
    lines.push(sum(&statement.last_day, end, statement.closing));
    if statement.number.is_none()
        && let Some(last) = lines.last_mut()
    {
        last.day = String::new();
    }
    let mut notes = vec![
        "Usage is listed by the day on which it was booked. What arrives late, and what is corrected later, is a line of the \
         statement of the month in which it is booked; a statement that was issued does not change."
            .to_owned(),
    ];
    if statement.number.is_none() {
        notes.insert(
            0,
            "So far: this month is not over. Its statement is numbered when it is.".to_owned(),
        );
    }
    let whose = statement.account.as_ref().map(|account| account.name.to_string());
    Document {
        title: "Statement",
        number: statement.number.clone(),
        file: match &statement.number {
            Some(number) => format!("statement-{number}"),
            None => format!("statement-{}-so-far", statement.month),
        },
        agency: statement.agency.to_string(),
        accent,
        whose: whose.unwrap_or_else(|| "The agency’s balance".to_owned()),
        facts,
        figures: vec![
            ("Opening", write(statement.opening)),
            ("Came in", write(came)),
            ("Went out", write(left)),
            (
                if statement.number.is_some() { "Closing" } else { "So far" },
                write(statement.closing),
            ),
        ],
        columns: ["Day", "What", "Amount", "Balance"],
        lines,
        notes,
    }
}

/// A receipt.
pub fn receipt(receipt: &Receipt, accent: Option<Colour>) -> Document {
    let refunds = receipt.refunds.iter().filter(|refund| refund.status != RefundStatus::Failed);
    let back = refunds
        .clone()
        .try_fold(Money::zero(receipt.amount.currency()), |sum, refund| sum.plus(refund.amount));
    let back = back.unwrap_or(Money::zero(receipt.amount.currency()));
    let kept = receipt.amount.minus(back).unwrap_or(receipt.amount);
    let digits = digits([receipt.amount, kept]);
    let write = |money: Money| written(money, digits);
    let minus = |money: Money| write(money.negated().unwrap_or(money));
    let line = |day: &str, what: String, amount: String, balance: Money| Line {
        day: short(day),
        date: day.to_owned(),
        what,
        amount,
        balance: write(balance),
        ..Line::default()
    };
    let mut sum = Money::zero(receipt.amount.currency());
    let mut add = |amount: Money| {
        sum = sum.plus(amount).unwrap_or(sum);
        sum
    };
    let mut lines = Vec::new();
    let own = receipt
        .usage
        .map_or(receipt.amount, |usage| receipt.amount.minus(usage).unwrap_or(receipt.amount));
    let account = receipt.account.as_ref().map(|account| account.name.to_string());
    let what = match &account {
        Some(account) => format!("Prepaid balance for {account}"),
        None => "Prepaid balance".to_owned(),
    };
    lines.push(line(&receipt.day, what, write(own), add(own)));
    if let Some(usage) = receipt.usage {
        let what = "Usage before the first payment".to_owned();
        lines.push(line(&receipt.day, what, write(usage), add(usage)));
    }
    for refund in refunds {
        let day = refund.day.clone().unwrap_or_default();
        let what = match refund.status {
            RefundStatus::Succeeded => "Refund to the card",
            _ => "Refund to the card, on its way",
        };
        let after = add(refund.amount.negated().unwrap_or(refund.amount));
        lines.push(line(&day, what.to_owned(), minus(refund.amount), after));
    }
    let mut figures = vec![("Paid", write(receipt.amount))];
    if !back.is_zero() {
        figures.push(("Paid back", minus(back)));
        figures.push(("Kept", write(kept)));
    }
    let mut facts = vec![
        ("Paid on", long(&receipt.day)),
        ("Paid by", receipt.email.to_string()),
        ("Card", receipt.card.clone().unwrap_or_else(|| "not known".to_owned())),
        ("Currency", receipt.amount.currency().code().to_owned()),
        ("Time zone", receipt.time_zone.clone()),
    ];
    facts.push(("Payment", receipt.payment.to_string()));
    Document {
        title: "Receipt",
        number: Some(receipt.number.clone()),
        file: format!("receipt-{}", receipt.number),
        agency: receipt.agency.to_string(),
        accent,
        whose: account.unwrap_or_else(|| "The agency’s balance".to_owned()),
        facts,
        figures,
        columns: ["Day", "What", "Amount", "Sum"],
        lines,
        notes: vec!["Paid in full by card. What is paid back later is added as a line; the rest of this receipt does not change.".to_owned()],
    }
}

/// `Europe/Berlin (UTC+01:00)`; the name alone where it says it all.
fn zone(name: &str, offset: &str) -> String {
    if name == offset { name.to_owned() } else { format!("{name} ({offset})") }
}

/// An amount that stands alone, with its currency.
pub fn amount(money: Money) -> String {
    format!("{} {}", written(money, digits([money])), money.currency())
}

/// How many digits after the point all of some amounts need.
fn digits(amounts: impl IntoIterator<Item = Money>) -> usize {
    let after = |money: Money| money.amount().split_once('.').map_or(0, |(_, after)| after.len());
    amounts.into_iter().map(after).max().unwrap_or(0)
}

/// `−3,841.207300`: so many digits after the point, and the thousands apart.
fn written(money: Money, digits: usize) -> String {
    let amount = money.amount();
    let (sign, amount) = match amount.strip_prefix('-') {
        Some(rest) => ("−", rest),
        None => ("", amount.as_str()),
    };
    let (whole, after) = amount.split_once('.').unwrap_or((amount, ""));
    let mut apart = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    let point = if digits == 0 { "" } else { "." };
    format!("{sign}{apart}{point}{after:0<digits$}")
}

/// `3 November 2026`, of `2026-11-03`.
pub fn long(day: &str) -> String {
    date(day, "%-d %B %Y")
}

/// `3 Nov`
fn short(day: &str) -> String {
    date(day, "%-d %b")
}

/// `November 2026`
pub fn month_in_words(month: Month) -> String {
    date(&month.first_day().text(), "%B %Y")
}

/// `1 December 2026, 00:05 UTC`, of an instant.
fn moment(at: &str) -> String {
    let (day, time) = at.split_once('T').unwrap_or((at, ""));
    format!("{}, {} UTC", long(day), time.get(..5).unwrap_or_default())
}

fn date(day: &str, format: &str) -> String {
    let parsed: Result<Date, _> = day.parse();
    parsed.map(|date| date.strftime(format).to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use billing::Currency;

    use super::*;

    #[test]
    fn amounts_of_a_document_stand_under_one_another() {
        let usd = |micros| Money::from_micros(micros, Currency::Usd);
        let all = [usd(3_841_207_318), usd(-1_880_200), usd(0), usd(-1_234_567_890_000)];
        let digits = digits(all);
        assert_eq!(
            all.map(|money| written(money, digits)),
            ["3,841.207318", "−1.880200", "0.000000", "−1,234,567.890000"]
        );
        let yen = Money::from_micros(1_000_000_000, Currency::Jpy);
        assert_eq!(written(yen, 0), "1,000");
    }

    #[test]
    fn days_are_written_out() {
        assert_eq!(
            (long("2026-11-03"), short("2026-11-03")),
            ("3 November 2026".to_owned(), "3 Nov".to_owned())
        );
        assert_eq!(moment("2026-12-01T00:05:09.25Z"), "1 December 2026, 00:05 UTC");
        assert_eq!(short(""), "");
    }
}
