//! The change stream, as a client user hears it: their own accounts, as they change.

use billing::api::ClientChange;
use leptos::prelude::*;

use super::desk::Desk;
use crate::{
    api,
    browser::{self, EventStream, Heard},
    state::Live,
};

/// How long to wait before a stream that the server refused is opened anew.
const REOPEN_MILLIS: i32 = 3_000;

/// Hears changes for as long as the owner lives, on every page.
pub fn listen(desk: Desk) -> Signal<Live> {
    let live = RwSignal::new(Live::Connecting);
    let stream = StoredValue::new_local(None::<EventStream>);
    let attempt = RwSignal::new(0_u32);
    Effect::new(move || {
        attempt.track();
        stream.set_value(None);
        let tell = move |heard| hear(desk, live, attempt, heard);
        let url = api::changes_url(desk.seq());
        stream.set_value(EventStream::open(&url, &["change", "reset"], tell));
    });
    live.into()
}

fn hear(desk: Desk, live: RwSignal<Live>, attempt: RwSignal<u32>, heard: Heard) {
    match heard {
        Heard::Open => {
            // A stream ends, too, when somebody is given another account, or loses one: no change tells of that.
            if live.get_untracked() == Live::Reconnecting {
                desk.reset(0);
            }
            live.set(Live::Connected);
        }
        Heard::Event { name: "change", id, data } => {
            match serde_json::from_str::<ClientChange>(&data) {
                Ok(change) => desk.take(change),
                // From a newer server than this page: load what it means.
                Err(_) => desk.reset(id),
            }
        }
        Heard::Event { id, .. } => desk.reset(id),
        Heard::Interrupted => live.set(Live::Reconnecting),
        Heard::Closed => {
            live.set(Live::Reconnecting);
            leptos::task::spawn_local(async move {
                browser::sleep(REOPEN_MILLIS).await;
                // A stream cannot tell why it was refused; a plain question can.
                let _ = desk.session.check(api::whoever().await);
                let _ = attempt.try_update(|attempt| *attempt = attempt.wrapping_add(1));
            });
        }
    }
}
