//! The gateway's own card fields: loaded, put into a node of ours, taken away with the form.

use leptos::prelude::*;

use super::{
    amount::Amount,
    desk::Desk,
    part::{begin, flag, nothing, paragraph, part},
};
use crate::browser::{self, CardEvent, CardFields};

/// The node that the gateway fills.
const MOUNT: &str = "pay-mount";

/// What is said when the fields did not come.
const APOLOGY: &str = "The payment provider's card fields could not be loaded. Nothing was charged. Check your connection, \
                       and let this page through if something blocks it.";

/// How far the fields are. A handle.
#[derive(Clone, Copy)]
struct Card {
    desk: Desk,
    amount: Amount,
    loading: RwSignal<bool>,
    failed: RwSignal<bool>,
    /// While it is there, so are the fields.
    fields: StoredValue<Option<CardFields>, LocalStorage>,
}

impl Card {
    fn load(self) {
        self.failed.set(false);
        self.loading.set(true);
        begin(async move {
            let mounted = self.mount().await;
            // The form may be gone by now, and the signals with it.
            if mounted.is_none() {
                self.fail();
            }
            self.fields.try_set_value(mounted);
        });
    }

    async fn mount(self) -> Option<CardFields> {
        let gateway = self.desk.view()?.gateway.clone();
        browser::load_gateway(&gateway.script_url, &gateway.publishable_key).await.ok()?;
        let currency = self.desk.view()?.minimum.currency().code().to_ascii_lowercase();
        // Nothing that can be paid may stand in the field meanwhile: then what was asked for.
        let asked = || self.desk.view()?.starting_balance.minor()?.try_into().ok();
        let coins = untrack(move || self.amount.coins()).or_else(asked)?;
        CardFields::mount(MOUNT, Some(coins), &currency, move |event| self.hear(event)).ok()
    }

    fn hear(self, event: CardEvent) {
        match event {
            CardEvent::Ready => {
                self.loading.try_set(false);
            }
            CardEvent::Changed => self.desk.card_changed(),
            CardEvent::Failed => self.fail(),
        }
    }

    fn fail(self) {
        self.loading.try_set(false);
        self.failed.try_set(true);
    }
}

/// The card fields in a labelled region, with a way out when they do not come.
pub fn card_fields(desk: Desk, amount: Amount, note: String) -> AnyView {
    let card = Card {
        desk,
        amount,
        loading: RwSignal::new(true),
        failed: RwSignal::new(false),
        fields: StoredValue::new_local(None),
    };
    card.load();
    on_cleanup(move || {
        card.fields.try_update_value(Option::take);
    });
    let apology = part(move || {
        if !card.failed.get() {
            return nothing();
        }
        view! {
            <div class="note bad" role="alert">
                {paragraph("", APOLOGY.to_owned())}
                <button type="button" class="button" on:click=move |_| card.load()>
                    "Load the card fields again"
                </button>
            </div>
        }
        .into_any()
    });
    view! {
        <section class="pay-card" aria-labelledby="pay-card-title">
            <h2 id="pay-card-title">"Card"</h2>
            <div
                class="pay-fields"
                aria-busy=flag(move || card.loading.get())
                data-failed=flag(move || card.failed.get())
            >
                <div id=MOUNT></div>
                <span class="skeleton" aria-hidden="true"></span>
            </div>
            {apology}
            {paragraph("quiet", note)}
        </section>
    }
    .into_any()
}
