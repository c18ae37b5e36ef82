//! The change stream: what happened at the server reaches the open page.

use billing::api::Change;
use leptos::prelude::*;

use super::{Session, Store};
use crate::{
    api,
    browser::{self, EventStream, Heard},
};

/// How long to wait before a stream that the server refused is opened anew.
const REOPEN_MILLIS: i32 = 3_000;

/// Whether what is shown is what is the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Live {
    /// Not yet connected.
    Connecting,
    /// Changes arrive as they happen.
    Connected,
    /// They will, once the connection is back; none is lost.
    Reconnecting,
}

/// Hears changes for as long as the owner lives, on every page, from what is known at sign-in on.
pub fn listen(store: Store, session: Session) -> Signal<Live> {
    let live = RwSignal::new(Live::Connecting);
    let stream = StoredValue::new_local(None::<EventStream>);
    let attempt = RwSignal::new(0_u32);
    Effect::new(move || {
        attempt.track();
        stream.set_value(None);
        let url = api::changes_url(store.seq());
        let tell = move |heard| hear(store, session, live, attempt, heard);
        stream.set_value(EventStream::open(&url, &["change", "reset"], tell));
    });
    live.into()
}

fn hear(
    store: Store,
    session: Session,
    live: RwSignal<Live>,
    attempt: RwSignal<u32>,
    heard: Heard,
) {
    match heard {
        Heard::Open => live.set(Live::Connected),
        Heard::Event { name: "change", id, data } => match serde_json::from_str::<Change>(&data) {
            Ok(change) => store.apply(change),
            // From a newer server than this page: load what it means.
            Err(_) => store.reset(id),
        },
        Heard::Event { id, .. } => store.reset(id),
        Heard::Interrupted => live.set(Live::Reconnecting),
        Heard::Closed => {
            live.set(Live::Reconnecting);
            leptos::task::spawn_local(async move {
                browser::sleep(REOPEN_MILLIS).await;
                // A stream cannot tell why it was refused; a plain question can.
                let _ = session.check(api::me().await);
                let _ = attempt.try_update(|attempt| *attempt = attempt.wrapping_add(1));
            });
        }
    }
}
