//! `GET /me`

use axum::{Json, extract::State};
use billing::{
    Policy,
    api::{DemoInfo, Me},
};

use crate::{
    config::Config,
    execute::snapshots,
    http::{
        App, Failure,
        caller::{Caller, SignedIn},
    },
    storage::Transaction,
};

/// Who is signed in, of which agency, and what they may do.
pub async fn answer(State(app): State<App>, caller: Caller) -> Result<Json<Me>, Failure> {
    let now = app.deps.clock.now();
    let config = app.deps.config.clone();
    let read = move |tx: &mut dyn Transaction| {
        let signed_in = caller.identify(tx, now)?;
        me(tx, &signed_in, &config)
    };
    Ok(Json(app.deps.store.read(read).await?))
}

/// What the app has to know first.
pub fn me(tx: &mut dyn Transaction, signed_in: &SignedIn, config: &Config) -> Result<Me, Failure> {
    let agency = tx.agency(signed_in.scope)?.ok_or_else(Failure::not_found)?;
    let mailbox_url = format!("{}/demo/mailbox", config.public_url);
    Ok(Me {
        user: snapshots::user(&signed_in.user),
        agency: snapshots::agency(&agency),
        change_seq: agency.change_seq,
        policy: Policy::standard(agency.currency),
        demo: config.demo.is_some().then_some(DemoInfo { mailbox_url }),
    })
}
