//! Signing in, who one is, and hearing of changes.

use billing::api::{
    AskResetBody, ChangePasswordBody, EndSessionBody, InvitationView, OpenInvitationBody,
    ProviderList, SessionList, SetPasswordBody, SignInBody, WhoAmI,
};
use serde_json::json;

use super::{API, Group};
use crate::http::openapi::{
    examples::{SESSION, TOKEN, me},
    operation::{Operation, Parameter, Place, delete, get, post, put},
};

const COOKIE: &str = "The session's cookie, `HttpOnly` and `SameSite=Lax`.";

pub fn group() -> Group {
    Group {
        tag: "Sessions",
        text: "How people come in, and what they hear. Machines have [API keys](#api-keys).",
        prefix: API,
        operations: operations(),
    }
}

fn operations() -> Vec<Operation> {
    vec![
        post(
            "/session",
            "sign_in",
            "Sign in",
            "Whether the address or the password was wrong is not told. After too many that failed, from one place or for one \
             address, the answer is 429 for a few minutes.",
        )
        .takes::<SignInBody>(
            "Who, their password, and what their authenticator app shows or a recovery code, if they have turned that on.",
            json!({
                "email": "robin@northwind-media.example", "password": "northwind-demo-2026", "code": "492039",
            }),
        )
        .answers::<WhoAmI>("Signed in.", me())
        .with_header("Set-Cookie", COOKIE)
        .refuses(
            401,
            &["bad_credentials", "second_factor_required", "wrong_code"],
            "The address and the password don't belong together; or they do, and a code is asked for, or it is another.",
        ),
        delete(
            "/session",
            "sign_out",
            "Sign out",
            "Whoever is not signed in is out already.",
        )
        .answers_nothing(204, "Signed out; the session is over.")
        .with_header("Set-Cookie", "Removes the session's cookie."),
        get(
            "/session/providers",
            "list_providers",
            "List whom people may sign in with",
            "The OpenID provider that this server was started with, if there is one. Its `url` is a link of the sign-in page: a browser \
             is sent on from there, and comes back signed in.",
        )
        .answers::<ProviderList>(
            "None, or one.",
            json!({ "providers": [{ "label": "Example Accounts", "url": "/api/v1/session/oidc" }] }),
        ),
        get(
            "/me",
            "get_me",
            "Who is signed in",
            "Their name, agency, role and rights, and what this deployment allows. A client user learns the agency's name, and \
             nothing else of it.",
        )
        .answers::<WhoAmI>("Somebody of the agency, or somebody of a client.", me()),
        put(
            "/me/password",
            "change_password",
            "Change one's password",
            "Every other session of the person is over with it, and this one goes on under a new cookie. Wrong passwords count as they do \
             when signing in.",
        )
        .takes::<ChangePasswordBody>(
            "The password until now, and one of 12 characters to 1,024 bytes that does not contain the e-mail address.",
            json!({ "current_password": "northwind-demo-2026", "password": "quiet river, seven stones" }),
        )
        .answers_nothing(204, "The password is changed.")
        .with_header("Set-Cookie", COOKIE)
        .without_sample("it would end the sessions that the other examples are run with"),
        get(
            "/sessions",
            "list_sessions",
            "List one's own sessions",
            "Where somebody is signed in, newest first. A session is over after 14 days, and earlier when it is not used for as long \
             as the operator allows: three days, unless they say otherwise.",
        )
        .answers::<SessionList>(
            "The sessions.",
            json!({ "sessions": [{
                "id": SESSION,
                "created_at": "2026-11-20T07:58:03.114Z",
                "used_at": "2026-11-22T15:41:27.902Z",
                "expires_at": "2026-12-04T07:58:03.114Z",
                "agent": "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0",
                "is_current": true,
            }] }),
        ),
        delete(
            "/sessions/{session}",
            "end_session",
            "Sign out somewhere",
            "Ends one of one's own sessions; its open streams end within five seconds. Takes the password, or a session that began \
             within the last five minutes: whoever signs in with a provider signs in again first. Wrong passwords count as they do \
             when signing in.",
        )
        .takes::<EndSessionBody>(
            "The password.",
            json!({ "current_password": "northwind-demo-2026" }),
        )
        .answers_nothing(204, "It is over."),
        changes(),
        post(
            "/invitations/open",
            "open_invitation",
            "Look at an invitation",
            "Changes nothing: mail scanners open links, too.",
        )
        .takes::<OpenInvitationBody>("What stands after `#t=` in the link.", json!({ "token": TOKEN }))
        .answers::<InvitationView>(
            "Whom it is for.",
            json!({
                "agency": "Northwind Media",
                "name": "Mara Quist",
                "email": "mara@northwind-media.example",
                "role": "billing_manager",
                "expires_at": "2026-11-29T16:10:09.25Z",
            }),
        )
        .refuses(404, &["link_unknown"], "The link leads nowhere, or was used.")
        .refuses(410, &["link_expired"], "The link is older than 7 days."),
        post(
            "/invitations/accept",
            "accept_invitation",
            "Accept an invitation",
            "Sets the first password, and signs in. The link works once.",
        )
        .takes::<SetPasswordBody>(PASSWORD, new_password())
        .answers::<WhoAmI>("Signed in.", me())
        .with_header("Set-Cookie", COOKIE)
        .refuses(404, &["link_unknown"], "The link leads nowhere, or was used.")
        .refuses(410, &["link_expired"], "The link is older than 7 days."),
        post(
            "/password-resets",
            "ask_password_reset",
            "Ask for a new password",
            "Mails a link, good for an hour, to whoever signs in with this address. Whether somebody does is not told.",
        )
        .takes::<AskResetBody>("Where somebody signs in.", json!({ "email": "theo@northwind-media.example" }))
        .answers_nothing(202, "If somebody signs in with this address, a letter is on its way."),
        post(
            "/password-resets/accept",
            "accept_password_reset",
            "Set a new password",
            "Every session of the person is over with it. The link works once.",
        )
        .takes::<SetPasswordBody>(PASSWORD, new_password())
        .answers_nothing(204, "The password is set.")
        .refuses(404, &["link_unknown"], "The link leads nowhere, or was used.")
        .refuses(410, &["link_expired"], "The link is older than an hour."),
    ]
}

const PASSWORD: &str = "What stands after `#t=` in the link, and a password of 12 characters to 1,024 bytes that does not contain \
                        the e-mail address.";

fn new_password() -> serde_json::Value {
    json!({ "token": TOKEN, "password": "quiet river, seven stones" })
}

fn changes() -> Operation {
    let after = json!({ "type": "integer", "minimum": 0 });
    get(
        "/changes",
        "listen",
        "Hear of changes",
        "A stream of server-sent events. `id` is the agency's gapless sequence, `event` is `change`, `data` a `Change` (for a \
         client user a `ClientChange`, of their accounts alone). An event named `reset` says that what was missed is no longer \
         kept: load anew; the stream goes on from its `id`. A comment comes every 15 seconds. The stream ends when the session \
         does, or when the person may other things than before.",
    )
    .query("after", "Tell what came after this number; without it, what comes from now on.", after.clone(), None)
    .header(Parameter {
        name: "Last-Event-ID",
        place: Place::Header,
        required: false,
        text: "The same, as browsers say it when they connect again; goes before `after`.",
        schema: after,
        example: None,
    })
    .answers_text(
        "text/event-stream",
        "The stream; it does not end by itself.",
        "id: 9108\nevent: change\ndata: {\"seq\":9108,\"account\":null,\"agency\":{…},\"counts\":{…}}\n\n",
    )
    .refuses(429, &["rate_limited"], "Too many pages listen.")
}
