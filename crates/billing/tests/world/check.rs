//! What must hold after every transition (DESIGN §5), and once things are at rest.

use billing::{
    Currency,
    funding::{
        Command, DisputeStatus, Effect, Event, Funding, FundingState, Payer, Payment,
        PaymentStatus, Phase, Purpose, Recorded, RefundStatus, fold,
    },
    ledger::Book,
    timeline::intervals,
};

use super::{Account, Checked, Word, World, actor, ensure};

/// After a command that changed something. `before` is the state it met, `first_new` where its events begin in the log.
pub fn after(
    world: &World,
    index: usize,
    before: &Funding,
    command: &Command,
    first_new: usize,
) -> Checked {
    let account = &world.accounts[index];
    let new = &account.log[first_new..];
    state(account)?;
    wire(account, new)?;
    switches(account, before, command, new)?;
    payments(account)?;
    timeline(account)?;
    books(world)
}

/// The state is the fold of its log, and what it says of itself is true.
fn state(account: &Account) -> Checked {
    let funding = &account.funding;
    ensure!(account.folded.clone().trimmed() == *funding, "the state is not the fold of its log");
    let counted =
        account.log.iter().filter(|r| !matches!(r.event, Event::RequestOpened { .. })).count();
    ensure!(
        funding.version == u64::try_from(counted).unwrap(),
        "the version does not count the events"
    );
    ensure!(
        funding.payments.values().all(Payment::is_live),
        "a payment that no longer matters is kept"
    );
    match &funding.state {
        FundingState::Paying { payment, request, .. } => {
            let paying = funding.payments.get(payment);
            ensure!(
                paying.is_some_and(|p| p.status.is_open()),
                "Paying, but its payment is not open"
            );
            ensure!(
                paying.is_some_and(|p| {
                    let usage = request.usage.map(|asked| asked.amount);
                    p.purpose == Purpose::Switch { request: request.id, usage }
                }),
                "Paying, but not what its request asks for"
            );
        }
        FundingState::Returning { .. } => {
            ensure!(funding.open_payments().next().is_some(), "Returning, but waiting for nothing");
        }
        FundingState::Customer { .. } => {
            ensure!(funding.open_request().is_none(), "the customer pays, but a request is open");
        }
        FundingState::Agency { .. } | FundingState::Requested { .. } => {
            ensure!(
                funding.lots().is_empty(),
                "the agency pays, but a customer's payment could be refunded"
            );
        }
    }
    Ok(())
}

/// What is written can be read, and means the same.
fn wire(account: &Account, new: &[Recorded]) -> Checked {
    let text = serde_json::to_string(&account.funding).map_err(|error| error.to_string())?;
    let read: Funding = serde_json::from_str(&text).map_err(|error| format!("{error}: {text}"))?;
    ensure!(read == account.funding, "the state reads back otherwise: {text}");
    for recorded in new {
        let text = serde_json::to_string(recorded).map_err(|error| error.to_string())?;
        let read: Recorded =
            serde_json::from_str(&text).map_err(|error| format!("{error}: {text}"))?;
        ensure!(read == *recorded, "the event reads back otherwise: {text}");
        ensure!(
            text.contains(&format!("\"event\":\"{}\"", recorded.event.name())),
            "the event has two names: {text}"
        );
    }
    Ok(())
}

/// At most one switch per request; exactly one when its payment settles while the agency that was asked to be relieved still
/// pays; none without a payment.
fn switches(account: &Account, before: &Funding, command: &Command, new: &[Recorded]) -> Checked {
    ensure!(
        account.switches.values().all(|times| *times <= 1),
        "a request switched the payer twice"
    );
    let switched: Vec<_> = new
        .iter()
        .filter_map(|recorded| match &recorded.event {
            Event::SwitchedToCustomer { request, payment, .. } => Some((*request, *payment)),
            _ => None,
        })
        .collect();
    let due = match command {
        Command::SettlePayment { payment, .. } => {
            before.payments.get(payment).and_then(|paid| match paid.purpose {
                // A request that was paid has done its work: what else lands for it is sent back.
                Purpose::Switch { request, .. }
                    if before.payer() == Payer::Agency
                        && before.closed.is_none()
                        && paid.status != PaymentStatus::Settled
                        && !paid_before(account, request, new.len()) =>
                {
                    Some((request, *payment))
                }
                _ => None,
            })
        }
        _ => None,
    };
    ensure!(switched == Vec::from_iter(due), "switches {switched:?}, expected {due:?}");
    let flips = |payer| if payer == Payer::Agency { "agency" } else { "customer" };
    let returned = new.iter().any(|r| matches!(r.event, Event::ReturnedToAgency { .. }));
    ensure!(
        (before.payer() != account.funding.payer()) == (!switched.is_empty() || returned),
        "from {} to {} without an event for it",
        flips(before.payer()),
        flips(account.funding.payer())
    );
    Ok(())
}

/// Whether this agency stint began with a return after the request: the customer who was asked then has had their turn.
fn paid_before(account: &Account, request: billing::RequestId, new: usize) -> bool {
    let old = &account.log[..account.log.len() - new];
    let asked = old.iter().position(
        |r| matches!(&r.event, Event::BillingRequested { request: id, .. } if *id == request),
    );
    asked.is_some_and(|asked| {
        old[asked..].iter().any(|r| matches!(r.event, Event::SwitchedToCustomer { .. }))
    })
}

/// Every settled payment was credited or sent back, once; no refund exceeds its payment.
fn payments(account: &Account) -> Checked {
    for payment in account.payments.values() {
        let landed = account.landed.get(&payment.id).copied().unwrap_or_default();
        let settled = payment.status == PaymentStatus::Settled;
        let expected =
            if settled { landed == (1, 0) || landed == (0, 1) } else { landed == (0, 0) };
        ensure!(
            expected,
            "{} is {:?}, credited and sent back {landed:?} times",
            payment.id,
            payment.status
        );
        let refunded: i64 = refunds(payment, |status| status != RefundStatus::Failed);
        // What paid the agency for usage never was the customer's balance; sent back on arrival, all of it is.
        let usage = payment.usage().filter(|_| landed.0 > 0).map_or(0, |usage| usage.micros());
        let most = payment.amount.micros() - usage;
        ensure!(
            payment.refundable().micros() >= 0,
            "{} can be paid back less than nothing",
            payment.id
        );
        ensure!(refunded <= most, "{} is paid back more than once", payment.id);
        ensure!(
            settled || payment.refunds.is_empty(),
            "{} never settled and is paid back",
            payment.id
        );
        ensure!(payment.settled_at.is_some() == settled, "{}: settled, but when?", payment.id);
    }
    Ok(())
}

/// Who paid when: without a gap, without an overlap, and now it is who the state says.
fn timeline(account: &Account) -> Checked {
    let all = intervals(
        account.created_at,
        actor(&Command::AddToAgency {
            choice: billing::funding::ReturnChoice::Transfer,
            take_over_negative: false,
        }),
        &account.log,
    );
    ensure!(all.first().is_some_and(|i| i.from == account.created_at), "the timeline begins late");
    for pair in all.windows(2) {
        ensure!(pair[0].to == Some(pair[1].from), "a gap or an overlap in {pair:?}");
        ensure!(
            pair[0].from <= pair[1].from && pair[0].payer != pair[1].payer,
            "no switch in {pair:?}"
        );
    }
    let now = all.last().ok_or("no timeline")?;
    ensure!(now.to.is_none() && now.payer == account.funding.payer(), "the timeline says {now:?}");
    ensure!(
        now.from == account.funding.since(),
        "paying since {}, not {}",
        account.funding.since(),
        now.from
    );
    Ok(())
}

/// The books tell the same story as the payments.
fn books(world: &World) -> Checked {
    let books = &world.books;
    let total: i64 = books.all().values().sum();
    ensure!(total == 0, "the books are off by {total}");
    let every = || world.accounts.iter().flat_map(|account| account.payments.values());
    let settled: i64 =
        every().filter(|p| p.status == PaymentStatus::Settled).map(|p| p.amount.micros()).sum();
    let repaid: i64 = every().map(|p| refunds(p, |status| status == RefundStatus::Succeeded)).sum();
    let disputed: i64 = every().map(disputed).sum();
    let pending: i64 = every().map(|p| refunds(p, |status| status == RefundStatus::Pending)).sum();
    ensure!(
        books.balance(Book::Clearing) == repaid + disputed - settled,
        "the money at the gateway is not what was paid"
    );
    ensure!(
        books.balance(Book::Refunds) == pending,
        "refunds on their way are not what the payments say"
    );
    for account in &world.accounts {
        let own = books.balance(Book::Customer { sub_account: account.id });
        ensure!(
            account.funding.payer() == Payer::Customer || own == account.aside,
            "the agency pays, but {own} is on the customer's balance, where only {} may be",
            account.aside
        );
    }
    Ok(())
}

/// What cardholders have taken back, for now or for good.
fn disputed(payment: &Payment) -> i64 {
    let gone = payment.disputes.iter().filter(|dispute| dispute.status != DisputeStatus::Won);
    gone.map(|dispute| dispute.amount.micros()).sum()
}

fn refunds(payment: &Payment, which: impl Fn(RefundStatus) -> bool) -> i64 {
    payment
        .refunds
        .iter()
        .filter(|refund| which(refund.status))
        .map(|refund| refund.amount.micros())
        .sum()
}

/// The outside world is asked exactly once for everything that an event needs, and for nothing else.
pub fn effects_of(event: &Event, work: &[Effect], sends: u32) -> Checked {
    let mut letters = 0;
    let mut others = Vec::new();
    for effect in work {
        match effect {
            Effect::Mail { .. } => letters += 1,
            other => others.push(other.clone()),
        }
    }
    let (expected_letters, expected) = match event {
        Event::BillingRequested { request, expires_at, .. }
        | Event::RequestResent { request, expires_at } => {
            ensure!(sends >= 1, "a letter that was never sent");
            (1, vec![Effect::ExpireRequest { request: *request, at: *expires_at }])
        }
        Event::PaymentStarted { payment, .. } => {
            (0, vec![Effect::ConfirmPayment { payment: *payment }])
        }
        Event::PaymentCancelAsked { payment } => {
            (0, vec![Effect::CancelPayment { payment: *payment }])
        }
        Event::PaymentRejected { refund, amount, dropped, .. } => {
            let pay_back = Effect::RefundPayment { refund: *refund, amount: *amount };
            let forget = dropped.clone().map(|card| Effect::DetachCard { card });
            (2, [pay_back].into_iter().chain(forget).collect())
        }
        Event::RefundAsked { refund, amount, .. } => {
            (1, vec![Effect::RefundPayment { refund: *refund, amount: *amount }])
        }
        Event::DisputeOpened { payment, dispute, .. } => {
            (1, vec![Effect::WatchDispute { payment: *payment, dispute: dispute.clone() }])
        }
        Event::DisputeClosed { .. } => (1, vec![]),
        Event::ReturnedToAgency { refunds, dropped, .. } => {
            let pay_back = |(refund, amount): &(_, _)| Effect::RefundPayment {
                refund: *refund,
                amount: *amount,
            };
            let forget = dropped.clone().map(|card| Effect::DetachCard { card });
            (2, refunds.iter().map(pay_back).chain(forget).collect())
        }
        Event::PaymentCredited { dropped, .. } => {
            (1, dropped.clone().map(|card| Effect::DetachCard { card }).into_iter().collect())
        }
        Event::RequestClosed { closure: billing::funding::Closure::Expired, .. }
        | Event::SwitchedToCustomer { .. }
        | Event::RefundFailed { .. } => (1, vec![]),
        _ => (0, vec![]),
    };
    ensure!(letters == expected_letters, "{letters} letters for {event:?}");
    ensure!(others == expected, "{others:?} for {event:?}");
    Ok(())
}

/// Once everything was told: nothing is open, and the gateway's books are ours, one to one.
pub fn at_rest(world: &World) -> Checked {
    for account in &world.accounts {
        let phase = account.funding.phase();
        ensure!(!matches!(phase, Phase::Paying | Phase::Returning), "at rest, but {phase:?}");
        ensure!(account.funding.open_payments().next().is_none(), "at rest, but a payment is open");
        ensure!(
            fold(Funding::new(account.created_at), &account.log).trimmed() == account.funding,
            "the log folds to another state"
        );
    }
    let ours = |id| world.accounts.iter().find_map(|account| account.payments.get(id));
    for (id, intent) in &world.gateway.intents {
        let payment = ours(id).ok_or("the gateway has a payment that we do not know")?;
        let charged = intent.words.last() == Some(&Word::Settled);
        ensure!(
            charged == (payment.status == PaymentStatus::Settled),
            "{id} is {:?} here",
            payment.status
        );
        ensure!(payment.amount == intent.amount, "{id} is {} here", payment.amount);
    }
    for (key, repayment) in &world.gateway.repayments {
        let refund =
            ours(&key.payment).and_then(|payment| payment.refund(*key)).ok_or("no such refund")?;
        let expected = match repayment.words.last() {
            Some(true) => RefundStatus::Succeeded,
            Some(false) => RefundStatus::Failed,
            None => RefundStatus::Pending,
        };
        ensure!(
            refund.status == expected && refund.amount == repayment.amount,
            "{key} is {refund:?} here"
        );
    }
    for (name, complaint) in &world.gateway.complaints {
        let dispute = ours(&complaint.payment)
            .and_then(|payment| payment.dispute(name))
            .ok_or("the gateway has a dispute that we do not know")?;
        let expected = match complaint.won {
            None => DisputeStatus::Open,
            Some(true) => DisputeStatus::Won,
            Some(false) => DisputeStatus::Lost,
        };
        ensure!(
            dispute.status == expected && dispute.amount == complaint.amount,
            "{name} is {dispute:?} here"
        );
    }
    let clearing = -world.books.balance(Book::Clearing);
    let holds = world.gateway.holds();
    ensure!(
        clearing == holds,
        "the gateway holds {holds} {}, the books say {clearing}",
        Currency::Usd
    );
    ensure!(world.books.balance(Book::Refunds) == 0, "at rest, but refunds are on their way");
    Ok(())
}
