//! Server-sent events: a callback for each, and none lost to bursts, as a signal would.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

/// What a stream has to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The connection stands.
    Open,
    /// A named event and its data.
    Event {
        /// Its name.
        name: &'static str,
        /// Where the stream is after it.
        id: u64,
        /// Its data.
        data: String,
    },
    /// The connection broke; the browser tries again by itself, from the last event's id on.
    Interrupted,
    /// The browser has given up (the server refused): somebody has to open a new stream.
    Closed,
}

/// An open stream. Dropping it closes it.
pub struct EventStream {
    source: EventSource,
    _named: Vec<Closure<dyn Fn(MessageEvent)>>,
    _plain: Vec<Closure<dyn Fn()>>,
}

impl EventStream {
    /// Opens a stream and tells of the events with these names, and of the connection.
    pub fn open(
        url: &str,
        names: &[&'static str],
        tell: impl Fn(Heard) + Clone + 'static,
    ) -> Option<Self> {
        let source = EventSource::new(url).ok()?;
        let mut named = Vec::new();
        for name in names {
            let (name, tell) = (*name, tell.clone());
            let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                let data = event.data().as_string().unwrap_or_default();
                let id = event.last_event_id().parse().unwrap_or_default();
                tell(Heard::Event { name, id, data });
            });
            let function = listener.as_ref().unchecked_ref();
            source.add_event_listener_with_callback(name, function).ok()?;
            named.push(listener);
        }
        let opened = {
            let tell = tell.clone();
            Closure::<dyn Fn()>::new(move || tell(Heard::Open))
        };
        source.set_onopen(Some(opened.as_ref().unchecked_ref()));
        let broken = {
            let source = source.clone();
            Closure::<dyn Fn()>::new(move || {
                let given_up = source.ready_state() == EventSource::CLOSED;
                tell(if given_up { Heard::Closed } else { Heard::Interrupted });
            })
        };
        source.set_onerror(Some(broken.as_ref().unchecked_ref()));
        Some(Self { source, _named: named, _plain: vec![opened, broken] })
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        self.source.set_onopen(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}
