//! Every letter, compared whole with the one in `tests/golden/mail`. `SLUICE_UPDATE_GOLDEN=1` writes them anew.

use std::{fs, path::PathBuf};

use billing::Currency;

use super::*;

mod wallet;

const BALANCE_URL: &str = "https://billing.example/balance#t=AbC_d-9";
const ACCOUNT_URL: &str = "https://billing.example/accounts/sub_06fyk7";

fn usd(amount: &str) -> Money {
    Money::parse_wire(amount, Currency::Usd).unwrap()
}

fn at(rfc_3339: &str) -> Timestamp {
    Timestamp::parse(rfc_3339).unwrap()
}

fn since() -> Timestamp {
    at("2026-11-22T16:10:09Z")
}

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn dana() -> EmailAddress {
    address("dana@brightwater.co")
}

fn visa() -> Card {
    Card {
        payment_method: Some("pm_1".to_owned()),
        brand: "visa".to_owned(),
        last4: "4242".to_owned(),
        exp_month: 12,
        exp_year: 2030,
    }
}

fn payment() -> PaymentId {
    PaymentId::new(since(), [5; 10])
}

fn letter(to: &str, facts: Facts) -> LetterContent {
    LetterContent {
        message_id: "mail_06fyk7".to_owned(),
        to: address(to),
        agency: Name::parse("Northwind Media").unwrap(),
        account: Name::parse("Brightwater Plumbing").unwrap(),
        facts,
        look: Look::default(),
    }
}

fn to_dana(facts: Facts) -> LetterContent {
    letter("dana@brightwater.co", facts)
}

fn to_agency(facts: Facts) -> LetterContent {
    letter("olivia@northwind.example", facts)
}

fn request(message: &str) -> Facts {
    Facts::BillingRequest {
        message: MessageText::parse(message).unwrap(),
        starting_balance: usd("100.00"),
        usage: None,
        minimum: usd("25.00"),
        link: "https://billing.example/pay#t=AbC_d-9".to_owned(),
        expires_at: at("2026-11-29T16:10:09Z"),
    }
}

fn invitation(role: Role, accounts: &[&str]) -> LetterContent {
    let facts = Facts::Invitation {
        name: Name::parse("Kim Vos").unwrap(),
        by: "Robin Hale".to_owned(),
        role,
        accounts: accounts.iter().map(|name| Name::parse(name).unwrap()).collect(),
        link: "https://billing.example/join#t=AbC_d-9".to_owned(),
        expires_at: at("2026-11-29T16:10:09Z"),
    };
    letter("kim@northwind.example", facts)
}

/// The request asks for usage on top.
fn with_usage(mut facts: Facts) -> LetterContent {
    if let Facts::BillingRequest { usage, .. } = &mut facts {
        *usage = Some(usd("3.50"));
    }
    to_dana(facts)
}

fn ended(choice: ReturnChoice, moved: &str, refunded: &str) -> LetterContent {
    to_dana(Facts::BillingEnded {
        choice,
        moved: usd(moved),
        refunded: usd(refunded),
        card: Some(visa()),
        since: since(),
    })
}

fn back(choice: ReturnChoice, moved: &str, refunded: &str) -> LetterContent {
    to_agency(Facts::NowOnAgencyBilling {
        customer: dana(),
        choice,
        moved: usd(moved),
        refunded: usd(refunded),
        since: since(),
        account_url: ACCOUNT_URL.to_owned(),
    })
}

fn switched(late: bool, usage: Option<Money>) -> LetterContent {
    to_agency(Facts::NowOnCustomerBilling {
        customer: dana(),
        amount: usd("100.00"),
        usage,
        since: since(),
        late,
        account_url: ACCOUNT_URL.to_owned(),
    })
}

fn refund_failed(on_balance_of: Payer) -> LetterContent {
    to_agency(Facts::RefundFailed {
        customer: dana(),
        amount: usd("40.00"),
        card: Some(visa()),
        on_balance_of,
        account_url: ACCOUNT_URL.to_owned(),
    })
}

fn disputed() -> Disputed {
    Disputed {
        payment: payment(),
        amount: usd("100.00"),
        payer: dana(),
        card: Some(visa()),
        payments_url: format!("{ACCOUNT_URL}/payments"),
    }
}

fn dispute_opened(answer_by: Option<Timestamp>, from_customer: &str) -> LetterContent {
    to_agency(Facts::MoneyBack(MoneyBack::DisputeOpened {
        of: disputed(),
        reason: "product_not_received".to_owned(),
        answer_by,
        from_customer: usd(from_customer),
    }))
}

fn dispute_closed(won: bool, to_customer: &str) -> LetterContent {
    let to_customer = usd(to_customer);
    to_agency(Facts::MoneyBack(MoneyBack::DisputeClosed { of: disputed(), won, to_customer }))
}

fn receipt(
    card: Option<Card>,
    usage: Option<Money>,
    switched_at: Option<Timestamp>,
) -> LetterContent {
    to_dana(Facts::Receipt {
        payment: payment(),
        amount: usd("100.00"),
        usage,
        card,
        paid_at: since(),
        balance: usd("98.125"),
        switched_at,
        is_recharge: false,
        link: Some(BALANCE_URL.to_owned()),
    })
}

fn down(standing: Standing, balance: &str) -> Down {
    Down { standing, balance: usd(balance), low_below: usd("10.00") }
}

fn down_with(down: Down, has_link: bool) -> Facts {
    Facts::BalanceDown { down, link: has_link.then(|| BALANCE_URL.to_owned()) }
}

fn customer_down(standing: Standing, balance: &str) -> LetterContent {
    to_agency(Facts::CustomerBalanceDown {
        customer: dana(),
        down: down(standing, balance),
        account_url: ACCOUNT_URL.to_owned(),
    })
}

fn agency_down(standing: Standing, balance: &str) -> LetterContent {
    let url = "https://billing.example".to_owned();
    let down = Down { low_below: usd("100.00"), ..down(standing, balance) };
    to_agency(Facts::AgencyBalanceDown { down, url })
}

fn hostile() -> LetterContent {
    let evil = "\"><script>alert(1)</script>";
    LetterContent {
        account: Name::parse(&format!("Plumbing{evil}")).unwrap(),
        agency: Name::parse("O'Neill & Søn </title><img src=x>").unwrap(),
        ..to_dana(request(&format!(
            "Hi <b>Dana</b> 👋,\r\n\r\n{{{{ 7 * 7 }}}} {evil}\n.\n-- \nBye"
        )))
    }
}

fn letters() -> Vec<(&'static str, LetterContent)> {
    let mut all = payment_letters();
    all.extend(wallet::letters());
    all
}

fn payment_letters() -> Vec<(&'static str, LetterContent)> {
    use ReturnChoice::{Refund, Transfer};
    vec![
        (
            "billing_request",
            to_dana(request("Hi Dana,\n\nplease add your card.\n\nThank you,\nOlivia")),
        ),
        ("billing_request_hostile", hostile()),
        ("billing_request_usage", with_usage(request("Hi Dana"))),
        ("receipt", receipt(Some(visa()), None, Some(since()))),
        ("receipt_usage", receipt(Some(visa()), Some(usd("3.50")), Some(since()))),
        ("receipt_top_up", receipt(None, None, None)),
        ("now_on_customer_billing", switched(false, None)),
        ("now_on_customer_billing_usage", switched(false, Some(usd("3.50")))),
        ("now_on_customer_billing_late", switched(true, None)),
        (
            "request_expired",
            to_agency(Facts::RequestExpired {
                customer: dana(),
                expired_at: since(),
                account_url: ACCOUNT_URL.to_owned(),
            }),
        ),
        (
            "payment_returned",
            to_dana(Facts::PaymentReturned {
                payment: payment(),
                amount: usd("100.00"),
                card: Some(visa()),
            }),
        ),
        (
            "late_payment_returned",
            to_agency(Facts::LatePaymentReturned {
                customer: dana(),
                amount: usd("100.00"),
                account_url: ACCOUNT_URL.to_owned(),
            }),
        ),
        ("billing_ended_transfer", ended(Transfer, "61.874", "0.00")),
        ("billing_ended_refund", ended(Refund, "0.874", "61.00")),
        ("billing_ended_debt", ended(Transfer, "-1.87", "0.00")),
        ("now_on_agency_billing_transfer", back(Transfer, "61.874", "0.00")),
        ("now_on_agency_billing_refund", back(Refund, "0.874", "61.00")),
        ("now_on_agency_billing_debt", back(Transfer, "-1.87", "0.00")),
        ("refund_failed_agency", refund_failed(Payer::Agency)),
        ("refund_failed_customer", refund_failed(Payer::Customer)),
        (
            "refund_on_its_way",
            to_dana(Facts::MoneyBack(MoneyBack::Refund {
                payment: payment(),
                amount: usd("40.00"),
                card: Some(visa()),
            })),
        ),
        ("dispute_opened_customer", dispute_opened(Some(since()), "100.00")),
        ("dispute_opened_agency", dispute_opened(None, "0.00")),
        ("dispute_opened_both", dispute_opened(Some(since()), "96.50")),
        ("dispute_won_customer", dispute_closed(true, "100.00")),
        ("dispute_won_agency", dispute_closed(true, "0.00")),
        ("dispute_lost", dispute_closed(false, "0.00")),
        ("balance_down_low", to_dana(down_with(down(Standing::Low, "9.874"), true))),
        ("balance_down_paused", to_dana(down_with(down(Standing::Paused, "-0.126"), false))),
        ("customer_balance_down_low", customer_down(Standing::Low, "9.874")),
        ("customer_balance_down_paused", customer_down(Standing::Paused, "0.00")),
        ("invitation_manager", invitation(Role::BillingManager, &[])),
        (
            "invitation_client",
            invitation(Role::Client, &["Calder & Finch Law", "Alder Dental Group"]),
        ),
        (
            "password_reset",
            letter(
                "kim@northwind.example",
                Facts::PasswordReset {
                    link: "https://billing.example/reset#t=AbC_d-9".to_owned(),
                    expires_at: at("2026-11-22T17:10:09Z"),
                },
            ),
        ),
        (
            "billing_request_branded",
            branded(to_dana(request("Hi Dana,\n\nyour own balance, please."))),
        ),
        ("invitation_client_branded", branded(invitation(Role::Client, &["Alder Dental Group"]))),
        ("agency_balance_down_low", agency_down(Standing::Low, "99.50")),
        ("agency_balance_down_paused", agency_down(Standing::Paused, "-3.25")),
    ]
}

/// A wide logo, and a colour that is too light for links.
fn branded(letter: LetterContent) -> LetterContent {
    let colour = billing::brand::Colour::parse("#f2b705").unwrap();
    let image = Image { kind: ImageKind::Png, width: 600, height: 120 };
    let look = Look { palette: Some(Palette::of(colour)), logo: Some((image, vec![1, 2, 3])) };
    LetterContent { look, ..letter }
}

#[test]
fn an_agencys_look_is_in_letters_to_its_clients_alone() {
    for (name, letter) in letters() {
        let mail = compose(&branded(letter.clone())).unwrap();
        let speaks = mail.from_name == letter.agency.as_str();
        assert_eq!(mail.logo.is_some(), speaks, "{name}");
        assert_eq!(mail.html.contains("cid:logo"), speaks, "{name}");
        assert_eq!(mail.html.contains("#f2b705"), speaks, "{name}");
    }
    // Mail programs that cannot show WebP would show a gap.
    let mut letter = branded(to_dana(request("Hi")));
    if let Some((image, _)) = &mut letter.look.logo {
        image.kind = ImageKind::Webp;
    }
    let mail = compose(&letter).unwrap();
    assert!(mail.logo.is_none() && !mail.html.contains("<img"), "{}", mail.html);
}

#[test]
fn every_letter_reads_as_it_did() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/mail");
    let mut changed = Vec::new();
    for (name, letter) in letters() {
        let mail = compose(&letter).unwrap();
        let head =
            format!("From: {}\nTo: {}\nSubject: {}\n\n", mail.from_name, mail.to, mail.subject);
        for (file, body) in
            [(format!("{name}.txt"), head + &mail.text), (format!("{name}.html"), mail.html)]
        {
            let path = folder.join(&file);
            if std::env::var_os("SLUICE_UPDATE_GOLDEN").is_some() {
                fs::create_dir_all(&folder).unwrap();
                fs::write(&path, &body).unwrap();
            } else if fs::read_to_string(&path).unwrap_or_default() != body {
                changed.push(file);
            }
        }
    }
    assert!(
        changed.is_empty(),
        "these letters read differently now; if that is meant, run again with \
         SLUICE_UPDATE_GOLDEN=1 and look at the difference: {changed:?}"
    );
}

#[test]
fn nothing_that_somebody_wrote_is_markup_in_the_html() {
    let mail = compose(&hostile()).unwrap();
    let plain = compose(&to_dana(request("Hi"))).unwrap();
    let tags = |html: &str, tag: &str| html.matches(tag).count();
    for tag in ["<script", "<img", "<b>", "</title", "</div", "<a "] {
        assert_eq!(tags(&mail.html, tag), tags(&plain.html, tag), "{tag}");
    }
    assert!(mail.html.contains("Hi &#60;b&#62;Dana&#60;/b&#62; 👋,<br>"));
    assert!(mail.html.contains("{{ 7 * 7 }}") && mail.text.contains("{{ 7 * 7 }}"));
    assert!(mail.text.contains("Hi <b>Dana</b> 👋,"));
}

#[test]
fn the_link_is_there_in_words_and_as_a_button() {
    let mail = compose(&to_dana(request("Hi"))).unwrap();
    let link = "https://billing.example/pay#t=AbC_d-9";
    assert!(mail.text.lines().any(|line| line == link));
    assert_eq!(mail.html.matches(&format!("href=\"{link}\"")).count(), 2);
    assert!(mail.html.contains(&format!(">{link}</a>")));
}

#[test]
fn a_secure_link_is_in_no_other_letter() {
    for (name, letter) in letters() {
        let mail = compose(&letter).unwrap();
        let has_link = mail.text.contains("#t=") || mail.html.contains("#t=");
        let may = [
            "billing_request",
            "invitation",
            "password_reset",
            "receipt",
            "balance_down_low",
            "card_",
            "recharge_",
            "confirm_recharge",
            "balance_link",
        ];
        let is_own = name.contains("_own");
        assert_eq!(has_link, !is_own && may.iter().any(|kind| name.starts_with(kind)), "{name}");
    }
}

/// Names of this kind cannot be made, but a header must not depend on it.
#[test]
fn a_subject_is_one_line() {
    for (name, letter) in letters() {
        let mail = compose(&letter).unwrap();
        let is_clean = |text: &str| !text.chars().any(char::is_control) && !text.is_empty();
        assert!(
            is_clean(&mail.subject) && is_clean(&mail.from_name) && is_clean(&mail.to),
            "{name}"
        );
    }
}
