//! What the frame knows: its token, what the server last said, and the stream that tells when that has changed.

use leptos::prelude::*;

use super::{shown::Shown, trouble::Trouble};
use crate::{
    api,
    browser::{self, EventStream, Heard, Json, Timer},
};

/// The first pause before trying again, and the longest.
const FIRST_PAUSE_MILLIS: i32 = 1_000;
const LONGEST_PAUSE_MILLIS: i32 = 30_000;

/// What is on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nothing yet.
    Loading,
    /// A balance.
    Shown(Shown),
    /// Nothing, and why.
    Trouble(Trouble),
}

/// How far the payment page is that somebody has asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopUp {
    /// Nobody has, or it is there.
    Idle,
    /// The server is asked for it.
    Opening,
    /// It could not be opened.
    Failed,
}

/// What nothing on the screen follows.
#[derive(Default)]
struct Kept {
    token: String,
    site: String,
    /// What the server last said, as text: a change of locale writes it anew.
    text: String,
    stream: Option<EventStream>,
    again: Option<Timer>,
    tries: u32,
    /// Counts tokens and tries: what an older one brings is not heard any more.
    turn: u32,
}

/// The state of the frame. A handle: copies are the same desk.
#[derive(Clone, Copy)]
pub struct Desk {
    stage: RwSignal<Stage>,
    is_banner: RwSignal<bool>,
    is_full: RwSignal<bool>,
    /// The stream has broken, and what is shown may be old.
    stale: RwSignal<bool>,
    top_up: RwSignal<TopUp>,
    kept: StoredValue<Kept, LocalStorage>,
}

impl Desk {
    /// With nothing to show yet.
    pub fn new() -> Self {
        Self {
            stage: RwSignal::new(Stage::Loading),
            is_banner: RwSignal::new(false),
            is_full: RwSignal::new(false),
            stale: RwSignal::new(false),
            top_up: RwSignal::new(TopUp::Idle),
            kept: StoredValue::new_local(Kept::default()),
        }
    }

    /// What is on the screen.
    pub fn stage(self) -> Stage {
        self.stage.get()
    }

    /// Whether the balance is shown only when it is low.
    pub fn is_banner(self) -> bool {
        self.is_banner.get()
    }

    /// Whether lines and funding are shown.
    pub fn is_full(self) -> bool {
        self.is_full.get()
    }

    /// Whether what is shown may be old.
    pub fn is_stale(self) -> bool {
        self.stale.get()
    }

    /// How far the payment page is.
    pub fn top_up(self) -> TopUp {
        self.top_up.get()
    }

    /// Opens the payment page beside the site; once while it is on its way.
    pub fn start_top_up(self) {
        if self.top_up.get_untracked() == TopUp::Opening {
            return;
        }
        if !browser::open_page() {
            return self.has_no_page();
        }
        self.top_up.set(TopUp::Opening);
        browser::begin(async move {
            let (token, site) =
                self.kept.with_value(|kept| (kept.token.clone(), kept.site.clone()));
            match api::embedded_top_up(&token, &site).await {
                Ok(url) => {
                    browser::lead_page(Some(&url));
                    self.top_up.set(TopUp::Idle);
                }
                Err(_) => self.has_no_page(),
            }
        });
    }

    fn has_no_page(self) {
        browser::lead_page(None);
        self.top_up.set(TopUp::Failed);
    }

    /// Nobody is around the frame.
    pub fn stands_alone(self) {
        self.stage.set(Stage::Trouble(Trouble::Alone));
    }

    /// The browser has said on which site the frame stands.
    pub fn stands_on(self, site: String) {
        self.kept.update_value(|kept| kept.site = site);
    }

    /// The site has said how to show the balance.
    pub fn show_as(self, view: &str) {
        self.is_banner.set(view == "banner");
        self.is_full.set(view == "full");
        let text = self.kept.with_value(|kept| kept.text.clone());
        if let (Some(json), Stage::Shown(_)) = (Json::parse(&text), self.stage.get_untracked()) {
            self.stage.set(Stage::Shown(Shown::read(&json)));
        }
    }

    /// The site has given a fresh token. A stream that stands goes on until its own token is dead.
    pub fn take(self, token: String) {
        let listens = self.kept.with_value(|kept| kept.stream.is_some());
        self.kept.update_value(|kept| {
            kept.token = token;
            kept.tries = 0;
        });
        if !listens {
            self.open();
        }
    }

    /// The site has no token to give.
    pub fn has_no_token(self) {
        // What is shown stays until its own token is dead.
        if !matches!(self.stage.get_untracked(), Stage::Shown(_)) {
            self.fail(Trouble::NoToken);
        }
    }

    /// A person wants to see it now.
    pub fn try_again(self) {
        let stage = self.stage.get_untracked();
        self.stage.set(Stage::Loading);
        self.kept.update_value(|kept| kept.tries = 0);
        match stage {
            Stage::Trouble(Trouble::NoToken | Trouble::Expired) => {
                browser::ask_host_for_token("asked");
            }
            _ => self.open(),
        }
    }

    /// Asks what the token shows, then listens for news.
    fn open(self) {
        let turn = self.next_turn();
        browser::begin(async move {
            let (token, site) =
                self.kept.with_value(|kept| (kept.token.clone(), kept.site.clone()));
            let found = api::embedded(&token, &site).await;
            if self.is_over(turn) {
                return;
            }
            match found {
                Ok(text) => self.show(text),
                Err(error) => return self.fail(Trouble::of(&error, &site)),
            }
            let url = api::embedded_changes(&token, &site).await;
            if self.is_over(turn) {
                return;
            }
            match url {
                Ok(url) => self.listen(&url, turn),
                Err(error) => self.fail(Trouble::of(&error, &site)),
            }
        });
    }

    fn next_turn(self) -> u32 {
        self.kept.update_value(|kept| {
            kept.turn += 1;
            kept.stream = None;
            kept.again = None;
        });
        self.kept.with_value(|kept| kept.turn)
    }

    fn is_over(self, turn: u32) -> bool {
        self.kept.with_value(|kept| kept.turn != turn)
    }

    fn listen(self, url: &str, turn: u32) {
        let stream = EventStream::open(url, &["balance", "expired"], move |heard| {
            if self.is_over(turn) {
                return;
            }
            match heard {
                Heard::Open => {
                    self.stale.set(false);
                    self.kept.update_value(|kept| kept.tries = 0);
                }
                Heard::Event { name: "balance", data, .. } => self.show(data),
                // Its own token is dead. If there is a fresh one it opens another; if there is none, that is told.
                Heard::Event { .. } => browser::begin(async move { self.open() }),
                // A ticket opens one stream: the browser's own next try would be refused.
                Heard::Interrupted | Heard::Closed => self.fail(Trouble::Offline),
            }
        });
        self.kept.update_value(|kept| kept.stream = stream);
    }

    fn show(self, text: String) {
        let Some(json) = Json::parse(&text) else { return };
        self.stale.set(false);
        let shown = Shown::read(&json);
        if !shown.stylesheet.is_empty() {
            browser::dress(&shown.stylesheet);
        }
        let shown = Stage::Shown(shown);
        if self.stage.with_untracked(|stage| *stage != shown) {
            self.stage.set(shown);
        }
        browser::tell_host(&text);
        self.kept.update_value(|kept| kept.text = text);
    }

    fn fail(self, trouble: Trouble) {
        self.next_turn();
        let is_shown = matches!(self.stage.get_untracked(), Stage::Shown(_));
        if trouble == Trouble::Offline {
            self.later();
            self.stale.set(true);
            if is_shown {
                return;
            }
        }
        if trouble == Trouble::Expired {
            browser::ask_host_for_token("expired");
        }
        browser::tell_host_failure(trouble.code());
        self.stage.set(Stage::Trouble(trouble));
    }

    /// Tries again, ever less often.
    fn later(self) {
        self.kept.update_value(|kept| {
            let pause = FIRST_PAUSE_MILLIS.saturating_mul(1 << kept.tries.min(6));
            kept.tries += 1;
            kept.again = browser::after(pause.min(LONGEST_PAUSE_MILLIS), move || {
                browser::begin(async move { self.open() });
            });
        });
    }
}
