//! `sluice serve`

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use ipnet::IpNet;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use super::{
    End, args::ServeArgs, database::DatabaseUrl, demo, endpoint::reach, environment::secret,
    gateway::gateway, mail_server::mail_server,
};
use crate::{
    config::{Config, DemoConfig, GatewayConfig, Limits, OidcConfig, Rate, Secret, judge},
    courier::Courier,
    deps::{Clock, Deps, Entropy, SystemClock, SystemEntropy},
    gateway::stripe::Stripe,
    http::{build_app_until, serve::serve},
    jobs,
    mail::{Mailer, mailbox::MailboxMailer},
    metering::Meter,
    oidc,
    storage::Store,
};

/// Where to listen when nobody says.
pub const LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);
/// Where a demo's mail comes from.
const DEMO_MAIL_FROM: &str = "billing@sluice.example";

/// Serves until the process is told to stop.
pub async fn run(args: ServeArgs, database: DatabaseUrl) -> Result<(), End> {
    if args.demo {
        return demo::run(args, database).await;
    }
    let gateway = gateway(&args.gateway)?;
    let mail_from = mail_from(&args)?;
    let listener = bind(args.listen.unwrap_or(LISTEN)).await?;
    let url = public_url(&args, listener.local_addr().map_err(End::failed)?)?;
    let problems = judge::problems(&settings(&args, &gateway, &url)?);
    if !problems.is_empty() {
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        return Err(End::Usage(told.join("\nsluice: ")));
    }
    let store = database.open()?;
    let config = Config {
        public_url: url.clone(),
        gateway,
        mail_from,
        demo: None,
        trusted_proxies: trusted_proxies(&args),
        limits: limits(&args),
        oidc: oidc(&args)?,
    };
    let server = Server::start(deps(config, store, &args)?, listener)?;
    server.work();
    if args.json {
        println!("{}", serde_json::json!({ "url": url }));
    } else {
        println!("Sluice is at {url}");
    }
    server.end().await;
    Ok(())
}

/// A server that answers.
pub struct Server {
    deps: Deps,
    stop: watch::Sender<bool>,
    http: JoinHandle<()>,
    told_to_stop: Signals,
}

impl Server {
    /// Begins to answer. From now on a signal to stop ends it in order, also one that comes before anybody waits for it.
    ///
    /// # Errors
    /// When the signals cannot be heard.
    pub fn start(deps: Deps, listener: TcpListener) -> Result<Self, End> {
        let told_to_stop = Signals::hear().map_err(End::failed)?;
        let (stop, stopped) = watch::channel(false);
        let router = build_app_until(deps.clone(), stopped.clone());
        let config = Arc::clone(&deps.config);
        let http = tokio::spawn(async move {
            serve(listener, router, &config, stopped).await;
        });
        Ok(Self { deps, stop, http, told_to_stop })
    }

    /// Begins the background work.
    pub fn work(&self) {
        tokio::spawn(jobs::run(self.deps.clone(), self.stop.subscribe()));
        let meter = self.deps.meter.clone();
        tokio::spawn(async move {
            if let Err(error) = meter.price_all_waiting().await {
                tracing::error!(%error, "usage that waits for a price could not be drawn");
            }
        });
    }

    /// Waits for the signal to stop, then ends what is under way. A job that is cut off is done again after the next start.
    pub async fn end(mut self) {
        self.told_to_stop.wait().await;
        let _nobody_listens = self.stop.send(true);
        let _ended = self.http.await;
    }
}

/// Everything from outside, as in production.
pub fn deps(config: Config, store: Store, args: &ServeArgs) -> Result<Deps, End> {
    let courier = courier(args)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let mailer: Arc<dyn Mailer> = match mail_server(args, &config.mail_from)? {
        Some(smtp) => Arc::new(smtp),
        None => {
            if config.demo.is_none() {
                tracing::warn!(
                    "SLUICE_MAIL_URL is not set: mail stays in the database and reaches nobody"
                );
            }
            let (store, clock, entropy) = (store.clone(), clock.clone(), entropy.clone());
            Arc::new(MailboxMailer { store, clock, entropy })
        }
    };
    let gateway = Stripe::new(&config.gateway).map_err(|error| End::Usage(error.to_string()))?;
    let meter = Meter::start(store.clone(), clock.clone());
    let (gateway, config) = (Arc::new(gateway), Arc::new(config));
    Ok(Deps { clock, entropy, store, meter, gateway, mailer, courier, config })
}

/// What carries webhooks, as far as it may.
fn courier(args: &ServeArgs) -> Result<Courier, End> {
    if args.webhooks_allow_private {
        tracing::warn!(
            "SLUICE_WEBHOOKS_ALLOW_PRIVATE is set: whoever adds an endpoint reaches into this network"
        );
    }
    Courier::new(reach(args.webhooks_allow_private)).map_err(End::failed)
}

/// A demo's settings.
pub fn demo_config(
    public_url: String,
    gateway: GatewayConfig,
    token: String,
    args: &ServeArgs,
) -> Result<Config, End> {
    let mail_from = args.mail_from.as_ref();
    Ok(Config {
        public_url,
        gateway,
        mail_from: mail_from.map_or(DEMO_MAIL_FROM.to_owned(), |from| from.0.to_string()),
        demo: Some(DemoConfig { sign_in_token: Secret(token) }),
        trusted_proxies: trusted_proxies(args),
        limits: limits(args),
        oidc: oidc(args)?,
    })
}

fn trusted_proxies(args: &ServeArgs) -> Vec<IpNet> {
    args.trusted_proxies.iter().map(|network| network.0).collect()
}

fn limits(args: &ServeArgs) -> Limits {
    Limits {
        peer: Rate::per_second(args.rate_peer),
        caller: Rate::per_second(args.rate_caller),
        agency: Rate::per_second(args.rate_agency),
        connections: args.connections_peer,
        session_idle: Duration::from_secs(args.session_idle_hours.saturating_mul(60 * 60)),
        second_factor: args.require_second_factor,
    }
}

/// Whom people may sign in with: all of it, or nothing.
fn oidc(args: &ServeArgs) -> Result<Option<OidcConfig>, End> {
    let Some(issuer) = args.oidc_issuer.clone() else { return Ok(None) };
    let needed = |name: &str| End::Usage(format!("SLUICE_OIDC_ISSUER needs {name} beside it"));
    let client_id = args.oidc_client_id.clone();
    let client_id = client_id.ok_or_else(|| needed("SLUICE_OIDC_CLIENT_ID"))?;
    let client_secret = secret("SLUICE_OIDC_CLIENT_SECRET")?;
    let client_secret = client_secret.ok_or_else(|| needed("SLUICE_OIDC_CLIENT_SECRET"))?;
    let host =
        oidc::host(&issuer).map_err(|why| End::Usage(format!("SLUICE_OIDC_ISSUER: {why}")))?;
    let label = args.oidc_label.as_ref().map_or(host, ToString::to_string);
    Ok(Some(OidcConfig { issuer, client_id, client_secret, label }))
}

/// What is to be judged.
pub fn settings<'a>(
    args: &ServeArgs,
    gateway: &'a GatewayConfig,
    public_url: &'a str,
) -> Result<judge::Settings<'a>, End> {
    let sends_mail = secret("SLUICE_MAIL_URL")?.is_some();
    Ok(judge::Settings { gateway, public_url, is_live: args.live, sends_mail })
}

/// Whom mail comes from.
pub fn mail_from(args: &ServeArgs) -> Result<String, End> {
    match (&args.mail_from, secret("SLUICE_MAIL_URL")?) {
        (Some(from), _) => Ok(from.0.to_string()),
        (None, None) => Ok(DEMO_MAIL_FROM.to_owned()),
        (None, Some(_)) => {
            Err(End::Usage("SLUICE_MAIL_FROM is not set: whom does mail come from?".to_owned()))
        }
    }
}

/// Listens.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, End> {
    let failed = |error: io::Error| End::Failed(format!("{address}: {error}"));
    TcpListener::bind(address).await.map_err(failed)
}

/// Listens for a demo: anywhere, when nobody said where and the usual place is taken.
pub async fn bind_somewhere(wanted: Option<SocketAddr>) -> Result<TcpListener, End> {
    match wanted {
        Some(address) => bind(address).await,
        None => match TcpListener::bind(LISTEN).await {
            Ok(listener) => Ok(listener),
            Err(_) => bind(SocketAddr::new(LISTEN.ip(), 0)).await,
        },
    }
}

/// What stands before every link.
pub fn public_url(args: &ServeArgs, listening_at: SocketAddr) -> Result<String, End> {
    let Some(given) = &args.public_url else { return Ok(format!("http://{listening_at}")) };
    let wrong = || End::Usage("--public-url: expected https://HOST or http://HOST".to_owned());
    let url = url::Url::parse(given).map_err(|_| wrong())?;
    let origin_alone = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let origin = url.origin().ascii_serialization();
    let fits =
        origin_alone && ["http", "https"].contains(&url.scheme()) && url.username().is_empty();
    if fits { Ok(origin) } else { Err(wrong()) }
}

/// Ctrl-C, and the word of whoever runs us.
#[cfg(unix)]
struct Signals(tokio::signal::unix::Signal, tokio::signal::unix::Signal);

#[cfg(unix)]
impl Signals {
    /// Begins to hear them.
    fn hear() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self(signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?))
    }

    async fn wait(&mut self) {
        let Self(interrupt, terminate) = self;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}

/// Ctrl-C.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
    fn hear() -> io::Result<Self> {
        Ok(Self)
    }

    async fn wait(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
