//! An authenticator app beside one's password.

use billing::api::{
    BeginSecondFactorBody, NewSecondFactor, RecoveryCodes, SecondFactorView,
    TurnOffSecondFactorBody, TurnOnSecondFactorBody,
};
use serde_json::json;

use super::{API, Group};
use crate::http::openapi::operation::{Operation, delete, get, post, put};

const PATH: &str = "/me/second-factor";
/// No example of a code works: each is good for half a minute.
const OF_ITS_MOMENT: &str = "a code is good for half a minute";

pub fn group() -> Group {
    Group {
        tag: "Second factor",
        text: "What people show beside their password when they sign in: the six digits of an authenticator app (RFC 6238), or one \
               of ten recovery codes, each good once. Those who sign in with a provider show there what it asks for.",
        prefix: API,
        operations: operations(),
    }
}

fn operations() -> Vec<Operation> {
    vec![
        get(
            PATH,
            "get_second_factor",
            "Look at one's second factor",
            "Whether a code is asked for when one signs in with a password.",
        )
        .answers::<SecondFactorView>(
            "Since when, and how many recovery codes are left.",
            json!({ "on_since": "2026-11-20T07:58:03.114Z", "recovery_codes_left": 10 }),
        ),
        post(
            PATH,
            "begin_second_factor",
            "Begin with an authenticator app",
            "Makes a secret for the app and tells it, this once. Nothing is asked for before the app has shown its first code. Takes \
             the password, or a session that began within the last five minutes.",
        )
        .takes::<BeginSecondFactorBody>(
            "The password.",
            json!({ "current_password": "northwind-demo-2026" }),
        )
        .answers_with::<NewSecondFactor>(
            201,
            "What the app needs.",
            json!({
                "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
                "uri": "otpauth://totp/Sluice:robin%40northwind%2Dmedia%2Eexample?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Sluice",
                "picture": { "size": 41, "path": "M0 0h7v1h-7zM9 0h2v1h-2z" },
            }),
        )
        .refuses(409, &["second_factor_on"], "There is an app already."),
        put(
            PATH,
            "turn_on_second_factor",
            "Turn the authenticator app on",
            "From now on a code is asked for. Every other session of the person is over: it began with a password alone.",
        )
        .takes::<TurnOnSecondFactorBody>("What the app shows.", json!({ "code": "492039" }))
        .answers::<RecoveryCodes>(
            "The recovery codes, told this once.",
            json!({ "codes": ["k3vqae-7hd2xn-wmzr4t-y6upc5"] }),
        )
        .refuses(409, &["second_factor_on", "second_factor_off"], "There is an app already, or none was begun with.")
        .without_sample(OF_ITS_MOMENT),
        delete(
            PATH,
            "turn_off_second_factor",
            "Turn the authenticator app off",
            "No code is asked for any more. Takes a code, and the password or a session that began within the last five minutes. Every \
             other session of the person is over.",
        )
        .takes::<TurnOffSecondFactorBody>(
            "The password, and what the app shows or a recovery code.",
            json!({ "current_password": "northwind-demo-2026", "code": "492039" }),
        )
        .answers_nothing(204, "It is off.")
        .refuses(409, &["second_factor_off"], "There is none.")
        .without_sample(OF_ITS_MOMENT),
    ]
}
