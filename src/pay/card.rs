//! The gateway's own card fields: loaded, mounted on a node of ours, taken away with the form.

use billing::{Money, api::GatewayInfo};
use leptos::{html, prelude::*};

use super::part::{begin, flag, nothing, part};
use crate::browser::{self, CardEvent};

/// How far the fields are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardState {
    /// On their way.
    Loading,
    /// They can be filled in.
    Ready,
    /// They did not come.
    Failed,
}

/// What is said when they did not come.
const APOLOGY: &str = "The payment provider's card fields could not be loaded. Nothing was charged. Check your connection, \
                       and let this page through if something blocks it.";

/// The card fields. `amount` only dresses them; what is paid is what the server is sent.
#[component]
pub fn Card(
    /// Where they come from.
    gateway: GatewayInfo,
    /// Who asks.
    agency: String,
    /// What would be paid, while it can be.
    #[prop(into)]
    amount: Signal<Option<Money>>,
    /// How far they are.
    state: RwSignal<CardState>,
    /// Something was typed into them.
    #[prop(into)]
    on_change: Callback<()>,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let fields = StoredValue::new_local(None::<browser::CardFields>);
    let gateway = StoredValue::new(gateway);
    let asked = StoredValue::new(amount.get_untracked());
    let tell = move |event| match event {
        CardEvent::Ready => state.set(CardState::Ready),
        CardEvent::Changed => on_change.run(()),
        CardEvent::Failed => state.set(CardState::Failed),
    };
    let load = move || {
        state.set(CardState::Loading);
        begin(async move {
            let gateway = gateway.get_value();
            let loaded = browser::load_gateway(&gateway.script_url, &gateway.publishable_key).await;
            // The form may be gone by now.
            let Some(Some(node)) = node.try_get_untracked() else { return };
            let mounted = loaded.is_ok().then(|| mount(&node, asked.get_value(), tell)).flatten();
            if mounted.is_none() {
                state.set(CardState::Failed);
            }
            fields.set_value(mounted);
        });
    };
    let started = StoredValue::new(false);
    Effect::new(move |_| {
        if node.get().is_some() && !started.get_value() {
            started.set_value(true);
            load();
        }
    });
    Effect::new(move |_| {
        if let Some(amount) = amount.get() {
            asked.set_value(Some(amount));
            if let Some(minor) = coins(amount) {
                browser::update_card_amount(minor);
            }
        }
    });
    on_cleanup(move || {
        fields.try_update_value(Option::take);
    });

    let apology = part(move || {
        if state.get() != CardState::Failed {
            return nothing();
        }
        view! {
            <div class="note bad" role="alert">
                <p>{APOLOGY}</p>
                <button type="button" class="button" on:click=move |_| load()>
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
                hidden=Signal::derive(move || state.get() == CardState::Failed)
                aria-busy=flag(move || state.get() == CardState::Loading)
            >
                <div class="pay-mount" node_ref=node></div>
                <span class="skeleton" aria-hidden="true"></span>
            </div>
            {apology}
            <small>
                {format!("Entered in the payment provider's own fields; neither {agency} nor this page sees it.")}
            </small>
        </section>
    }
}

fn coins(amount: Money) -> Option<u32> {
    amount.minor().and_then(|minor| u32::try_from(minor).ok())
}

fn mount(
    node: &<html::Div as html::ElementType>::Output,
    amount: Option<Money>,
    tell: impl Fn(CardEvent) + 'static,
) -> Option<browser::CardFields> {
    let amount = amount?;
    let currency = amount.currency().code().to_ascii_lowercase();
    browser::CardFields::mount(node, coins(amount)?, &currency, tell).ok()
}
