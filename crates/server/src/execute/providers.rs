//! People whom an OpenID provider vouches for. An address may come to be somebody else's; what the provider calls a person never
//! does. So it is kept at their first sign-in, and from then on nobody else comes in by the address.

use billing::api::Who;

use super::{Origin, Tools};
use crate::storage::{
    Scope, StorageError, Transaction,
    audit::AuditRow,
    users::{ProviderId, UserRow},
};

/// Whether somebody who has the address is the one who signed in with it before. Whoever is the first to come from this provider
/// is remembered; another provider is another matter, which the operator has decided on.
///
/// # Errors
/// When storage fails.
pub fn recognise(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    user: &UserRow,
    shown: ProviderId,
    request_id: &str,
) -> Result<bool, StorageError> {
    let line = |action: &str, who: Who| {
        let about = serde_json::json!({ "person": user.id, "issuer": shown.issuer });
        let after = Some(about.to_string());
        AuditRow { after, ..Origin::new(who, request_id).did(action, tools.now) }
    };
    match &user.provider {
        Some(known) if *known == shown => Ok(true),
        Some(known) if known.issuer == shown.issuer => {
            // Not this person: that is the point.
            let somebody = Who::System { part: "sign-in".to_owned() };
            tx.insert_audit(scope, &line("refuse_provider", somebody))?;
            Ok(false)
        }
        _ => {
            let who = Who::User { id: user.id, name: user.name.to_string() };
            tx.insert_audit(scope, &line("bind_provider", who))?;
            tx.save_user(scope, &UserRow { provider: Some(shown), ..user.clone() })?;
            Ok(true)
        }
    }
}
