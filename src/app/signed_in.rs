//! Everything behind the sign-in: lays out the desk, listens to changes, shows the shell.

use billing::api::Me;
use leptos::prelude::*;

use super::{guide::Guide, shell::Shell};
use crate::{
    browser::Navigator,
    dialogs::{BillingDialog, explain, refund},
    routes::{Route, Step},
    state::{Desk, Session},
    ui::Toasts,
};

/// The app of a person who is signed in.
#[component]
pub fn SignedIn(
    me: Me,
    session: Session,
    navigator: Navigator,
    route: Memo<Route>,
) -> impl IntoView {
    let desk = Desk::lay(me, session, navigator, route);
    let live = desk.listen();
    view! {
        <Shell live=live />
        <Dialog route=route />
        <Toasts toaster=desk.toaster />
        <Guide route=route />
    }
}

/// The dialog over the page, while the route says so; a step within the billing dialog keeps it open.
#[component]
fn Dialog(route: Memo<Route>) -> impl IntoView {
    let account = Memo::new(move |_| route.get().dialog().map(|(id, _)| id));
    let step = Memo::new(move |last: Option<&Step>| {
        let step = route.get().dialog().map(|(_, step)| step);
        step.or(last.copied()).unwrap_or(Step::Summary)
    });
    let draws = Memo::new(move |_| {
        route.with(|route| match route {
            Route::Draws { id, of } => Some((*id, of.clone())),
            _ => None,
        })
    });
    let draws = move || draws.get().map(|(id, of)| explain(id, &of));
    let refunded = Memo::new(move |_| {
        route.with(|route| match route {
            Route::Payments { id, refund: Some(payment) } => Some((*id, *payment)),
            _ => None,
        })
    });
    let refund = move || refunded.get().map(|(id, payment)| refund(id, payment));
    let billing =
        move || account.get().map(|id| view! { <BillingDialog id=id step=step /> }.into_any());
    view! {
        {billing}
        {draws}
        {refund}
    }
}
