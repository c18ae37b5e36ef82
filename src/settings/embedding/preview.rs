//! How it looks: the widget itself, by the loader that sites use, with a token that is good in here alone.

use billing::SubAccountId;
use leptos::prelude::*;

use crate::{api, browser, settings::account_field::AccountField, ui::Html};

const VIEWS: [(&str, &str); 3] =
    [("summary", "Summary"), ("full", "Full"), ("banner", "Banner, when low")];
const THEMES: [(&str, &str); 3] = [("auto", "As the page"), ("light", "Light"), ("dark", "Dark")];

/// The card.
#[component]
pub fn Preview(account: RwSignal<Option<SubAccountId>>) -> impl IntoView {
    browser::load_module(api::WIDGET_LOADER);
    let look = RwSignal::new("summary".to_owned());
    let theme = RwSignal::new("auto".to_owned());
    let choose = move |id: Option<SubAccountId>| account.set(id);
    // Text, so that no site's element has to be known to the framework; it is made anew for another account.
    let widget = move || {
        let mut html = Html::default();
        if let Some(id) = account.get() {
            html.tag("<sluice-balance title=\"Preview of the balance\" account=\"");
            html.value(&id.to_string());
            html.tag("\" token-endpoint=\"");
            html.value(api::PREVIEW_TOKEN);
            html.tag("\" view=\"");
            html.value(&look.get());
            html.tag("\" theme=\"");
            html.value(&theme.get());
            html.tag("\"></sluice-balance>");
        }
        html.finish()
    };
    view! {
        <section class="card section preview" aria-label="Preview">
            <h2>"Preview"</h2>
            <div class="toolbar">
                <AccountField
                    id="preview-account"
                    label="Account"
                    chosen=account
                    on_choose=choose
                />
                {pick("View", look, &VIEWS)}
                {pick("Theme", theme, &THEMES)}
            </div>
            <div class="stage" class:dark=move || theme.get() == "dark" class:light=move || theme.get() == "light">
                <div inner_html=widget></div>
                {move || {
                    account
                        .get()
                        .is_none()
                        .then(|| view! { <p class="quiet">"Name an account to see its balance as its customer would."</p> })
                }}
            </div>
            <p class="quiet">
                "This is the widget itself, live, for you alone. A banner shows nothing unless the balance is low or used up."
            </p>
        </section>
    }
}

fn pick(
    label: &'static str,
    chosen: RwSignal<String>,
    choices: &'static [(&'static str, &'static str)],
) -> AnyView {
    let option = |(value, words): &(&'static str, &'static str)| {
        view! { <option value=*value>{*words}</option> }
    };
    view! {
        <label class="select">
            <span>{label}</span>
            <select
                prop:value=move || chosen.get()
                on:change=move |event| chosen.set(event_target_value(&event))
            >
                {choices.iter().map(option).collect_view()}
            </select>
        </label>
    }
    .into_any()
}
