//! The agency's own balance: its cards, its auto-recharge, its payments and their receipts. What is shown and done is
//! [`crate::balance`]'s to say.

use axum::{
    Extension, Json as Answer,
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse as _, Response},
};
use billing::{
    PaymentId,
    access::{Right, may},
    api::{AlertBody, ReceiptList, RechargeBody, SaveCardBody, TopUpBody, WalletView},
    wallet::CardRole,
};

use super::id;
use crate::{
    balance::{self, Holder},
    documents::view,
    execute::{people, wallet::Owner},
    http::{
        App, Failure, RequestTag,
        body::Json,
        conditions::idempotency_key,
        documents::{self, Form},
        gate::{
            self, May,
            rights::{ManageAgencyBilling, Named, ReadAccounts},
        },
        proxies::Caller,
    },
    storage::Transaction,
};

type Shown = Result<Answer<WalletView>, Failure>;

/// Somebody of the agency before its own balance.
async fn holder<R: Named>(app: &App, caller: May<R>, tag: &RequestTag) -> Result<Holder, Failure> {
    let (now, tag) = (app.deps.clock.now(), tag.clone());
    let look = move |tx: &mut dyn Transaction| {
        let allowed = caller.identify(tx, now)?;
        let (scope, key, who) = (allowed.scope, allowed.name(), allowed.origin(&tag).who);
        let (email, may_pay) = match allowed.caller {
            gate::Caller::Person(user) => {
                let may_pay = may(user.role, Right::ManageAgencyBilling);
                (user.email, may_pay)
            }
            gate::Caller::Key(_) => {
                let owner = people::owner(tx, scope)?.ok_or_else(Failure::not_found)?;
                (owner.email, false)
            }
        };
        Ok::<_, Failure>(Holder { scope, owner: Owner::Agency, email, may_pay, who, key })
    };
    app.deps.store.read(look).await
}

/// `GET /agency/wallet`
pub async fn show(caller: May<ReadAccounts>, State(app): State<App>, tag: RequestTag) -> Shown {
    let holder = holder(&app, caller, &tag).await?;
    Ok(Answer(balance::view(&app.deps, &holder).await?))
}

/// `POST /agency/top-ups`
pub async fn top_up(
    caller: May<ManageAgencyBilling>,
    State(app): State<App>,
    tag: RequestTag,
    headers: HeaderMap,
    Json { value: body, raw }: Json<TopUpBody>,
) -> Shown {
    let holder = holder(&app, caller, &tag).await?;
    let key = idempotency_key(&headers)?;
    // Its own task: whoever closes the page must not stop the payment half-way.
    let paying = tokio::spawn(async move {
        balance::top_up(&app.deps, &holder, &key, &raw, &body, &tag.0).await
    });
    Ok(Answer(paying.await.map_err(|_| Failure::internal())??))
}

/// `POST /agency/cards`
pub async fn save_card(
    caller: May<ManageAgencyBilling>,
    State(app): State<App>,
    tag: RequestTag,
    headers: HeaderMap,
    Json { value: body, raw }: Json<SaveCardBody>,
) -> Shown {
    let holder = holder(&app, caller, &tag).await?;
    let key = idempotency_key(&headers)?;
    let saving = tokio::spawn(async move {
        balance::save_card(&app.deps, &holder, &key, &raw, &body, &tag.0).await
    });
    Ok(Answer(saving.await.map_err(|_| Failure::internal())??))
}

/// `DELETE /agency/cards/{role}`
pub async fn remove_card(
    caller: May<ManageAgencyBilling>,
    State(app): State<App>,
    tag: RequestTag,
    Path(role): Path<String>,
) -> Shown {
    let holder = holder(&app, caller, &tag).await?;
    let role = CardRole::from_name(&role).ok_or_else(Failure::not_found)?;
    Ok(Answer(balance::remove_card(&app.deps, &holder, role, &tag.0).await?))
}

/// `PUT /agency/recharge`
pub async fn set_recharge(
    caller: May<ManageAgencyBilling>,
    State(app): State<App>,
    tag: RequestTag,
    from: Option<Extension<Caller>>,
    Json { value: body, .. }: Json<RechargeBody>,
) -> Shown {
    let holder = holder(&app, caller, &tag).await?;
    let address = from.map_or_else(String::new, |Extension(from)| from.0.to_string());
    Ok(Answer(balance::set_recharge(&app.deps, &holder, &body, address, &tag.0).await?))
}

/// `DELETE /agency/recharge`
pub async fn stop_recharge(
    caller: May<ManageAgencyBilling>,
    State(app): State<App>,
    tag: RequestTag,
) -> Shown {
    let holder = holder(&app, caller, &tag).await?;
    Ok(Answer(balance::stop_recharge(&app.deps, &holder, &tag.0).await?))
}

/// `PUT /agency/alert`
pub async fn set_alert(
    caller: May<ManageAgencyBilling>,
    State(app): State<App>,
    tag: RequestTag,
    Json { value: body, .. }: Json<AlertBody>,
) -> Shown {
    let holder = holder(&app, caller, &tag).await?;
    Ok(Answer(balance::set_alert(&app.deps, &holder, &body, &tag.0).await?))
}

/// `GET /agency/receipts`: one for each payment that settled, newest first.
pub async fn receipts(
    caller: May<ReadAccounts>,
    State(app): State<App>,
) -> Result<Answer<ReceiptList>, Failure> {
    Ok(Answer(ReceiptList { receipts: documents::receipts(&app, &caller, None).await? }))
}

/// `GET /agency/receipts/{payment}`: the one for a payment.
pub async fn receipt(
    caller: May<ReadAccounts>,
    State(app): State<App>,
    Path(payment): Path<String>,
) -> Result<Response, Failure> {
    let (payment, form) = documents::asked(&payment).ok_or_else(Failure::not_found)?;
    let payment: PaymentId = id(payment)?;
    let found = documents::receipt(&app, &caller, None, payment).await?;
    match form {
        Form::Json => Ok(Answer(found.it).into_response()),
        Form::Pdf => documents::as_pdf(view::receipt(&found.it, found.accent)).await,
        Form::Csv => Err(Failure::not_found()),
    }
}
