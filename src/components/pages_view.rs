//! A list that comes page by page, in every state: on its way, failed, there, and with more to come.

use leptos::prelude::*;

use crate::{
    browser::{self, Json},
    state::{Loading, Pages},
    ui::{Button, Html, Note, SkeletonLines, Tone},
};

/// What of it is there, and under it what can be done about the rest.
#[component]
pub fn PagesView(
    /// The pages.
    pages: Pages,
    /// What it is.
    label: &'static str,
    /// How they are shown: all that are there, one at least.
    show: fn(&[Json], &mut Html),
    /// What stands between its heading and it.
    #[prop(optional)]
    also: Option<AnyView>,
) -> impl IntoView {
    let failed = move || match pages.loading.get() {
        Loading::Failed(error) => Some(view! { <Note tone=Tone::Bad>{error.to_string()}</Note> }),
        _ => None,
    };
    let button = move || {
        let retry = matches!(pages.loading.get(), Loading::Failed(_));
        (retry || pages.cursor().is_some()).then(|| {
            let words = if retry { "Retry" } else { "Show more" };
            view! {
                <div class="actions">
                    <Button on_press=move |()| pages.more()>{words}</Button>
                </div>
            }
        })
    };
    let shown = move || {
        let mut html = Html::default();
        pages.all.with(|all| {
            if !all.is_empty() {
                show(all, &mut html);
            }
        });
        // Whoever stands on a link stays on it when what is around it changes.
        browser::keep_focus();
        html.finish()
    };
    let waits = move || {
        let none = pages.all.with(Vec::is_empty) && pages.loading.get() == Loading::Busy;
        none.then(|| view! { <SkeletonLines count=5 /> })
    };
    view! {
        <section class="card section sheet-section" aria-label=label>
            <h2>{label}</h2>
            {also}
            {waits}
            <div class="stack" inner_html=shown></div>
            {failed}
            {button}
        </section>
    }
}
