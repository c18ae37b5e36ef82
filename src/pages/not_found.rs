//! There is no such page.

use leptos::prelude::*;

use crate::{routes::Route, ui::Blank};

/// Says so, and leads back.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <h1 class="unseen">"Page not found"</h1>
        <Blank title="There is no such page">
            <p>"The address may be mistyped, or what it led to is gone or belongs to somebody else."</p>
            <div class="actions">
                <a class="button" href=Route::accounts().href()>
                    "Go to Accounts"
                </a>
            </div>
        </Blank>
    }
}
