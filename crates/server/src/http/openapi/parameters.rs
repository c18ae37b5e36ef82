//! Parameters that many routes share, with the bounds that the server holds them to.

use serde_json::{Value, json};

use super::{
    examples::{
        ACCOUNT, DAY, ENDPOINT, ENTRY, EVENT_TYPE, KEY, MONTH, PAYMENT, PERSON, RECEIPT, REQUEST,
        SESSION,
    },
    operation::{Operation, Parameter, Place},
};

impl Operation {
    /// Takes a parameter after the question mark; none is required.
    pub fn query(
        mut self,
        name: &'static str,
        text: &'static str,
        schema: Value,
        example: Option<Value>,
    ) -> Self {
        let place = Place::Query;
        self.parameters.push(Parameter { name, place, required: false, text, schema, example });
        self
    }

    /// Takes one of these words.
    pub fn word(self, name: &'static str, text: &'static str, words: &[&str]) -> Self {
        self.query(name, text, json!({ "type": "string", "enum": words }), None)
    }

    /// Answers in pages.
    pub fn in_pages(self) -> Self {
        let cursor = "The `next_cursor` of the page before, under the same other parameters.";
        let limit = json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 50 });
        self.query("cursor", cursor, json!({ "type": "string" }), None).query(
            "limit",
            "How many, at most.",
            limit,
            Some(json!(10)),
        )
    }

    /// From a day to a day.
    pub fn from_day_to_day(self, from: &'static str, to: &'static str) -> Self {
        self.query("from", from, day(), Some(json!("2026-11-01"))).query(
            "to",
            to,
            day(),
            Some(json!("2026-11-30")),
        )
    }

    /// Takes a header.
    pub fn header(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// Is carried out only for whoever has seen the newest version of the account.
    pub fn needs_version(self) -> Self {
        let schema = json!({ "type": "string", "pattern": r#"^(W/)?"[0-9]+"$"# });
        self.header(Parameter {
            name: "If-Match",
            place: Place::Header,
            required: true,
            text: "The account's `funding.version` in quotes, as its `ETag` gives it.",
            schema,
            example: Some(json!(super::examples::VERSION)),
        })
    }

    /// Has one effect however often it is sent.
    pub fn needs_key(self) -> Self {
        self.idempotency_key(true)
    }

    /// Has one effect however often it is sent, if it says so.
    pub fn may_have_key(self) -> Self {
        self.idempotency_key(false)
    }

    fn idempotency_key(self, required: bool) -> Self {
        // Visible ASCII: from the exclamation mark to the tilde.
        let schema = json!({ "type": "string", "pattern": "^[!-~]{1,255}$" });
        let example = required.then(|| json!(format!("example-{}", self.id)));
        self.header(Parameter {
            name: "Idempotency-Key",
            place: Place::Header,
            required,
            text: "Names this request for 24 hours: a repeat with the same body has no effect and gets the same answer.",
            schema,
            example,
        })
    }

    /// What stands for the braces of the path.
    pub fn path_parameters(&self) -> Vec<Parameter> {
        let pieces = self.path.split('/').filter_map(|piece| piece.strip_prefix('{'));
        pieces.filter_map(|piece| in_path(self, piece.trim_end_matches('}'))).collect()
    }
}

fn day() -> Value {
    json!({ "type": "string", "format": "date" })
}

fn id(prefix: &str) -> Value {
    json!({ "type": "string", "pattern": format!("^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$") })
}

fn in_path(operation: &Operation, name: &str) -> Option<Parameter> {
    let (name, words, schema, example): (_, _, Value, Value) = match name {
        "account" if operation.id == "get_standing" => (
            "account",
            "The account's id, or the agency's own id for it.",
            json!({ "type": "string", "minLength": 1 }),
            json!("BW-0077"),
        ),
        "account" => ("account", "The account's id.", id("sub"), json!(ACCOUNT)),
        "request" => ("request", "The billing request's id.", id("req"), json!(REQUEST)),
        "person" => ("person", "The person's id.", id("usr"), json!(PERSON)),
        "key" => ("key", "The key's id.", id("key"), json!(KEY)),
        "endpoint" => ("endpoint", "The endpoint's id.", id("whe"), json!(ENDPOINT)),
        "session" => {
            let schema = json!({ "type": "string", "minLength": 1 });
            ("session", "What `GET /sessions` calls it.", schema, json!(SESSION))
        }
        "entry" => {
            let schema = json!({ "type": "integer", "minimum": 0 });
            ("entry", "The number of the ledger's entry.", schema, json!(ENTRY))
        }
        "day" => ("day", "The day (UTC).", day(), json!(DAY)),
        "month" => {
            let words = "The month, `2026-11`; with `.csv` or `.pdf` behind it in that form.";
            let pattern = r"^[0-9]{4}-(0[1-9]|1[0-2])(\.csv|\.pdf)?$";
            ("month", words, json!({ "type": "string", "pattern": pattern }), json!(MONTH))
        }
        "payment" if operation.id == "refund_payment" => {
            ("payment", "The payment's id.", id("pay"), json!(PAYMENT))
        }
        "payment" => {
            let words = "The payment's id; with `.pdf` behind it in that form.";
            let pattern = r"^pay_[0-7][0-9a-hjkmnp-tv-z]{25}(\.pdf)?$";
            ("payment", words, json!({ "type": "string", "pattern": pattern }), json!(PAYMENT))
        }
        "receipt" => {
            let words = "The receipt's number; with `.pdf` behind it in that form.";
            let pattern = r"^R-[0-9]{4}-[0-9]+(\.pdf)?$";
            ("receipt", words, json!({ "type": "string", "pattern": pattern }), json!(RECEIPT))
        }
        "role" => {
            let schema = json!({ "type": "string", "enum": ["main", "backup"] });
            ("role", "Which card.", schema, json!("backup"))
        }
        "type" => {
            let schema = json!({ "type": "string", "minLength": 1, "maxLength": 100 });
            ("type", "The type of usage.", schema, json!(EVENT_TYPE))
        }
        "payer" => {
            let schema = json!({ "type": "string", "enum": ["agency", "customer"] });
            ("payer", "Who paid.", schema, json!("agency"))
        }
        _ => return None,
    };
    Some(Parameter {
        name,
        place: Place::Path,
        required: true,
        text: words,
        schema,
        example: Some(example),
    })
}
