//! Talking to the server: the one module that fetches.
//!
//! [`Call`] is one request and [`ApiError`] everything that can go wrong with it; the other files name the endpoints of
//! `docs/http-api.md`, one function each. No state lives here, and no sentence that a component shows is decided here but
//! the ones for a server that cannot be reached.

mod accounts;
mod branding;
mod call;
mod client;
mod embed;
mod error;
mod pay;
mod session;
mod settings;
mod usage;
mod wallet;

pub use accounts::{
    account, accounts, add_to_agency_billing, ask_for_usage, changes_url, close, new_link,
    payments, refund, reopen, request_billing, resend_request, revoke_request, timeline,
};
pub use branding::{branding, remove_logo, set_branding, set_logo, set_time_zone, time_zone};
pub use call::{Call, Guard, is_api};
pub use client::{
    client_accounts, client_ledger, client_report, client_report_csv, client_usage, whoever,
};
pub use embed::{embedded, embedded_changes, embedded_top_up};
pub use error::ApiError;
pub use pay::{link, open_link, pay};
pub use session::{access, me, providers, sign_in, sign_out};
pub use settings::{
    KEYS, PEOPLE, PREVIEW_TOKEN, SESSIONS, WIDGET_LOADER, accept_invitation, accept_reset,
    ask_reset, audit, audit_csv, begin_second_factor, change_person, create_key, end_session,
    find_accounts, invite, invite_again, open_invitation, origins, remove_person, revoke_key,
    second_factor, set_origins, some_account, turn_off_second_factor, turn_on_second_factor,
};
pub use usage::{PRICES, draws, ledger, page, report, report_csv, set_price, usage};
pub use wallet::{WalletOf, ask_balance_link};
