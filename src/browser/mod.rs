//! The browser itself: the one module that touches `web_sys`, `js_sys` and `wasm_bindgen`.
//!
//! Everything is a plain function or a small guard that lets go when dropped. What a browser may refuse (storage, the
//! clipboard) answers with an `Option` or a `bool`; nothing here panics, and nothing here knows the product.

mod clipboard;
mod clock;
mod crypto;
mod dom;
mod embed_host;
mod events;
mod files;
mod intl;
mod json;
mod navigator;
mod pay_frame;
mod pay_gateway;
mod pay_link;
mod pay_start;
mod storage;
mod timers;

pub use clipboard::copy;
pub use clock::{from_local_input, local_input, millis_of, now_millis};
pub use crypto::unguessable;
pub use dom::{
    announce_in_top_layer, close_dialog, focus, focus_first_invalid, focus_heading, has_lost_focus,
    host, is_in_sight, keep_focus, load_module, mount_point, on_key, open_dialog, origin,
    set_title,
};
pub use embed_host::{
    HostSays, ask_host_for_token, host_day, host_money, lead_page, listen_to_host, open_page,
    tell_host, tell_host_failure,
};
pub use events::{EventStream, Heard};
pub use files::{ChosenFile, data_url, save};
pub use intl::{date, date_time, money, money_exact, month_day, number, utc_day};
pub use json::Json;
pub use navigator::{Address, Navigator, load};
pub use pay_frame::{dress, fill, mark};
pub use pay_gateway::{
    CardEvent, CardFields, GatewayError, authenticate, confirmation_token, load_gateway,
    update_card_amount,
};
pub use pay_link::{clear_fragment, link_token, on_return, restart_on_new_link};
pub use pay_start::begin;
pub use storage::{forget, recall, remember};
pub use timers::{Timer, after, every, sleep};
