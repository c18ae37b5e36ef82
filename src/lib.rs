//! The browser side of Sluice: the agency's app ([`app`]) and its settings ([`settings`]), the customer's pay page, the widget's
//! frame ([`embed`]), the pages of client users ([`portal`]), a balance with its cards ([`wallet`]).
//!
//! Start reading at [`app`]. The layers, each knowing only those after it: app → pages → dialogs → components → ui. The settings
//! stand beside the app, on the same dialogs and components.
//! Beside them [`routes`] spells addresses, [`state`] holds what the server told, [`api`] fetches, [`browser`] touches the
//! browser. Nothing but [`routes`] is compiled natively: rules worth testing live in `billing`, which both sides share.

#[cfg(target_arch = "wasm32")]
pub mod api;
#[cfg(target_arch = "wasm32")]
pub mod app;
#[cfg(target_arch = "wasm32")]
pub mod browser;
#[cfg(target_arch = "wasm32")]
pub mod components;
#[cfg(target_arch = "wasm32")]
pub mod dialogs;
#[cfg(target_arch = "wasm32")]
pub mod embed;
#[cfg(target_arch = "wasm32")]
pub mod pages;
#[cfg(target_arch = "wasm32")]
pub mod pay;
#[cfg(target_arch = "wasm32")]
pub mod portal;
pub mod routes;
#[cfg(target_arch = "wasm32")]
pub mod settings;
#[cfg(target_arch = "wasm32")]
pub mod state;
#[cfg(target_arch = "wasm32")]
pub mod ui;
#[cfg(target_arch = "wasm32")]
pub mod wallet;
