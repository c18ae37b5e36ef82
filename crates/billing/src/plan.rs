//! What a dialog promises before its button is pressed: computed by the very `decide` that the server will run.

use crate::{
    Money, SubAccountId,
    funding::{
        Actor, Command, Context, Decision, Event, Funding, Payer, Refusal, ReturnChoice, apply,
        decide, event::Recorded,
    },
    ledger::{Book, entry_for},
    letters::first_name,
};

/// One moment on the line of what will happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When and what, in a few words.
    pub title: String,
    /// What it means.
    pub detail: String,
}

/// One amount, before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceLine {
    /// Whose balance.
    pub of: Payer,
    /// Now.
    pub before: Money,
    /// After the command.
    pub after: Money,
}

/// What will happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The first is now.
    pub moments: Vec<Moment>,
    /// Balances that change at once.
    pub balances: Vec<BalanceLine>,
    /// Paid back to cards.
    pub refunded: Money,
    /// Who pays once the command is done (not once the customer has paid).
    pub payer: Payer,
    /// It waits for a payment in flight first.
    pub waits: bool,
}

/// Plans a command.
///
/// # Errors
/// The [`Refusal`] that `decide` gives: the reason a button is disabled.
pub fn plan(
    sub_account: SubAccountId,
    funding: &Funding,
    command: &Command,
    context: &Context<'_>,
    agency_balance: Money,
) -> Result<Plan, Refusal> {
    let events = match decide(funding, command, context)? {
        Decision::Events(events) => events,
        Decision::AlreadyApplied => Vec::new(),
    };
    let record = |event| Recorded { at: context.now, actor: context.actor.clone(), event };
    let log: Vec<_> = events.into_iter().map(record).collect();
    let after = log.iter().fold(funding.clone(), apply);
    let entries = log.iter().filter_map(|recorded| entry_for(sub_account, recorded).ok().flatten());
    let zero = Money::zero(agency_balance.currency());
    let (mut agency, mut customer, mut refunded) = (zero, zero, zero);
    let own = Book::Customer { sub_account };
    for entry in entries {
        let add = |sum: Money, book| sum.plus(entry.change_to(book)).map_err(|_| Refusal::Overflow);
        agency = add(agency, Book::Agency)?;
        customer = add(customer, own)?;
        refunded = add(refunded, Book::Refunds)?;
    }
    let line = |of, before: Money, change: Money| {
        (!change.is_zero())
            .then(|| before.plus(change).map(|after| BalanceLine { of, before, after }))
            .transpose()
            .map_err(|_| Refusal::Overflow)
    };
    let balances = [
        line(Payer::Customer, context.customer_balance, customer)?,
        line(Payer::Agency, agency_balance, agency)?,
    ];
    let waits = log.iter().any(|recorded| matches!(recorded.event, Event::ReturnAsked { .. }));
    Ok(Plan {
        moments: moments(command, funding, context, agency, refunded, waits),
        balances: balances.into_iter().flatten().collect(),
        refunded,
        payer: after.payer(),
        waits,
    })
}

fn moment(title: impl Into<String>, detail: impl Into<String>) -> Moment {
    Moment { title: title.into(), detail: detail.into() }
}

fn moments(
    command: &Command,
    funding: &Funding,
    context: &Context<'_>,
    moved: Money,
    refunded: Money,
    waits: bool,
) -> Vec<Moment> {
    match command {
        Command::RequestBilling { email, .. } => {
            let who = first_name(email).unwrap_or_else(|| "The customer".to_owned());
            let days = context.policy.request_ttl_seconds / 86_400;
            let minimum = context.policy.minimum;
            let replaces = if funding.open_request().is_some() {
                "The earlier link stops working. The agency keeps paying."
            } else {
                "The agency keeps paying. Nothing else changes."
            };
            let balance =
                if who == "The customer" { "their own".to_owned() } else { format!("{who}'s") };
            vec![
                moment("Now: the e-mail goes out", replaces),
                moment(
                    format!("{who} pays on the secure page"),
                    format!(
                        "Any amount from {minimum}, within {days} days; you can resend or revoke at any time."
                    ),
                ),
                moment(
                    "From that moment: customer billing",
                    format!(
                        "Usage draws from {balance} balance. What the agency paid until then stays paid."
                    ),
                ),
            ]
        }
        Command::AddToAgency { choice, .. } => {
            returning(funding, *choice, (moved, refunded), waits, &[AGENCY_BILLING])
        }
        Command::CloseAccount { choice, .. } => closing(funding, *choice, (moved, refunded), waits),
        Command::RefundPayment { amount, .. } => vec![
            moment(
                "Now: it leaves the customer's balance",
                format!("{amount} is on its way back to the card. The customer is told by e-mail."),
            ),
            moment(
                "In 5 to 10 days: it is on the card",
                "That is how long banks take. If the card's bank refuses it, it comes back to the balance.",
            ),
        ],
        Command::RevokeRequest { .. } => vec![
            moment(
                "Now: the link stops working",
                "Whoever opens it reads that the request was withdrawn.",
            ),
            moment("The agency keeps paying", "You can send a new request at any time."),
        ],
        _ => Vec::new(),
    }
}

const AGENCY_BILLING: (&str, &str) = (
    "From then on: agency billing",
    "Usage draws from the agency balance. What the customer paid until then stays paid.",
);
const CLOSED: (&str, &str) = (
    "From then on: closed",
    "It is paused, and nobody can be asked to pay for it. Usage that still arrives is recorded, and the agency pays it.",
);

/// The customer's billing information goes, and the balance: `moved` to the agency's, `refunded` to cards.
fn returning(
    funding: &Funding,
    choice: ReturnChoice,
    (moved, refunded): (Money, Money),
    waits: bool,
    then: &[(&str, &str)],
) -> Vec<Moment> {
    let card = funding.customer().and_then(|customer| customer.card.as_ref());
    let forgotten = card.map_or("There is no card on file.".to_owned(), |card| {
        format!("{} is removed from file and can't be charged any more.", card.label())
    });
    let money = match choice {
        ReturnChoice::Refund => moment(
            format!("{refunded} goes back to the card"),
            if moved.is_zero() {
                "Banks take 5 to 10 days to show it.".to_owned()
            } else {
                format!(
                    "Banks take 5 to 10 days to show it. {moved} can't be refunded and is added to the agency balance."
                )
            },
        ),
        ReturnChoice::Transfer if moved.is_negative() => moment(
            format!("The agency takes over {moved}"),
            "The customer's balance is below zero; the agency balance pays it.",
        ),
        ReturnChoice::Transfer => moment(
            format!("{moved} is added to the agency balance"),
            "In one balanced entry, at once.",
        ),
    };
    let mut all = if waits {
        vec![moment(
            "Now: a payment is under way",
            "The account returns as soon as its outcome is known; what it brings is treated the same way.",
        )]
    } else {
        vec![moment("Now: the customer's billing information is dropped", forgotten), money]
    };
    all.extend(then.iter().map(|(title, detail)| moment(*title, *detail)));
    all
}

fn closing(
    funding: &Funding,
    choice: ReturnChoice,
    money: (Money, Money),
    waits: bool,
) -> Vec<Moment> {
    if funding.payer() == Payer::Customer {
        return returning(funding, choice, money, waits, &[CLOSED]);
    }
    let asked = funding.open_request().map(|request| {
        moment(
            "Now: the link stops working",
            format!(
                "The request to {} is withdrawn. A payment that comes after all is paid back.",
                request.email
            ),
        )
    });
    asked.into_iter().chain([moment(CLOSED.0, CLOSED.1)]).collect()
}

/// Who a preview acts as: the server will put the real person there.
pub fn preview_actor() -> Actor {
    Actor::system("preview")
}
