use billing::{
    Standing, Timestamp,
    api::{AccountSort, PayerFilter},
};

use super::*;

fn id() -> SubAccountId {
    SubAccountId::new(Timestamp::from_millis(1_795_363_809_250), [7; 10])
}

fn payment() -> PaymentId {
    PaymentId::new(Timestamp::from_millis(1_795_363_809_250), [8; 10])
}

fn list() -> ListQuery {
    ListQuery {
        text: "Calder & Finch+é".to_owned(),
        funding: PayerFilter::Between,
        standing: Some(Standing::Low),
        sort: AccountSort::BalanceDescending,
    }
}

fn settings(page: SettingsPage, query: &str) -> Route {
    Route::Settings { page, query: query.to_owned() }
}

/// Every page there is, and its address: a changed address breaks links in mails and bookmarks.
fn pages() -> Vec<(Route, String)> {
    let id = id();
    let filter = "?q=Calder%20%26%20Finch%2B%C3%A9&funding=between&standing=low&sort=-balance";
    let account = Route::Account { id, dialog: None };
    let next = Some("/accounts/x?q=1&r=2".to_owned());
    vec![
        (Route::Home, "/".to_owned()),
        (Route::SignIn { next: None }, "/sign-in".to_owned()),
        (Route::SignIn { next }, "/sign-in?next=/accounts/x%3Fq%3D1%26r%3D2".to_owned()),
        (Route::accounts(), "/settings/accounts".to_owned()),
        (Route::Accounts { list: list(), dialog: None }, format!("/settings/accounts{filter}")),
        (
            Route::Accounts { list: list(), dialog: Some((id, Step::Summary)) },
            format!("/settings/accounts/{id}/billing{filter}"),
        ),
        (
            Route::accounts().with_dialog(id, Step::Remove),
            format!("/settings/accounts/{id}/billing/remove"),
        ),
        (Route::Account { id, dialog: None }, format!("/accounts/{id}")),
        (Route::Account { id, dialog: Some(Step::Add) }, format!("/accounts/{id}/billing/add")),
        (
            Route::Account { id, dialog: Some(Step::Revoke) },
            format!("/accounts/{id}/billing/revoke"),
        ),
        (
            account.draws_of_day("2026-11-22", "sms/sent & more", "agency"),
            format!("/accounts/{id}/usage/2026-11-22/sms%2Fsent%20%26%20more/agency"),
        ),
        (account.draws_of_entry(12), format!("/accounts/{id}/ledger/12/draws")),
        (Route::Account { id, dialog: Some(Step::Close) }, format!("/accounts/{id}/billing/close")),
        (Route::Payments { id, refund: None }, format!("/accounts/{id}/payments")),
        (
            Route::Payments { id, refund: Some(payment()) },
            format!("/accounts/{id}/payments/{}/refund", payment()),
        ),
        (Route::Prices, "/settings/prices".to_owned()),
        (Route::SetPrice { query: String::new() }, "/settings/prices/set".to_owned()),
        (
            Route::SetPrice {
                query: query(&[("type", "sms.sent"), ("field", ""), ("tiers", "5: 1")]),
            },
            "/settings/prices/set?type=sms.sent&tiers=5%3A%201".to_owned(),
        ),
        (settings(SettingsPage::People, ""), "/settings/people".to_owned()),
        (
            settings(SettingsPage::People, "change=usr_1"),
            "/settings/people?change=usr_1".to_owned(),
        ),
        (settings(SettingsPage::Keys, ""), "/settings/keys".to_owned()),
        (settings(SettingsPage::Embedding, ""), "/settings/embedding".to_owned()),
        (settings(SettingsPage::Branding, ""), "/settings/branding".to_owned()),
        (settings(SettingsPage::Audit, "actor=key"), "/settings/audit?actor=key".to_owned()),
        (settings(SettingsPage::Sessions, ""), "/settings/sessions".to_owned()),
        (Route::Usage { query: String::new() }, "/usage".to_owned()),
        (Route::Usage { query: "by=day".to_owned() }, "/usage?by=day".to_owned()),
    ]
}

#[test]
fn every_page_has_its_address_and_is_found_by_it() {
    for (route, address) in pages() {
        assert_eq!(route.href(), address);
        let (path, query) = address.split_once('?').unwrap_or((&address, ""));
        assert_eq!(Route::parse(path, query), route);
    }
}

#[test]
fn an_address_that_means_nothing_is_not_found() {
    for path in [
        "/nowhere",
        "/accounts/sub_1",
        "/accounts",
        "/settings/accounts/x/billing",
        "/accounts/x/usage/a/b/c",
    ] {
        assert_eq!(Route::parse(path, ""), Route::NotFound, "{path}");
    }
    let path = format!("/accounts/{}/billing/steal", id());
    assert_eq!(Route::parse(&path, ""), Route::NotFound);
}

#[test]
fn a_filter_that_means_nothing_is_left_out() {
    let query = "funding=everyone&standing=&sort=colour&q=%zz%4";
    let list = ListQuery { text: "%zz%4".to_owned(), ..ListQuery::default() };
    assert_eq!(Route::parse("/settings/accounts", query), Route::Accounts { list, dialog: None });
}

#[test]
fn after_signing_in_one_stays_on_this_site() {
    for next in [None, Some("https://evil.example/"), Some("//evil.example"), Some("/sign-in")] {
        assert_eq!(Route::safe_next(next), "/settings/accounts", "{next:?}");
    }
    let page = format!("/accounts/{}", id());
    assert_eq!(Route::safe_next(Some(&page)), page);
    for page in ["/statements/agency/2026-10", "/receipts/sub_1/pay_1", "/settings/billing"] {
        assert_eq!(Route::safe_next(Some(page)), page);
    }
}

#[test]
fn closing_a_dialog_keeps_the_list_as_it_was() {
    let open = Route::Accounts { list: list(), dialog: Some((id(), Step::Add)) };
    assert_eq!(open.without_dialog(), Route::Accounts { list: list(), dialog: None });
    assert_eq!(open.dialog(), Some((id(), Step::Add)));
}

#[test]
fn closing_an_explanation_leads_to_its_account_and_setting_a_price_to_the_prices() {
    let page = Route::Account { id: id(), dialog: None };
    assert_eq!(page.draws_of_entry(7).without_dialog(), page);
    assert_eq!(Route::SetPrice { query: "type=x".to_owned() }.without_dialog(), Route::Prices);
}

#[test]
fn the_settings_are_told_apart_from_the_app() {
    for path in [
        "/settings/people",
        "/settings/prices/set",
        "/settings/nowhere",
        "/join",
        "/reset",
        "/forgot",
    ] {
        assert!(is_settings(path), "{path}");
    }
    for path in [
        "/",
        "/settings/accounts",
        "/settings/accounts/x/billing",
        "/settings/billing",
        "/usage",
        "/accounts/x",
        "/settings",
        "/joined",
    ] {
        assert!(!is_settings(path), "{path}");
    }
}

#[test]
fn closing_a_dialog_of_the_settings_leaves_its_page_and_the_trail_keeps_its_filter() {
    let people = settings(SettingsPage::People, "invite=yes");
    assert_eq!(people.without_dialog(), settings(SettingsPage::People, ""));
    let trail = settings(SettingsPage::Audit, "actor=key");
    assert_eq!(trail.without_dialog(), trail);
}

#[test]
fn every_page_of_a_client_user_has_its_address_and_is_found_by_it() {
    for (route, address) in [
        (ClientRoute::Accounts, "/client".to_owned()),
        (ClientRoute::Account { id: id() }, format!("/client/accounts/{}", id())),
        (ClientRoute::Usage { query: String::new() }, "/client/usage".to_owned()),
        (ClientRoute::Usage { query: "by=day".to_owned() }, "/client/usage?by=day".to_owned()),
    ] {
        assert_eq!(route.href(), address);
        let (path, query) = address.split_once('?').unwrap_or((&address, ""));
        assert_eq!(ClientRoute::parse(path, query), route);
    }
    for path in ["/", "/clients", "/client/accounts", "/client/accounts/x", "/client/prices"] {
        assert_eq!(ClientRoute::parse(path, ""), ClientRoute::NotFound, "{path}");
    }
}
