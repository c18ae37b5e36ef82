//! The widget's frame: one account's balance on somebody else's site. No sign-in, no cookie, nothing of the agency's app.
//!
//! Start reading at [`Desk`]: it holds what the server last said, listens for news, and asks the site for a token when the one it has is
//! dead. [`page`] shows it. The token comes from the site through a port and is kept nowhere but in memory.

mod desk;
mod page;
mod shown;
mod trouble;

use leptos::mount::mount_to;

use crate::browser::{self, HostSays};
use desk::Desk;
use page::page;

/// The element of `embed.html` that shows the frame of the page until there is something to show.
const PLACE: &str = "embed";

/// Puts the page in the place of its frame once there is something to show, and hears the site.
pub fn start() {
    let Some(place) = browser::mount_point(PLACE) else { return };
    mount_to(place, || {
        let desk = Desk::new();
        browser::listen_to_host(move |says| match says {
            HostSays::Nobody => desk.stands_alone(),
            HostSays::Site(site) => desk.stands_on(site),
            HostSays::View(view) => desk.show_as(&view),
            HostSays::Token(token) => desk.take(token),
            HostSays::NoToken => desk.has_no_token(),
        });
        page(desk)
    })
    .forget();
}
