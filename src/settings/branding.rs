//! Settings > Branding: the agency's name, colour and logo, as its clients see them.

mod logo;
mod preview;
mod statements;
mod words;

use billing::{
    access::Right,
    api::Branding,
    brand::{Colour, Palette},
};
use leptos::prelude::*;

use self::{logo::LogoCard, preview::Preview, statements::Statements, words::Words};
use super::{page::Head, signed_in::i_may};
use crate::{
    api::{self, ApiError},
    components::Trouble,
    state::desk,
    ui::SkeletonLines,
};

/// What is typed and chosen, saved or not: the preview shows it.
#[derive(Clone, Copy)]
struct Draft {
    /// The agency's name.
    name: RwSignal<String>,
    /// Its colour as text; empty for the product's own.
    accent: RwSignal<String>,
    /// The address of its logo and how large it is shown.
    logo: RwSignal<Option<Shown>>,
}

/// A logo on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shown {
    url: String,
    size: (u32, u32),
}

impl Draft {
    fn of(branding: &Branding) -> Self {
        let accent = branding.accent.map(|accent| accent.to_string()).unwrap_or_default();
        Self {
            name: RwSignal::new(branding.name.to_string()),
            accent: RwSignal::new(accent),
            logo: RwSignal::new(logo::saved(branding)),
        }
    }

    /// The colour, if what is typed is one.
    fn colour(self) -> Option<Colour> {
        self.accent.with(|text| Colour::parse(text.trim()))
    }

    /// What becomes of it.
    fn palette(self) -> Option<Palette> {
        self.colour().map(Palette::of)
    }
}

/// The page.
#[component]
pub fn BrandingPage() -> impl IntoView {
    let desk = desk();
    let draft = RwSignal::new(None::<Draft>);
    let failed = RwSignal::new(None::<ApiError>);
    let load = move || {
        failed.set(None);
        leptos::task::spawn_local(async move {
            match desk.session.check(api::branding().await) {
                Ok(branding) => {
                    let _ = draft.try_set(Some(Draft::of(&branding)));
                }
                Err(error) => {
                    let _ = failed.try_set(Some(error));
                }
            }
        });
    };
    load();
    view! {
        <Head
            title="Branding"
            about="What your clients see: on the pay page, in letters, in the widget and in pages of their own."
            right=Right::ManageBranding
        />
        {move || match (draft.get(), failed.get()) {
            (Some(draft), _) => view! { <Cards draft=draft /> }.into_any(),
            (None, Some(error)) => {
                view! { <Trouble error=error on_retry=move |()| load() /> }.into_any()
            }
            (None, None) => {
                view! {
                    <div class="card section" aria-busy="true">
                        <SkeletonLines count=5 />
                    </div>
                }
                    .into_any()
            }
        }}
    }
}

#[component]
fn Cards(draft: Draft) -> impl IntoView {
    let forms = i_may(Right::ManageBranding).is_ok().then(|| {
        view! {
            <div class="stack">
                <Words draft=draft />
                <LogoCard draft=draft />
                <Statements />
            </div>
        }
    });
    view! {
        <div class="embedding">
            {forms}
            <Preview draft=draft />
        </div>
    }
}
