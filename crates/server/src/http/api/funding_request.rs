//! What every funding command of a person or a machine has in common: who asks, which version they have seen, that a repeat has
//! one effect, and the one door. The verbs beside this file read their path and body and say which command that is.

use axum::{
    body::Bytes,
    extract::{FromRequestParts, Path},
    http::{HeaderMap, request::Parts},
};
use billing::{RequestId, SubAccountId, funding::Command};

use super::id;
use crate::{
    execute::{Order, Tools, execute, idempotent::Key},
    http::{
        App, Failure, RequestTag,
        conditions::{idempotency_key, if_match, optional_idempotency_key},
        gate::{Gate, May, Needs, rights::SwitchFunding},
        once::{Answer, once},
    },
    storage::{Scope, Transaction},
};

/// A request to change the funding of one sub-account.
pub struct FundingRequest {
    app: App,
    caller: May<SwitchFunding>,
    tag: RequestTag,
    /// Method and path: the same key for another route is another request.
    route: String,
    headers: HeaderMap,
}

impl Gate for FundingRequest {
    const NEEDS: Needs = <May<SwitchFunding> as Gate>::NEEDS;
}

impl FromRequestParts<App> for FundingRequest {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        Ok(Self {
            app: app.clone(),
            caller: May::from_request_parts(parts, app).await?,
            tag: RequestTag::from_request_parts(parts, app).await?,
            route: format!("{} {}", parts.method, parts.uri.path()),
            headers: parts.headers.clone(),
        })
    }
}

/// `/accounts/{id}/billing-requests/{rid}`
pub struct RequestPath(pub SubAccountId, pub RequestId);

impl FromRequestParts<App> for RequestPath {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let path = Path::<(String, String)>::from_request_parts(parts, app).await;
        let Path((sub_account, request)) = path.map_err(|_| Failure::not_found())?;
        Ok(Self(id(&sub_account)?, id(&request)?))
    }
}

impl FundingRequest {
    /// The key that it must have.
    ///
    /// # Errors
    /// 400 when it has none.
    pub fn key(&self) -> Result<Option<String>, Failure> {
        idempotency_key(&self.headers).map(Some)
    }

    /// The key that it may have.
    ///
    /// # Errors
    /// 400 when it is no key.
    pub fn optional_key(&self) -> Result<Option<String>, Failure> {
        optional_idempotency_key(&self.headers)
    }

    /// Carries out the command that `command` makes, once per key. `body` is what a repeat must say again.
    ///
    /// # Errors
    /// What the headers lack, what `command` says, and what the rules say.
    pub async fn carry_out(
        self,
        sub_account: SubAccountId,
        key: Option<String>,
        body: Bytes,
        command: impl Fn(&mut dyn Transaction, Scope, &Tools) -> Result<Command, Failure>
        + Send
        + 'static,
    ) -> Result<Answer, Failure> {
        let Self { app, caller, tag, route, headers } = self;
        let seen = Some(if_match(&headers)?);
        let tools = Tools::of(&app.deps);
        let write = move |tx: &mut dyn Transaction| {
            let allowed = caller.identify(tx, tools.now)?;
            let scope = allowed.scope;
            let work = |tx: &mut dyn Transaction| {
                let command = command(tx, scope, &tools)?;
                let order = Order { sub_account, command, seen, origin: allowed.origin(&tag) };
                Ok::<_, Failure>(execute(tx, &tools, scope, &order)?.answer)
            };
            let Some(key) = &key else { return Answer::ok(&work(tx)?) };
            let key = Key::new(allowed.name(), key, &route, &body);
            once(tx, scope, &key, tools.now, work)
        };
        app.deps.store.write(write).await
    }
}
