//! The change stream: what happened at the server reaches the open page.

use leptos::prelude::*;

use super::Session;
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

/// What a stream tells.
#[derive(Clone, Copy, Debug)]
pub enum Notice<'a> {
    /// It is back after an interruption.
    Back,
    /// What changed, as JSON.
    Change {
        /// Its place among all changes.
        seq: u64,
        /// It.
        data: &'a str,
    },
    /// What happened up to this sequence cannot be told one by one: load what is shown.
    Reset(u64),
}

/// Hears changes for as long as the owner lives, on every page, from what is known (`seq`) on.
pub fn listen(
    session: Session,
    seq: impl Fn() -> u64 + 'static,
    take: impl Fn(Notice<'_>) + Copy + 'static,
) -> Signal<Live> {
    let live = RwSignal::new(Live::Connecting);
    let stream = StoredValue::new_local(None::<EventStream>);
    let attempt = RwSignal::new(0_u32);
    let hear = move |heard: Heard| match heard {
        Heard::Open => {
            if live.get_untracked() == Live::Reconnecting {
                take(Notice::Back);
            }
            live.set(Live::Connected);
        }
        Heard::Event { name: "change", id, data } => take(Notice::Change { seq: id, data: &data }),
        Heard::Event { id, .. } => take(Notice::Reset(id)),
        Heard::Interrupted => live.set(Live::Reconnecting),
        Heard::Closed => {
            live.set(Live::Reconnecting);
            leptos::task::spawn_local(async move {
                browser::sleep(REOPEN_MILLIS).await;
                // A stream cannot tell why it was refused; a plain question can.
                let _ = session.check(api::whoever().await);
                let _ = attempt.try_update(|attempt| *attempt = attempt.wrapping_add(1));
            });
        }
    };
    Effect::new(move || {
        attempt.track();
        stream.set_value(None);
        let url = api::changes_url(seq());
        stream.set_value(EventStream::open(&url, &["change", "reset"], hear));
    });
    live.into()
}
