//! Secure links: 32 random bytes in the fragment, only their hash at rest.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use billing::{RequestId, SubAccountId, Timestamp, funding::Refusal};
use sha2::{Digest, Sha256};

use super::{ExecuteError, Origin, Tools};
use crate::{
    deps::EntropyExt,
    storage::{Scope, Transaction, audit::AuditRow, links::LinkPurpose},
};

/// The hash under which a token is kept.
pub fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// A new secret for a link or a session: 43 characters of URL-safe base 64.
pub fn new_token(entropy: &dyn crate::deps::Entropy) -> String {
    URL_SAFE_NO_PAD.encode(entropy.secret())
}

/// The address of a link.
pub fn url(public_url: &str, token: &str) -> String {
    format!("{public_url}/pay#t={token}")
}

/// Makes a link to the open request of a sub-account; answers its token, told this once, and when it dies.
///
/// # Errors
/// [`ExecuteError::Refused`] when the request is not open.
pub fn create(
    tx: &mut dyn Transaction,
    tools: &Tools,
    scope: Scope,
    sub_account: SubAccountId,
    request: RequestId,
    purpose: LinkPurpose,
    origin: &Origin,
) -> Result<(String, Timestamp), ExecuteError> {
    let account = tx.account(scope, sub_account)?.ok_or(ExecuteError::NotFound)?;
    let open = account.funding.open_request().filter(|open| open.id == request);
    let expires_at = open.ok_or(Refusal::NoOpenRequest)?.expires_at;
    let token = new_token(tools.entropy.as_ref());
    tx.insert_link(scope, &token_hash(&token), request, purpose, tools.now)?;
    tx.insert_audit(
        scope,
        &AuditRow {
            sub_account: Some(sub_account),
            after: Some(serde_json::json!({ "request": request }).to_string()),
            ..origin.did(&format!("make_link_to_{}", purpose.name()), tools.now)
        },
    )?;
    Ok((token, expires_at))
}
