//! A fresh secure link, to hand over by other means than our mail.

use ::billing::{RequestId, SubAccountId};
use leptos::prelude::*;

use crate::{
    api::{self, ApiError},
    browser,
    state::desk,
    ui::{Button, Note, Tone},
};

/// The button, and the link once it was made: on the clipboard where the browser allows it, and always to see.
#[component]
pub fn CopyLink(
    /// Of which account.
    account: SubAccountId,
    /// Of which open request.
    request: RequestId,
) -> impl IntoView {
    let desk = desk();
    let pending = RwSignal::new(false);
    let link = RwSignal::new(None::<Result<(String, bool), ApiError>>);
    let make = move |()| {
        if pending.get_untracked() {
            return;
        }
        pending.set(true);
        leptos::task::spawn_local(async move {
            let made = match desk.session.check(api::new_link(account, request).await) {
                Ok(answer) => {
                    let copied = browser::copy(&answer.url).await;
                    Ok((answer.url, copied))
                }
                Err(error) => Err(error),
            };
            let _ = link.try_set(Some(made));
            let _ = pending.try_set(false);
        });
    };
    view! {
        <Button busy=pending on_press=make>
            "Copy link"
        </Button>
        <div class="link-made" role="status">
            {move || link.get().map(shown)}
        </div>
    }
}

fn shown(link: Result<(String, bool), ApiError>) -> AnyView {
    match link {
        Ok((url, copied)) => {
            let hint = if copied {
                "The link is on the clipboard. Whoever has it can pay for this account; it is shown this once."
            } else {
                "Copy the link from here. Whoever has it can pay for this account; it is shown this once."
            };
            view! {
                <div class="field">
                    <label for="secure-link">"Secure link"</label>
                    <input id="secure-link" type="text" readonly prop:value=url aria-describedby="secure-link-hint" />
                    <small id="secure-link-hint">{hint}</small>
                </div>
            }
            .into_any()
        }
        Err(error) => view! { <Note tone=Tone::Bad>{error.to_string()}</Note> }.into_any(),
    }
}
