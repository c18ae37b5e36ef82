use std::collections::BTreeMap;

use crate::cards::Decline;

/// Which cards say no, although they would not by themselves, when they are charged off-session.
#[derive(Debug, Clone, Default)]
pub(crate) struct Declines(BTreeMap<String, (Decline, u32)>);

impl Declines {
    /// The next `times` off-session charges of this payment method are declined; none calls it off.
    pub fn set(&mut self, payment_method: &str, reason: Decline, times: u32) {
        if times == 0 {
            self.0.remove(payment_method);
        } else {
            self.0.insert(payment_method.to_owned(), (reason, times));
        }
    }

    /// What the bank says to this charge, if it was told to say no; it is one nearer to its end.
    pub fn take(&mut self, payment_method: &str) -> Option<Decline> {
        let (reason, times) = self.0.get_mut(payment_method)?;
        let reason = reason.clone();
        *times -= 1;
        if *times == 0 {
            self.0.remove(payment_method);
        }
        Some(reason)
    }
}
