//! `/me/second-factor`: an authenticator app beside one's password.

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use billing::api::{
    BeginSecondFactorBody, RecoveryCodes, SecondFactorView, TurnOffSecondFactorBody,
    TurnOnSecondFactorBody,
};

use crate::{
    execute::{
        Tools,
        second_factor::{self, FactorError},
    },
    http::{
        App, Failure, RequestTag, body, codes,
        gate::{May, rights::BeSignedIn},
        passwords,
        proxies::Caller,
    },
    storage::Transaction,
};

impl From<FactorError> for Failure {
    fn from(error: FactorError) -> Self {
        match error {
            FactorError::On => {
                let detail = "An authenticator app is on already. Turn it off first.";
                Self::new(StatusCode::CONFLICT, "second_factor_on", detail)
            }
            FactorError::Off => {
                let detail = "There is no authenticator app yet. Begin with one first.";
                Self::new(StatusCode::CONFLICT, "second_factor_off", detail)
            }
            FactorError::WrongCode => Self::field("/code", "wrong_code", codes::WRONG),
            FactorError::Storage(error) => error.into(),
        }
    }
}

/// Whether one has an app.
pub async fn show(
    signed_in: May<BeSignedIn>,
    State(app): State<App>,
) -> Result<Json<SecondFactorView>, Failure> {
    let now = app.deps.clock.now();
    let read = move |tx: &mut dyn Transaction| {
        let allowed = signed_in.identify(tx, now)?;
        Ok::<_, Failure>(second_factor::view(tx, allowed.scope, allowed.person()?)?)
    };
    Ok(Json(app.deps.store.read(read).await?))
}

/// Makes a secret for an app, told this once.
pub async fn begin(
    signed_in: May<BeSignedIn>,
    State(app): State<App>,
    caller: Option<Extension<Caller>>,
    body::Json { value: body, .. }: body::Json<BeginSecondFactorBody>,
) -> Result<Response, Failure> {
    passwords::again(&app, &signed_in, caller, body.current_password).await?;
    let tools = Tools::of(&app.deps);
    let write = move |tx: &mut dyn Transaction| {
        let allowed = signed_in.identify(tx, tools.now)?;
        Ok::<_, Failure>(second_factor::begin(tx, &tools, allowed.scope, allowed.person()?)?)
    };
    let made = app.deps.store.write(write).await?;
    let no_store = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok((StatusCode::CREATED, [no_store], Json(made)).into_response())
}

/// Turns it on with the app's first code.
pub async fn turn_on(
    signed_in: May<BeSignedIn>,
    State(app): State<App>,
    tag: RequestTag,
    body::Json { value: body, .. }: body::Json<TurnOnSecondFactorBody>,
) -> Result<Json<RecoveryCodes>, Failure> {
    let user = codes::attempt_of(&app, &signed_in).await?;
    let (tools, here) = (Tools::of(&app.deps), signed_in.session());
    let write = move |tx: &mut dyn Transaction| {
        let allowed = signed_in.identify(tx, tools.now)?;
        let (scope, user, origin) = (allowed.scope, allowed.person()?, allowed.origin(&tag));
        Ok::<_, Failure>(second_factor::turn_on(
            tx, &tools, scope, user, &body.code, here, &origin,
        )?)
    };
    let codes = app.deps.store.write(write).await?;
    codes::taken(&app, &user);
    Ok(Json(codes))
}

/// Turns it off, with the password and a code.
pub async fn turn_off(
    signed_in: May<BeSignedIn>,
    State(app): State<App>,
    caller: Option<Extension<Caller>>,
    tag: RequestTag,
    body::Json { value: body, .. }: body::Json<TurnOffSecondFactorBody>,
) -> Result<StatusCode, Failure> {
    passwords::again(&app, &signed_in, caller, body.current_password).await?;
    let user = codes::attempt_of(&app, &signed_in).await?;
    let (tools, here) = (Tools::of(&app.deps), signed_in.session());
    let write = move |tx: &mut dyn Transaction| {
        let allowed = signed_in.identify(tx, tools.now)?;
        let (scope, user, origin) = (allowed.scope, allowed.person()?, allowed.origin(&tag));
        second_factor::turn_off(tx, &tools, scope, user, &body.code, here, &origin)?;
        Ok::<_, Failure>(())
    };
    app.deps.store.write(write).await?;
    codes::taken(&app, &user);
    Ok(StatusCode::NO_CONTENT)
}
