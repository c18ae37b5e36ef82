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

/// Hears changes for as long as the owner lives, from the first answer's sequence on.
pub fn listen(store: Store, session: Session) -> Signal<Live> {
    let live = RwSignal::new(Live::Connecting);
    let stream = StoredValue::new_local(None::<EventStream>);
    let attempt = RwSignal::new(0_u32);
    let ready = store.heard_from();
    Effect::new(move || {
        attempt.track();
        stream.set_value(None);
        if ready.get() {
            let url = api::changes_url(store.seq());
            let tell = move |heard| hear(store, session, live, attempt, heard);
            stream.set_value(EventStream::open(&url, &["change", "reset"], tell));
        }
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
        Heard::Event { name: "change", data } => match serde_json::from_str::<Change>(&data) {
            Ok(change) => store.apply(change),
            // From a newer server than this page: load what it means.
            Err(_) => store.reset(),
        },
        Heard::Event { .. } => store.reset(),
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
