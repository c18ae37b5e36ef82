//! The form of an auto-recharge, as typed, and what it comes to.

use crate::{
    Currency, Money,
    api::FieldProblem,
    wallet::{RechargeLimits, RechargeSettings, recharge::RechargeCharge},
};

/// Which of two ways to say how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RechargeKind {
    /// Always the same.
    Fixed,
    /// What is missing.
    UpTo,
}

/// The fields, as typed. Of `amount` and `up_to` the kind says which one counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RechargeDraft {
    /// Recharge when the balance falls below this.
    pub below: String,
    /// How much is said how.
    pub kind: RechargeKind,
    /// How much each time.
    pub amount: String,
    /// What the balance is brought up to.
    pub up_to: String,
    /// The most within 24 hours.
    pub daily_cap: String,
}

impl RechargeDraft {
    /// Starts with what holds now, or with what is suggested.
    pub fn of(settings: &RechargeSettings, limits: &RechargeLimits) -> Self {
        let typed = |amount: Money| amount.amount();
        // The way that is not chosen has something sensible in it, too.
        let suggested_target = settings.below.plus(limits.minimum).unwrap_or(limits.minimum);
        let suggested_amount = match limits.suggested.charge {
            RechargeCharge::Fixed { amount } => amount,
            RechargeCharge::UpTo { .. } => limits.minimum,
        };
        let (kind, amount, up_to) = match settings.charge {
            RechargeCharge::Fixed { amount } => (RechargeKind::Fixed, amount, suggested_target),
            RechargeCharge::UpTo { target } => (RechargeKind::UpTo, suggested_amount, target),
        };
        Self {
            below: typed(settings.below),
            kind,
            amount: typed(amount),
            up_to: typed(up_to),
            daily_cap: typed(settings.daily_cap),
        }
    }

    /// Checks every field, as a person typed it.
    ///
    /// # Errors
    /// Every field that is no amount, in the order of the form; else the first that is not allowed.
    pub fn parse(&self, limits: &RechargeLimits) -> Result<RechargeSettings, Vec<FieldProblem>> {
        let currency = limits.minimum.currency();
        let below = typed("/below", &self.below, currency);
        let charge = match self.kind {
            RechargeKind::Fixed => typed("/amount", &self.amount, currency)
                .map(|amount| RechargeCharge::Fixed { amount }),
            RechargeKind::UpTo => {
                typed("/up_to", &self.up_to, currency).map(|target| RechargeCharge::UpTo { target })
            }
        };
        let daily_cap = typed("/daily_cap", &self.daily_cap, currency);
        let settings = match (below, charge, daily_cap) {
            (Ok(below), Ok(charge), Ok(daily_cap)) => RechargeSettings { below, charge, daily_cap },
            (below, charge, daily_cap) => {
                let problems = [below.err(), charge.err(), daily_cap.err()];
                return Err(problems.into_iter().flatten().collect());
            }
        };
        settings.check(limits).map(|()| settings).map_err(|refusal| {
            let pointer = refusal.pointer().unwrap_or("/below").to_owned();
            vec![FieldProblem {
                pointer,
                code: refusal.code().to_owned(),
                detail: refusal.to_string(),
            }]
        })
    }
}

fn typed(pointer: &str, text: &str, currency: Currency) -> Result<Money, FieldProblem> {
    Money::parse_typed(text, currency).map_err(|error| FieldProblem {
        pointer: pointer.to_owned(),
        code: error.code().to_owned(),
        detail: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Policy;

    fn limits() -> RechargeLimits {
        RechargeLimits::customer(&Policy::standard(Currency::Usd))
    }

    fn wrong(draft: &RechargeDraft) -> Vec<(String, String)> {
        let problems = draft.parse(&limits()).unwrap_err();
        problems.into_iter().map(|problem| (problem.pointer, problem.detail)).collect()
    }

    #[test]
    fn what_is_suggested_can_be_agreed_to_as_it_stands() {
        let limits = limits();
        let draft = RechargeDraft::of(&limits.suggested, &limits);
        assert_eq!(draft.parse(&limits), Ok(limits.suggested));
        let other = RechargeDraft { kind: RechargeKind::UpTo, ..draft };
        let settings = other.parse(&limits).unwrap();
        assert_eq!(RechargeDraft::of(&settings, &limits), other);
    }

    #[test]
    fn every_field_that_is_no_amount_is_told_and_then_what_is_not_allowed() {
        let limits = limits();
        let draft = RechargeDraft::of(&limits.suggested, &limits);
        let empty = RechargeDraft {
            below: "ten".to_owned(),
            amount: String::new(),
            daily_cap: "1,000".to_owned(),
            ..draft.clone()
        };
        let pointers: Vec<_> = wrong(&empty).into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(pointers, ["/below", "/amount", "/daily_cap"]);
        let little = RechargeDraft { amount: "24.99".to_owned(), ..draft.clone() };
        let sentence = |pointer: &str, detail: &str| vec![(pointer.to_owned(), detail.to_owned())];
        assert_eq!(wrong(&little), sentence("/amount", "The amount must be at least $25.00."));
        let near =
            RechargeDraft { kind: RechargeKind::UpTo, up_to: "30".to_owned(), ..draft.clone() };
        assert_eq!(wrong(&near), sentence("/up_to", "The amount must be at least $35.00."));
        let much = RechargeDraft { daily_cap: "200.01".to_owned(), ..draft };
        assert_eq!(wrong(&much), sentence("/daily_cap", "The amount must be at most $200.00."));
    }
}
