//! Stripe's test cards: what each is and how it behaves.
//!
//! The books keep a reference into this table, never a number, and a number that is not in the
//! table is refused before it is stored: a real card cannot get in.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::error::ApiError;

/// Why an issuer says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decline {
    pub code: &'static str,
    pub decline_code: Option<&'static str>,
    pub advice_code: &'static str,
    pub message: &'static str,
}

const GENERIC: Decline = Decline {
    code: "card_declined",
    decline_code: Some("generic_decline"),
    advice_code: "try_again_later",
    message: "Your card was declined.",
};
const INSUFFICIENT_FUNDS: Decline = Decline {
    code: "card_declined",
    decline_code: Some("insufficient_funds"),
    advice_code: "try_again_later",
    message: "Your card has insufficient funds.",
};
const LOST: Decline = Decline {
    code: "card_declined",
    decline_code: Some("lost_card"),
    advice_code: "do_not_try_again",
    message: "Your card was declined.",
};
const STOLEN: Decline = Decline {
    code: "card_declined",
    decline_code: Some("stolen_card"),
    advice_code: "do_not_try_again",
    message: "Your card was declined.",
};
const EXPIRED: Decline = Decline {
    code: "expired_card",
    decline_code: None,
    advice_code: "confirm_card_data",
    message: "Your card has expired.",
};
const INCORRECT_CVC: Decline = Decline {
    code: "incorrect_cvc",
    decline_code: None,
    advice_code: "confirm_card_data",
    message: "Your card's security code is incorrect.",
};
const PROCESSING_ERROR: Decline = Decline {
    code: "processing_error",
    decline_code: None,
    advice_code: "try_again_later",
    message: "An error occurred while processing your card. Try again in a little bit.",
};

/// It cannot be charged while its owner is not there to answer.
pub(crate) const AUTHENTICATION_REQUIRED: Decline = Decline {
    code: "authentication_required",
    decline_code: Some("authentication_required"),
    advice_code: "confirm_card_data",
    message: "Your card was declined. This transaction requires authentication.",
};

/// Every reason that can be asked for by name.
static REASONS: &[Decline] = &[
    GENERIC,
    INSUFFICIENT_FUNDS,
    LOST,
    STOLEN,
    EXPIRED,
    INCORRECT_CVC,
    PROCESSING_ERROR,
    AUTHENTICATION_REQUIRED,
    named("card_velocity_exceeded", "try_again_later"),
    named("do_not_honor", "try_again_later"),
    named("fraudulent", "do_not_try_again"),
    named("invalid_account", "do_not_try_again"),
    named("pickup_card", "do_not_try_again"),
    named("restricted_card", "do_not_try_again"),
    named("revocation_of_all_authorizations", "do_not_try_again"),
    named("revocation_of_authorization", "do_not_try_again"),
    named("stop_payment_order", "do_not_try_again"),
    named("transaction_not_allowed", "do_not_try_again"),
    named("try_again_later", "try_again_later"),
];

/// What a bank may advise.
const ADVICE: [&str; 3] = ["confirm_card_data", "do_not_try_again", "try_again_later"];

const fn named(decline_code: &'static str, advice_code: &'static str) -> Decline {
    Decline {
        code: "card_declined",
        decline_code: Some(decline_code),
        advice_code,
        message: "Your card was declined.",
    }
}

impl Decline {
    /// The reason of this `decline_code` (`code` where it has none), with other advice if that is given.
    pub fn of(name: &str, advice: Option<&str>) -> Result<Self, ApiError> {
        let is_it = |reason: &&Self| reason.decline_code.unwrap_or(reason.code) == name;
        let reason = REASONS.iter().find(is_it);
        let mut reason =
            reason.ok_or_else(|| ApiError::missing("decline code", name, "decline_code"))?.clone();
        if let Some(advice) = advice {
            let known = ADVICE.into_iter().find(|known| *known == advice);
            reason.advice_code =
                known.ok_or_else(|| ApiError::missing("advice code", advice, "advice_code"))?;
        }
        Ok(reason)
    }
}

/// What a card does when it is asked for money.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Behaviour {
    Approves,
    /// Says no to a charge and to being attached.
    Declines(Decline),
    /// Lets itself be attached, then says no to every charge.
    DeclinesCharges(Decline),
    /// Wants 3-D Secure until it has been set up; then works off-session.
    AuthenticatesOnce,
    /// Wants 3-D Secure every time, so it never works off-session.
    AuthenticatesAlways,
    /// Wants 3-D Secure, and says no after it.
    AuthenticatesThenDeclines(Decline),
    /// Charges succeed; a refund fails some time after it was accepted.
    RefundsFail,
    /// Charges succeed and are disputed at once.
    Disputed {
        reason: &'static str,
        /// The bank only asks, and takes no money.
        inquiry: bool,
    },
}

/// One line of the table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TestCard {
    number: &'static str,
    /// The `pm_card_…` and `tok_…` name without its prefix, as Stripe spells it.
    token: &'static str,
    pub brand: &'static str,
    pub funding: &'static str,
    pub country: &'static str,
    pub behaviour: Behaviour,
}

impl TestCard {
    /// The last four digits.
    pub fn last4(&self) -> &'static str {
        self.number.get(self.number.len() - 4..).unwrap_or_default()
    }

    /// The same for every card of this number, and nothing of the number in it.
    pub fn fingerprint(&self) -> String {
        let hash = Sha256::digest(format!("sluice-sandbox card {}", self.number));
        hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

macro_rules! cards {
    ($($number:literal $token:literal $brand:literal $funding:literal $country:literal $behaviour:expr;)*) => {
        &[$(TestCard {
            number: $number, token: $token, brand: $brand, funding: $funding, country: $country,
            behaviour: $behaviour,
        }),*]
    };
}

/// Every card that the sandbox knows.
static CARDS: &[TestCard] = cards! {
    "4242424242424242" "visa" "visa" "credit" "US" Behaviour::Approves;
    "4000056655665556" "visa_debit" "visa" "debit" "US" Behaviour::Approves;
    "5555555555554444" "mastercard" "mastercard" "credit" "US" Behaviour::Approves;
    "2223003122003222" "mastercard_2_series" "mastercard" "credit" "US" Behaviour::Approves;
    "5200828282828210" "mastercard_debit" "mastercard" "debit" "US" Behaviour::Approves;
    "5105105105105100" "mastercard_prepaid" "mastercard" "prepaid" "US" Behaviour::Approves;
    "378282246310005" "amex" "amex" "credit" "US" Behaviour::Approves;
    "6011111111111117" "discover" "discover" "credit" "US" Behaviour::Approves;
    "3056930009020004" "diners" "diners" "credit" "US" Behaviour::Approves;
    "3566002020360505" "jcb" "jcb" "credit" "JP" Behaviour::Approves;
    "4000000000000002" "chargeDeclined" "visa" "credit" "US" Behaviour::Declines(GENERIC);
    "4000000000009995" "chargeDeclinedInsufficientFunds" "visa" "credit" "US" Behaviour::Declines(INSUFFICIENT_FUNDS);
    "4000000000009987" "chargeDeclinedLostCard" "visa" "credit" "US" Behaviour::Declines(LOST);
    "4000000000009979" "chargeDeclinedStolenCard" "visa" "credit" "US" Behaviour::Declines(STOLEN);
    "4000000000000069" "chargeDeclinedExpiredCard" "visa" "credit" "US" Behaviour::Declines(EXPIRED);
    "4000000000000127" "chargeDeclinedIncorrectCvc" "visa" "credit" "US" Behaviour::Declines(INCORRECT_CVC);
    "4000000000000119" "chargeDeclinedProcessingError" "visa" "credit" "US" Behaviour::Declines(PROCESSING_ERROR);
    "4000000000000341" "chargeCustomerFail" "visa" "credit" "US" Behaviour::DeclinesCharges(GENERIC);
    "4000002500003155" "authenticationRequiredOnSetup" "visa" "credit" "FR" Behaviour::AuthenticatesOnce;
    "4000002760003184" "authenticationRequired" "visa" "credit" "DE" Behaviour::AuthenticatesAlways;
    "4000008400001629" "threeDSecureRequiredChargeDeclined" "visa" "credit" "US" Behaviour::AuthenticatesThenDeclines(GENERIC);
    "4000000000005126" "refundFail" "visa" "credit" "US" Behaviour::RefundsFail;
    "4000000000000259" "createDispute" "visa" "credit" "US" Behaviour::Disputed { reason: "fraudulent", inquiry: false };
    "4000000000002685" "createDisputeProductNotReceived" "visa" "credit" "US" Behaviour::Disputed { reason: "product_not_received", inquiry: false };
    "4000000000001976" "createDisputeInquiry" "visa" "credit" "US" Behaviour::Disputed { reason: "fraudulent", inquiry: true };
};

/// A card somebody has, as the books keep it.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    pub kind: &'static TestCard,
    pub exp_month: i64,
    pub exp_year: i64,
    /// Whether a security code was given.
    pub with_cvc: bool,
    /// Whether a customer authenticated its use for later payments.
    pub set_up: bool,
}

impl Card {
    /// The card called `pm_card_…` or `tok_…`, good for years to come.
    pub fn named(name: &str, now: i64) -> Option<Self> {
        let token = name.strip_prefix("pm_card_").or_else(|| name.strip_prefix("tok_"))?;
        let token = token.strip_prefix("visa_charge").map_or(token.to_owned(), |rest| {
            // Stripe has both spellings: pm_card_visa_chargeDeclined and pm_card_chargeDeclined.
            format!("charge{rest}")
        });
        let kind = CARDS.iter().find(|card| card.token == token)?;
        let (year, _) = year_and_month(now);
        Some(Self { kind, exp_month: 12, exp_year: year + 4, with_cvc: true, set_up: false })
    }

    /// The card of these details, checked as Stripe checks them.
    pub fn typed(
        number: &str,
        exp_month: i64,
        exp_year: i64,
        cvc: Option<&str>,
        now: i64,
    ) -> Result<Self, ApiError> {
        let digits: String = number.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        if !luhn(&digits) {
            return Err(ApiError::card("incorrect_number", "Your card number is incorrect.")
                .param("number"));
        }
        let exp_year = if (0..100).contains(&exp_year) { exp_year + 2_000 } else { exp_year };
        let (year, month) = year_and_month(now);
        if !(1..=12).contains(&exp_month) {
            return Err(ApiError::card(
                "invalid_expiry_month",
                "Your card's expiration month is invalid.",
            )
            .param("exp_month"));
        }
        if exp_year < year || exp_year > year + 50 {
            return Err(ApiError::card(
                "invalid_expiry_year",
                "Your card's expiration year is invalid.",
            )
            .param("exp_year"));
        }
        if exp_year == year && exp_month < month {
            return Err(ApiError::card(
                "invalid_expiry_month",
                "Your card's expiration month is invalid.",
            )
            .param("exp_month"));
        }
        let kind = CARDS.iter().find(|card| card.number == digits).ok_or_else(|| {
            let mut error = ApiError::card(
                "card_declined",
                "Your card was declined. Your request was in test mode, but used a non test card.",
            );
            error.decline_code = Some("test_mode_live_card");
            error
        })?;
        let cvc_length = if kind.brand == "amex" { 4 } else { 3 };
        if cvc.is_some_and(|cvc| {
            cvc.len() != cvc_length || !cvc.bytes().all(|byte| byte.is_ascii_digit())
        }) {
            return Err(
                ApiError::card("invalid_cvc", "Your card's security code is invalid.").param("cvc")
            );
        }
        Ok(Self { kind, exp_month, exp_year, with_cvc: cvc.is_some(), set_up: false })
    }

    /// The `card` object of a payment method or a token's preview.
    pub fn json(&self) -> Value {
        json!({
            "brand": self.kind.brand,
            "checks": {
                "address_line1_check": null,
                "address_postal_code_check": null,
                "cvc_check": self.with_cvc.then_some("pass"),
            },
            "country": self.kind.country,
            "display_brand": self.kind.brand,
            "exp_month": self.exp_month,
            "exp_year": self.exp_year,
            "fingerprint": self.kind.fingerprint(),
            "funding": self.kind.funding,
            "generated_from": null,
            "last4": self.kind.last4(),
            "networks": { "available": [self.kind.brand], "preferred": null },
            "three_d_secure_usage": { "supported": true },
            "wallet": null,
        })
    }
}

/// Whether the last digit checks the others, and there are as many as a card has.
fn luhn(digits: &str) -> bool {
    if !(12..=19).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let sum: u32 = digits
        .bytes()
        .rev()
        .map(|byte| u32::from(byte - b'0'))
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => digit,
            (_, double) if double > 9 => double - 9,
            (_, double) => double,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The civil year and month (1–12) of a Unix time, after Howard Hinnant's `civil_from_days`.
fn year_and_month(seconds: i64) -> (i64, i64) {
    let days = seconds.div_euclid(86_400) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 22 November 2026.
    const NOW: i64 = 1_795_305_600;

    #[test]
    fn every_number_in_the_table_is_a_sound_one() {
        for card in CARDS {
            assert!(luhn(card.number), "{}", card.number);
        }
    }

    #[test]
    fn months_turn_where_they_should() {
        for (seconds, expected) in [
            (0, (1970, 1)),
            (951_782_400, (2000, 2)),
            (951_868_800, (2000, 3)),
            (1_798_761_599, (2026, 12)),
            (1_798_761_600, (2027, 1)),
        ] {
            assert_eq!(year_and_month(seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn details_are_checked_one_by_one() {
        let cases = [
            ("4242424242424241", 12, 2030, Some("123"), "incorrect_number"),
            ("4242", 12, 2030, Some("123"), "incorrect_number"),
            ("4242424242424242", 13, 2030, Some("123"), "invalid_expiry_month"),
            ("4242424242424242", 10, 2026, Some("123"), "invalid_expiry_month"),
            ("4242424242424242", 12, 2025, Some("123"), "invalid_expiry_year"),
            ("4242424242424242", 12, 2099, Some("123"), "invalid_expiry_year"),
            ("4242424242424242", 12, 2030, Some("12"), "invalid_cvc"),
            ("378282246310005", 12, 2030, Some("123"), "invalid_cvc"),
            ("4539578763621486", 12, 2030, Some("123"), "card_declined"),
        ];
        for (number, month, year, cvc, code) in cases {
            let error = Card::typed(number, month, year, cvc, NOW).unwrap_err();
            assert_eq!(error.code, Some(code), "{number} {month}/{year} {cvc:?}");
        }
        assert!(Card::typed("4242 4242 4242 4242", 11, 26, None, NOW).is_ok());
    }
}
