//! A provider that lies, or that somebody else pretends to be: what it sends lets nobody in.

use std::sync::{Arc, Mutex};

use axum::{
    Form, Json, Router,
    extract::State,
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::{Value, json};
use server::{
    config::{OidcConfig, Secret},
    deps::{Clock as _, SystemClock, SystemEntropy},
    oidc::{OidcError, Provider},
};
use sha2::Sha256;

const CLIENT: &str = "sluice";
const SHARED: &str = "a shared secret of both";
const EMAIL: &str = "robin@northwind.example";

/// What the liar says of itself, and what it sends for a code.
struct Liar {
    /// Its real address.
    url: String,
    /// Who it says it is.
    issuer: Mutex<String>,
    /// Whose signature it says to trust.
    key: EcdsaKeyPair,
    /// A key that it names nowhere.
    other: EcdsaKeyPair,
    nonce: Mutex<String>,
}

fn key() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap()
}

fn encoded(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

impl Liar {
    async fn start() -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let liar = Arc::new(Self {
            issuer: Mutex::new(url.clone()),
            url,
            key: key(),
            other: key(),
            nonce: Mutex::default(),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(Self::metadata))
            .route("/keys", get(Self::keys))
            .route("/token", post(Self::token))
            .with_state(liar.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        liar
    }

    async fn metadata(State(liar): State<Arc<Self>>) -> Json<Value> {
        let (url, issuer) = (&liar.url, liar.issuer.lock().unwrap().clone());
        Json(json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{url}/auth"),
            "token_endpoint": format!("{url}/token"),
            "jwks_uri": format!("{url}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
        }))
    }

    async fn keys(State(liar): State<Arc<Self>>) -> Json<Value> {
        let point = liar.key.public_key().as_ref();
        let [x, y] = [&point[1..33], &point[33..65]].map(|part| URL_SAFE_NO_PAD.encode(part));
        let key = json!({ "kty": "EC", "crv": "P-256", "use": "sig", "kid": "1", "x": x, "y": y });
        Json(json!({ "keys": [key] }))
    }

    /// The code says what is wrong with the token.
    async fn token(
        State(liar): State<Arc<Self>>,
        Form(asked): Form<Vec<(String, String)>>,
    ) -> Json<Value> {
        let code = asked.into_iter().find(|(name, _)| name == "code").unwrap().1;
        let now = SystemClock.now().seconds();
        let mut claims = json!({
            "iss": liar.url, "aud": CLIENT, "sub": "robin", "iat": now, "exp": now + 600,
            "nonce": *liar.nonce.lock().unwrap(), "email": EMAIL, "email_verified": true,
        });
        match code.as_str() {
            "expired" => claims["exp"] = json!(now - 600),
            "audience" => claims["aud"] = json!("somebody else"),
            "issuer" => claims["iss"] = json!("https://accounts.example"),
            "nonce" => claims["nonce"] = json!("another"),
            _ => {}
        }
        let algorithm = match code.as_str() {
            "none" => "none",
            "shared" => "HS256",
            _ => "ES256",
        };
        let head = encoded(&json!({ "alg": algorithm, "kid": "1", "typ": "JWT" }));
        let said = format!("{head}.{}", encoded(&claims));
        let sign = |key: &EcdsaKeyPair| {
            key.sign(&SystemRandom::new(), said.as_bytes()).unwrap().as_ref().to_vec()
        };
        let signature = match code.as_str() {
            "none" => Vec::new(),
            "shared" => {
                let mac = Hmac::<Sha256>::new_from_slice(SHARED.as_bytes()).unwrap();
                mac.chain_update(said.as_bytes()).finalize().into_bytes().to_vec()
            }
            "other key" => sign(&liar.other),
            _ => sign(&liar.key),
        };
        let mut token = format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature));
        if code == "changed" {
            claims["email"] = json!("kim@northwind.example");
            let signature = token.rsplit_once('.').unwrap().1.to_owned();
            token = format!("{head}.{}.{signature}", encoded(&claims));
        }
        Json(json!({ "access_token": "a", "token_type": "Bearer", "id_token": token }))
    }

    fn provider(&self) -> Provider {
        let config = OidcConfig {
            issuer: self.url.clone(),
            client_id: CLIENT.to_owned(),
            client_secret: Secret(SHARED.to_owned()),
            label: "Liar".to_owned(),
        };
        Provider::new(config, "http://127.0.0.1:8080").unwrap()
    }

    async fn finish(&self, code: &str) -> Result<String, OidcError> {
        let provider = self.provider();
        let (url, attempt) = provider.begin(&SystemEntropy).await?;
        let nonce = url.query_pairs().find(|(name, _)| name == "nonce").unwrap().1.into_owned();
        *self.nonce.lock().unwrap() = nonce;
        let vouched = provider.finish(code.to_owned(), attempt, SystemClock.now()).await?;
        assert_eq!(
            (vouched.id.issuer.as_str(), vouched.id.subject.as_str()),
            (&*self.url, "robin")
        );
        Ok(vouched.email.to_string())
    }
}

#[tokio::test]
async fn a_token_that_the_provider_did_not_sign_lets_nobody_in() {
    let liar = Liar::start().await;
    assert_eq!(liar.finish("fine").await.as_deref(), Ok(EMAIL));
    for code in ["none", "shared", "other key", "changed"] {
        assert_eq!(liar.finish(code).await, Err(OidcError::Unproven), "{code}");
    }
}

#[tokio::test]
async fn a_token_of_another_time_audience_or_issuer_lets_nobody_in() {
    let liar = Liar::start().await;
    for code in ["expired", "audience", "issuer", "nonce"] {
        assert_eq!(liar.finish(code).await, Err(OidcError::Unproven), "{code}");
    }
}

#[tokio::test]
async fn metadata_of_another_issuer_is_not_taken() {
    let liar = Liar::start().await;
    *liar.issuer.lock().unwrap() = "https://accounts.example".to_owned();
    assert_eq!(liar.finish("fine").await, Err(OidcError::Away));
}
