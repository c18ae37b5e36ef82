//! The cards on file, a customer's and the agency's own: saved, looked for, called off, and charged with and without their holder.

use std::collections::BTreeSet;

use billing::{
    Money, PaymentId,
    api::{SaveCardBody, TopUpBody},
    funding::{Command, ReturnChoice},
    wallet::{self, CardRole, RechargeState},
};
use server::{
    balance::{self, Holder},
    deps::{EntropyExt as _, SystemEntropy},
    execute::wallet::{by_itself, execute_wallet},
};

use super::{
    agency::Agency,
    cells::{Cell, Crash, Effect},
    customer::Customer,
    held::Held,
    hold::{Call, Hold, Side},
    office::{Office, usd},
    scene::{
        almost, arm, disarm, forget_the_end, given_up, hold_gateway, open, start_again, uncommitted,
    },
};

const INTENTS: &str = "/v1/payment_intents";
const SETUPS: &str = "/v1/setup_intents";
const SETUP: &str = "/v1/setup_intents/*";
const CANCEL: &str = "/v1/setup_intents/*/cancel";

/// Somebody with a balance, and the page of it.
struct Payer {
    office: Office,
    holder: Holder,
}

/// How things stand.
#[derive(Debug, PartialEq)]
struct State {
    balance: Money,
    /// PaymentIntents at the gateway.
    intents: usize,
    /// SetupIntents there.
    setups: usize,
    /// How many cards are on file.
    cards: usize,
}

pub async fn run(cell: Cell) -> u32 {
    let mut payer = Payer::about_to(cell.effect).await;
    let before = payer.state().await;
    let (call, method, path, job) = match cell.effect {
        Effect::SaveCard | Effect::AgencySaveCard => (Call::SaveCard, "POST", SETUPS, "save-card"),
        Effect::SaveCardLookUp => (Call::FindSetup, "GET", SETUPS, "save-card"),
        Effect::SetupLookUp => (Call::Setup, "GET", SETUP, "save-card"),
        Effect::CancelSetup => (Call::CancelSetup, "POST", CANCEL, "cancel-setup"),
        _ => (Call::Charge, "POST", INTENTS, "confirm"),
    };
    arm(&payer.office, cell, method, path).await;
    if cell.crash == Crash::BeforeIntent {
        payer.almost_act(cell).await;
        payer.office = start_again(payer.office).await;
        assert_eq!(payer.state().await, before, "{cell:?}");
    }
    let hold = match cell.crash {
        Crash::AfterIntent => Hold::at(call, Side::Before),
        Crash::AfterCall => Hold::at(call, Side::After),
        _ => Hold::nowhere(),
    };
    hold_gateway(&mut payer.office, cell, call, &hold);
    match cell.crash {
        Crash::AfterIntent | Crash::AfterCall => hold.kill_at_it(payer.act(cell.effect)).await,
        _ => payer.act(cell.effect).await,
    }
    if cell.crash == Crash::AfterResult {
        forget_the_end(&payer.office, job);
    }
    if !matches!(cell.crash, Crash::Never | Crash::BeforeIntent) {
        payer.office = start_again(payer.office).await;
        hold_gateway(&mut payer.office, cell, call, &Hold::nowhere());
    }
    payer.office.work_on().await;
    let fired = disarm(&payer.office).await;
    assert_eq!(fired, cell.expected_faults(), "{cell:?}: faults");
    payer.assert_end(cell, &before).await;
    fired
}

impl Payer {
    /// Everything is there that the effect needs, and a customer has paid $100.00.
    async fn about_to(effect: Effect) -> Self {
        if matches!(effect, Effect::AgencySaveCard | Effect::AgencyCharge) {
            let Agency(Held { office, holder }) = Agency::of(open().await).await;
            return Self { office, holder };
        }
        let customer = Customer::of(open().await, "visa").await;
        if effect == Effect::Recharge {
            customer.recharge(100).await;
            customer.office.work().await;
            customer.spend(95).await;
        }
        let Customer(Held { office, holder }) = customer;
        let payer = Self { office, holder };
        match effect {
            Effect::SaveCardLookUp => payer.save_unheard().await,
            Effect::SetupLookUp => {
                let setup = payer.save_authenticated("authenticationRequired").await;
                payer.office.sandbox.authenticate(&setup, true).await;
            }
            Effect::CancelSetup => {
                payer.save_authenticated("authenticationRequired").await;
            }
            _ => {}
        }
        payer
    }

    /// A card that was saved, and answered with 500.
    async fn save_unheard(&self) {
        self.office.sandbox.fault("POST", SETUPS, "error_500_with_effect").await;
        self.save("mastercard", CardRole::Main).await;
        assert_eq!(disarm(&self.office).await, 1);
        let view = balance::view(&self.office.deps, &self.holder).await.unwrap();
        assert!(view.setup.is_some() && view.card.unwrap().brand == "visa");
        assert_eq!(self.office.sandbox.count("setup_intents").await, 1);
    }

    /// A second card that waits for its holder; answers the gateway's id.
    async fn save_authenticated(&self, card: &str) -> String {
        self.save(card, CardRole::Backup).await;
        let books = self.office.sandbox.books().await;
        assert_eq!(books["setup_intents"][0]["status"], "requires_action");
        books["setup_intents"][0]["id"].as_str().unwrap().to_owned()
    }

    async fn save(&self, card: &str, role: CardRole) {
        let confirmation_token = self.office.sandbox.token(card).await;
        let body = SaveCardBody { confirmation_token, role };
        let raw = serde_json::to_vec(&body).unwrap();
        let deps = &self.office.deps;
        balance::save_card(deps, &self.holder, "key", &raw, &body, "test").await.unwrap();
    }

    async fn top_up(&self, card: Option<&str>) {
        let confirmation_token = match card {
            Some(card) => Some(self.office.sandbox.token(card).await),
            None => None,
        };
        let body = TopUpBody { amount: usd(25).into(), confirmation_token };
        let raw = serde_json::to_vec(&body).unwrap();
        let deps = &self.office.deps;
        balance::top_up(deps, &self.holder, "key", &raw, &body, "test").await.unwrap();
    }

    async fn act(&self, effect: Effect) {
        match effect {
            Effect::SaveCard | Effect::AgencySaveCard => {
                self.save("mastercard", CardRole::Main).await;
            }
            Effect::TopUp => self.top_up(None).await,
            Effect::AgencyCharge => self.top_up(Some("mastercard")).await,
            Effect::CancelSetup => {
                self.office.order(back()).await.unwrap();
                self.office.work().await;
            }
            Effect::Recharge => self.office.work().await,
            _ => {
                self.office.clock.forward(120);
                self.office.work().await;
            }
        }
    }

    /// Is killed before it is committed what is meant to happen.
    async fn almost_act(&mut self, cell: Cell) {
        let payment = PaymentId::new(self.office.deps.clock.now(), SystemEntropy.id());
        match cell.effect {
            Effect::TopUp => {
                let view = balance::view(&self.office.deps, &self.holder).await.unwrap();
                let (amount, card) = (usd(25), view.card.unwrap());
                almost(&self.office, Command::StartTopUp { payment, amount, card }).await;
            }
            Effect::CancelSetup => almost(&self.office, back()).await,
            Effect::Recharge => {
                let owner = self.holder.owner;
                let check = wallet::Command::Check { payment };
                uncommitted(&self.office, move |tx, tools, scope| {
                    let events =
                        execute_wallet(tx, tools, scope, owner, &check, &by_itself("test"));
                    assert_eq!(events?.len(), 1, "it is charged");
                    Ok(())
                })
                .await;
            }
            _ => {
                let hold = Hold::at(Call::CardOf, Side::Before);
                hold_gateway(&mut self.office, cell, Call::CardOf, &hold);
                hold.kill_at_it(self.act(cell.effect)).await;
            }
        }
    }

    async fn state(&self) -> State {
        let view = balance::view(&self.office.deps, &self.holder).await.unwrap();
        let books = self.office.sandbox.books().await;
        let count = |kind: &str| books[kind].as_array().unwrap().len();
        State {
            balance: view.balance,
            intents: count("payment_intents"),
            setups: count("setup_intents"),
            cards: [view.card, view.backup].iter().flatten().count(),
        }
    }

    async fn assert_end(&self, cell: Cell, before: &State) {
        let once = usize::from(!cell.is_refused());
        let spent = if cell.effect == Effect::Recharge { 95 } else { 0 };
        let paid = |units: i64| if cell.is_refused() { 0 } else { units };
        let (balance, intents, setups, cards) = match cell.effect {
            Effect::SaveCard => (100, 1, once, 1),
            Effect::SaveCardLookUp => (100, 1, 1, 1),
            Effect::SetupLookUp => (100, 1, 1, 2),
            Effect::CancelSetup => (0, 1, 1, 0),
            Effect::AgencySaveCard => (0, 0, once, once),
            Effect::AgencyCharge => (paid(25), once, 0, once),
            _ => (100 - spent + paid(25), 1 + once, 0, 1),
        };
        let end = State { balance: usd(balance), intents, setups, cards };
        assert_eq!(self.state().await, end, "{cell:?}, from {before:?}");

        let view = balance::view(&self.office.deps, &self.holder).await.unwrap();
        let books = self.office.sandbox.books().await;
        // What the gateway keeps is what is on file, and no other card.
        let kept = books["payment_methods"].as_array().unwrap().iter();
        let kept = kept.filter(|card| !card["customer"].is_null());
        let kept: BTreeSet<_> = kept.map(|card| card["id"].as_str().unwrap().to_owned()).collect();
        let ours = [&view.card, &view.backup].into_iter().flatten();
        let ours: BTreeSet<_> = ours.map(|card| card.payment_method.clone().unwrap()).collect();
        assert_eq!(ours, kept, "{cell:?}: {books:#}");
        assert_eq!(books["customers"].as_array().unwrap().len(), 1, "{cell:?}");
        let is_saved = matches!(
            cell.effect,
            Effect::SaveCard
                | Effect::SaveCardLookUp
                | Effect::AgencySaveCard
                | Effect::AgencyCharge
        );
        if let Some(card) = &view.card {
            let brand = if is_saved && !cell.is_refused() { "mastercard" } else { "visa" };
            assert_eq!(card.brand, brand, "{cell:?}");
        }
        if cell.effect == Effect::CancelSetup {
            assert_eq!(books["setup_intents"][0]["status"], "canceled", "{cell:?}");
        }
        assert!(view.setup.is_none(), "{cell:?}: {:?}", view.setup);
        if let Some(recharge) = &view.recharge {
            assert_eq!(recharge.state == RechargeState::On, !cell.is_refused(), "{cell:?}");
        }
        let letters = self.office.mails().await;
        let count = |words: &str| {
            letters.iter().filter(|mail| mail.lines().next().unwrap().contains(words)).count()
        };
        assert_eq!(count("Receipt"), intents, "{cell:?}: {letters:#?}");
        let saved = if cell.effect == Effect::CancelSetup { 0 } else { setups };
        assert_eq!(count("is on file"), saved, "{cell:?}: {letters:#?}");
        assert_eq!(given_up(&self.office).await, 0, "{cell:?}");
        self.office.assert_sound().await;
    }
}

fn back() -> Command {
    Command::AddToAgency { choice: ReturnChoice::Transfer, take_over_negative: false }
}
