//! What can be under way on the page, and which form is open.

use billing::wallet::CardRole;

/// What a person can do here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Pay onto the balance.
    TopUp,
    /// Save a card, take one off, confirm one.
    Cards,
    /// Switch the auto-recharge on or off.
    Recharge,
    /// Say below which balance somebody is written to.
    Alert,
    /// End the link.
    Leave,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The gateway reads the card.
    Card,
    /// The server has it.
    Sent,
    /// The bank asks.
    Bank,
}

/// The one form that is open: the gateway's card fields are there once at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// None: a top-up is paid with the card on file.
    Closed,
    /// A top-up with another card.
    NewCard,
    /// A card to save.
    Save(CardRole),
    /// A card to take off file: sure?
    Remove(CardRole),
    /// The auto-recharge's settings.
    Recharge,
}
