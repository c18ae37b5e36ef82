//! The sites that may show balances: a line each.

use billing::{access::Right, api::EmbedOrigins};
use leptos::{ev, prelude::*};

use crate::{
    api::{self, ApiError},
    dialogs::Attempt,
    settings::{
        form::{Said, focus_wrong},
        signed_in::i_may,
    },
    state::desk,
    ui::{Button, Kind, Note, SkeletonLines, TextArea, Tone},
};

/// The place of a site in the body: `/origins/3`.
const PLACE: &str = "/origins";

/// The card.
#[component]
pub fn Origins() -> impl IntoView {
    let desk = desk();
    let typed = RwSignal::new(None::<String>);
    let failed = RwSignal::new(None::<ApiError>);
    let load = move || {
        failed.set(None);
        leptos::task::spawn_local(async move {
            match desk.session.check(api::origins().await) {
                Ok(sites) => {
                    let _ = typed.try_set(Some(sites.origins.join("\n")));
                }
                Err(error) => {
                    let _ = failed.try_set(Some(error));
                }
            }
        });
    };
    load();
    let known = Memo::new(move |_| typed.with(Option::is_some));
    view! {
        <section class="card section" aria-label="Allowed sites" id="origins">
            <h2>"Allowed sites"</h2>
            <p class="quiet">
                "Only these sites may show balances of your accounts. A browser refuses the widget everywhere else."
            </p>
            {move || match (known.get(), failed.get()) {
                (true, _) if i_may(Right::ManageEmbedding).is_ok() => {
                    view! { <Editor typed=typed /> }.into_any()
                }
                (true, _) => view! { <ReadOnly typed=typed /> }.into_any(),
                (false, Some(error)) => {
                    view! {
                        <Note tone=Tone::Bad>{error.to_string()}</Note>
                        <div class="actions">
                            <Button on_press=move |()| load()>"Retry"</Button>
                        </div>
                    }
                        .into_any()
                }
                (false, None) => view! { <SkeletonLines count=3 /> }.into_any(),
            }}
        </section>
    }
}

/// The sites, one each line; what is blank is none.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(ToOwned::to_owned).collect()
}

#[component]
fn ReadOnly(typed: RwSignal<Option<String>>) -> impl IntoView {
    let sites = lines(&typed.get_untracked().unwrap_or_default());
    if sites.is_empty() {
        return view! { <p>"No site may show a balance yet."</p> }.into_any();
    }
    let site = |site: String| view! { <li><code>{site}</code></li> };
    view! { <ul>{sites.into_iter().map(site).collect_view()}</ul> }.into_any()
}

#[component]
fn Editor(typed: RwSignal<Option<String>>) -> impl IntoView {
    let desk = desk();
    let attempt = Attempt::default();
    focus_wrong(attempt, "#origins");
    let text = Signal::derive(move || typed.get().unwrap_or_default());
    let wrong = move || {
        let error = attempt.error().get()?;
        let sites = lines(&text.get_untracked());
        let told = error.fields().iter().filter(|wrong| wrong.pointer.starts_with(PLACE));
        let told: Vec<String> = told
            .map(|wrong| {
                let place = wrong.pointer.rsplit('/').next().and_then(|place| place.parse().ok());
                match place.and_then(|place: usize| sites.get(place)) {
                    Some(site) => format!("{site}: {}", wrong.detail),
                    None => wrong.detail.clone(),
                }
            })
            .collect();
        Some(told.join("\n")).filter(|told| !told.is_empty())
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let body = EmbedOrigins { origins: lines(&text.get_untracked()) };
        let call = move |_| api::set_origins(body);
        attempt.ask(Some(desk.session), String::new(), call, move |sites: EmbedOrigins| {
            let _ = typed.try_set(Some(sites.origins.join("\n")));
            desk.toaster.tell(match sites.origins.len() {
                0 => "No site may show balances any more".to_owned(),
                1 => "1 site may show balances".to_owned(),
                count => format!("{count} sites may show balances"),
            });
        });
    };
    let input = move |text| {
        attempt.clear();
        typed.set(Some(text));
    };
    view! {
        <form class="stack" novalidate on:submit=submit>
            <TextArea
                id="allowed-sites"
                label="Sites, one each line"
                hint=Signal::stored(
                    Some("As a browser names them: https://app.example. No path, no star; http only on localhost.".to_owned()),
                )
                rows=4
                value=text
                on_input=input
                error=Signal::derive(wrong)
            />
            <Said attempt=attempt />
            <div class="actions">
                <Button kind=Kind::Primary submit=true busy=attempt.pending()>
                    "Save sites"
                </Button>
            </div>
        </form>
    }
}
