//! What the page knows, and what a person can do on it.

use billing::{
    Money,
    api::{PayState, PayView},
};
use leptos::prelude::*;

use super::{
    attempt::Attempt,
    complaint::Complaint,
    link,
    part::begin,
    stage::{Found, Stage, Trouble},
};
use crate::{
    api::{self, ApiError},
    browser::{self, GatewayError},
};

/// The first pause before asking how a payment stands, and the longest.
const FIRST_PAUSE_MILLIS: i32 = 1_000;
const LONGEST_PAUSE_MILLIS: i32 = 5_000;
/// How often the server is asked after an authentication before the page says that it takes longer.
const LOOKS_AFTER_AUTHENTICATION: u32 = 8;

/// How far the payment is that was just asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing is under way.
    Idle,
    /// The gateway reads the card.
    Card,
    /// The server has it.
    Paying,
    /// The customer's bank asks.
    Authenticating,
}

/// The state of the page. A handle: copies are the same desk.
#[derive(Clone, Copy)]
pub struct Desk {
    token: StoredValue<Option<String>>,
    found: RwSignal<Found>,
    step: RwSignal<Step>,
    complaint: RwSignal<Option<Complaint>>,
    /// The server did not answer the last time it was asked how things stand.
    offline: RwSignal<bool>,
    attempt: StoredValue<Option<Attempt>>,
    /// A payment was sent from this very page, and the bank has not been asked yet.
    started_here: StoredValue<bool>,
    following: StoredValue<bool>,
}

/// Asks what a link is about, and says that it was opened.
pub async fn open(token: Option<&str>) -> Found {
    let Some(token) = token else { return Found::Trouble(Trouble::NoLink) };
    match api::open_link(token).await {
        Ok(view) => Found::View(Box::new(view)),
        Err(error) => {
            let trouble = Trouble::from(error);
            if trouble == Trouble::UnknownLink {
                link::forget();
            }
            Found::Trouble(trouble)
        }
    }
}

impl Desk {
    /// With what the link turned out to be about.
    pub fn new(token: Option<String>, found: Found) -> Self {
        let desk = Self {
            token: StoredValue::new(token),
            found: RwSignal::new(found),
            step: RwSignal::new(Step::Idle),
            complaint: RwSignal::new(None),
            offline: RwSignal::new(false),
            attempt: StoredValue::new(None),
            started_here: StoredValue::new(false),
            following: StoredValue::new(false),
        };
        desk.heed();
        desk
    }

    /// Which page that makes.
    pub fn stage(self) -> Memo<Stage> {
        Memo::new(move |_| self.found.with(|found| Stage::from(found)))
    }

    /// What the server last said, while it said anything.
    pub fn view(self) -> Option<PayView> {
        self.found.with(|found| match found {
            Found::View(view) => Some((**view).clone()),
            Found::Trouble(_) => None,
        })
    }

    /// How far the payment is that was just asked for.
    pub fn step(self) -> ReadSignal<Step> {
        self.step.read_only()
    }

    /// What stands in the way.
    pub fn complaint(self) -> Signal<Option<Complaint>> {
        self.complaint.into()
    }

    /// Whether the server has become silent.
    pub fn offline(self) -> ReadSignal<bool> {
        self.offline.read_only()
    }

    /// Asks the server anew after it could not be reached.
    pub fn open_again(self) {
        self.step.set(Step::Paying);
        begin(async move {
            let token = self.token.get_value();
            let found = open(token.as_deref()).await;
            self.step.set(Step::Idle);
            self.found.set(found);
            self.heed();
        });
    }

    /// The page comes back from the browser's memory: things may have moved on.
    pub fn look_again(self) {
        if self.step.get_untracked() == Step::Idle && self.found.with_untracked(is_view) {
            begin(async move {
                // What is on the screen stays there when there is no answer.
                let _ = self.look().await;
            });
        }
    }

    /// The card that was typed is another one: a try with the old one is not to be repeated.
    pub fn card_changed(self) {
        self.attempt.set_value(None);
    }

    /// Says something above the button.
    pub fn complain(self, complaint: Complaint) {
        self.complaint.set(Some(complaint));
    }

    /// Pays, once: while a payment is under way nothing more happens.
    pub fn pay(self, amount: Money) {
        if self.step.get_untracked() != Step::Idle {
            return;
        }
        self.complaint.set(None);
        self.step.set(Step::Card);
        begin(async move {
            if let Some(attempt) = self.attempt_of(amount).await {
                self.step.set(Step::Paying);
                self.send(attempt).await;
            }
            if self.step.get_untracked() != Step::Authenticating {
                self.step.set(Step::Idle);
            }
        });
    }

    /// Lets the customer's bank ask, then finds out what came of it.
    pub fn authenticate(self, client_secret: String) {
        if self.step.get_untracked() == Step::Authenticating {
            return;
        }
        self.complaint.set(None);
        self.step.set(Step::Authenticating);
        begin(async move {
            let trouble = self.ask_bank(&client_secret).await.err();
            self.wait_for_bank().await;
            self.step.set(Step::Idle);
            let waits = |found: &Found| {
                matches!(Stage::from(found), Stage::State(PayState::ActionRequired { .. }))
            };
            if self.found.with_untracked(waits) {
                self.complaint.set(Some(match trouble {
                    Some(GatewayError::Said(text)) => Complaint::not_authenticated(text),
                    Some(_) => Complaint::bank_unreachable(),
                    None => Complaint::bank_slow(),
                }));
            }
        });
    }

    async fn ask_bank(self, client_secret: &str) -> Result<(), GatewayError> {
        let Some(view) = untrack(move || self.view()) else { return Err(GatewayError::Broken) };
        browser::load_gateway(&view.gateway.script_url, &view.gateway.publishable_key).await?;
        browser::authenticate(client_secret).await
    }

    async fn wait_for_bank(self) {
        for looks in 0..LOOKS_AFTER_AUTHENTICATION {
            let answer = self.look().await;
            if matches!(&answer, Ok(state) if !matches!(state, PayState::ActionRequired { .. })) {
                return;
            }
            browser::sleep(pause(looks)).await;
        }
    }

    /// The try that is to be sent: the one whose outcome is unknown, or a new one made from the card fields.
    async fn attempt_of(self, amount: Money) -> Option<Attempt> {
        if let Some(attempt) = self.attempt.get_value().filter(|attempt| attempt.amount == amount) {
            return Some(attempt);
        }
        match browser::confirmation_token().await {
            Ok(token) => Some(Attempt::new(amount, token)),
            Err(error) => {
                self.complaint.set(match error {
                    GatewayError::InTheFields => None,
                    GatewayError::Said(text) => Some(Complaint::card(text)),
                    GatewayError::Broken => Some(Complaint::broken()),
                });
                None
            }
        }
    }

    async fn send(self, attempt: Attempt) {
        let token = self.token.get_value().unwrap_or_default();
        self.attempt.set_value(Some(attempt.clone()));
        self.started_here.set_value(true);
        match api::pay(&token, &attempt.idempotency_key, &attempt.body()).await {
            Ok(view) => {
                self.attempt.set_value(None);
                self.take(view);
            }
            Err(error) => self.not_taken(&error).await,
        }
    }

    /// There is no good answer: what is known of the link decides what is shown.
    async fn not_taken(self, error: &ApiError) {
        let in_flight = error.code() == Some("idempotency_in_flight");
        let unknown = error.is_unknown_outcome() || in_flight;
        if !unknown {
            self.attempt.set_value(None);
        }
        if let (Some("too_many_attempts"), ApiError::Problem(problem)) = (error.code(), error) {
            return self
                .found
                .set(Found::Trouble(Trouble::TooManyAttempts(problem.detail.clone())));
        }
        // The link may have died meanwhile, or the payment may be through: then that is what there is to say.
        let still_open = matches!(self.look().await, Ok(PayState::Open { .. }) | Err(_));
        if still_open && self.found.with_untracked(is_view) {
            self.complaint.set(Some(if unknown {
                Complaint::unknown_outcome()
            } else {
                Complaint::refused(error)
            }));
        }
    }

    /// Asks how things stand.
    async fn look(self) -> Result<PayState, ApiError> {
        let token = self.token.get_value().unwrap_or_default();
        let answer = api::link(&token).await;
        self.offline.set(answer.as_ref().is_err_and(ApiError::is_unknown_outcome));
        match answer {
            Ok(view) => {
                let state = view.state.clone();
                self.take(view);
                Ok(state)
            }
            Err(error) => {
                if error.is_not_found() {
                    self.found.set(Found::Trouble(Trouble::UnknownLink));
                }
                Err(error)
            }
        }
    }

    fn take(self, view: PayView) {
        let found = Found::View(Box::new(view));
        if self.found.with_untracked(|before| *before != found) {
            self.found.set(found);
            self.heed();
        }
    }

    /// What the news asks of the page itself: say why the last try failed, go on with the bank, ask again in a moment.
    fn heed(self) {
        let Some(view) = untrack(move || self.view()) else { return };
        match view.state {
            PayState::Open { last_failure: Some(failure) } => {
                self.complaint.set(Some(Complaint::declined(&failure)));
            }
            PayState::Processing { .. } => self.follow(),
            // A payment made here goes straight on to the bank; one that was left waits for the person.
            PayState::ActionRequired { client_secret, .. } if self.started_here.get_value() => {
                self.started_here.set_value(false);
                self.authenticate(client_secret);
            }
            _ => {}
        }
    }

    /// Asks again, ever less often, until the payment is no longer under way.
    fn follow(self) {
        if self.following.get_value() {
            return;
        }
        self.following.set_value(true);
        begin(async move {
            let mut looks = 0;
            loop {
                browser::sleep(pause(looks)).await;
                looks += 1;
                let answer = self.look().await;
                let goes_on = matches!(&answer, Ok(PayState::Processing { .. }))
                    || answer.as_ref().is_err_and(|error| !error.is_not_found());
                if !goes_on {
                    break;
                }
            }
            self.following.set_value(false);
        });
    }
}

fn is_view(found: &Found) -> bool {
    matches!(found, Found::View(_))
}

/// Half as long again each time.
fn pause(looks: u32) -> i32 {
    let pause = (0..looks.min(8)).fold(FIRST_PAUSE_MILLIS, |pause, _| pause + pause / 2);
    pause.min(LONGEST_PAUSE_MILLIS)
}
