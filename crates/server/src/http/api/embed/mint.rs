//! `POST /embed/sessions`: the agency's backend mints a token for one account's widget.

use std::time::Duration;

use axum::{Json, extract::State, http::StatusCode};
use billing::api::{
    EMBED_TTL_SECONDS, EmbedComponent, EmbedSessionBody, FieldProblem, NewEmbedSession,
};

use crate::{
    execute::{Tools, embed},
    http::{
        App, Failure,
        api::account_named,
        body,
        gate::{May, rights::MintEmbedded},
    },
    storage::{Scope, Transaction},
};

/// Mints a token, which is told this once: a repeat mints another one.
pub async fn answer(
    machine: May<MintEmbedded>,
    State(app): State<App>,
    body::Json { value, .. }: body::Json<EmbedSessionBody>,
) -> Result<(StatusCode, Json<NewEmbedSession>), Failure> {
    let scope = machine.at_once()?.scope;
    let (shortest, usual, longest) = EMBED_TTL_SECONDS;
    let ttl_seconds = value.ttl_seconds.unwrap_or(usual);
    let mut wrong = Wrong::default();
    if !(shortest..=longest).contains(&ttl_seconds) {
        let detail = format!("A token lives from {shortest} to {longest} seconds.");
        wrong.add("/ttl_seconds".to_owned(), "out_of_range", &detail);
    }
    let components = components(value.components.as_deref(), &mut wrong);
    let tools = Tools::of(&app.deps);
    let (account, origins) = (value.account, value.origins);
    let write = move |tx: &mut dyn Transaction| {
        let mut wrong = wrong.clone();
        let account = account_named(tx, scope, &account)?;
        if account.is_none() {
            wrong.add("/account".to_owned(), "unknown_account", "There is no such account.");
        }
        let origins = sites(tx, scope, origins.as_deref(), &mut wrong)?;
        let Some(account) = account.filter(|_| wrong.0.is_empty()) else {
            return Err(Failure::invalid(wrong.0));
        };
        let ttl = Duration::from_secs(ttl_seconds);
        let parts = components.clone();
        Ok(embed::mint(tx, &tools, scope, account.id, parts, origins, ttl)?)
    };
    Ok((StatusCode::CREATED, Json(app.deps.store.write(write).await?)))
}

/// The fields that are wrong.
#[derive(Clone, Default)]
struct Wrong(Vec<FieldProblem>);

impl Wrong {
    fn add(&mut self, pointer: String, code: &str, detail: &str) {
        let (code, detail) = (code.to_owned(), detail.to_owned());
        self.0.push(FieldProblem { pointer, code, detail });
    }
}

fn components(asked: Option<&[EmbedComponent]>, wrong: &mut Wrong) -> Vec<EmbedComponent> {
    let mut components = asked.unwrap_or(&[EmbedComponent::Balance]).to_vec();
    components.sort_unstable();
    components.dedup();
    if components.is_empty() {
        wrong.add("/components".to_owned(), "required", "Name what the widget shows.");
    }
    components
}

/// The sites asked for, each of which must be allowed; all that are when none was named.
fn sites(
    tx: &mut dyn Transaction,
    scope: Scope,
    asked: Option<&[String]>,
    wrong: &mut Wrong,
) -> Result<Vec<String>, Failure> {
    let allowed = tx.embed_origins(scope)?;
    if allowed.is_empty() {
        let detail = "No site may show the widget yet: name yours in the agency's allowed origins.";
        wrong.add("/origins".to_owned(), "none_allowed", detail);
        return Ok(allowed);
    }
    let Some(asked) = asked else { return Ok(allowed) };
    if asked.is_empty() {
        wrong.add("/origins".to_owned(), "required", "Name a site, or leave this out.");
    }
    for (index, _) in asked.iter().enumerate().filter(|(_, site)| !allowed.contains(site)) {
        let detail = "This site is not among the agency's allowed origins.";
        wrong.add(format!("/origins/{index}"), "not_allowed", detail);
    }
    Ok(allowed.into_iter().filter(|site| asked.contains(site)).collect())
}
