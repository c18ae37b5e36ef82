//! People, keys, sessions, the trail, the widget's sites; and the doors for those who are not signed in yet.

use billing::{
    SubAccountId,
    api::{
        AskResetBody, BeginSecondFactorBody, ChangePersonBody, CreateKeyBody, EmbedOrigins,
        EndSessionBody, InvitationView, InvitePersonBody, NewKey, NewSecondFactor,
        OpenInvitationBody, RecoveryCodes, SecondFactorView, SetPasswordBody,
        TurnOffSecondFactorBody, TurnOnSecondFactorBody,
    },
};

use super::{ApiError, Call, accounts::BASE};
use crate::browser::Json;

/// `GET /people`
pub const PEOPLE: &str = "/people";
/// `GET /api-keys`
pub const KEYS: &str = "/api-keys";
/// `GET /sessions`
pub const SESSIONS: &str = "/sessions";
/// `GET /audit`
pub const AUDIT: &str = "/audit";
/// `GET /embed/origins`
pub const ORIGINS: &str = "/embed/origins";
/// `POST /embed/previews`, whole: the widget's loader asks it by itself.
pub const PREVIEW_TOKEN: &str = "/api/v1/embed/previews";

const SECOND_FACTOR: &str = "/me/second-factor";

/// The widget's loader, as sites load it.
pub const WIDGET_LOADER: &str = "/embed/v1.js";

/// `POST /people`
///
/// # Errors
/// [`ApiError`]; with the fields that are wrong.
pub async fn invite(body: InvitePersonBody, key: String) -> Result<(), ApiError> {
    Call::post(PEOPLE).idempotency_key(&key).json(&body).send_empty().await
}

/// `POST /people/{id}/invitation`
///
/// # Errors
/// [`ApiError`]
pub async fn invite_again(id: String, key: String) -> Result<(), ApiError> {
    let call = Call::post(format_args!("{PEOPLE}/{id}/invitation"));
    call.idempotency_key(&key).send_empty().await
}

/// `PATCH /people/{id}`
///
/// # Errors
/// [`ApiError`]; with the fields that are wrong.
pub async fn change_person(id: String, body: ChangePersonBody) -> Result<(), ApiError> {
    Call::patch(format_args!("{PEOPLE}/{id}")).json(&body).send_empty().await
}

/// `DELETE /people/{id}`
///
/// # Errors
/// [`ApiError`]
pub async fn remove_person(id: String) -> Result<(), ApiError> {
    Call::delete(format_args!("{PEOPLE}/{id}")).send_empty().await
}

/// `GET /accounts?q=`: the first few that fit.
///
/// # Errors
/// [`ApiError`]
pub async fn find_accounts(text: &str) -> Result<Vec<Json>, ApiError> {
    let found = Call::get("/accounts").query("q", text).query("limit", "6").read().await?;
    Ok(found.list("accounts"))
}

/// An account to show something of: one whose customer pays, or else any.
///
/// # Errors
/// [`ApiError`]
pub async fn some_account() -> Result<Option<SubAccountId>, ApiError> {
    let mut of_customers =
        Call::get("/accounts").query("funding", "customer").query("limit", "1").read().await?;
    if of_customers.list("accounts").is_empty() {
        of_customers = Call::get("/accounts").query("limit", "1").read().await?;
    }
    let first = of_customers.list("accounts").into_iter().next();
    Ok(first.and_then(|row| row.text("id").parse().ok()))
}

/// `POST /api-keys`: the answer has the key, once.
///
/// # Errors
/// [`ApiError`]; with the fields that are wrong.
pub async fn create_key(body: CreateKeyBody) -> Result<NewKey, ApiError> {
    Call::post(KEYS).json(&body).send().await
}

/// `DELETE /api-keys/{id}`
///
/// # Errors
/// [`ApiError`]
pub async fn revoke_key(id: String) -> Result<(), ApiError> {
    Call::delete(format_args!("{KEYS}/{id}")).send_empty().await
}

/// `DELETE /sessions/{id}`
///
/// # Errors
/// [`ApiError`]; with what is wrong with the password.
pub async fn end_session(id: String, body: EndSessionBody) -> Result<(), ApiError> {
    Call::delete(format_args!("{SESSIONS}/{id}")).json(&body).send_empty().await
}

/// `GET /me/second-factor`
///
/// # Errors
/// [`ApiError`]
pub async fn second_factor() -> Result<SecondFactorView, ApiError> {
    Call::get(SECOND_FACTOR).send().await
}

/// `POST /me/second-factor`: the answer has the app's secret, once.
///
/// # Errors
/// [`ApiError`]; with what is wrong with the password.
pub async fn begin_second_factor(body: BeginSecondFactorBody) -> Result<NewSecondFactor, ApiError> {
    Call::post(SECOND_FACTOR).json(&body).send().await
}

/// `PUT /me/second-factor`: the answer has the recovery codes, once.
///
/// # Errors
/// [`ApiError`]; when the code is wrong.
pub async fn turn_on_second_factor(
    body: TurnOnSecondFactorBody,
) -> Result<RecoveryCodes, ApiError> {
    Call::put(SECOND_FACTOR).json(&body).send().await
}

/// `DELETE /me/second-factor`
///
/// # Errors
/// [`ApiError`]; with what is wrong with password or code.
pub async fn turn_off_second_factor(body: TurnOffSecondFactorBody) -> Result<(), ApiError> {
    Call::delete(SECOND_FACTOR).json(&body).send_empty().await
}

/// A page of the trail; `query` as in the page's own address.
pub fn audit(query: &str) -> String {
    format!("{AUDIT}?limit=50&{query}")
}

/// The same as a file to download, whole.
pub fn audit_csv(query: &str) -> String {
    format!("{BASE}{AUDIT}.csv?{query}")
}

/// `GET /embed/origins`
///
/// # Errors
/// [`ApiError`]
pub async fn origins() -> Result<EmbedOrigins, ApiError> {
    Call::get(ORIGINS).send().await
}

/// `PUT /embed/origins`
///
/// # Errors
/// [`ApiError`]; with the sites that are wrong, by their places.
pub async fn set_origins(body: EmbedOrigins) -> Result<EmbedOrigins, ApiError> {
    Call::put(ORIGINS).json(&body).send().await
}

/// `POST /invitations/open`
///
/// # Errors
/// [`ApiError`]; 404 and 410 when the link is dead.
pub async fn open_invitation(token: String) -> Result<InvitationView, ApiError> {
    Call::post("/invitations/open").json(&OpenInvitationBody { token }).send().await
}

/// `POST /invitations/accept`: signs in.
///
/// # Errors
/// [`ApiError`]; with what is wrong with the password.
pub async fn accept_invitation(body: SetPasswordBody) -> Result<(), ApiError> {
    Call::post("/invitations/accept").json(&body).send_empty().await
}

/// `POST /password-resets`
///
/// # Errors
/// [`ApiError`]; never whether somebody signs in with the address.
pub async fn ask_reset(email: String) -> Result<(), ApiError> {
    Call::post("/password-resets").json(&AskResetBody { email }).send_empty().await
}

/// `POST /password-resets/accept`
///
/// # Errors
/// [`ApiError`]; with what is wrong with the password.
pub async fn accept_reset(body: SetPasswordBody) -> Result<(), ApiError> {
    Call::post("/password-resets/accept").json(&body).send_empty().await
}
