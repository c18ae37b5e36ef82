//! `GET /sign-in/oidc`: the way to the OpenID provider, and what went wrong on the way back, in plain words.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{Html, IntoResponse as _, Response},
};

use crate::{
    http::{App, Failure, content_policy, gate::Anyone, query::Query},
    oidc::OidcError,
};

/// The page's address.
pub const PAGE: &str = "/sign-in/oidc";
/// Its look. It is small enough to stand in the page.
const STYLE: &str = include_str!("oidc.css");

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nobody signs in with the address.
    UnknownAddress,
    /// Somebody else has signed in with the address before.
    SomebodyElse,
    /// They have yet to accept their invitation.
    OnlyInvited,
    /// The provider did not prove who it is.
    Provider(OidcError),
}

impl From<OidcError> for Trouble {
    fn from(error: OidcError) -> Self {
        Self::Provider(error)
    }
}

impl Trouble {
    const ALL: [Self; 8] = [
        Self::UnknownAddress,
        Self::SomebodyElse,
        Self::OnlyInvited,
        Self::Provider(OidcError::Away),
        Self::Provider(OidcError::Forged),
        Self::Provider(OidcError::Refused),
        Self::Provider(OidcError::Unproven),
        Self::Provider(OidcError::Unverified),
    ];

    /// The word for it in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::UnknownAddress => "unknown_address",
            Self::SomebodyElse => "somebody_else",
            Self::OnlyInvited => "only_invited",
            Self::Provider(OidcError::Away) => "away",
            Self::Provider(OidcError::Forged) => "forged",
            Self::Provider(OidcError::Refused) => "refused",
            Self::Provider(OidcError::Unproven) => "unproven",
            Self::Provider(OidcError::Unverified) => "unverified",
        }
    }

    fn words(self, label: &str) -> String {
        match self {
            Self::UnknownAddress => {
                format!(
                    "Nobody here signs in with your e-mail address at {label}. Ask the agency's owner to invite you."
                )
            }
            Self::SomebodyElse => {
                format!(
                    "Somebody else has signed in here with your e-mail address at {label}. If that was you, with an account there \
                     that you no longer have, choose a new password here by \u{201c}Forgot password?\u{201d}, then come back. Else ask the \
                     agency's owner."
                )
            }
            Self::OnlyInvited => {
                "Accept your invitation first: the link is in the letter that invited you."
                    .to_owned()
            }
            Self::Provider(OidcError::Away) => {
                format!("{label} cannot be reached at the moment. Try again, or use your password.")
            }
            Self::Provider(OidcError::Forged) => {
                "That sign-in did not begin in this browser, or took too long. Begin again here."
                    .to_owned()
            }
            Self::Provider(OidcError::Refused) => {
                format!("{label} did not sign you in. Try again, or use your password.")
            }
            Self::Provider(OidcError::Unproven) => {
                format!(
                    "What {label} sent does not prove who you are. Try again, or use your password."
                )
            }
            Self::Provider(OidcError::Unverified) => {
                format!(
                    "{label} has not verified your e-mail address. Verify it there, then come back."
                )
            }
        }
    }
}

#[derive(Template)]
#[template(path = "sign_in_oidc.html")]
struct Page<'a> {
    label: &'a str,
    problem: Option<String>,
    style: &'static str,
}

/// The page.
pub async fn show(
    _: Anyone,
    State(app): State<App>,
    mut query: Query,
) -> Result<Response, Failure> {
    let label = app.oidc.as_ref().ok_or_else(Failure::not_found)?.label();
    let problem = query.text("problem");
    let trouble = Trouble::ALL.into_iter().find(|why| Some(why.name()) == problem.as_deref());
    let problem = trouble.map(|why| why.words(label));
    let html = Page { label, problem, style: STYLE }.render().map_err(|error| {
        tracing::error!(%error, "a page could not be made");
        Failure::internal()
    })?;
    let policy = HeaderValue::from_str(&content_policy::with_style(STYLE));
    let policy = policy.map_err(|_| Failure::internal())?;
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response())
}
