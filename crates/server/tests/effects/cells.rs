//! The matrix, and what of it cannot happen.

/// What is done to the outside world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Make the gateway's customer.
    Customer,
    /// Create and confirm a PaymentIntent.
    Charge,
    /// Ask what became of a charge that nobody heard of.
    ChargeLookUp,
    /// Call off a charge that waits for its cardholder, since the request is revoked.
    CancelPayment,
    Refund,
    /// Ask what became of a refund that nobody heard of.
    RefundLookUp,
    /// Pay some of a payment back because somebody of the agency wants it, without a return.
    RefundByHand,
    /// Make the gateway forget a card.
    Detach,
    /// Create and confirm a SetupIntent: another card takes the first one's place.
    SaveCard,
    /// Ask what became of a SetupIntent that nobody heard of.
    SaveCardLookUp,
    /// Ask whether the cardholder has authenticated a card that is kept beside the first.
    SetupLookUp,
    /// Call off a SetupIntent that waits for its cardholder, since the agency pays again.
    CancelSetup,
    /// Charge the card on file while nobody is there.
    Recharge,
    /// Charge it because its holder wants that.
    TopUp,
    /// The agency's own balance: its first card, without a payment.
    AgencySaveCard,
    /// The agency's own balance: its first payment.
    AgencyCharge,
    Mail,
    /// Tell an agency's endpoint.
    Webhook,
}

/// When the process is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crash {
    Never,
    /// Before what is meant to happen is committed.
    BeforeIntent,
    /// Committed, and the call not made.
    AfterIntent,
    /// Called, and the answer not heard.
    AfterCall,
    /// The answer's consequence is committed, and the job that asked may not know that it is done.
    AfterResult,
}

/// What comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Ok,
    /// A definite no.
    Refused,
    LostWithEffect,
    LostWithoutEffect,
    /// 500, though it was done.
    FailedWithEffect,
    /// 409.
    Conflict,
    /// 429.
    RateLimited,
}

pub const EFFECTS: [Effect; 18] = [
    Effect::Customer,
    Effect::Charge,
    Effect::ChargeLookUp,
    Effect::CancelPayment,
    Effect::Refund,
    Effect::RefundLookUp,
    Effect::RefundByHand,
    Effect::Detach,
    Effect::SaveCard,
    Effect::SaveCardLookUp,
    Effect::SetupLookUp,
    Effect::CancelSetup,
    Effect::Recharge,
    Effect::TopUp,
    Effect::AgencySaveCard,
    Effect::AgencyCharge,
    Effect::Mail,
    Effect::Webhook,
];

pub const CRASHES: [Crash; 5] =
    [Crash::Never, Crash::BeforeIntent, Crash::AfterIntent, Crash::AfterCall, Crash::AfterResult];

pub const ANSWERS: [Answer; 7] = [
    Answer::Ok,
    Answer::Refused,
    Answer::LostWithEffect,
    Answer::LostWithoutEffect,
    Answer::FailedWithEffect,
    Answer::Conflict,
    Answer::RateLimited,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub effect: Effect,
    pub crash: Crash,
    pub answer: Answer,
}

/// Why some cells are not run, and which.
type Rule = (&'static str, fn(&Cell) -> bool);

pub const IMPOSSIBLE: [Rule; 3] = [
    (
        "a look-up has no intent of its own: that it is needed is its charge's, refund's or setup's cell 'after the call'",
        |cell| cell.is_look_up() && cell.crash == Crash::BeforeIntent,
    ),
    (
        "a look-up has no effect that its answer could be lost with: 'without effect' is the same",
        |cell| cell.is_look_up() && cell.answer == Answer::LostWithEffect,
    ),
    ("SMTP knows no conflict: 'try later' is its one answer of that kind", |cell| {
        cell.effect == Effect::Mail && cell.answer == Answer::Conflict
    }),
];

impl Cell {
    pub fn all() -> impl Iterator<Item = Self> {
        EFFECTS.into_iter().flat_map(|effect| {
            CRASHES.into_iter().flat_map(move |crash| {
                ANSWERS.into_iter().map(move |answer| Self { effect, crash, answer })
            })
        })
    }

    /// Why it cannot happen, if so.
    pub fn impossible(&self) -> Option<&'static str> {
        IMPOSSIBLE.iter().find(|(_, rules)| rules(self)).map(|(reason, _)| *reason)
    }

    pub fn is_look_up(&self) -> bool {
        matches!(
            self.effect,
            Effect::ChargeLookUp
                | Effect::RefundLookUp
                | Effect::SaveCardLookUp
                | Effect::SetupLookUp
        )
    }

    /// The first call has its effect, whatever is said of it.
    pub fn takes_effect(&self) -> bool {
        matches!(self.answer, Answer::Ok | Answer::LostWithEffect | Answer::FailedWithEffect)
    }

    /// The first answer is heard, and says that there is nothing left to do.
    pub fn is_done_at_once(&self) -> bool {
        self.answer == Answer::Ok && self.crash != Crash::AfterCall
    }

    pub fn is_lost(&self) -> bool {
        matches!(self.answer, Answer::LostWithEffect | Answer::LostWithoutEffect)
    }

    /// A definite no stays one, however often it is asked for; but what only reads is allowed to later, and so is the calling off
    /// of what a look shows to be waiting still.
    pub fn is_refused(&self) -> bool {
        let calls_off = matches!(self.effect, Effect::CancelPayment | Effect::CancelSetup);
        let asks_on = self.is_look_up() || calls_off;
        self.answer == Answer::Refused && !asks_on
    }

    /// How often the answer comes: it is asked for again only when nobody heard a definite no.
    pub fn expected_faults(&self) -> u32 {
        match self.answer {
            Answer::Ok => 0,
            Answer::Refused if self.is_refused() && self.crash == Crash::AfterCall => 2,
            _ => 1,
        }
    }
}
