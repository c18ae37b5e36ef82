//! What every signed-in screen has at hand.

use billing::{
    Money, Policy, Timestamp,
    api::{Change, Me},
    funding::Context,
};
use leptos::prelude::*;

use super::{Live, Notice, Session, Store, listen};
use crate::{
    browser::{self, Navigator},
    routes::Route,
    ui::Toaster,
};

/// How often relative times are told anew: twice a minute, so that none is a minute behind.
const TICK_MILLIS: i32 = 30_000;

/// The signals and services of the signed-in app; cheap to copy.
#[derive(Clone, Copy)]
pub struct Desk {
    /// What the server told.
    pub store: Store,
    /// Who is signed in.
    pub session: Session,
    /// Goes to other pages.
    pub navigator: Navigator,
    /// The page that is shown.
    pub route: Memo<Route>,
    /// The time, in steps of half a minute.
    pub now: Signal<Timestamp>,
    /// News at the edge of the screen.
    pub toaster: Toaster,
    /// The person, and what the deployment allows.
    pub me: StoredValue<Me>,
}

impl Desk {
    /// Lays out the desk of a person who is signed in: in the context of everything under the owner.
    pub fn lay(me: Me, session: Session, navigator: Navigator, route: Memo<Route>) -> Self {
        let desk = Self {
            store: Store::new(me.agency.clone(), me.change_seq),
            session,
            navigator,
            route,
            now: ticking_clock(),
            toaster: Toaster::default(),
            me: StoredValue::new(me),
        };
        provide_context(desk);
        desk
    }

    /// Hears what changes from now on.
    pub fn listen(self) -> Signal<Live> {
        let store = self.store;
        listen(
            self.session,
            move || store.seq(),
            move |told| match told {
                // Whatever was missed is told once more.
                Notice::Back => {}
                Notice::Change { seq, data } => match serde_json::from_str::<Change>(data) {
                    Ok(change) => store.apply(change),
                    // From a newer server than this page: load what it means.
                    Err(_) => store.reset(seq),
                },
                Notice::Reset(seq) => store.reset(seq),
            },
        )
    }

    /// The deployment's limits.
    pub fn policy(self) -> Policy {
        self.me.with_value(|me| me.policy.clone())
    }

    /// Judges with what is known now, as somebody who only wants to see what would happen.
    pub fn judge<T>(self, customer_balance: Money, with: impl FnOnce(&Context<'_>) -> T) -> T {
        let (policy, actor) = (self.policy(), billing::plan::preview_actor());
        let now = self.now.get();
        with(&Context { now, actor: &actor, policy: &policy, customer_balance })
    }

    /// Goes to a page.
    pub fn go(self, route: &Route) {
        self.navigator.push(&route.href());
    }

    /// Leaves the dialog, if one is open.
    pub fn leave_dialog(self) {
        let page = self.route.get_untracked();
        let under = page.without_dialog();
        if under != page {
            self.navigator.leave(&under.href());
        }
    }
}

/// The desk. It is laid out once, around everything that is signed in.
pub fn desk() -> Desk {
    expect_context()
}

/// The time, in steps of half a minute, for as long as the owner lives.
fn ticking_clock() -> Signal<Timestamp> {
    let read = || Timestamp::from_millis(browser::now_millis());
    let now = RwSignal::new(read());
    let timer = browser::every(TICK_MILLIS, move || {
        let _ = now.try_set(read());
    });
    // Lives in the arena: dropped, and so stopped, with the owner.
    let _kept = StoredValue::new_local(timer);
    now.into()
}
