//! What the page knows, and what a person can do on it.

use std::sync::Arc;

use billing::{
    Money,
    api::{PayState, PayView},
};
use leptos::prelude::*;

use super::{
    attempt::Attempt,
    complaint::Complaint,
    link,
    part::{begin, soon},
    stage::{Found, Stage},
    trouble::Trouble,
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

/// The alert above the button.
pub const ALERT: &str = "pay-alert";
/// What `pay.html` has around the page: who asks, the gate beside it, and what a screen reader hears at the start.
const AGENCY: &str = "pay-agency";
const GATE: &str = "pay-gate";
const NEWS: &str = "pay-news";

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

/// What nothing on the screen follows directly.
struct Kept {
    token: String,
    view: Option<Arc<PayView>>,
    attempt: Option<Attempt>,
    /// A payment was sent from this very page, and the bank has not been asked yet.
    started_here: bool,
    /// Somebody is asking again and again how the payment stands.
    following: bool,
}

/// The state of the page. A handle: copies are the same desk.
#[derive(Clone, Copy)]
pub struct Desk {
    stage: RwSignal<Stage>,
    has_form: RwSignal<bool>,
    step: RwSignal<Step>,
    complaint: RwSignal<Option<Complaint>>,
    /// What is asked for on top of the amount, for usage.
    usage: RwSignal<Option<Money>>,
    /// The server did not answer the last time it was asked how things stand.
    offline: RwSignal<bool>,
    kept: StoredValue<Kept>,
}

/// Asks what a link is about, and says that it was opened.
pub async fn open(token: &str) -> Found {
    if token.is_empty() {
        return Err(Trouble::NoLink);
    }
    api::open_link(token).await.map(Arc::new).map_err(|error| {
        let trouble = Trouble::from(error);
        if trouble == Trouble::UnknownLink {
            link::forget();
        }
        trouble
    })
}

impl Desk {
    /// With what the link turned out to be about.
    pub fn new(token: String, found: Found) -> Self {
        let stage = Stage::from(&found);
        let usage = found.as_ref().ok().and_then(|view| view.usage);
        let kept =
            Kept { token, view: found.ok(), attempt: None, started_here: false, following: false };
        let desk = Self {
            has_form: RwSignal::new(stage == Stage::Form),
            stage: RwSignal::new(stage),
            step: RwSignal::new(Step::Idle),
            complaint: RwSignal::new(None),
            usage: RwSignal::new(usage),
            offline: RwSignal::new(false),
            kept: StoredValue::new(kept),
        };
        let heading = desk.introduce();
        // The focus stays where it is while a page comes up; this is said instead.
        browser::fill(NEWS, &heading);
        desk.heed();
        desk
    }

    /// Which page it is.
    pub fn stage(self) -> Stage {
        self.stage.get()
    }

    /// Whether the form is there, if only to come back.
    pub fn has_form(self) -> bool {
        self.has_form.get()
    }

    /// What the server last said of the link, if it said anything. Nothing follows it: what the page shows follows the
    /// stage.
    pub fn view(self) -> Option<Arc<PayView>> {
        self.kept.with_value(|kept| kept.view.clone())
    }

    /// How far the payment is that was just asked for.
    pub fn step(self) -> Step {
        self.step.get()
    }

    /// What stands in the way.
    pub fn complaint(self) -> Option<Complaint> {
        self.complaint.get()
    }

    /// What is asked for on top of the amount, for usage; the agency may change it while the page is open.
    pub fn usage(self) -> Option<Money> {
        self.usage.get()
    }

    /// Whether the server has become silent.
    pub fn offline(self) -> bool {
        self.offline.get()
    }

    fn token(self) -> String {
        self.kept.with_value(|kept| kept.token.clone())
    }

    fn is_idle(self) -> bool {
        self.step.get_untracked() == Step::Idle
    }

    /// Asks the server anew after it could not be reached.
    pub fn open_again(self) {
        if self.is_idle() {
            self.step.set(Step::Paying);
            begin(async move {
                let found = open(&self.token()).await;
                self.step.set(Step::Idle);
                self.take(found);
            });
        }
    }

    /// The page comes back from the browser's memory: things may have moved on.
    pub fn look_again(self) {
        if self.is_idle() && self.view().is_some() {
            begin(async move {
                // What is on the screen stays there when there is no answer.
                let _ = self.look().await;
            });
        }
    }

    /// The card that was typed is another one: a try with the old one is not to be repeated.
    pub fn card_changed(self) {
        self.kept.update_value(|kept| kept.attempt = None);
    }

    /// Says something above the button, and takes the reader there.
    fn complain(self, complaint: Complaint) {
        self.complaint.set(Some(complaint));
        soon(|| {
            browser::focus(ALERT);
        });
    }

    /// Pays, once: while a payment is under way nothing more happens.
    pub fn pay(self, amount: Money) {
        if !self.is_idle() {
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
            let asked = self.stage.with_untracked(Stage::waits_for_bank);
            if asked {
                self.complaint.set(Some(match trouble {
                    Some(GatewayError::Said(text)) => Complaint::not_authenticated(text),
                    Some(_) => Complaint::bank_unreachable(),
                    None => Complaint::bank_slow(),
                }));
            }
        });
    }

    async fn ask_bank(self, client_secret: &str) -> Result<(), GatewayError> {
        let view = self.view().ok_or(GatewayError::Broken)?;
        browser::load_gateway(&view.gateway.script_url, &view.gateway.publishable_key).await?;
        browser::authenticate(client_secret).await
    }

    async fn wait_for_bank(self) {
        for looks in 0..LOOKS_AFTER_AUTHENTICATION {
            let answered = self.look().await.is_ok();
            if answered && !self.stage.with_untracked(Stage::waits_for_bank) {
                return;
            }
            browser::sleep(pause(looks)).await;
        }
    }

    /// The try that is to be sent: the one whose outcome is unknown, or a new one made from the card fields.
    async fn attempt_of(self, amount: Money) -> Option<Attempt> {
        let unknown = self.kept.with_value(|kept| kept.attempt.clone());
        let usage = self.usage.get_untracked();
        let same = |attempt: &Attempt| (attempt.amount, attempt.usage) == (amount, usage);
        if let Some(attempt) = unknown.filter(same) {
            return Some(attempt);
        }
        match browser::confirmation_token().await {
            Ok(token) => return Some(Attempt::new(amount, usage, token)),
            Err(GatewayError::InTheFields) => {}
            Err(GatewayError::Said(text)) => self.complain(Complaint::card(text)),
            Err(GatewayError::Broken) => self.complain(Complaint::broken()),
        }
        None
    }

    async fn send(self, attempt: Attempt) {
        self.kept.update_value(|kept| {
            kept.attempt = Some(attempt.clone());
            kept.started_here = true;
        });
        match api::pay(&self.token(), &attempt.idempotency_key, &attempt.body()).await {
            Ok(view) => {
                self.card_changed();
                self.take(Ok(Arc::new(view)));
            }
            Err(error) => self.not_taken(&error).await,
        }
    }

    /// There is no good answer: what is known of the link decides what is shown.
    async fn not_taken(self, error: &ApiError) {
        let in_flight = error.code() == Some("idempotency_in_flight");
        let unknown = error.is_unknown_outcome() || in_flight;
        if !unknown {
            self.kept.update_value(|kept| kept.attempt = None);
        }
        if error.code() == Some("too_many_attempts") {
            return self.take(Err(Trouble::TooManyAttempts(error.to_string())));
        }
        // The link may have died meanwhile, or the payment may be through: then that is what there is to say.
        let _ = self.look().await;
        if self.stage.with_untracked(|stage| *stage == Stage::Form) {
            self.complain(if unknown {
                Complaint::unknown_outcome()
            } else {
                Complaint::refused(error)
            });
        }
    }

    /// Asks how things stand.
    async fn look(self) -> Result<(), ApiError> {
        let answer = api::link(&self.token()).await;
        self.offline.set(answer.as_ref().is_err_and(ApiError::is_unknown_outcome));
        match answer {
            Ok(view) => self.take(Ok(Arc::new(view))),
            Err(error) if error.is_not_found() => self.take(Err(Trouble::UnknownLink)),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Makes what was found the page.
    fn take(self, found: Found) {
        let stage = Stage::from(&found);
        let news = match found {
            Ok(view) if self.view().as_ref() == Some(&view) => false,
            Ok(view) => {
                self.usage.set(view.usage);
                self.kept.update_value(|kept| kept.view = Some(view));
                true
            }
            Err(_) => false,
        };
        if self.stage.with_untracked(|before| *before != stage) {
            let had_form = self.has_form.get_untracked();
            let form = stage == Stage::Form || had_form && stage.may_return_to_form();
            self.stage.set(stage);
            if form != had_form {
                self.has_form.set(form);
            }
            self.introduce();
            browser::fill(NEWS, "");
            soon(browser::focus_heading);
        }
        if news {
            self.heed();
        }
    }

    /// Says what the page is about where the page itself does not reach. Answers its heading.
    fn introduce(self) -> String {
        let view = self.view();
        let heading = self.stage.with_untracked(|stage| stage.heading(view.as_deref()));
        browser::set_title(&heading);
        browser::fill(AGENCY, view.as_ref().map_or("Billing", |view| view.agency_name.as_str()));
        if let Some(sheet) = view.as_ref().and_then(|view| view.stylesheet.as_deref()) {
            browser::dress(sheet);
        }
        if self.stage.with_untracked(Stage::is_paid) {
            browser::mark(GATE, "data-side", "end");
        }
        heading
    }

    /// What the news asks of the page itself: say why the last try failed, go on with the bank, ask again in a moment.
    fn heed(self) {
        let Some(view) = self.view() else { return };
        match &view.state {
            PayState::Open { last_failure: Some(failure) } => {
                let complaint = Complaint::declined(failure);
                // A page that comes up with it leaves the focus where it is.
                if self.is_idle() && !self.kept.with_value(|kept| kept.started_here) {
                    self.complaint.set(Some(complaint));
                } else {
                    self.complain(complaint);
                }
            }
            PayState::Processing { .. } => self.follow(),
            // A payment made here goes straight on to the bank; one that was left waits for the person.
            PayState::ActionRequired { client_secret, .. } => {
                let started_here = self.kept.with_value(|kept| kept.started_here);
                self.kept.update_value(|kept| kept.started_here = false);
                if started_here {
                    self.authenticate(client_secret.clone());
                }
            }
            _ => {}
        }
    }

    /// Asks again, ever less often, until the payment is no longer under way.
    fn follow(self) {
        if self.kept.with_value(|kept| kept.following) {
            return;
        }
        self.kept.update_value(|kept| kept.following = true);
        begin(async move {
            let mut looks = 0;
            while self.stage.with_untracked(Stage::is_processing) {
                browser::sleep(pause(looks)).await;
                looks += 1;
                // Without an answer it is asked again.
                let _ = self.look().await;
            }
            self.kept.update_value(|kept| kept.following = false);
        });
    }
}

/// Half as long again each time.
fn pause(looks: u32) -> i32 {
    let pause = (0..looks.min(8)).fold(FIRST_PAUSE_MILLIS, |pause, _| pause + pause / 2);
    pause.min(LONGEST_PAUSE_MILLIS)
}
