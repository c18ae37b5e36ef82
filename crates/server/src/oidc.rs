//! Signing in with an OpenID provider that the operator has named: OpenID Connect Core 1.0, the code flow, with PKCE.
//!
//! The provider says who somebody is, never what they may do: only an address that it has verified counts, and only when
//! somebody of that address is here already. What it is asked is bound to the one browser that began ([`Attempt`], in a cookie),
//! and to the one attempt: `state` to the answer, `nonce` to the token, the verifier to the code.

mod fetch;

use std::time::Duration;

use billing::{Timestamp, text::EmailAddress};
use chrono::{DateTime, Utc};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, TokenResponse as _,
    core::{
        CoreAuthenticationFlow, CoreClient, CoreJwsSigningAlgorithm as Algorithm,
        CoreProviderMetadata, CoreUserInfoClaims,
    },
};
use subtle::ConstantTimeEq as _;
use tokio::{sync::Mutex, time::Instant};
use url::{Host, Url};

use self::fetch::Fetcher;
use crate::{
    config::OidcConfig, deps::Entropy, execute::links::new_token, storage::users::ProviderId,
};

/// Where the provider sends people back to.
pub const CALLBACK: &str = "/api/v1/session/oidc/callback";
/// How long what the provider says of itself, with its keys, is good for.
const KEEP_FOR: Duration = Duration::from_secs(10 * 60);
/// Signatures that are taken: with a key of the provider's own, never with a shared secret, never none.
const ALGORITHMS: [Algorithm; 5] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPssSha256,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why somebody is not signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// The provider cannot be asked, or does not answer as the standard says.
    #[error("the provider cannot be asked, or its answer cannot be read")]
    Away,
    /// The answer belongs to no attempt of this browser.
    #[error("the answer belongs to no attempt of this browser")]
    Forged,
    /// The provider, or the person, said no.
    #[error("the provider said no")]
    Refused,
    /// What the provider sent does not prove who it is.
    #[error("the provider's token proves nothing")]
    Unproven,
    /// The provider has not verified the address, or names none.
    #[error("the provider names no address that it has verified")]
    Unverified,
}

/// Whom the provider vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    /// An address of theirs, which it has verified.
    pub email: EmailAddress,
    /// Who they are to it.
    pub id: ProviderId,
}

/// What binds an answer to the browser that asked.
#[derive(Clone, PartialEq, Eq)]
pub struct Attempt {
    state: String,
    nonce: String,
    verifier: String,
}

impl Attempt {
    fn new(entropy: &dyn Entropy) -> Self {
        let [state, nonce, verifier] = std::array::from_fn(|_| new_token(entropy));
        Self { state, nonce, verifier }
    }

    /// For the browser's cookie.
    pub fn text(&self) -> String {
        format!("{}.{}.{}", self.state, self.nonce, self.verifier)
    }

    /// From the browser's cookie.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(str::to_owned);
        let attempt = Self { state: parts.next()?, nonce: parts.next()?, verifier: parts.next()? };
        let is_whole = [&attempt.state, &attempt.nonce, &attempt.verifier]
            .into_iter()
            .all(|part| part.len() == 43);
        (is_whole && parts.next().is_none()).then_some(attempt)
    }

    /// Whether the provider's answer is to this attempt.
    pub fn is_of(&self, state: &str) -> bool {
        self.state.as_bytes().ct_eq(state.as_bytes()).into()
    }
}

/// The provider.
pub struct Provider {
    config: OidcConfig,
    redirect: String,
    fetcher: Fetcher,
    /// What it says of itself, and when it said so.
    known: Mutex<Option<(Instant, CoreProviderMetadata)>>,
}

impl Provider {
    /// The provider of these settings; people come back to below `public_url`.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(config: OidcConfig, public_url: &str) -> Result<Self, fetch::FetchError> {
        let redirect = format!("{public_url}{CALLBACK}");
        Ok(Self { config, redirect, fetcher: Fetcher::new()?, known: Mutex::default() })
    }

    /// What people call it.
    pub fn label(&self) -> &str {
        &self.config.label
    }

    /// Where to send somebody who wants to sign in, and what to give their browser until they are back.
    ///
    /// # Errors
    /// [`OidcError::Away`]
    pub async fn begin(&self, entropy: &dyn Entropy) -> Result<(Url, Attempt), OidcError> {
        let attempt = Attempt::new(entropy);
        let client = self.client().await?;
        let (state, nonce) = (attempt.state.clone(), attempt.nonce.clone());
        let verifier = PkceCodeVerifier::new(attempt.verifier.clone());
        let request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                || CsrfToken::new(state),
                || Nonce::new(nonce),
            )
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        let (url, _, _) = request.url();
        Ok((url, attempt))
    }

    /// Whoever the provider vouches for with this code.
    ///
    /// # Errors
    /// [`OidcError`]
    pub async fn finish(
        &self,
        code: String,
        attempt: Attempt,
        now: Timestamp,
    ) -> Result<Vouched, OidcError> {
        let client = self.client().await?;
        let fetch = self.fetcher.carrier();
        let exchange = client.exchange_code(AuthorizationCode::new(code));
        let exchange = exchange.map_err(|error| away(&error))?;
        let exchange = exchange.set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier));
        let tokens = exchange.request_async(&fetch).await.map_err(|error| {
            tracing::warn!(error = %chain(&error), "the OpenID provider gave no token");
            match error {
                RequestTokenError::ServerResponse(_) => OidcError::Refused,
                _ => OidcError::Away,
            }
        })?;
        let unproven = |error: &dyn std::error::Error| {
            tracing::warn!(error = %chain(error), "an ID token was not taken");
            OidcError::Unproven
        };
        let token = tokens.id_token().ok_or(OidcError::Unproven)?;
        let clock = DateTime::<Utc>::from_timestamp_millis(now.millis()).unwrap_or_default();
        let verifier = client.id_token_verifier().set_allowed_algs(ALGORITHMS);
        let verifier = verifier.set_time_fn(move || clock);
        let nonce = Nonce::new(attempt.nonce);
        let claims = token.claims(&verifier, &nonce).map_err(|error| unproven(&error))?;
        if let Some(expected) = claims.access_token_hash() {
            let algorithm = token.signing_alg().map_err(|error| unproven(&error))?;
            let key = token.signing_key(&verifier).map_err(|error| unproven(&error))?;
            let hash = AccessTokenHash::from_token(tokens.access_token(), algorithm, key);
            if hash.map_err(|error| unproven(&error))? != *expected {
                return Err(OidcError::Unproven);
            }
        }
        let id = ProviderId {
            issuer: claims.issuer().to_string(),
            subject: claims.subject().to_string(),
        };
        if let Some(email) = claims.email() {
            let email = verified(email.as_str(), claims.email_verified())?;
            return Ok(Vouched { email, id });
        }
        // Some tell the address only to whoever asks with the token; it must be of the same person.
        let subject = Some(claims.subject().clone());
        let asked = client.user_info(tokens.access_token().to_owned(), subject);
        let asked = asked.map_err(|_| OidcError::Unverified)?;
        let told: CoreUserInfoClaims =
            asked.request_async(&fetch).await.map_err(|error| unproven(&error))?;
        let email = told.email().ok_or(OidcError::Unverified)?;
        let email = verified(email.as_str(), told.email_verified())?;
        Ok(Vouched { email, id })
    }

    /// The client for what the provider says of itself by now. Its issuer must be the one of the settings, to the letter.
    async fn client(&self) -> Result<Client, OidcError> {
        let issuer = IssuerUrl::new(self.config.issuer.clone()).map_err(|error| away(&error))?;
        let mut known = self.known.lock().await;
        let fresh = known.as_ref().filter(|(at, _)| at.elapsed() < KEEP_FOR);
        let metadata = match fresh {
            Some((_, metadata)) => metadata.clone(),
            None => {
                let fetch = self.fetcher.carrier();
                let found = CoreProviderMetadata::discover_async(issuer, &fetch).await;
                let found = found.map_err(|error| away(&error))?;
                *known = Some((Instant::now(), found.clone()));
                found
            }
        };
        drop(known);
        let secret = ClientSecret::new(self.config.client_secret.0.clone());
        let redirect = RedirectUrl::new(self.redirect.clone()).map_err(|error| away(&error))?;
        let id = ClientId::new(self.config.client_id.clone());
        let client = CoreClient::from_provider_metadata(metadata, id, Some(secret));
        Ok(client.set_redirect_uri(redirect))
    }
}

fn verified(email: &str, is_verified: Option<bool>) -> Result<EmailAddress, OidcError> {
    let email = EmailAddress::parse(email).map_err(|_| OidcError::Unverified)?;
    if is_verified == Some(true) { Ok(email) } else { Err(OidcError::Unverified) }
}

fn away(error: &dyn std::error::Error) -> OidcError {
    tracing::warn!(error = %chain(error), "the OpenID provider cannot be asked");
    OidcError::Away
}

/// An error with what caused it. None of these holds a token or a secret.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// The host of a provider that may be named in the settings: over https, or on this very machine.
///
/// # Errors
/// Why it may not be named.
pub fn host(issuer: &str) -> Result<String, &'static str> {
    let url =
        Url::parse(issuer).map_err(|_| "expected an address like https://accounts.example")?;
    let host = url.host().ok_or("expected an address with a host")?;
    let is_here = match &host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    match url.scheme() {
        _ if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() => {
            Err("an issuer has no query, no fragment and no user name")
        }
        "https" => Ok(host.to_string()),
        "http" if is_here => Ok(host.to_string()),
        _ => Err("an issuer is asked over https only"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deps::SystemEntropy;

    #[test]
    fn an_attempt_goes_through_a_cookie_whole_or_not_at_all() {
        let attempt = Attempt::new(&SystemEntropy);
        let text = attempt.text();
        assert!(Attempt::parse(&text).unwrap() == attempt);
        assert!(attempt.is_of(&attempt.state) && !attempt.is_of("") && !attempt.is_of("x"));
        assert!(Attempt::parse("").is_none() && Attempt::parse("a.b.c").is_none());
        assert!(Attempt::parse(&format!("{text}.x")).is_none());
        assert!(Attempt::new(&SystemEntropy) != attempt);
    }

    #[test]
    fn a_provider_is_asked_over_tls_or_on_this_machine() {
        assert_eq!(host("https://accounts.example/tenant"), Ok("accounts.example".to_owned()));
        assert_eq!(host("http://127.0.0.1:9"), Ok("127.0.0.1".to_owned()));
        assert_eq!(host("http://[::1]:9"), Ok("[::1]".to_owned()));
        for wrong in [
            "accounts.example",
            "http://accounts.example",
            "https://accounts.example?x",
            "https://me@accounts.example",
            "file:///etc/passwd",
        ] {
            assert!(host(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_a_verified_address_counts() {
        assert_eq!(verified("a@b.co", Some(true)).unwrap().as_str(), "a@b.co");
        for (email, said) in [("a@b.co", Some(false)), ("a@b.co", None), ("a", Some(true))] {
            assert_eq!(verified(email, said), Err(OidcError::Unverified));
        }
    }
}
