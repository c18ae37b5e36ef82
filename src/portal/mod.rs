//! The pages of client users: their accounts, what these used, and the balance while it is their own. Nothing of the agency's app.
//!
//! Start reading at [`start`]. [`entrance`] finds out who it is, [`desk`] holds what the server told and [`live`] keeps it so; each page is
//! a file. What a client user may see is decided by the server, whose answers (`billing::api::ClientAccount` and its neighbours) hold
//! nothing else.

mod account;
mod desk;
mod entrance;
mod frame;
mod guide;
mod home;
mod person;
mod report;
mod usage;
mod words;

use leptos::mount::mount_to;

use crate::browser;
use entrance::Entrance;

/// The element of `portal.html` that shows the frame of the page until there is something to show.
const PLACE: &str = "portal";

/// Puts the pages in the place of their frame.
pub fn start() {
    if let Some(place) = browser::mount_point(PLACE) {
        mount_to(place, Entrance).forget();
    }
}
