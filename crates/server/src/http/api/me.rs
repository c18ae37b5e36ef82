//! `GET /me`

use axum::{Json, extract::State};
use billing::{
    Policy,
    access::Role,
    api::{Access, AgencyBrand, ClientMe, DemoInfo, Me, StaffMe, WhoAmI},
};

use crate::{
    config::Config,
    execute::{branding, snapshots},
    http::{
        App, Failure,
        gate::{May, rights::BeSignedIn},
    },
    storage::{Scope, Transaction, users::UserRow},
};

/// Who is signed in, of which agency, and what they may do.
pub async fn answer(
    caller: May<BeSignedIn>,
    State(app): State<App>,
) -> Result<Json<WhoAmI>, Failure> {
    let now = app.deps.clock.now();
    let config = app.deps.config.clone();
    let read = move |tx: &mut dyn Transaction| {
        let allowed = caller.identify(tx, now)?;
        me(tx, allowed.scope, allowed.person()?, &config)
    };
    Ok(Json(app.deps.store.read(read).await?))
}

/// What an app has to know first. A client user learns the agency's name, and nothing else of it.
pub fn me(
    tx: &mut dyn Transaction,
    scope: Scope,
    user: &UserRow,
    config: &Config,
) -> Result<WhoAmI, Failure> {
    let agency = tx.agency(scope)?.ok_or_else(Failure::not_found)?;
    let mailbox_url = format!("{}/demo/mailbox", config.public_url);
    let access = Access {
        role: user.role,
        rights: user.role.rights(),
        accounts: user.accounts.iter().copied().collect(),
    };
    let change_seq = agency.change_seq;
    if user.role == Role::Client {
        return Ok(WhoAmI::Client(ClientMe {
            user: snapshots::user(user),
            agency: AgencyBrand {
                id: agency.id,
                name: agency.name,
                currency: agency.currency,
                stylesheet: branding::address(tx, scope)?,
            },
            change_seq,
            access,
        }));
    }
    let me = Me {
        user: snapshots::user(user),
        agency: snapshots::agency(&agency),
        change_seq,
        policy: Policy::standard(agency.currency),
        demo: config.demo.is_some().then_some(DemoInfo { mailbox_url }),
    };
    Ok(WhoAmI::Staff(StaffMe { me, access }))
}
