//! One request's hold on the books: what time it is for it, its new ids, and the events it caused.

use serde_json::Value;

use crate::{
    books::{Books, Event},
    entropy::{Entropy, base62},
};

/// Where a request does its work.
pub(crate) struct Desk<'a> {
    pub books: &'a mut Books,
    pub entropy: &'a mut dyn Entropy,
    /// Seconds since the Unix epoch.
    pub now: i64,
    pub request: Option<String>,
    pub idempotency_key: Option<String>,
    /// Ids of the events so far, in their order.
    pub emitted: Vec<String>,
    /// Refunds that were accepted and will come back failed.
    pub failing_refunds: Vec<String>,
}

impl<'a> Desk<'a> {
    pub fn new(books: &'a mut Books, entropy: &'a mut dyn Entropy, now: i64) -> Self {
        Self {
            books,
            entropy,
            now,
            request: None,
            idempotency_key: None,
            emitted: Vec::new(),
            failing_refunds: Vec::new(),
        }
    }

    /// A new id, like `pi_…`.
    pub fn new_id(&mut self, prefix: &str) -> String {
        format!("{prefix}_{}", base62(self.entropy, 24))
    }

    /// Records that `object` has just become what it is.
    pub fn emit(&mut self, kind: &'static str, object: Value) {
        let event = Event {
            id: self.new_id("evt"),
            created: self.now,
            kind,
            object,
            request: self.request.clone(),
            idempotency_key: self.idempotency_key.clone(),
        };
        self.emitted.push(event.id.clone());
        self.books.events.put(event);
    }
}
