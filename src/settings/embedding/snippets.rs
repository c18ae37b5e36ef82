//! What goes onto the site, and into its backend: to copy.

use billing::SubAccountId;
use leptos::prelude::*;

use crate::{browser, settings::copy::Snippet};

/// Both snippets, for the account that is chosen.
#[component]
pub fn Snippets(account: RwSignal<Option<SubAccountId>>) -> impl IntoView {
    let server = browser::origin();
    let of_backend = backend(&server);
    let of_page = Memo::new(move |_| {
        let account = account.get().map_or_else(|| "sub_…".to_owned(), |id| id.to_string());
        page(&browser::origin(), &account)
    });
    view! {
        <section class="card section" aria-label="On your site">
            <h2>"On your site"</h2>
            {move || view! { <Snippet label="The page" text=of_page.get() /> }}
            <Snippet label="Its backend mints the token" text=of_backend />
            <p class="quiet">
                "The key has the scope embed:mint and never leaves your backend. Mint for the account of whoever is signed in to your site."
            </p>
        </section>
    }
}

fn page(server: &str, account: &str) -> String {
    format!(
        "<script type=\"module\" src=\"{server}/embed/v1.js\"></script>\n\
         <sluice-balance\n  account=\"{account}\"\n  token-endpoint=\"/api/sluice-token\"\n  view=\"summary\"\n></sluice-balance>"
    )
}

fn backend(server: &str) -> String {
    format!(
        "// POST /api/sluice-token of your own site (Node, Deno, Bun, …)\n\
         const answer = await fetch(\"{server}/api/v1/embed/sessions\", {{\n\
         \x20 method: \"POST\",\n\
         \x20 headers: {{\n\
         \x20   authorization: `Bearer ${{process.env.SLUICE_API_KEY}}`,\n\
         \x20   \"content-type\": \"application/json\",\n\
         \x20 }},\n\
         \x20 body: JSON.stringify({{\n\
         \x20   account: accountOfWhoeverIsSignedIn,\n\
         \x20   components: [\"balance\", \"ledger\", \"funding\"],\n\
         \x20   origins: [\"https://app.example\"],\n\
         \x20 }}),\n\
         }});\n\
         const {{ token, expires_at }} = await answer.json();"
    )
}
