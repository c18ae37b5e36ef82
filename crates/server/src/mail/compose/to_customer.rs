//! The words to customers. They may never have heard of Sluice: the agency speaks.

use billing::{
    Money, PaymentId, Standing, Timestamp,
    funding::{Card, ReturnChoice},
    letters::{REQUEST_BUTTON, request_subject},
    text::MessageText,
};

use super::{
    Down, Facts, LetterContent,
    dates::moment,
    money_back,
    sheet::{Button, Message, Sheet},
    to_payer::SEE,
};

/// How long refunds take, as banks say.
const REFUND_TAKES: &str = "Banks usually take 5 to 10 business days to show it.";

pub fn sheet(letter: &LetterContent) -> Sheet {
    let mut sheet = match &letter.facts {
        Facts::BillingRequest { message, starting_balance, usage, minimum, link, expires_at } => {
            let sums = (*starting_balance, *usage, *minimum);
            request(letter, message, sums, link, *expires_at)
        }
        Facts::Receipt {
            payment,
            amount,
            usage,
            card,
            paid_at,
            balance,
            switched_at,
            is_recharge,
            link,
        } => {
            let card = card.as_ref();
            let sums = (*amount, *usage, *balance);
            let sheet = receipt(letter, *payment, sums, card, *paid_at, *switched_at);
            see(by_itself(sheet, *is_recharge), link.as_deref())
        }
        Facts::PaymentReturned { payment, amount, card } => {
            returned(letter, *payment, *amount, card.as_ref())
        }
        Facts::BillingEnded { choice, moved, refunded, card, since } => {
            ended(letter, *choice, [*moved, *refunded], card.as_ref(), *since)
        }
        Facts::MoneyBack(back) => money_back::sheet(letter, back),
        Facts::BalanceDown { down, link } => {
            see(down_to(letter, *down, link.is_some()), link.as_deref())
        }
        // The agency's letters are not worded here.
        _ => Sheet::default(),
    };
    let (agency, to) = (&letter.agency, &letter.to);
    sheet.sender = agency.to_string();
    sheet.look = letter.look.for_mail();
    sheet.small.push(format!("Sent to {to} by {agency} with Sluice, its billing system."));
    sheet
}

/// With the way to the balance.
fn see(mut sheet: Sheet, link: Option<&str>) -> Sheet {
    if let Some(url) = link {
        sheet.button = Some(Button { label: SEE, url: url.to_owned() });
        sheet.small.push(
            "The link is yours alone and good for 24 hours; the page sends you a new one."
                .to_owned(),
        );
    }
    sheet
}

/// Nobody has pressed a button.
fn by_itself(mut sheet: Sheet, is_recharge: bool) -> Sheet {
    if is_recharge {
        let why = "It was charged by auto-recharge, as you agreed: your balance had fallen below the threshold.";
        sheet.lead.push(why.to_owned());
    }
    sheet
}

fn request(
    letter: &LetterContent,
    message: &MessageText,
    (starting_balance, usage, minimum): (Money, Option<Money>, Money),
    link: &str,
    expires_at: Timestamp,
) -> Sheet {
    let (agency, account) = (&letter.agency, &letter.account);
    let until = moment(expires_at);
    let lines = message.as_str().split('\n').map(str::to_owned).collect();
    let sheet = Sheet {
        heading: request_subject(account),
        lead: vec![format!("{agency} asks you to pay for {account} from a balance of your own.")],
        message: Some(Message { by: agency.to_string(), lines }),
        button: Some(Button { label: REQUEST_BUTTON, url: link.to_owned() }),
        next: vec![
            format!(
                "Opening the page costs nothing. Until you pay, {agency} goes on paying for \
                 {account}. Your first payment becomes your own balance, and from that moment on \
                 usage is taken from it."
            ),
            format!(
                "The link is yours alone: please do not pass it on. It is good for one payment, \
                 until {until}. If you did not expect this, ask {agency}, or do nothing: nothing \
                 will happen."
            ),
        ],
        ..Sheet::default()
    };
    let suggested = if starting_balance == minimum {
        format!("{minimum} or more")
    } else {
        format!("{starting_balance} suggested, {minimum} at least")
    };
    sheet
        .fact("Account", account)
        .fact("First payment", suggested)
        .fact_if("On top, for usage since you were asked", usage)
        .fact("Link good until", until)
}

fn receipt(
    letter: &LetterContent,
    payment: PaymentId,
    (amount, usage, balance): (Money, Option<Money>, Money),
    card: Option<&Card>,
    paid_at: Timestamp,
    switched_at: Option<Timestamp>,
) -> Sheet {
    let (agency, account) = (&letter.agency, &letter.account);
    let mut next = Vec::new();
    if let Some(since) = switched_at {
        let since = moment(since);
        next.push(format!("Since {since}, the usage of {account} is taken from this balance."));
    }
    if card.is_some() {
        next.push(format!(
            "The payment provider keeps your card on file for your next payments. Its number is \
             known neither to {agency} nor to Sluice."
        ));
    }
    next.push(format!("Please keep this receipt. For questions about it, ask {agency}."));
    let sheet = Sheet {
        heading: format!("Receipt: {amount} for {account}"),
        lead: vec![match usage {
            Some(usage) => format!(
                "Thank you. Your payment of {amount} has arrived. {usage} of it is for the usage of \
                 {account} that {agency} had paid since you were asked; the rest is on your balance."
            ),
            None => format!(
                "Thank you. Your payment of {amount} has arrived and is on your balance for {account}."
            ),
        }],
        next,
        ..Sheet::default()
    };
    sheet
        .fact("Paid", amount)
        .fact_if("Of it for usage since you were asked", usage)
        .fact_if("Card", card.map(Card::label))
        .fact("Paid to", agency)
        .fact("Account", account)
        .fact("Date", moment(paid_at))
        .fact("On your balance", balance)
        .fact("Payment", payment)
}

fn returned(
    letter: &LetterContent,
    payment: PaymentId,
    amount: Money,
    card: Option<&Card>,
) -> Sheet {
    let (agency, account) = (&letter.agency, &letter.account);
    let card = card.map_or("the card it came from".to_owned(), Card::label);
    let sheet = Sheet {
        heading: format!("Your payment of {amount} goes back to you"),
        lead: vec![format!(
            "Your payment for {account} was no longer needed when it arrived: another payment, or a \
             change of who pays, had come first. All of it, {amount}, goes back to {card}."
        )],
        next: vec![
            format!("You do not have to do anything. {REFUND_TAKES}"),
            format!("If it has not come back by then, show this letter to {agency}."),
        ],
        ..Sheet::default()
    };
    sheet
        .fact("Goes back", amount)
        .fact("To", card)
        .fact("Account", account)
        .fact("Payment", payment)
}

fn ended(
    letter: &LetterContent,
    choice: ReturnChoice,
    [moved, refunded]: [Money; 2],
    card: Option<&Card>,
    since: Timestamp,
) -> Sheet {
    let (agency, account) = (&letter.agency, &letter.account);
    let to_card = card.map_or("your card".to_owned(), Card::label);
    let mut lead = vec![format!(
        "Since {}, {agency} pays for the usage of {account} again. You will not be charged any \
         more.",
        moment(since)
    )];
    lead.push(match choice {
        _ if moved.is_negative() => {
            format!("Your balance was {moved}. {agency} has taken that over: you owe nothing.")
        }
        ReturnChoice::Transfer if moved.is_zero() => {
            "Your balance was used up: nothing was left on it.".to_owned()
        }
        ReturnChoice::Transfer => {
            format!("What was left on your balance, {moved}, is now with {agency}.")
        }
        ReturnChoice::Refund if refunded.is_zero() && moved.is_zero() => {
            "Your balance was used up: nothing was left to pay back.".to_owned()
        }
        ReturnChoice::Refund if refunded.is_zero() => format!(
            "What was left on your balance, {moved}, could not be paid back to a card and is now \
             with {agency}."
        ),
        ReturnChoice::Refund if moved.is_zero() => {
            format!(
                "What was left on your balance, {refunded}, goes back to {to_card}. {REFUND_TAKES}"
            )
        }
        ReturnChoice::Refund => format!(
            "Of your balance, {refunded} goes back to {to_card}. {REFUND_TAKES} The other {moved} \
             could not be paid back to a card and is now with {agency}."
        ),
    });
    if let Some(card) = card {
        let card = card.label();
        lead.push(format!(
            "{card} is no longer on file; the payment provider is told to forget it."
        ));
    }
    let sheet = Sheet {
        heading: format!("{agency} pays for {account} again"),
        lead,
        next: vec![format!(
            "You do not have to do anything. For questions about your balance, ask {agency}."
        )],
        ..Sheet::default()
    };
    let sheet = sheet.fact("Account", account);
    let sheet = sheet.fact_if("Goes back to your card", refunded.is_positive().then_some(refunded));
    sheet.fact_if("Now with the agency", moved.is_positive().then_some(moved))
}

fn down_to(letter: &LetterContent, down: Down, has_link: bool) -> Sheet {
    let (agency, account) = (&letter.agency, &letter.account);
    let (balance, word) = (down.balance, down.word());
    let lead = if down.standing == Standing::Paused {
        format!(
            "Your balance for {account} is {balance}. Until there is money on it again, {account} may \
             be paused."
        )
    } else {
        format!(
            "Your balance for {account} is {balance}. The usage of {account} goes on being taken \
             from it; when it is used up, {account} may be paused."
        )
    };
    let sheet = Sheet {
        heading: format!("Your balance for {account} is {word}"),
        lead: vec![lead],
        next: vec![
            match has_link {
                true => format!("You can top it up there. For questions about it, ask {agency}."),
                false => format!("To add to it, or if you have questions about it, ask {agency}."),
            },
            "You get this letter once, not again before your balance has recovered.".to_owned(),
        ],
        ..Sheet::default()
    };
    sheet
        .fact("Account", account)
        .fact("On your balance", balance)
        .fact("Low below", down.low_below)
}
