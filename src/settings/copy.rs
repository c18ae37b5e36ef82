//! A text to take away: to see, and with a button that puts it on the clipboard.

use leptos::prelude::*;

use crate::{browser, ui::Button};

/// What the button says, by what has become of it.
fn words(copied: Option<bool>) -> &'static str {
    match copied {
        None => "",
        Some(true) => "It is on the clipboard.",
        Some(false) => "Your browser does not allow it: select the text and copy it.",
    }
}

fn copier(text: String) -> (RwSignal<Option<bool>>, Callback<()>) {
    let copied = RwSignal::new(None::<bool>);
    let copy = Callback::new(move |()| {
        let text = text.clone();
        leptos::task::spawn_local(async move {
            let done = browser::copy(&text).await;
            let _ = copied.try_set(Some(done));
        });
    });
    (copied, copy)
}

/// One line of it.
#[component]
pub fn Copied(
    /// Unique on the page.
    id: &'static str,
    /// What it is.
    label: &'static str,
    /// The text.
    text: String,
) -> impl IntoView {
    let (copied, copy) = copier(text.clone());
    view! {
        <div class="field copied">
            <label for=id>{label}</label>
            <div class="with-button">
                <input id=id type="text" readonly spellcheck="false" prop:value=text />
                <Button on_press=copy>"Copy"</Button>
            </div>
            <small role="status">{move || words(copied.get())}</small>
        </div>
    }
}

/// Several lines: code.
#[component]
pub fn Snippet(
    /// What it is.
    label: &'static str,
    /// The text.
    text: String,
) -> impl IntoView {
    let (copied, copy) = copier(text.clone());
    view! {
        <figure class="snippet">
            <figcaption>
                <h3>{label}</h3>
                <small role="status">{move || words(copied.get())}</small>
                <Button on_press=copy>
                    "Copy" <span class="unseen">{label}</span>
                </Button>
            </figcaption>
            <pre tabindex="0" role="region" aria-label=label><code>{text}</code></pre>
        </figure>
    }
}
