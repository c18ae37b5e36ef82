//! Settings > Embedding: which sites may show balances, how it is done, and how it looks.

mod origins;
mod preview;
mod snippets;

use billing::{SubAccountId, access::Right};
use leptos::prelude::*;

use self::{origins::Origins, preview::Preview, snippets::Snippets};
use super::page::Head;
use crate::{api, state::desk};

/// The page.
#[component]
pub fn EmbeddingPage() -> impl IntoView {
    let desk = desk();
    // The account that the preview shows and the snippets name: one whose customer pays, if there is one.
    let account = RwSignal::new(None::<SubAccountId>);
    leptos::task::spawn_local(async move {
        if let Ok(Some(id)) = desk.session.check(api::some_account().await) {
            let _ = account.try_update(|account| *account = account.or(Some(id)));
        }
    });
    view! {
        <Head
            title="Embedding"
            about="Show a client their balance inside your own site."
            right=Right::ManageEmbedding
        />
        <div class="embedding">
            <div class="stack">
                <Origins />
                <Snippets account=account />
            </div>
            <Preview account=account />
        </div>
    }
}
