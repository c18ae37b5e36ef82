//! What the page knows of a balance, and how it comes to know more.
//!
//! Whatever the server says comes in by [`Till::take`]: the answer to a question, to a payment, to a card. What a person can do is in
//! [`super::doings`]. Money is never said to have moved before the server has said so.

use std::sync::Arc;

use billing::{
    Money, PaymentId, Timestamp,
    api::{FieldProblem, WalletPaymentStatus, WalletState, WalletView},
    wallet::{CardRole, RechargeState},
};
use leptos::prelude::*;

use super::{
    attempt::Attempt,
    complaint::Complaint,
    link,
    parts::{alert_id, section_id},
    task::{Panel, Step, Task},
    trouble::Trouble,
};
use crate::{
    api::{ApiError, WalletOf},
    browser,
    state::Session,
    ui::Toaster,
};

/// The first pause before asking how something under way stands, and the longest.
const FIRST_PAUSE_MILLIS: i32 = 1_000;
const LONGEST_PAUSE_MILLIS: i32 = 5_000;
/// How often a page that somebody looks at asks by itself.
const LOOK_MILLIS: i32 = 20_000;

/// What nothing on the screen follows directly.
pub(super) struct Kept {
    pub(super) attempt: Option<Attempt>,
    /// The payment whose outcome is news.
    payment: Option<PaymentId>,
    /// A card's being saved is under way: its outcome is news.
    pub(super) saving: bool,
    /// What was sent from this very page, while the bank has not been asked about it yet.
    pub(super) here: Option<Task>,
    following: bool,
}

/// The state of the page. A handle: copies are the same till.
#[derive(Clone, Copy)]
pub struct Till {
    view: RwSignal<Arc<WalletView>>,
    of: StoredValue<WalletOf>,
    session: Option<Session>,
    /// Whether the person may change anything.
    pub may_change: bool,
    /// What is under way, and how far.
    pub busy: RwSignal<Option<(Task, Step)>>,
    /// What stands in the way of what.
    pub complaint: RwSignal<Option<(Task, Complaint)>>,
    /// The fields that the server found wrong, and in what.
    pub(super) problems: RwSignal<Option<(Task, Vec<FieldProblem>)>>,
    /// The form that is open.
    pub panel: RwSignal<Panel>,
    /// What was paid last on this page.
    pub paid: RwSignal<Option<Money>>,
    /// Since when the server has been silent.
    pub silent_since: RwSignal<Option<Timestamp>>,
    /// The link has died meanwhile.
    pub ended: RwSignal<Option<Trouble>>,
    /// News at the edge of the screen.
    pub toaster: Toaster,
    pub(super) kept: StoredValue<Kept>,
}

impl Till {
    /// With what the server said first. It asks again by itself for as long as the owner lives.
    pub fn new(
        of: WalletOf,
        session: Option<Session>,
        may_change: bool,
        toaster: Toaster,
        view: Arc<WalletView>,
    ) -> Self {
        let kept =
            Kept { attempt: None, payment: None, saving: false, here: None, following: false };
        let panel = if view.card.is_none() { Panel::NewCard } else { Panel::Closed };
        let till = Self {
            view: RwSignal::new(Arc::clone(&view)),
            of: StoredValue::new(of),
            session,
            may_change,
            busy: RwSignal::new(None),
            complaint: RwSignal::new(None),
            problems: RwSignal::new(None),
            panel: RwSignal::new(panel),
            paid: RwSignal::new(None),
            silent_since: RwSignal::new(None),
            ended: RwSignal::new(None),
            toaster,
            kept: StoredValue::new(kept),
        };
        till.heed(&view);
        let timer = browser::every(LOOK_MILLIS, move || {
            if browser::is_in_sight() {
                till.glance();
            }
        });
        // Lives in the arena: dropped, and so stopped, with the owner.
        let _kept = StoredValue::new_local(timer);
        till
    }

    /// What the server last said.
    pub fn view(self) -> Arc<WalletView> {
        self.view.get_untracked()
    }

    /// A part of it, to follow.
    pub fn of<T: PartialEq + Send + Sync + 'static>(
        self,
        part: impl Fn(&WalletView) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        Memo::new(move |_| self.view.with(|view| part(view)))
    }

    /// Whose balance it is.
    pub fn whose(self) -> WalletOf {
        self.of.get_value()
    }

    /// Whether it is the agency's own.
    pub fn is_agency(self) -> bool {
        self.of.with_value(|of| *of == WalletOf::Agency)
    }

    /// Whether something can be paid and changed: by this person, as things stand.
    pub fn is_open(self) -> Memo<bool> {
        self.of(move |view| self.may_change && view.state == WalletState::Open)
    }

    /// Whether a task is under way.
    pub fn is_busy(self, task: Task) -> Signal<bool> {
        Signal::derive(move || self.busy.get().is_some_and(|(busy, _)| busy == task))
    }

    /// Opens a form, or closes what is open; complaints about it go with it.
    pub fn open(self, panel: Panel) {
        if self.busy.get_untracked().is_none() {
            self.complaint.set(None);
            self.problems.set(None);
            self.panel.set(panel);
        }
    }

    /// What is open when nothing else is: without a card on file a top-up needs the fields of one.
    pub fn rest(self) -> Panel {
        if self.view().card.is_none() { Panel::NewCard } else { Panel::Closed }
    }

    /// What the server found wrong with a field of a task, by its place in the body.
    pub fn wrong(self, task: Task, pointer: &'static str) -> Option<String> {
        self.problems.with(|problems| {
            let (_, problems) = problems.as_ref().filter(|(of, _)| *of == task)?;
            let wrong = problems.iter().find(|wrong| wrong.pointer.starts_with(pointer));
            wrong.map(|wrong| wrong.detail.clone())
        })
    }

    /// Something was typed: what the server found wrong is no longer what is there.
    pub fn forget_problems(self) {
        self.problems.set(None);
    }

    /// Takes the reader to a part of the page when what had the focus is gone.
    pub(super) fn regain(task: Task) {
        leptos::task::spawn_local(async move {
            // Once it stands.
            browser::sleep(0).await;
            if browser::has_lost_focus() {
                browser::focus(section_id(task));
            }
        });
    }

    /// Says why something was not done, and takes the reader there.
    pub(super) fn complain(self, task: Task, complaint: Complaint) {
        let _ = self.complaint.try_set(Some((task, complaint)));
        leptos::task::spawn_local(async move {
            // Once it stands.
            browser::sleep(0).await;
            browser::focus(alert_id(task));
        });
    }

    /// Passes an answer on; one that says that there is nobody to answer any more ends the page.
    pub(super) fn check<T>(self, answer: Result<T, ApiError>) -> Result<T, ApiError> {
        let Some(of) = self.of.try_get_value() else { return answer };
        if let Some(session) = self.session {
            return session.check(answer);
        }
        if let (Err(error), WalletOf::Customer(token)) = (&answer, &of)
            && let Some(trouble) = Trouble::of_dead_link(error, token)
        {
            self.end(trouble);
        }
        answer
    }

    /// There is nothing to look at any more.
    pub fn end(self, trouble: Trouble) {
        if !matches!(trouble, Trouble::Expired(_)) {
            link::forget();
        }
        let _ = self.ended.try_set(Some(trouble));
    }

    /// Asks how things stand, unless somebody waits for an answer already.
    pub fn glance(self) {
        if self.busy.try_get_untracked() == Some(None) {
            leptos::task::spawn_local(async move {
                // What is on the screen stays there when there is no answer.
                let _ = self.look().await;
            });
        }
    }

    /// Asks how things stand.
    pub(super) async fn look(self) -> Result<(), ApiError> {
        let Some(of) = self.of.try_get_value() else { return Ok(()) };
        let answer = self.check(of.view().await);
        if answer.as_ref().is_err_and(ApiError::is_unknown_outcome) {
            let now = Timestamp::from_millis(browser::now_millis());
            let _ = self.silent_since.try_update(|since| _ = since.get_or_insert(now));
        }
        self.take(answer?);
        Ok(())
    }

    /// What the server says is what is shown.
    pub(super) fn take(self, view: WalletView) {
        // The page may be gone.
        if self.silent_since.try_set(None).is_some() {
            return;
        }
        let view = Arc::new(view);
        if self.view.with_untracked(|before| *before != view) {
            self.view.set(Arc::clone(&view));
            self.heed(&view);
        }
    }

    /// What the news asks of the page itself: to say how something ended, to ask again in a moment.
    fn heed(self, view: &WalletView) {
        self.heed_payment(view);
        self.heed_card(view);
        let card = view.card.is_some();
        match self.panel.get_untracked() {
            Panel::Closed if !card => self.panel.set(Panel::NewCard),
            // What it was about is gone.
            Panel::Remove(_) if !card => self.panel.set(Panel::NewCard),
            _ if view.state != WalletState::Open => self.panel.set(Panel::Closed),
            _ => {}
        }
        // What was sent from here goes straight on to the bank; what was left waits for the person.
        let here = self.kept.with_value(|kept| kept.here);
        if let Some(task) = here.filter(|_| self.busy.get_untracked().is_none()) {
            self.confirm(task);
        }
        if is_moving(view) {
            self.follow();
        }
    }

    fn heed_payment(self, view: &WalletView) {
        let Some(payment) = &view.payment else { return };
        let watched = self.kept.with_value(|kept| kept.payment == Some(payment.id));
        let watch = |id| self.kept.update_value(|kept| kept.payment = id);
        let over = || self.kept.update_value(|kept| (kept.payment, kept.here) = (None, None));
        match payment.status {
            WalletPaymentStatus::Processing | WalletPaymentStatus::ActionRequired => {
                watch(Some(payment.id));
            }
            _ if !watched => {}
            WalletPaymentStatus::Paid => {
                over();
                if payment.is_recharge {
                    self.toaster.tell(format!("The auto-recharge has added {}", payment.amount));
                } else {
                    self.paid.set(Some(payment.amount));
                    Self::regain(Task::TopUp);
                    self.complaint.set(None);
                    if self.panel.get_untracked() == Panel::NewCard {
                        self.panel.set(Panel::Closed);
                    }
                }
            }
            WalletPaymentStatus::Failed => {
                over();
                if let Some(failure) = payment.failure.as_ref().filter(|_| !payment.is_recharge) {
                    self.complain(Task::TopUp, Complaint::declined(failure));
                }
            }
        }
    }

    fn heed_card(self, view: &WalletView) {
        if view.setup.is_some() {
            self.kept.update_value(|kept| kept.saving = true);
            return;
        }
        if !self.kept.with_value(|kept| kept.saving) {
            return;
        }
        self.kept.update_value(|kept| (kept.saving, kept.here) = (false, None));
        match &view.setup_failure {
            Some(failure) => self.complain(Task::Cards, Complaint::not_saved(failure)),
            None => {
                self.complaint.set(None);
                self.panel.set(Panel::Closed);
                self.toaster.tell("The card is saved");
                Self::regain(Task::Cards);
            }
        }
    }

    /// The outcome of this payment is news, even if it is known already.
    pub(super) fn watch(self, view: &WalletView) {
        let id = view.payment.as_ref().map(|payment| payment.id);
        self.kept.update_value(|kept| kept.payment = id);
    }

    /// Asks again, ever less often, until nothing is under way.
    fn follow(self) {
        if self.kept.with_value(|kept| kept.following) {
            return;
        }
        self.kept.update_value(|kept| kept.following = true);
        leptos::task::spawn_local(async move {
            let mut looks = 0;
            while self.view.try_with_untracked(|view| is_moving(view)) == Some(true)
                && self.ended.try_with_untracked(Option::is_none) == Some(true)
            {
                browser::sleep(pause(looks)).await;
                looks += 1;
                // Without an answer it is asked again.
                let _ = self.look().await;
            }
            let _ = self.kept.try_update_value(|kept| kept.following = false);
        });
    }
}

/// Whether something goes on by itself, and soon.
fn is_moving(view: &WalletView) -> bool {
    let payment = view.payment.as_ref();
    let charging = |recharge: &billing::wallet::Recharge| match recharge.state {
        RechargeState::Charging { .. } => true,
        // The second card is tried at once.
        RechargeState::Waiting { card, .. } => card == CardRole::Backup,
        _ => false,
    };
    payment.is_some_and(|payment| payment.status == WalletPaymentStatus::Processing)
        || view.setup.as_ref().is_some_and(|setup| !setup.needs_action)
        || view.recharge.as_ref().is_some_and(charging)
        || view.state == WalletState::Returning
}

/// Half as long again each time.
pub(super) fn pause(looks: u32) -> i32 {
    let pause = (0..looks.min(8)).fold(FIRST_PAUSE_MILLIS, |pause, _| pause + pause / 2);
    pause.min(LONGEST_PAUSE_MILLIS)
}
