//! What a person can do at the till: each once, whatever is pressed meanwhile.

use billing::{
    Money,
    api::{AlertBody, RechargeBody, WalletPaymentStatus, WalletView},
    wallet::{
        CardRole, RechargeSettings,
        recharge::{CONSENT_VERSION, RechargeCharge},
    },
};
use leptos::prelude::*;

use super::{
    attempt::{Attempt, Wanted},
    complaint::Complaint,
    task::{Panel, Step, Task},
    till::{Till, pause},
    trouble::Trouble,
};
use crate::{
    api::ApiError,
    browser::{self, GatewayError},
};

/// How often the server is asked after an authentication before the page says that it takes longer.
const LOOKS_AFTER_AUTHENTICATION: u32 = 8;

impl Till {
    /// Begins a task, unless one is under way.
    fn run(self, task: Task, step: Step, work: impl Future<Output = ()> + 'static) {
        if self.busy.get_untracked().is_some() {
            return;
        }
        self.busy.set(Some((task, step)));
        self.complaint.set(None);
        self.problems.set(None);
        self.paid.set(None);
        leptos::task::spawn_local(async move {
            work.await;
            // The page may be gone.
            let _ = self.busy.try_set(None);
        });
    }

    /// Pays onto the balance, with the card on file or the one that is typed.
    pub fn top_up(self, amount: Money, new_card: bool) {
        self.start(Task::TopUp, Wanted::TopUp { amount, new_card });
    }

    /// Saves the card that is typed.
    pub fn save_card(self, role: CardRole) {
        self.start(Task::Cards, Wanted::Card(role));
    }

    fn start(self, task: Task, wanted: Wanted) {
        let step = if wanted.needs_card() { Step::Card } else { Step::Sent };
        self.run(task, step, async move {
            if let Some(attempt) = self.attempt_of(task, wanted).await {
                let _ = self.busy.try_set(Some((task, Step::Sent)));
                self.send(task, attempt).await;
            }
        });
    }

    /// The try that is to be sent: the one whose outcome is unknown, or a new one made from the card fields.
    async fn attempt_of(self, task: Task, wanted: Wanted) -> Option<Attempt> {
        let unknown = self.kept.with_value(|kept| kept.attempt.clone());
        if let Some(attempt) = unknown.filter(|attempt| attempt.wanted == wanted) {
            return Some(attempt);
        }
        if !wanted.needs_card() {
            return Some(Attempt::new(wanted, None));
        }
        match browser::confirmation_token().await {
            Ok(token) => return Some(Attempt::new(wanted, Some(token))),
            Err(error) => {
                if let Some(complaint) = Complaint::card(error) {
                    self.complain(task, complaint);
                }
            }
        }
        None
    }

    async fn send(self, task: Task, attempt: Attempt) {
        if self.kept.try_update_value(|kept| kept.attempt = Some(attempt.clone())).is_none() {
            return;
        }
        let (of, key) = (self.whose(), &attempt.key);
        let answer = match attempt.wanted {
            Wanted::TopUp { amount, .. } => of.top_up(key, &attempt.top_up(amount)).await,
            Wanted::Card(role) => of.save_card(key, &attempt.card(role)).await,
        };
        match self.check(answer) {
            Ok(view) => {
                self.card_changed();
                match attempt.wanted {
                    Wanted::TopUp { .. } => self.watch(&view),
                    Wanted::Card(_) => self.kept.update_value(|kept| kept.saving = true),
                }
                self.kept.update_value(|kept| kept.here = Some(task));
                let secret = secret_of(task, &view);
                self.take(view);
                if let Some(secret) = secret {
                    self.bank(task, secret).await;
                }
            }
            Err(error) => self.not_done(task, error).await,
        }
    }

    /// The card that was typed is another one: a try with the old one is not to be repeated.
    pub fn card_changed(self) {
        let _ = self.kept.try_update_value(|kept| kept.attempt = None);
    }

    /// There is no good answer: what is known of the balance decides what is said.
    async fn not_done(self, task: Task, error: ApiError) {
        let in_flight = error.code() == Some("idempotency_in_flight");
        let unknown = error.is_unknown_outcome() || in_flight;
        if !unknown {
            self.card_changed();
        }
        // It may be through: then that is what there is to say.
        let _ = self.look().await;
        let _ = self.problems.try_set(Some((task, error.fields().to_vec())));
        let complaint =
            if unknown { Complaint::unknown_outcome() } else { Complaint::refused(&error) };
        self.complain(task, complaint);
    }

    /// Lets the bank ask about what waits for it: a payment, or a card that is saved.
    pub fn confirm(self, task: Task) {
        let Some(secret) = secret_of(task, &self.view()) else { return };
        self.run(task, Step::Bank, self.bank(task, secret));
    }

    async fn bank(self, task: Task, secret: String) {
        let _ = self.busy.try_set(Some((task, Step::Bank)));
        let _ = self.kept.try_update_value(|kept| kept.here = None);
        let trouble = self.ask_bank(&secret).await.err();
        for looks in 0..LOOKS_AFTER_AUTHENTICATION {
            let answered = self.look().await.is_ok();
            if answered && secret_of(task, &self.view()).is_none() {
                return;
            }
            // Whoever said no, or could not be asked, has not begun anything to wait for.
            if trouble.is_some() && looks > 1 {
                break;
            }
            browser::sleep(pause(looks)).await;
        }
        self.complain(task, Complaint::of_bank(trouble));
    }

    async fn ask_bank(self, secret: &str) -> Result<(), GatewayError> {
        let gateway = self.view().gateway.clone();
        browser::load_gateway(&gateway.script_url, &gateway.publishable_key).await?;
        browser::authenticate(secret).await
    }

    /// Sends what has no outcome of its own to wait for, and says so when it is done.
    fn settle(
        self,
        task: Task,
        done: &'static str,
        answer: impl Future<Output = Result<WalletView, ApiError>> + 'static,
    ) {
        let panel = self.panel.get_untracked();
        self.run(task, Step::Sent, async move {
            match self.check(answer.await) {
                Ok(view) => {
                    self.take(view);
                    if self.panel.try_get_untracked() == Some(panel) {
                        self.panel.set(self.rest());
                    }
                    self.toaster.tell(done);
                    Self::regain(task);
                }
                Err(error) if !error.fields().is_empty() => {
                    let _ = self.problems.try_set(Some((task, error.fields().to_vec())));
                    leptos::task::spawn_local(async {
                        // Once the form says which fields are wrong.
                        browser::sleep(0).await;
                        browser::focus_first_invalid("main");
                    });
                }
                Err(error) => self.not_done(task, error).await,
            }
        });
    }

    /// Takes a card off file.
    pub fn remove_card(self, role: CardRole) {
        let of = self.whose();
        self.settle(Task::Cards, "The card is removed", async move { of.remove_card(role).await });
    }

    /// Switches the auto-recharge on, or changes it, by the sentence that was agreed to.
    pub fn set_recharge(self, settings: RechargeSettings, consent: String) {
        let (amount, up_to) = match settings.charge {
            RechargeCharge::Fixed { amount } => (Some(amount.into()), None),
            RechargeCharge::UpTo { target } => (None, Some(target.into())),
        };
        let body = RechargeBody {
            below: settings.below.into(),
            amount,
            up_to,
            daily_cap: settings.daily_cap.into(),
            consent,
            consent_version: CONSENT_VERSION.to_owned(),
        };
        let of = self.whose();
        let sent = async move { of.set_recharge(&body).await };
        self.settle(Task::Recharge, "Auto-recharge is on", sent);
    }

    /// Switches it off.
    pub fn stop_recharge(self) {
        let of = self.whose();
        self.settle(
            Task::Recharge,
            "Auto-recharge is off",
            async move { of.stop_recharge().await },
        );
    }

    /// Says below which balance somebody is written to.
    pub fn set_alert(self, low_below: Money) {
        let (of, body) = (self.whose(), AlertBody { low_below: low_below.into() });
        self.settle(Task::Alert, "The alert is set", async move { of.set_alert(&body).await });
    }

    /// Ends the link on this device, and everywhere else.
    pub fn leave(self) {
        let of = self.whose();
        self.run(Task::Leave, Step::Sent, async move {
            match self.check(of.end_link().await) {
                Ok(()) => self.end(Trouble::SignedOut),
                Err(error) => self.complain(Task::Leave, Complaint::refused(&error)),
            }
        });
    }

    /// Opens a form and brings the reader to it.
    pub fn go_to(self, panel: Panel, id: &'static str) {
        self.open(panel);
        leptos::task::spawn_local(async move {
            browser::sleep(0).await;
            browser::focus(id);
        });
    }
}

/// What the gateway's script needs to let the bank ask, while it waits.
fn secret_of(task: Task, view: &WalletView) -> Option<String> {
    match task {
        Task::Cards => {
            let waits = view.setup.as_ref().is_some_and(|setup| setup.needs_action);
            view.setup_secret.clone().filter(|_| waits)
        }
        _ => {
            let payment = view.payment.as_ref()?;
            let waits = payment.status == WalletPaymentStatus::ActionRequired;
            payment.client_secret.clone().filter(|_| waits)
        }
    }
}
