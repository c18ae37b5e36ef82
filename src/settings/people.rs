//! Settings > People: who is here, what they are, and, for clients, of which accounts.

mod change;
mod draft;
mod invite;
mod picker;
mod words;

use billing::access::{Right, Role};
use leptos::prelude::*;

pub use self::words::{article, means};
use self::{change::change, invite::invite, words::title};
use super::{
    confirm::confirm,
    names::Names,
    page::{Head, link_to},
    signed_in::i_may,
};
use crate::{
    api,
    browser::{self, Json},
    components::PagesView,
    dialogs::Attempt,
    routes::{Route, SettingsPage, parameter, query},
    state::{Pages, desk},
    ui::Html,
};

/// Accounts of a client user that are named in the list.
const NAMED: usize = 3;

/// The page.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let desk = desk();
    let pages =
        Pages::of(desk, Signal::stored(api::PEOPLE.to_owned()), Signal::stored(String::new()));
    let known = Memo::new(move |_| pages.all.with(|all| !all.is_empty()));
    let asked = Memo::new(move |_| match desk.route.get() {
        Route::Settings { page: SettingsPage::People, query } => query,
        _ => String::new(),
    });
    let may = i_may(Right::ManagePeople).is_ok();
    let person = move |name: &str| {
        let id = parameter(&asked.get(), name).filter(|_| may && known.get())?;
        pages.all.with_untracked(|all| {
            all.first()?.list("people").into_iter().find(|person| person.text("id") == id)
        })
    };
    let invites = move || may && parameter(&asked.get(), "invite").is_some();
    view! {
        <Head
            title="People"
            about="Who may sign in, and what they may do. Client users see the accounts they belong to, and nothing else."
            right=Right::ManagePeople
        />
        <PagesView pages=pages label="Everybody" show=people />
        // Each in a place of its own: where one leads to the other, the first closes before the second opens.
        {move || invites().then(|| invite(pages))}
        {move || person("change").map(|person| change(pages, &person))}
        {move || person("remove").map(|person| remove(pages, &person))}
    }
}

/// The address of a dialog over this page.
fn over(name: &str, value: &str) -> String {
    link_to(SettingsPage::People, &query(&[(name, value)]))
}

const COLUMNS: &[(&str, &str)] = &[("Name", ""), ("Role", ""), ("State", ""), ("Change", "money")];
const READ_ONLY: &[(&str, &str)] = &[("Name", ""), ("Role", ""), ("State", "")];

fn people(pages: &[Json], html: &mut Html) {
    let Some(list) = pages.first() else { return };
    let may = i_may(Right::ManagePeople).is_ok();
    let people = list.list("people");
    if may {
        html.tag("<div class=section-tools>");
        html.link("<a class=\"button primary\" href=\"", &over("invite", "yes"), "Invite somebody");
        html.tag("</div>");
    }
    html.table("Everybody, oldest first", if may { COLUMNS } else { READ_ONLY });
    for person in &people {
        html.cell(&person.text("name"), "", &person.text("email"), "");
        let role = Role::from_name(&person.text("role")).unwrap_or(Role::Viewer);
        html.cell(title(role), "", &accounts(person), "");
        if person.has("is_invited") {
            let (small, mark) = invited(person);
            html.cell("Invited", "", &small, mark);
        } else {
            let since = format!("since {}", browser::date(person.millis("created_at")));
            html.cell("Active", "", &since, "");
        }
        if may {
            html.cell("Change", &over("change", &person.text("id")), "", "");
        }
    }
    html.tag("</table>");
    if people.len() == 1 {
        html.tag("<p class=quiet>Nobody else is here yet. Invite whoever handles your billing, and the clients who should see their own accounts.</p>");
    }
}

/// How an invitation stands, and what somebody should notice about it.
fn invited(person: &Json) -> (String, &'static str) {
    if person.is_null("invited_until") {
        ("the letter is on its way".to_owned(), "")
    } else if person.millis("invited_until") < browser::now_millis() {
        (String::new(), "its link has expired")
    } else {
        (format!("link good until {}", person.when("invited_until")), "")
    }
}

/// The accounts of a client user, the first few by name.
fn accounts(person: &Json) -> String {
    let ids = person.ids("accounts");
    let names = Names::here();
    let mut lines: Vec<_> =
        ids.iter().take(NAMED).map(|id| names.of(*id).unwrap_or_else(|| "…".to_owned())).collect();
    if ids.len() > NAMED {
        lines.push(format!("and {} more", ids.len() - NAMED));
    }
    lines.join("\n")
}

fn remove(pages: Pages, person: &Json) -> AnyView {
    let desk = desk();
    let (id, name) = (person.text("id"), person.text("name"));
    let attempt = Attempt::default();
    let told = name.clone();
    let go = move |()| {
        let (id, told) = (id.clone(), told.clone());
        attempt.ask(
            Some(desk.session),
            id.clone(),
            move |_| api::remove_person(id),
            move |()| {
                desk.toaster.tell(format!("{told} is removed"));
                pages.refresh();
                desk.leave_dialog();
            },
        );
    };
    let words = format!(
        "{name} is signed out everywhere and can't sign in any more. What they did stays in the audit trail."
    );
    confirm("Remove somebody", person.text("email"), words, "Remove", attempt, go)
}
