//! The customer's pay page: what a secure link opens. No sign-in, no router, nothing of the agency's app.
//!
//! Start reading at [`Desk`]: it holds what the server last said about the link and does what a person can do, from typing a
//! card to authenticating with a bank. [`stage::Stage`] is which page that makes; one file shows each. Money is never said to have
//! moved before the server has said so, and a card number is never here: the fields are a frame of the gateway's.

mod amount;
mod attempt;
mod card;
mod complaint;
mod desk;
mod ending;
mod form;
mod link;
mod page;
mod part;
mod stage;
mod trouble;
mod waiting;

use leptos::mount::mount_to;

use crate::browser;
use desk::Desk;
use page::page;

/// The element of `pay.html` that shows the frame of the page until there is something to show.
const PLACE: &str = "pay";

/// Reads the link, asks what it is about, then puts the page in the place of its frame.
pub fn start() {
    browser::restart_on_new_link();
    part::begin(async {
        let token = link::take();
        let found = desk::open(&token).await;
        let Some(place) = browser::mount_point(PLACE) else { return };
        mount_to(place, move || {
            let desk = Desk::new(token, found);
            browser::on_return(move || desk.look_again());
            page(desk)
        })
        .forget();
    });
}
