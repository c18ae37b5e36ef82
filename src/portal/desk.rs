//! What every page of a client user has at hand: their accounts, as the server last told them.

use billing::{
    Money, SubAccountId,
    api::{ClientAccount, ClientAccountList, ClientChange, ReportBy},
};
use leptos::prelude::*;

use super::person::Person;
use crate::{
    api::{self, ApiError},
    browser::Navigator,
    routes::{ClientRoute, query},
    state::{Live, Notice, Pages, Session, listen},
};

/// An account, and the sequence at which it was told.
type Told = (u64, ClientAccount);

/// The signals and services of the pages; cheap to copy.
#[derive(Clone, Copy)]
pub struct Desk {
    /// Ends when the server says that nobody is signed in.
    pub session: Session,
    /// Goes to other pages.
    pub navigator: Navigator,
    /// The page that is shown.
    pub route: Memo<ClientRoute>,
    /// Who is signed in.
    pub person: StoredValue<Person>,
    /// What was used in the last 30 days, by account.
    pub recent: Pages,
    /// The accounts, in the server's order; nothing before they came.
    told: RwSignal<Option<Vec<Told>>>,
    /// Why they did not come.
    failed: RwSignal<Option<ApiError>>,
    /// Counts what could not be told: whoever shows something loads it anew.
    epoch: RwSignal<u32>,
    /// The newest sequence that was heard.
    seq: StoredValue<u64>,
}

impl Desk {
    /// A desk of a person, with their accounts on the way.
    pub fn new(
        session: Session,
        navigator: Navigator,
        route: Memo<ClientRoute>,
        person: Person,
    ) -> Self {
        let seq = person.change_seq;
        let told = RwSignal::new(None::<Vec<Told>>);
        let epoch = RwSignal::new(0);
        let path = Signal::stored(api::client_report(&query(&[("by", ReportBy::Account.name())])));
        let moved = Signal::derive(move || told.with(balances));
        let desk = Self {
            session,
            navigator,
            route,
            person: StoredValue::new(person),
            recent: Pages::following(session, epoch.into(), path, moved),
            told,
            failed: RwSignal::new(None),
            epoch,
            seq: StoredValue::new(seq),
        };
        Effect::new(move || {
            desk.epoch.track();
            desk.load();
        });
        desk
    }

    /// Hears what changes from now on.
    pub fn listen(self) -> Signal<Live> {
        listen(
            self.session,
            move || self.seq(),
            move |told| match told {
                // A stream ends, too, when somebody is given another account, or loses one: no change tells of that.
                Notice::Back => self.reset(0),
                Notice::Change { seq, data } => match serde_json::from_str::<ClientChange>(data) {
                    Ok(change) => self.take(change),
                    // From a newer server than this page: load what it means.
                    Err(_) => self.reset(seq),
                },
                Notice::Reset(seq) => self.reset(seq),
            },
        )
    }

    /// Asks for the accounts (again).
    pub fn load(self) {
        self.failed.set(None);
        leptos::task::spawn_local(async move {
            match self.session.check(api::client_accounts().await) {
                Ok(list) => self.take_all(list),
                Err(error) => {
                    let _ = self.failed.try_set(Some(error));
                }
            }
        });
    }

    /// What the list says, but for accounts of which something newer is known.
    fn take_all(self, list: ClientAccountList) {
        let seq = list.change_seq;
        let _ = self.told.try_update(|told| {
            let known = told.take().unwrap_or_default();
            let newest = |account: ClientAccount| {
                let newer = known.iter().find(|(at, one)| one.id == account.id && *at > seq);
                newer.cloned().unwrap_or((seq, account))
            };
            *told = Some(list.accounts.into_iter().map(newest).collect());
        });
    }

    /// A change, as it happened.
    fn take(self, change: ClientChange) {
        self.heard(change.seq);
        let _ = self.told.try_update(|told| {
            let known = told.as_mut().and_then(|told| {
                told.iter_mut().find(|(at, one)| one.id == change.account.id && *at < change.seq)
            });
            if let Some(known) = known {
                *known = (change.seq, change.account);
            }
        });
    }

    /// Everything up to this sequence was heard.
    fn heard(self, seq: u64) {
        let _ = self.seq.try_update_value(|known| *known = seq.max(*known));
    }

    /// What happened up to this sequence cannot be told, or was missed.
    fn reset(self, seq: u64) {
        self.heard(seq);
        let _ = self.epoch.try_update(|epoch| *epoch = epoch.wrapping_add(1));
    }

    /// The newest sequence that was heard.
    fn seq(self) -> u64 {
        self.seq.try_get_value().unwrap_or_default()
    }

    /// The accounts, once they are there.
    pub fn accounts(self) -> Memo<Option<Vec<ClientAccount>>> {
        Memo::new(move |_| {
            let all = |told: &Vec<Told>| told.iter().map(|(_, account)| account.clone()).collect();
            self.told.with(|told| told.as_ref().map(all))
        })
    }

    /// One of them; nothing while it is not known, or when there is none.
    pub fn account(self, id: SubAccountId) -> Memo<Option<ClientAccount>> {
        let accounts = self.accounts();
        Memo::new(move |_| {
            accounts.with(|all| all.as_ref()?.iter().find(|account| account.id == id).cloned())
        })
    }

    /// Why they did not come.
    pub fn failed(self) -> Option<ApiError> {
        self.failed.get()
    }

    /// The agency's name.
    pub fn agency(self) -> String {
        self.person.with_value(|person| person.agency.clone())
    }

    /// A list that comes page by page, loaded anew when a balance has moved.
    pub fn pages(self, path: Signal<String>) -> Pages {
        let told = self.told;
        let moved = Signal::derive(move || told.with(balances));
        Pages::following(self.session, self.epoch.into(), path, moved)
    }
}

/// Another text whenever a balance has moved or somebody else pays.
fn balances(told: &Option<Vec<Told>>) -> String {
    let all = told.iter().flatten();
    all.map(|(_, account)| format!("{:?} ", account.balance.map(Money::micros))).collect()
}

/// The desk. It is laid out once, around every page.
pub fn desk() -> Desk {
    expect_context()
}
