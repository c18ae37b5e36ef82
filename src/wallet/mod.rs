//! A balance with its cards, its auto-recharge and what has happened on it: the customer's own page, opened by a link from their mail,
//! and *Settings > Billing*, where the agency looks after its own. The same parts, on two pages.
//!
//! Start reading at [`till::Till`]: it holds what the server last said and hears what becomes of what is under way; [`doings`] is what
//! a person can do. [`customer`] and [`agency`] are the two ways in, [`page`] puts the parts together, one file each. The sums and
//! sentences come from `billing`: the preview, what can be agreed to, and what is agreed to.

mod activity;
mod agency;
mod alert;
mod attempt;
mod card_fields;
mod cards;
mod complaint;
mod customer;
mod doings;
mod door;
mod head;
mod link;
mod notices;
mod page;
mod parts;
mod preview;
mod recharge;
mod recharge_form;
mod save_card;
mod task;
mod till;
mod top_up;
mod trouble;
mod words;

use crate::{
    browser::{self, Navigator},
    routes::BILLING,
};

/// The element of `wallet.html` that shows the frame of the page until there is something to show.
const PLACE: &str = "wallet";

/// Starts the page that the address means.
pub fn start() {
    // Nothing here should panic; while developing, the console says what did.
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    if Navigator::path() != BILLING {
        return customer::start(PLACE);
    }
    if let Some(place) = browser::mount_point(PLACE) {
        leptos::mount::mount_to(place, agency::Billing).forget();
    }
}
