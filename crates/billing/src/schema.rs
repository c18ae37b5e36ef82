//! JSON Schemas of the types whose wire form is their own: with the limits that reading them has. All others derive theirs.
//!
//! For the server's OpenAPI document only: the feature `schema` is off in the browser, where every byte counts.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::{
    AgencyId, Currency, EndpointId, KeyId, Money, PaymentId, Quantity, RequestId, SetupId,
    SubAccountId, Timestamp, UserId,
    brand::Colour,
    money::WireMoney,
    pricing::Price,
    text::{EMAIL_MAX_BYTES, EmailAddress, MESSAGE_MAX_CHARS, MessageText, NAME_MAX_CHARS, Name},
    usage::{EventType, FieldName},
};

macro_rules! schema {
    ($($name:ident => |$generator:ident| $schema:expr;)*) => {
        $(
            impl JsonSchema for $name {
                fn schema_name() -> Cow<'static, str> {
                    stringify!($name).into()
                }

                fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                    $schema
                }
            }
        )*
    };
}

schema! {
    AgencyId => |_generator| id(Self::PREFIX, "An agency.");
    SubAccountId => |_generator| id(Self::PREFIX, "An account.");
    RequestId => |_generator| id(Self::PREFIX, "A billing request.");
    PaymentId => |_generator| id(Self::PREFIX, "A payment.");
    SetupId => |_generator| id(Self::PREFIX, "The saving of a card.");
    UserId => |_generator| id(Self::PREFIX, "A person.");
    KeyId => |_generator| id(Self::PREFIX, "An API key.");
    EndpointId => |_generator| id(Self::PREFIX, "An endpoint of webhooks.");
    Timestamp => |_generator| json_schema!({
        "description": "RFC 3339; answers are in UTC, to the millisecond.",
        "type": "string",
        "format": "date-time",
    });
    Money => |generator| json_schema!({
        "description": "An amount: exact, at least the currency's digits after the point, at most six. May be negative.",
        "type": "object",
        "properties": {
            "amount": { "type": "string", "pattern": r"^-?[0-9]+(\.[0-9]{1,6})?$" },
            "currency": generator.subschema_for::<Currency>(),
        },
        "required": ["amount", "currency"],
        "additionalProperties": false,
    });
    WireMoney => |generator| json_schema!({
        "description": "An amount in the agency's currency: a plain decimal, without a thousands separator.",
        "type": "object",
        "properties": {
            "amount": { "type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$" },
            "currency": generator.subschema_for::<Currency>(),
        },
        "required": ["amount", "currency"],
        "additionalProperties": false,
    });
    Quantity => |generator| number(generator, "How much was used: not negative, at most six digits after the point.");
    Price => |generator| number(generator, "The price of one unit: 0 to 1000000, at most six digits after the point.");
    EmailAddress => |_generator| json_schema!({
        "description": "One e-mail address, without a display name.",
        "type": "string",
        "format": "email",
        "maxLength": EMAIL_MAX_BYTES,
    });
    MessageText => |_generator| json_schema!({
        "description": "Plain text; line ends are fine, other control characters are not.",
        "type": "string",
        "minLength": 1,
        "maxLength": MESSAGE_MAX_CHARS,
    });
    Name => |_generator| json_schema!({
        "description": "One line without control characters.",
        "type": "string",
        "minLength": 1,
        "maxLength": NAME_MAX_CHARS,
    });
    Colour => |_generator| json_schema!({
        "description": "A colour, as CSS writes it with six hexadecimal digits.",
        "type": "string",
        "pattern": "^#[0-9a-f]{6}$",
    });
    EventType => |_generator| word("What kind of usage, `sms.sent`: at most 100 bytes, no white space.");
    FieldName => |_generator| word("A field of an event's data, `segments`: at most 100 bytes, no white space.");
}

fn id(prefix: &str, what: &str) -> Schema {
    json_schema!({
        "description": what,
        "type": "string",
        "pattern": format!("^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$"),
    })
}

fn word(what: &str) -> Schema {
    json_schema!({
        "description": what,
        "type": "string",
        "minLength": 1,
        "maxLength": 100,
        "pattern": r"^\S+$",
    })
}

/// A plain decimal; what comes in may be written as JSON writes a number, `1e3` included.
fn number(generator: &SchemaGenerator, what: &str) -> Schema {
    let pattern = match generator.contract().is_deserialize() {
        true => r"^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$",
        false => r"^[0-9]+(\.[0-9]{1,6})?$",
    };
    json_schema!({ "description": what, "type": "string", "pattern": pattern })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pattern of an id, without a library for patterns: what it says is what ids are.
    #[test]
    fn the_pattern_of_an_id_has_its_prefix_and_its_alphabet() {
        let schema = schemars::schema_for!(SubAccountId);
        let pattern = schema.get("pattern").and_then(|pattern| pattern.as_str());
        assert_eq!(pattern, Some("^sub_[0-7][0-9a-hjkmnp-tv-z]{25}$"));
        let id = SubAccountId::new(Timestamp::from_millis(1_795_363_809_250), [0xff; 10]);
        let digits = id.to_string().split_off("sub_".len());
        assert_eq!(digits.len(), 26);
        assert!(!digits.contains(['i', 'l', 'o', 'u']));
    }
}
