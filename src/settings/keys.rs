//! Settings > API keys: how machines come in. A key is told once, when it is made.

use billing::{
    access::{KeyScope, Right},
    api::{CreateKeyBody, NewKey},
};
use leptos::prelude::*;

use super::{
    confirm::confirm,
    copy::Copied,
    form::{Choice, DialogForm, GroupError, Said, focus_wrong},
    page::{Head, link_to, only_with},
};
use crate::{
    api,
    browser::{self, Json},
    components::PagesView,
    dialogs::{Attempt, framed},
    routes::{Route, SettingsPage, parameter, query},
    state::{Pages, desk},
    ui::{Button, Field, Html, Kind},
};

/// The id of the field that shows a key, once.
const KEY_ID: &str = "new-key";

/// The page.
#[component]
pub fn KeysPage() -> impl IntoView {
    only_with(Right::ManageKeys, "API keys", || view! { <Keys /> }.into_any())
}

#[component]
fn Keys() -> impl IntoView {
    let desk = desk();
    let pages =
        Pages::of(desk, Signal::stored(api::KEYS.to_owned()), Signal::stored(String::new()));
    let known = Memo::new(move |_| pages.all.with(|all| !all.is_empty()));
    let asked = Memo::new(move |_| match desk.route.get() {
        Route::Settings { page: SettingsPage::Keys, query } => query,
        _ => String::new(),
    });
    let is_new = move || parameter(&asked.get(), "new").is_some();
    let revoked = move || {
        let id = parameter(&asked.get(), "revoke").filter(|_| known.get())?;
        pages.all.with_untracked(|all| {
            all.first()?.list("keys").into_iter().find(|key| key.text("id") == id)
        })
    };
    view! {
        <Head
            title="API keys"
            about="How your systems come in: each with a key of its own, which allows no more than it needs."
            right=Right::ManageKeys
        />
        <PagesView pages=pages label="Keys" show=keys />
        {move || is_new().then(|| create(pages))}
        {move || revoked().map(|key| revoke(pages, &key))}
    }
}

const COLUMNS: &[(&str, &str)] =
    &[("Name", ""), ("Allows", ""), ("Made", ""), ("Last used", ""), ("Revoke", "money")];

fn keys(pages: &[Json], html: &mut Html) {
    let Some(list) = pages.first() else { return };
    let keys = list.list("keys");
    html.tag("<div class=section-tools>");
    let new = link_to(SettingsPage::Keys, &query(&[("new", "yes")]));
    html.link("<a class=\"button primary\" href=\"", &new, "Make a key");
    html.tag("</div>");
    if keys.is_empty() {
        html.tag("<p class=quiet>There is no key yet. Your metering needs one to send usage, your own site one to show balances.</p>");
        return;
    }
    html.table("Keys, oldest first", COLUMNS);
    for key in &keys {
        html.fact(&key.text("name"));
        let scopes: Vec<String> = key.ids("scopes");
        html.cell("", "", &scopes.join("\n"), "");
        html.fact(&key.when("created_at"));
        let used = key.when("used_at");
        html.fact(if used.is_empty() { "Never" } else { &used });
        let revoke = link_to(SettingsPage::Keys, &query(&[("revoke", &key.text("id"))]));
        html.cell("Revoke", &revoke, "", "");
    }
    html.tag("</table>");
}

/// What a scope lets its holder do.
fn means(scope: KeyScope) -> &'static str {
    match scope {
        KeyScope::UsageWrite => "Send usage, which is drawn from balances. For your metering.",
        KeyScope::AccountsRead => {
            "Read accounts, their standing, ledgers and usage. For the service that has to stop at zero."
        }
        KeyScope::BillingWrite => {
            "Switch who pays, send and revoke requests, move money. For systems you trust with that."
        }
        KeyScope::EmbedMint => "Mint tokens for the balance on your own site. For its backend.",
    }
}

/// *Make a key*: and then the key, once.
fn create(pages: Pages) -> AnyView {
    let desk = desk();
    let attempt = Attempt::default();
    let made = RwSignal::new(None::<NewKey>);
    focus_wrong(attempt, "dialog");
    let name = RwSignal::new(String::new());
    let scopes = RwSignal::new(Vec::<KeyScope>::new());
    let send = move |()| {
        let body = CreateKeyBody { name: name.get_untracked(), scopes: scopes.get_untracked() };
        let call = move |_| api::create_key(body);
        attempt.ask(Some(desk.session), String::new(), call, move |key| {
            pages.refresh();
            made.set(Some(key));
            leptos::task::spawn_local(async {
                // Once it stands where the form was.
                browser::sleep(0).await;
                browser::focus(KEY_ID);
            });
        });
    };
    let choice = move |scope: KeyScope| {
        let choose = move |chosen: bool| {
            attempt.clear();
            scopes.update(|scopes| {
                scopes.retain(|other| *other != scope);
                if chosen {
                    scopes.push(scope);
                }
            });
        };
        view! {
            <Choice
                kind="checkbox"
                name="scope"
                label=scope.name()
                hint=means(scope)
                checked=Signal::derive(move || scopes.with(|scopes| scopes.contains(&scope)))
                on_change=choose
            />
        }
    };
    let input = move |text| {
        attempt.clear();
        name.set(text);
    };
    let form = move || {
        view! {
            <DialogForm attempt=attempt act="Make the key" on_send=send>
                <Field
                    id="key-name"
                    label="Name"
                    hint=Signal::stored(Some("Of the system that will use it. It stands in the audit trail.".to_owned()))
                    autofocus=true
                    value=name
                    on_input=input
                    error=attempt.wrong("/name")
                />
                <fieldset class="stack">
                    <legend>
                        <h2>"What it allows"</h2>
                    </legend>
                    {KeyScope::ALL.map(choice).into_iter().collect_view()}
                    <GroupError error=attempt.wrong("/scopes") />
                </fieldset>
                <Said attempt=attempt />
            </DialogForm>
        }
        .into_any()
    };
    let told = move |key: NewKey| {
        let NewKey { name, key, .. } = key;
        view! {
            <div class="modal-body stack">
                <p role="status">
                    {format!("The key “{name}” is made. This is the only time it is shown: nobody, not even we, can tell it again.")}
                </p>
                <Copied id=KEY_ID label="Key" text=key.clone() />
            </div>
            <footer class="modal-foot">
                <Button kind=Kind::Primary on_press=move |()| desk.leave_dialog()>"I have kept it"</Button>
            </footer>
        }
        .into_any()
    };
    let body = move || made.get().map_or_else(form, told);
    framed("Make a key", Signal::stored(None), body.into_any())
}

fn revoke(pages: Pages, key: &Json) -> AnyView {
    let desk = desk();
    let (id, name) = (key.text("id"), key.text("name"));
    let attempt = Attempt::default();
    let told = name.clone();
    let go = move |()| {
        let (id, told) = (id.clone(), told.clone());
        attempt.ask(
            Some(desk.session),
            id.clone(),
            move |_| api::revoke_key(id),
            move |()| {
                desk.toaster.tell(format!("The key “{told}” is revoked"));
                pages.refresh();
                desk.leave_dialog();
            },
        );
    };
    let used = key.when("used_at");
    let used = if used.is_empty() {
        "It was never used.".to_owned()
    } else {
        format!("It was last used {used}.")
    };
    let words = format!(
        "Whatever uses it is shut out within five seconds, and no key can be brought back. {used}"
    );
    confirm("Revoke a key", name, words, "Revoke", attempt, go)
}
