//! The customer's balance, by a link from a letter. What is shown and done is [`crate::balance`]'s to say.

pub mod ledger;
pub mod links;
pub mod receipts;

use axum::{
    Extension, Json as Answer,
    extract::{Path, State},
    http::HeaderMap,
};
use billing::{
    api::{AlertBody, RechargeBody, SaveCardBody, TopUpBody, WalletView},
    wallet::CardRole,
};

use crate::{
    balance,
    http::{
        App, Failure, RequestTag, body::Json, conditions::idempotency_key, gate::LinkToken,
        proxies::Caller,
    },
};

type Shown = Result<Answer<WalletView>, Failure>;

/// `GET /balance`
pub async fn show(LinkToken(token): LinkToken, State(app): State<App>) -> Shown {
    let holder = balance::by_link(&app.deps, &token).await?;
    Ok(Answer(balance::view(&app.deps, &holder).await?))
}

/// `POST /balance/top-ups`
pub async fn top_up(
    LinkToken(token): LinkToken,
    State(app): State<App>,
    tag: RequestTag,
    headers: HeaderMap,
    Json { value: body, raw }: Json<TopUpBody>,
) -> Shown {
    let key = idempotency_key(&headers)?;
    let holder = balance::by_link(&app.deps, &token).await?;
    // Its own task: a customer who closes the page must not stop their payment half-way.
    let paying = tokio::spawn(async move {
        balance::top_up(&app.deps, &holder, &key, &raw, &body, &tag.0).await
    });
    Ok(Answer(paying.await.map_err(|_| Failure::internal())??))
}

/// `POST /balance/cards`
pub async fn save_card(
    LinkToken(token): LinkToken,
    State(app): State<App>,
    tag: RequestTag,
    headers: HeaderMap,
    Json { value: body, raw }: Json<SaveCardBody>,
) -> Shown {
    let key = idempotency_key(&headers)?;
    let holder = balance::by_link(&app.deps, &token).await?;
    let saving = tokio::spawn(async move {
        balance::save_card(&app.deps, &holder, &key, &raw, &body, &tag.0).await
    });
    Ok(Answer(saving.await.map_err(|_| Failure::internal())??))
}

/// `DELETE /balance/cards/{role}`
pub async fn remove_card(
    LinkToken(token): LinkToken,
    State(app): State<App>,
    tag: RequestTag,
    Path(role): Path<String>,
) -> Shown {
    let holder = balance::by_link(&app.deps, &token).await?;
    let role = CardRole::from_name(&role).ok_or_else(Failure::not_found)?;
    Ok(Answer(balance::remove_card(&app.deps, &holder, role, &tag.0).await?))
}

/// `PUT /balance/recharge`
pub async fn set_recharge(
    LinkToken(token): LinkToken,
    State(app): State<App>,
    tag: RequestTag,
    caller: Option<Extension<Caller>>,
    Json { value: body, .. }: Json<RechargeBody>,
) -> Shown {
    let holder = balance::by_link(&app.deps, &token).await?;
    let address = caller.map_or_else(String::new, |Extension(caller)| caller.0.to_string());
    Ok(Answer(balance::set_recharge(&app.deps, &holder, &body, address, &tag.0).await?))
}

/// `DELETE /balance/recharge`
pub async fn stop_recharge(
    LinkToken(token): LinkToken,
    State(app): State<App>,
    tag: RequestTag,
) -> Shown {
    let holder = balance::by_link(&app.deps, &token).await?;
    Ok(Answer(balance::stop_recharge(&app.deps, &holder, &tag.0).await?))
}

/// `PUT /balance/alert`
pub async fn set_alert(
    LinkToken(token): LinkToken,
    State(app): State<App>,
    tag: RequestTag,
    Json { value: body, .. }: Json<AlertBody>,
) -> Shown {
    let holder = balance::by_link(&app.deps, &token).await?;
    Ok(Answer(balance::set_alert(&app.deps, &holder, &body, &tag.0).await?))
}
