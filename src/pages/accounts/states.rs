//! The list in every state: on its way, failed, nothing there, nothing matching, and the rows.

use leptos::prelude::*;

use super::{count, table::AccountsTable};
use crate::{
    components::Trouble,
    routes::{ListQuery, Route},
    state::{AccountsList, Loading, desk},
    ui::{Blank, Button, Note, Tone},
};

/// What of the list is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shown {
    Rows,
    NothingYet,
    NoMatch,
    Failed(crate::api::ApiError),
}

/// The list.
#[component]
pub fn ListStates(list: AccountsList, query: Memo<ListQuery>) -> impl IntoView {
    let shown = Memo::new(move |_| {
        let none = list.ids.with(|ids| ids.as_ref().is_some_and(Vec::is_empty));
        match list.loading.get() {
            Loading::Failed(error) => Shown::Failed(error),
            Loading::Done if none && query.with(ListQuery::is_filtered) => Shown::NoMatch,
            Loading::Done if none => Shown::NothingYet,
            _ => Shown::Rows,
        }
    });
    move || match shown.get() {
        Shown::Rows => view! { <Rows list=list query=query /> }.into_any(),
        Shown::NothingYet => view! { <NothingYet /> }.into_any(),
        Shown::NoMatch => view! { <NoMatch query=query /> }.into_any(),
        Shown::Failed(error) => {
            view! { <Trouble error=error on_retry=move |()| list.reload() /> }.into_any()
        }
    }
}

#[component]
fn Rows(list: AccountsList, query: Memo<ListQuery>) -> impl IntoView {
    let counts = desk().store.counts();
    let words = move || {
        let shown = list.ids.with(|ids| ids.as_ref().map(Vec::len))?;
        let counts = counts.get();
        Some(query.with(|query| count::shown(shown, list.has_more(), query, counts.as_ref())))
    };
    let failed = move || match list.loading_more.get() {
        Loading::Failed(error) => Some(error.to_string()),
        _ => None,
    };
    let busy = Signal::derive(move || list.loading_more.get() == Loading::Busy);
    view! {
        <AccountsTable list=list query=query />
        <div class="list-foot">
            {move || failed().map(|words| view! { <Note tone=Tone::Bad>{words}</Note> })}
            <Show when=move || list.has_more()>
                <Button busy=busy on_press=move |()| list.more()>
                    "Show more"
                </Button>
            </Show>
            <p class="quiet" role="status">
                {words}
            </p>
        </div>
    }
}

#[component]
fn NothingYet() -> impl IntoView {
    let agency = desk().store.agency();
    let command = move || {
        let agency = agency.with(|agency| agency.id);
        format!("sluice import accounts.csv --agency {agency} --dry-run")
    };
    view! {
        <Blank title="No accounts yet">
            <p>
                "Bring them in from a file with the command line, on the machine that Sluice runs on. This checks every line and stores nothing:"
            </p>
            <pre>
                <code>{command}</code>
            </pre>
            <p>
                "Without the last word it stores them. They appear here as they arrive; the agency pays for each until its customer takes over."
            </p>
        </Blank>
    }
}

#[component]
fn NoMatch(query: Memo<ListQuery>) -> impl IntoView {
    let cleared = move || {
        let list = query.with(ListQuery::cleared);
        Route::Accounts { list, dialog: None }.href()
    };
    view! {
        <Blank title="No account matches">
            <p>"None has all of what you filter by. Search looks into names, external ids and e-mail addresses."</p>
            <div class="actions">
                <a class="button" href=cleared>
                    "Clear filters"
                </a>
            </div>
        </Blank>
    }
}
