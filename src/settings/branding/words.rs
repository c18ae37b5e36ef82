//! Name and colour: one form, and what becomes of the colour.

use billing::api::{Branding, BrandingBody};
use leptos::{ev, prelude::*};

use super::Draft;
use crate::{
    api,
    dialogs::Attempt,
    settings::form::{Said, focus_wrong},
    state::desk,
    ui::{Button, Field, Kind},
};

/// What the colour input shows while no colour is chosen: the product's own.
const PRODUCT: &str = "#0b6480";

/// The card.
#[component]
pub(super) fn Words(draft: Draft) -> impl IntoView {
    let desk = desk();
    let attempt = Attempt::default();
    focus_wrong(attempt, "#branding");
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let accent = draft.accent.get_untracked().trim().to_owned();
        let body = BrandingBody {
            name: draft.name.get_untracked(),
            accent: Some(accent).filter(|accent| !accent.is_empty()),
        };
        let call = move |_| api::set_branding(body);
        attempt.ask(Some(desk.session), String::new(), call, move |branding: Branding| {
            let _ = draft.name.try_set(branding.name.to_string());
            let accent = branding.accent.map(|accent| accent.to_string());
            let _ = draft.accent.try_set(accent.unwrap_or_default());
            desk.toaster.tell("Name and colour saved");
        });
    };
    let input = move |field: RwSignal<String>| {
        move |text: String| {
            attempt.clear();
            field.set(text);
        }
    };
    let picked = move || draft.colour().map_or_else(|| PRODUCT.to_owned(), |it| it.to_string());
    let warnings = move || {
        let colour = draft.colour()?;
        let warnings = draft.palette()?.warnings(colour);
        let line = |warning: String| view! { <li class="state wait">{warning}</li> };
        Some(warnings.into_iter().map(line).collect_view())
    };
    view! {
        <section class="card section" aria-label="Name and colour" id="branding">
            <h2>"Name and colour"</h2>
            <form class="stack" novalidate on:submit=submit>
                <Field
                    id="agency-name"
                    label="Agency's name"
                    autocomplete="organization"
                    value=draft.name
                    on_input=input(draft.name)
                    error=attempt.wrong("/name")
                />
                <div class="colour-field">
                    <Field
                        id="accent"
                        label="Colour"
                        hint=Signal::stored(
                            Some("Such as #0b6480; empty for Sluice's own. Buttons take it as it is.".to_owned()),
                        )
                        optional=true
                        value=draft.accent
                        on_input=input(draft.accent)
                        error=attempt.wrong("/accent")
                    />
                    <input
                        type="color"
                        aria-label="Pick the colour"
                        prop:value=picked
                        on:input=move |event| input(draft.accent)(event_target_value(&event))
                    />
                </div>
                <ul class="colour-warnings" aria-live="polite">
                    {warnings}
                </ul>
                <Said attempt=attempt />
                <div class="actions">
                    <Button kind=Kind::Primary submit=true busy=attempt.pending()>
                        "Save name and colour"
                    </Button>
                </div>
            </form>
        </section>
    }
}
