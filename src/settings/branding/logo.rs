//! The logo: chosen, looked at, saved; or taken away.

use billing::{
    api::Branding,
    brand::{Image, ImageError, LOGO_MAX_BYTES},
};
use leptos::{ev, prelude::*};

use super::{Draft, Shown};
use crate::{
    api,
    browser::{self, ChosenFile},
    dialogs::Attempt,
    settings::form::{GroupError, Said},
    state::desk,
    ui::{Button, Kind},
};

/// The room for a logo, in pixels; as on the pay page.
const BOX: (u32, u32) = (132, 28);

/// A file that was chosen and is a logo.
#[derive(Clone, Debug)]
struct Chosen {
    file: ChosenFile,
    image: Image,
}

/// The logo that is saved.
pub(super) fn saved(branding: &Branding) -> Option<Shown> {
    let logo = branding.logo.as_ref()?;
    let image = Image { kind: logo.media_type, width: logo.width, height: logo.height };
    Some(Shown { url: logo.url.clone(), size: image.fit(BOX.0, BOX.1) })
}

/// The card.
#[component]
pub(super) fn LogoCard(draft: Draft) -> impl IntoView {
    let desk = desk();
    let attempt = Attempt::default();
    let kept = RwSignal::new(draft.logo.get_untracked());
    let chosen = RwSignal::new_local(None::<Chosen>);
    let refused = RwSignal::new(None::<String>);
    let choose = move |event: ev::Event| {
        attempt.clear();
        let Some(file) = ChosenFile::of(&event) else { return };
        leptos::task::spawn_local(async move {
            let looked = look(file).await;
            let _ = refused.try_set(looked.as_ref().err().map(ToString::to_string));
            if let Ok((new, shown)) = looked {
                let _ = draft.logo.try_set(Some(shown));
                let _ = chosen.try_set(Some(new));
            }
        });
    };
    let done = move |branding: Branding, words: &'static str| {
        kept.set(saved(&branding));
        draft.logo.set(saved(&branding));
        chosen.set(None);
        desk.toaster.tell(words);
    };
    let save = move |()| {
        let Some(Chosen { file, image }) = chosen.get_untracked() else { return };
        let call = move |_| api::set_logo(image.kind, file);
        attempt.ask(Some(desk.session), String::new(), call, move |branding| {
            done(branding, "Logo saved");
        });
    };
    let remove = move |()| {
        let call = move |_| api::remove_logo();
        attempt.ask(Some(desk.session), String::new(), call, move |branding| {
            done(branding, "Logo removed");
        });
    };
    let cancel = move |()| {
        chosen.set(None);
        draft.logo.set(kept.get_untracked());
    };
    // What the server says of a picture stands at its field, too.
    let wrong = Signal::derive(move || {
        let said =
            attempt.error().get().and_then(|error| Some(error.fields().first()?.detail.clone()));
        refused.get().or(said)
    });
    let buttons = move || {
        match (chosen.with(Option::is_some), kept.with(Option::is_some)) {
        (true, _) => view! {
            <Button kind=Kind::Primary busy=attempt.pending() on_press=save>"Save logo"</Button>
            <Button on_press=cancel>"Cancel"</Button>
        }
        .into_any(),
        (false, true) => {
            view! { <Button kind=Kind::Danger busy=attempt.pending() on_press=remove>"Remove logo"</Button> }
                .into_any()
        }
        (false, false) => ().into_any(),
    }
    };
    view! {
        <section class="card section" aria-label="Logo">
            <h2>"Logo"</h2>
            <div class="field">
                <label for="logo">"Picture"</label>
                <input
                    id="logo"
                    type="file"
                    accept="image/png,image/jpeg,image/webp"
                    aria-describedby="logo-hint"
                    aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                    on:change=choose
                />
                <small id="logo-hint">
                    "PNG, JPEG or WebP, at most 64 KiB and 1024 pixels each way. Letters show PNG and JPEG only."
                </small>
                <GroupError error=wrong />
            </div>
            <Said attempt=attempt />
            <div class="actions">{buttons}</div>
        </section>
    }
}

async fn look(file: ChosenFile) -> Result<(Chosen, Shown), ImageError> {
    let bytes = file.bytes(LOGO_MAX_BYTES).await.ok_or(ImageError::TooLarge)?;
    let image = Image::inspect(&bytes)?;
    let url = browser::data_url(image.kind.media_type(), &bytes).ok_or(ImageError::NotAnImage)?;
    Ok((Chosen { file, image }, Shown { url, size: image.fit(BOX.0, BOX.1) }))
}
