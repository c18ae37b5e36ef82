//! The accounts as a table; on narrow screens its rows become cards.

use billing::api::AccountSort;
use leptos::prelude::*;

use crate::{
    components::AccountRow,
    routes::{ListQuery, Route},
    state::{AccountsList, desk},
    ui::{Direction, SkeletonRows, SortHeader},
};

/// A column that can be sorted by: least first, most first.
struct Column {
    ascending: AccountSort,
    descending: AccountSort,
}

const NAME: Column =
    Column { ascending: AccountSort::Name, descending: AccountSort::NameDescending };
const SINCE: Column =
    Column { ascending: AccountSort::Since, descending: AccountSort::SinceDescending };
const BALANCE: Column =
    Column { ascending: AccountSort::Balance, descending: AccountSort::BalanceDescending };

impl Column {
    fn direction(&self, sort: AccountSort) -> Option<Direction> {
        if sort == self.ascending {
            Some(Direction::Ascending)
        } else {
            (sort == self.descending).then_some(Direction::Descending)
        }
    }

    fn next(&self, sort: AccountSort) -> AccountSort {
        if sort == self.ascending { self.descending } else { self.ascending }
    }
}

/// The table. Without ids yet: its skeleton.
#[component]
pub fn AccountsTable(list: AccountsList, query: Memo<ListQuery>) -> impl IntoView {
    let desk = desk();
    let sort = move || query.with(|query| query.sort);
    let head = move |label, class, column: &'static Column| {
        let by = move |()| {
            let sort = column.next(sort());
            let list = ListQuery { sort, ..query.get_untracked() };
            desk.go(&Route::Accounts { list, dialog: None });
        };
        let direction = Signal::derive(move || column.direction(sort()));
        view! { <SortHeader label=label class=class direction=direction on_sort=by /> }
    };
    let ids = move || list.ids.get().unwrap_or_default();
    let row = move |id| desk.store.row(id).map(|account| view! { <AccountRow account=account /> });
    let empty = move || list.ids.with(Option::is_none);
    let busy = move || (list.loading.get() == crate::state::Loading::Busy).then_some("true");
    view! {
        <div class="table-card card" aria-busy=busy>
            <table class="table accounts">
                <caption class="unseen">"Accounts and who pays for them"</caption>
                <thead>
                    <tr>
                        {head("Account", "", &NAME)} {head("Billing", "", &SINCE)}
                        <th scope="col">"Standing"</th>
                        {head("Balance it draws from", "money", &BALANCE)}
                    </tr>
                </thead>
                <tbody>
                    <Show when=empty>
                        <SkeletonRows count=10 columns=4 />
                    </Show>
                    <For each=ids key=|id| *id children=row />
                </tbody>
            </table>
        </div>
    }
}
