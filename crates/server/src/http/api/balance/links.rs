//! `POST /balance/links` and `DELETE /balance/link`

use axum::{Extension, extract::State, http::StatusCode};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use billing::{api::AskBalanceLinkBody, text::EmailAddress};

use crate::{
    deps::Deps,
    execute::{Tools, balance_links, links::token_hash},
    http::{
        App, Failure,
        body::Json,
        gate::{Anyone, LinkToken},
        proxies::Caller,
    },
    storage::{StorageError, Transaction},
};

/// Who asks.
enum Asked {
    Address(EmailAddress),
    Link([u8; 32]),
}

/// Mails a link for each account that this address pays for, or a new one in the place of one that has expired. Whether there is
/// any is not told, not even by how long it takes: the answer goes out before anybody looks.
pub async fn ask(
    _: Anyone,
    State(app): State<App>,
    caller: Option<Extension<Caller>>,
    Json { value: body, .. }: Json<AskBalanceLinkBody>,
) -> Result<StatusCode, Failure> {
    let asked = match (body.email, body.token) {
        (Some(email), None) => {
            let read = EmailAddress::parse(&email);
            let wrong = |code: &str, detail| Failure::field("/email", code, detail);
            Asked::Address(read.map_err(|error| wrong(error.code(), error.to_string()))?)
        }
        (None, Some(token)) => Asked::Link(token_hash(&token)),
        _ => {
            let detail = "Give either an email address or the token of a link.";
            return Err(Failure::field("/email", "required", detail));
        }
    };
    let counted = match &asked {
        Asked::Address(email) => email.as_str().to_owned(),
        Asked::Link(hash) => URL_SAFE_NO_PAD.encode(hash),
    };
    let caller = caller.map(|Extension(caller)| caller.counted());
    let now = app.deps.clock.now();
    if let Err(wait) = app.balance_links.attempt(&counted, caller, now) {
        let detail = "A link was asked for too often. Wait a few minutes, then try again.";
        return Err(Failure::too_many(detail, wait.as_secs().max(1)));
    }
    let deps = app.deps.clone();
    tokio::spawn(async move {
        if let Err(error) = mail(&deps, asked).await {
            tracing::warn!(%error, "a letter with a link to a balance could not be queued");
        }
    });
    Ok(StatusCode::ACCEPTED)
}

async fn mail(deps: &Deps, asked: Asked) -> Result<(), StorageError> {
    let look = move |tx: &mut dyn Transaction| {
        Ok::<_, StorageError>(match &asked {
            Asked::Address(email) => {
                let paid = tx.paid_by(email, balance_links::ACCOUNTS_MAX)?;
                paid.into_iter().map(|(scope, account)| (scope, account, email.clone())).collect()
            }
            Asked::Link(hash) => {
                let found = tx.balance_link(hash)?;
                let found = found.and_then(|(scope, row)| Some((scope, row.account?, row.email)));
                found.into_iter().collect::<Vec<_>>()
            }
        })
    };
    let tools = Tools::of(deps);
    for (scope, account, email) in deps.store.read(look).await? {
        let tools = tools.clone();
        // One agency in a transaction.
        deps.store.write(move |tx| balance_links::ask(tx, &tools, scope, account, &email)).await?;
    }
    Ok(())
}

/// Ends a link: whoever holds it does not want it to work any more. One that is dead already is fine.
pub async fn end(
    LinkToken(token): LinkToken,
    State(app): State<App>,
) -> Result<StatusCode, Failure> {
    let (hash, now) = (token_hash(&token), app.deps.clock.now());
    let write = move |tx: &mut dyn Transaction| {
        let (scope, _) = tx.balance_link(&hash)?.ok_or_else(Failure::link_unknown)?;
        Ok::<_, Failure>(tx.end_balance_link(scope, &hash, now)?)
    };
    app.deps.store.write(write).await?;
    Ok(StatusCode::NO_CONTENT)
}
