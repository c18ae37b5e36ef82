//! Either server, as a process of its own with empty books, and what a test does to it beside the client's calls.

use reqwest::Method;
use serde_json::{Value, json};
use server::{
    config::{GatewayConfig, Secret},
    gateway::{
        Charge, Gateway as _, Intent, NewCustomer, SaveCard, Setup, SetupStatus, stripe::Stripe,
    },
};

use crate::{
    differences::{LOCALSTRIPE, SANDBOX, Ways},
    python::Python,
    sandbox::{Sandbox, charge_by, request, setup, sub_account},
};

/// A running server; it ends with this value.
pub struct Ground {
    pub config: GatewayConfig,
    /// In what it differs from the other.
    pub ways: &'static Ways,
    server: Server,
    http: reqwest::Client,
}

enum Server {
    Sandbox(Box<Sandbox>),
    Localstripe {
        /// Without what stands before it.
        bare: String,
        _processes: Box<[Python; 2]>,
    },
}

impl Ground {
    pub async fn sandbox() -> Self {
        let sandbox = Sandbox::start().await;
        let config = sandbox.config.clone();
        Self::of(config, &SANDBOX, Server::Sandbox(Box::new(sandbox)))
    }

    pub async fn localstripe() -> Self {
        let mut peer = Python::start("localstripe_loopback.py", &[]);
        let port = peer.port().await;
        let mut shim = Python::start("localstripe_shim.py", &[&port.to_string()]);
        let config = GatewayConfig {
            api_url: format!("http://127.0.0.1:{}", shim.port().await),
            script_url: String::new(),
            secret_key: Secret("sk_test_peer".to_owned()),
            publishable_key: "pk_test_peer".to_owned(),
            webhook_secret: Secret(String::new()),
        };
        let bare = format!("http://127.0.0.1:{port}");
        Self::of(
            config,
            &LOCALSTRIPE,
            Server::Localstripe { bare, _processes: Box::new([peer, shim]) },
        )
    }

    fn of(config: GatewayConfig, ways: &'static Ways, server: Server) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { config, ways, server, http }
    }

    pub fn stripe(&self) -> Stripe {
        Stripe::new(&self.config).unwrap()
    }

    /// A charge of $25.00 to this card, for a new customer; `number` makes its ids.
    pub async fn charge(&self, number: u8, card: &str) -> Charge {
        charge_by(&self.stripe(), number, self.token(card).await).await
    }

    /// What the browser would make of this card; `card` is the end of Stripe's `pm_card_…` name.
    pub async fn token(&self, card: &str) -> String {
        let form = format!("payment_method=pm_card_{card}");
        let (_, token) =
            self.ask(Method::POST, "/v1/test_helpers/confirmation_tokens", &form).await;
        token["id"].as_str().unwrap().to_owned()
    }

    /// The customer's answer to 3-D Secure.
    pub async fn authenticate(&self, intent: &Intent, success: bool) {
        let id = &intent.id;
        match &self.server {
            Server::Sandbox(sandbox) => sandbox.authenticate(id, success).await,
            Server::Localstripe { .. } => {
                let secret = intent.client_secret.as_deref().unwrap();
                let path = format!(
                    "/v1/payment_intents/{id}/_authenticate?success={success}&client_secret={secret}"
                );
                self.ask(Method::POST, &path, "").await;
            }
        }
    }

    /// The customer's answer to 3-D Secure about a card to keep. localstripe knows no other than yes.
    pub async fn authenticate_setup(&self, setup: &Setup, success: bool) {
        let id = &setup.id;
        match &self.server {
            Server::Sandbox(sandbox) => sandbox.authenticate(id, success).await,
            Server::Localstripe { .. } => {
                assert!(success, "localstripe has no way to fail it");
                let secret = setup.client_secret.as_deref().unwrap();
                let form = format!("client_secret={secret}");
                let path = format!("/v1/setup_intents/{id}/confirm");
                let (status, answer) = self.ask_bare(Method::POST, &path, &form).await;
                assert_eq!(status, 200, "{answer}");
            }
        }
    }

    /// A card that is saved, for a new customer, if need be after its owner has authenticated; `number` makes its ids.
    pub async fn saved(&self, number: u8, card: &str) -> Setup {
        let save = self.save(number, card).await;
        let setup = self.stripe().save_card(&save).await.unwrap();
        if setup.status == SetupStatus::RequiresAction {
            self.authenticate_setup(&setup, true).await;
        }
        self.stripe().setup(&setup.id).await.unwrap()
    }

    /// A card to save, for a new customer; `number` makes its ids.
    pub async fn save(&self, number: u8, card: &str) -> SaveCard {
        let (email, name) = ("dana@brightwater.co", "Brightwater Plumbing");
        let new = NewCustomer::of_request(request(number), sub_account(), email, name);
        SaveCard {
            setup: setup(number),
            customer: self.stripe().create_customer(&new).await.unwrap(),
            confirmation_token: self.token(card).await,
            return_url: "http://127.0.0.1:1/account".to_owned(),
        }
    }

    /// Has events sent to this address; answers the secret that they are signed with.
    pub async fn hook(&self, url: &str) -> String {
        let kind = "payment_intent.succeeded";
        match &self.server {
            Server::Sandbox(_) => {
                let form = format!("url={url}&enabled_events[]={kind}");
                let (_, made) = self.ask(Method::POST, "/v1/webhook_endpoints", &form).await;
                made["secret"].as_str().unwrap().to_owned()
            }
            Server::Localstripe { bare, .. } => {
                let secret = "whsec_of_the_peer".to_owned();
                let body = json!({"url": url, "secret": secret, "events": [kind]}).to_string();
                let answer = self.http.post(format!("{bare}/_config/webhooks/sluice"));
                let answer = answer.header("content-type", "application/json").body(body).send();
                assert!(answer.await.unwrap().status().is_success());
                secret
            }
        }
    }

    /// How many there are of what this path lists.
    pub async fn count(&self, path: &str) -> usize {
        let (status, list) = self.ask(Method::GET, path, "").await;
        assert_eq!(status, 200, "{path}: {list}");
        list["data"].as_array().unwrap().len()
    }

    /// Status and answer of a request with the secret key.
    pub async fn ask(&self, method: Method, path: &str, form: &str) -> (u16, Value) {
        self.ask_at(&self.config.api_url, method, path, form).await
    }

    /// The same of localstripe itself, without what stands before it.
    pub async fn ask_bare(&self, method: Method, path: &str, form: &str) -> (u16, Value) {
        let Server::Localstripe { bare, .. } = &self.server else { panic!("nothing is before it") };
        self.ask_at(bare, method, path, form).await
    }

    async fn ask_at(&self, base: &str, method: Method, path: &str, form: &str) -> (u16, Value) {
        let mut request = self.http.request(method.clone(), format!("{base}{path}"));
        request = request.bearer_auth(&self.config.secret_key.0);
        if method == Method::POST {
            let kind = "application/x-www-form-urlencoded";
            request = request.header("content-type", kind).body(form.to_owned());
        }
        let answer = request.send().await.unwrap();
        let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// How many PaymentIntents localstripe itself makes of one request that comes twice with one idempotency key.
    pub async fn made_by_a_repeat(&self, form: &str) -> usize {
        let Server::Localstripe { bare, .. } = &self.server else { panic!("nothing is before it") };
        for _ in 0..2 {
            let request = self.http.post(format!("{bare}/v1/payment_intents"));
            let request = request.bearer_auth(&self.config.secret_key.0).body(form.to_owned());
            let kind = "application/x-www-form-urlencoded";
            let request = request.header("content-type", kind).header("idempotency-key", "one");
            assert!(request.send().await.unwrap().status().is_success());
        }
        let (_, list) = self.ask_bare(Method::GET, "/v1/payment_intents?limit=100", "").await;
        list["data"].as_array().unwrap().len()
    }
}
