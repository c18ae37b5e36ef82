//! The words to agencies: who pays now, since when, and what somebody has to do.

use billing::{
    Money, Standing, Timestamp,
    funding::{Card, Payer, ReturnChoice},
    text::EmailAddress,
};

use super::{
    Down, Facts, LetterContent, PRODUCT,
    dates::moment,
    money_back,
    sheet::{Button, Sheet},
};

pub fn sheet(letter: &LetterContent) -> Sheet {
    let (mut sheet, url) = match &letter.facts {
        Facts::NowOnCustomerBilling { customer, amount, usage, since, late, account_url } => {
            (switched(letter, customer, (*amount, *usage), *since, *late), account_url)
        }
        Facts::RequestExpired { customer, expired_at, account_url } => {
            (expired(letter, customer, *expired_at), account_url)
        }
        Facts::LatePaymentReturned { customer, amount, account_url } => {
            (late_payment(letter, customer, *amount), account_url)
        }
        Facts::NowOnAgencyBilling { customer, choice, moved, refunded, since, account_url } => {
            (back(letter, customer, *choice, [*moved, *refunded], *since), account_url)
        }
        Facts::RefundFailed { customer, amount, card, on_balance_of, account_url } => {
            (failed(letter, customer, *amount, card.as_ref(), *on_balance_of), account_url)
        }
        Facts::CustomerBalanceDown { customer, down, account_url } => {
            (customer_down(letter, customer, *down), account_url)
        }
        Facts::AgencyBalanceDown { down, url } => (agency_down(*down), url),
        Facts::MoneyBack(back) => match back.url() {
            Some(url) => (money_back::sheet(letter, back), url),
            None => return Sheet::default(),
        },
        // The customer's letters are not worded here.
        _ => return Sheet::default(),
    };
    sheet.sender = PRODUCT.to_owned();
    sheet.button = Some(Button { label: "Open in Sluice", url: url.clone() });
    let (agency, to) = (&letter.agency, &letter.to);
    sheet.small.push(format!("Sent to {to} by Sluice, for {agency}."));
    sheet
}

fn switched(
    letter: &LetterContent,
    customer: &EmailAddress,
    (amount, usage): (Money, Option<Money>),
    since: Timestamp,
    late: bool,
) -> Sheet {
    let account = &letter.account;
    let since = moment(since);
    let mut lead = vec![format!(
        "{customer} paid {amount}. Since {since}, the usage of {account} is taken from the \
         customer's balance and no longer from yours."
    )];
    if let Some(usage) = usage {
        lead.push(format!("{usage} of it is for usage since you asked, and is on your balance."));
    }
    if late {
        lead.push(format!(
            "The payment landed late: its request had already ended. {account} was still on agency \
             billing, so the payment was honoured."
        ));
    }
    let next = if late {
        "If this is not what you want, open the account and choose Add to Agency Billing: what is \
         left of the customer's balance then goes to yours or back to their card, as you choose."
    } else {
        "You do not have to do anything. Usage from before that moment stays paid from your \
         balance."
    };
    let sheet = Sheet {
        heading: format!("{account} is now on customer billing"),
        lead,
        next: vec![next.to_owned()],
        ..Sheet::default()
    };
    sheet
        .fact("Balance from", "customer")
        .fact("Customer", customer)
        .fact("First payment", amount)
        .fact("Since", since)
}

fn expired(letter: &LetterContent, customer: &EmailAddress, expired_at: Timestamp) -> Sheet {
    let account = &letter.account;
    let sheet = Sheet {
        heading: format!("The billing request for {account} has expired"),
        lead: vec![format!(
            "{customer} did not pay in time, and the link does not work any more. Nothing else has \
             changed: {account} stays on agency billing."
        )],
        next: vec![
            "To ask again, open the account and choose Remove from Agency Billing.".to_owned(),
        ],
        ..Sheet::default()
    };
    sheet.fact("Balance from", "agency").fact("Asked", customer).fact("Expired", moment(expired_at))
}

fn late_payment(letter: &LetterContent, customer: &EmailAddress, amount: Money) -> Sheet {
    let account = &letter.account;
    let sheet = Sheet {
        heading: format!("A late payment for {account} goes back"),
        lead: vec![format!(
            "{customer} paid {amount} for {account}, but another payment, or a change of who pays, \
             had come first. All of it goes back to their card, and no balance has changed."
        )],
        next: vec!["You do not have to do anything. The customer has been told.".to_owned()],
        ..Sheet::default()
    };
    sheet.fact("Customer", customer).fact("Goes back", amount)
}

fn back(
    letter: &LetterContent,
    customer: &EmailAddress,
    choice: ReturnChoice,
    [moved, refunded]: [Money; 2],
    since: Timestamp,
) -> Sheet {
    let account = &letter.account;
    let since = moment(since);
    let balance = match choice {
        _ if moved.is_negative() => {
            format!("The customer's balance was {moved}; you took that over.")
        }
        ReturnChoice::Transfer if moved.is_zero() => {
            "Nothing was left on the customer's balance.".to_owned()
        }
        ReturnChoice::Transfer => {
            format!("What was left on the customer's balance, {moved}, was added to yours.")
        }
        ReturnChoice::Refund if refunded.is_zero() && moved.is_zero() => {
            "Nothing was left on the customer's balance to pay back.".to_owned()
        }
        ReturnChoice::Refund if refunded.is_zero() => format!(
            "What was left on the customer's balance, {moved}, could not be paid back to a card \
             and was added to yours."
        ),
        ReturnChoice::Refund if moved.is_zero() => {
            format!("What was left on the customer's balance, {refunded}, goes back to their card.")
        }
        ReturnChoice::Refund => format!(
            "Of the customer's balance, {refunded} goes back to their card; {moved} could not be \
             paid back to a card and was added to yours."
        ),
    };
    let sheet = Sheet {
        heading: format!("{account} is back on agency billing"),
        lead: vec![
            format!("Since {since}, the usage of {account} is taken from your balance."),
            balance,
            "The customer's billing information was dropped: no card is on file for this account \
             any more."
                .to_owned(),
        ],
        next: vec!["You do not have to do anything. The customer has been told.".to_owned()],
        ..Sheet::default()
    };
    let sheet = sheet.fact("Balance from", "agency").fact("Customer until then", customer);
    let sheet = sheet.fact_if("Added to your balance", (!moved.is_zero()).then_some(moved));
    let sheet = sheet.fact_if("Back to the card", (!refunded.is_zero()).then_some(refunded));
    sheet.fact("Since", since)
}

fn failed(
    letter: &LetterContent,
    customer: &EmailAddress,
    amount: Money,
    card: Option<&Card>,
    on_balance_of: Payer,
) -> Sheet {
    let account = &letter.account;
    let (place, next) = match on_balance_of {
        Payer::Agency => (
            "your balance".to_owned(),
            format!(
                "Please settle it with {customer} in another way, by bank transfer for instance: \
                 the card is not tried again."
            ),
        ),
        Payer::Customer => (
            format!("the customer's balance for {account}"),
            format!(
                "It can be used up there. If {customer} wants it back, please settle it in another \
                 way, by bank transfer for instance: the card is not tried again."
            ),
        ),
    };
    let sheet = Sheet {
        heading: format!("A refund of {amount} could not be paid"),
        lead: vec![format!(
            "The bank would not take the refund of {amount} to {customer} for {account}. \
             The money is not lost: it is on {place}."
        )],
        next: vec![next],
        ..Sheet::default()
    };
    sheet
        .fact("Refund", amount)
        .fact_if("Card", card.map(Card::label))
        .fact("Customer", customer)
        .fact("Account", account)
        .fact("Now on", place)
}

/// Why there will not be another letter soon.
const ONCE: &str = "You get this letter once, not again before the balance has recovered.";

fn customer_down(letter: &LetterContent, customer: &EmailAddress, down: Down) -> Sheet {
    let (account, balance, word) = (&letter.account, down.balance, down.word());
    let lead = if down.standing == Standing::Paused {
        format!(
            "{customer} pays for {account}, and their balance is {balance}. The standing of {account} is \
             now paused; usage that arrives all the same is still taken from their balance, never from \
             yours."
        )
    } else {
        format!(
            "{customer} pays for {account}, and their balance is {balance}. When it is used up, the \
             standing of {account} becomes paused."
        )
    };
    let sheet = Sheet {
        heading: format!("The customer's balance for {account} is {word}"),
        lead: vec![lead],
        next: vec![
            format!(
                "{customer} has been told. To pay for {account} yourself, open the account and choose Add to Agency Billing."
            ),
            ONCE.to_owned(),
        ],
        ..Sheet::default()
    };
    sheet
        .fact("Balance from", "customer")
        .fact("Customer", customer)
        .fact("On their balance", balance)
        .fact("Low below", down.low_below)
}

fn agency_down(down: Down) -> Sheet {
    let (balance, word) = (down.balance, down.word());
    let lead = if down.standing == Standing::Paused {
        format!(
            "Your agency balance is {balance}. The standing of every account on agency billing is now \
             paused; usage that arrives all the same is still taken from your balance."
        )
    } else {
        format!(
            "Your agency balance is {balance}. When it is used up, the standing of every account on \
             agency billing becomes paused."
        )
    };
    let sheet = Sheet {
        heading: format!("Your agency balance is {word}"),
        lead: vec![lead],
        next: vec![
            "To add to it, ask whoever runs Sluice for you. Accounts on customer billing are not concerned."
                .to_owned(),
            ONCE.to_owned(),
        ],
        ..Sheet::default()
    };
    sheet.fact("On your balance", balance).fact("Low below", down.low_below)
}
