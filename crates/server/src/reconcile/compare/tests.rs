use billing::{
    Currency, Money, PaymentId, RequestId, SubAccountId, Timestamp,
    funding::{Payment, Purpose, Refund, RefundKey},
    text::EmailAddress,
};

use super::*;
use crate::gateway::stripe::SeenRefund;

fn usd(units: i64) -> Money {
    Money::from_micros(units * 1_000_000, Currency::Usd)
}

fn at() -> Timestamp {
    Timestamp::from_millis(1_795_363_809_250)
}

fn id(number: u8) -> PaymentId {
    PaymentId::new(at(), [number; 10])
}

fn account() -> SubAccountId {
    SubAccountId::new(at(), [9; 10])
}

fn row(number: u8, status: PaymentStatus) -> PaymentRow {
    let payment = Payment {
        id: id(number),
        purpose: Purpose::Switch { request: RequestId::new(at(), [7; 10]), usage: None },
        amount: usd(100),
        started_at: at(),
        status,
        failure: None,
        settled_at: None,
        credited: true,
        is_lot: true,
        email: EmailAddress::parse("dana@brightwater.example").unwrap(),
        card: None,
        refunds: Vec::new(),
        disputes: Vec::new(),
    };
    PaymentRow {
        account: Some(account()),
        payment,
        confirmation_token: None,
        intent: Some(format!("pi_{number}")),
        quarantined: None,
    }
}

fn intent(number: u8, status: IntentStatus) -> Intent {
    Intent {
        id: format!("pi_{number}"),
        status,
        amount: usd(100),
        customer: Some("cus_1".to_owned()),
        client_secret: None,
        card: None,
        decline: None,
        payment: Some(id(number)),
        live: false,
    }
}

fn refund(name: Option<String>, amount: Money, outcome: RefundOutcome) -> SeenRefund {
    let (id, intent) = ("re_1".to_owned(), Some("pi_1".to_owned()));
    SeenRefund { id, intent, amount, outcome, refund: name }
}

fn one(row: PaymentRow, intents: Vec<Intent>) -> Vec<Difference> {
    let theirs = Theirs { intents, ..Theirs::default() };
    compare(&Ours { payments: vec![row], ..Ours::default() }, &theirs)
}

#[test]
fn every_pair_of_states_either_agrees_or_says_who_settles_it() {
    use IntentStatus as There;
    use PaymentStatus as Here;
    let unknown = There::Unknown("requires_capture".to_owned());
    let theirs = [
        There::Succeeded,
        There::RequiresAction,
        There::RequiresPaymentMethod,
        There::Processing,
        There::Canceled,
        unknown,
    ];
    // A column for each of theirs: agrees (-), the server will (s), a person has to (p).
    let table = [
        (Here::Started, "s-s-s-"),
        (Here::ActionRequired, "s-s-s-"),
        (Here::Failed, "pp-p--"),
        (Here::Settled, "-ppppp"),
    ];
    for (status, expected) in table {
        let found: String = theirs
            .iter()
            .map(|there| match one(row(1, status), vec![intent(1, there.clone())]).as_slice() {
                [] => '-',
                [one] if one.advice == SERVER => 's',
                [one] if one.advice == PERSON => 'p',
                more => panic!("{more:?}"),
            })
            .collect();
        assert_eq!(found, expected, "{status:?}");
    }
}

#[test]
fn what_only_one_side_has_is_told() {
    let settled = || row(1, PaymentStatus::Settled);
    let [lost] = &one(settled(), vec![])[..] else { panic!("ours is nowhere") };
    assert_eq!((&*lost.ours, &*lost.theirs, lost.advice), ("settled $100.00", "nothing", PERSON));
    // Intended, and the gateway was never asked.
    let unasked = PaymentRow { intent: None, ..row(1, PaymentStatus::Started) };
    assert_eq!(one(unasked, vec![]), []);
    // Two charges for one payment: the other is nobody's.
    let twin = Intent { id: "pi_9".to_owned(), ..intent(1, IntentStatus::Succeeded) };
    let [twice] = &one(settled(), vec![intent(1, IntentStatus::Succeeded), twin])[..] else {
        panic!("charged twice")
    };
    assert_eq!((&*twice.about, &*twice.ours, twice.advice), ("pi_9", "nothing", NOT_OURS));
    // The answer with the id was lost: the metadata tells.
    let deaf = PaymentRow { intent: None, ..row(1, PaymentStatus::Started) };
    let [unheard] = &one(deaf, vec![intent(1, IntentStatus::Succeeded)])[..] else {
        panic!("charged, and not heard of")
    };
    assert_eq!(unheard.advice, SERVER);
}

#[test]
fn another_amount_or_a_payment_put_aside_is_told() {
    let more = Intent { amount: usd(101), ..intent(1, IntentStatus::Succeeded) };
    let found = one(row(1, PaymentStatus::Settled), vec![more]);
    assert_eq!((found.len(), &*found[0].theirs), (1, "succeeded $101.00"));
    let aside = PaymentRow {
        quarantined: Some("another customer".to_owned()),
        ..row(1, PaymentStatus::Started)
    };
    let found = one(aside, vec![intent(1, IntentStatus::Succeeded)]);
    assert_eq!((found.len(), found[0].advice), (1, ASIDE));
}

#[test]
fn refunds_agree_by_name_amount_and_outcome() {
    let key = RefundKey { payment: id(1), number: 1 };
    let check = |ours: Option<RefundStatus>, theirs: Vec<SeenRefund>| {
        let mut row = row(1, PaymentStatus::Settled);
        row.payment.refunds =
            ours.map(|status| Refund { key, amount: usd(40), status }).into_iter().collect();
        let theirs = Theirs {
            intents: vec![intent(1, IntentStatus::Succeeded)],
            refunds: theirs,
            cards: vec![],
            disputes: Vec::new(),
        };
        let found = compare(&Ours { payments: vec![row], cards: vec![] }, &theirs);
        found.iter().map(|one| one.advice).collect::<Vec<_>>()
    };
    let named = |amount, outcome| vec![refund(Some(key.to_string()), amount, outcome)];
    use RefundOutcome as There;
    use RefundStatus as Here;
    assert_eq!(check(Some(Here::Succeeded), named(usd(40), There::Succeeded)), [""; 0]);
    assert_eq!(check(Some(Here::Failed), named(usd(40), There::Failed)), [""; 0]);
    assert_eq!(check(Some(Here::Failed), vec![]), [""; 0]);
    assert_eq!(check(Some(Here::Pending), named(usd(40), There::Pending)), [""; 0]);
    assert_eq!(check(Some(Here::Pending), named(usd(40), There::Succeeded)), [SERVER]);
    assert_eq!(check(Some(Here::Pending), vec![]), [SERVER]);
    assert_eq!(check(Some(Here::Succeeded), vec![]), [PERSON]);
    assert_eq!(check(Some(Here::Succeeded), named(usd(41), There::Succeeded)), [PERSON]);
    assert_eq!(check(Some(Here::Failed), named(usd(40), There::Succeeded)), [PERSON]);
    assert_eq!(check(None, vec![refund(None, usd(5), There::Succeeded)]), [NOT_OURS]);
    let twice = [named(usd(40), There::Succeeded), named(usd(40), There::Succeeded)].concat();
    assert_eq!(check(Some(Here::Succeeded), twice), [NOT_OURS]);
}

#[test]
fn a_card_is_kept_on_both_sides_or_on_none() {
    let check = |ours: &[&str], theirs: &[&str]| {
        let ours = ours.iter().map(|card| (Some(account()), (*card).to_owned())).collect();
        let theirs = theirs.iter().map(|card| ("cus_1".to_owned(), (*card).to_owned())).collect();
        let found = compare(
            &Ours { cards: ours, ..Ours::default() },
            &Theirs { cards: theirs, ..Theirs::default() },
        );
        found.into_iter().map(|one| (one.about, one.advice)).collect::<Vec<_>>()
    };
    assert_eq!(check(&["pm_1"], &["pm_1"]), []);
    assert_eq!(check(&[], &["pm_1"]), [("pm_1".to_owned(), DETACH)]);
    assert_eq!(
        check(&["pm_1"], &["pm_2"]),
        [("pm_2".to_owned(), DETACH), ("pm_1".to_owned(), NEW_CARD)]
    );
}
