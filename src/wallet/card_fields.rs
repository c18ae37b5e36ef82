//! The gateway's own card fields: loaded, put into a node of ours, taken away with the form. Once at most on a page.

use leptos::prelude::*;

use super::till::Till;
use crate::{
    browser::{self, CardEvent, CardFields},
    ui::{Button, Note, Tone},
};

/// The node that the gateway fills.
const MOUNT: &str = "wallet-mount";

/// What is said when the fields did not come.
const APOLOGY: &str = "The payment provider's card fields could not be loaded. Nothing was charged. Check your connection, \
                       and let this page through if something blocks it.";

/// How far the fields are. A handle.
#[derive(Clone, Copy)]
struct Fields {
    till: Till,
    /// What is paid with the card, in the smallest coin; nothing for a card that is only saved.
    coins: StoredValue<Option<u32>>,
    loading: RwSignal<bool>,
    failed: RwSignal<bool>,
    /// While it is there, so are the fields.
    fields: StoredValue<Option<CardFields>, LocalStorage>,
}

impl Fields {
    fn load(self) {
        self.failed.set(false);
        self.loading.set(true);
        leptos::task::spawn_local(async move {
            let gateway = self.till.view().gateway.clone();
            let loaded = browser::load_gateway(&gateway.script_url, &gateway.publishable_key).await;
            // The form may be gone by now, and another one have the fields.
            let Some(coins) = self.coins.try_get_value() else { return };
            let mounted = loaded.ok().and_then(|()| self.mount(coins));
            if mounted.is_none() {
                self.fail();
            }
            self.fields.try_set_value(mounted);
        });
    }

    fn mount(self, coins: Option<u32>) -> Option<CardFields> {
        let currency = self.till.view().minimum.currency().code().to_ascii_lowercase();
        CardFields::mount(MOUNT, coins, &currency, move |event| self.hear(event)).ok()
    }

    fn hear(self, event: CardEvent) {
        match event {
            CardEvent::Ready => {
                self.loading.try_set(false);
            }
            CardEvent::Changed => self.till.card_changed(),
            CardEvent::Failed => self.fail(),
        }
    }

    fn fail(self) {
        self.loading.try_set(false);
        self.failed.try_set(true);
    }
}

/// The card fields, with a way out when they do not come.
pub fn card_fields(till: Till, coins: Option<u32>) -> AnyView {
    let fields = Fields {
        till,
        coins: StoredValue::new(coins),
        loading: RwSignal::new(true),
        failed: RwSignal::new(false),
        fields: StoredValue::new_local(None),
    };
    // Once the node is there to be filled.
    Effect::new(move || fields.load());
    on_cleanup(move || {
        fields.fields.try_update_value(Option::take);
    });
    let apology = move || {
        fields.failed.get().then(|| {
            view! {
                <Note tone=Tone::Bad>
                    <p>{APOLOGY}</p>
                    <Button on_press=move |()| fields.load()>"Load the card fields again"</Button>
                </Note>
            }
        })
    };
    view! {
        <div class="wallet-card">
            <div
                class="wallet-fields"
                aria-busy=move || fields.loading.get().then_some("true")
                data-failed=move || fields.failed.get().then_some("true")
            >
                <div id=MOUNT></div>
                <span class="skeleton" aria-hidden="true"></span>
            </div>
            {apology}
            <small>"Entered in the payment provider's own fields; this page never sees the number."</small>
        </div>
    }
    .into_any()
}
