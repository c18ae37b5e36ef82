//! Settings > Accounts: every account, who pays for it, and the pencil that changes that.

mod count;
mod filters;
mod search;
mod states;
mod table;

use leptos::prelude::*;

pub use self::search::SEARCH_ID;
use self::{filters::Filters, search::Search, states::ListStates};
use crate::{
    components::AgencyBalance,
    routes::{ListQuery, Route},
    state::{AccountsList, desk},
};

/// The page.
#[component]
pub fn AccountsPage() -> impl IntoView {
    let desk = desk();
    // While the page is left, its route is another one: the list stays as it was until it is gone.
    let query = Memo::new(move |last: Option<&ListQuery>| match desk.route.get() {
        Route::Accounts { list, .. } => list,
        _ => last.cloned().unwrap_or_default(),
    });
    let list = AccountsList::of(desk.store, desk.session, query);
    let counts = desk.store.counts();
    // With nothing to look for, nothing to look with.
    let some = move || counts.with(|counts| counts.is_none_or(|counts| counts.all > 0));
    let sentence = move || counts.get().map(|counts| count::sentence(&counts));
    view! {
        <header class="page-head">
            <div>
                <h1>"Accounts"</h1>
                <p class="quiet">{move || sentence().unwrap_or_else(|| "\u{a0}".to_owned())}</p>
            </div>
            <AgencyBalance />
        </header>
        <Show when=some>
            <div class="toolbar" role="search" aria-label="Accounts">
                <Search query=query />
                <Filters query=query />
            </div>
        </Show>
        <ListStates list=list query=query />
    }
}
