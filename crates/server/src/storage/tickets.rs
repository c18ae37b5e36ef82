//! Tickets: what a link in a letter lets a person do once. Only the hash of its token is kept.

use billing::{Timestamp, UserId};

use super::{Result, Scope, StorageError};

/// What a ticket is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketPurpose {
    /// To accept an invitation: the first password.
    Invitation,
    /// To set a new password.
    Reset,
}

impl TicketPurpose {
    /// The name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
        }
    }

    /// The purpose of this name.
    ///
    /// # Errors
    /// `Damaged` when there is none.
    pub fn from_name(name: &str) -> Result<Self> {
        match name {
            "invitation" => Ok(Self::Invitation),
            "reset" => Ok(Self::Reset),
            _ => Err(StorageError::Damaged(format!("a ticket for {name:?}"))),
        }
    }
}

/// A ticket as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TicketRow {
    /// The hash of its token.
    pub token_hash: [u8; 32],
    /// Whose.
    pub user: UserId,
    /// What for.
    pub purpose: TicketPurpose,
    /// From when it is dead.
    pub expires_at: Timestamp,
}

/// The tickets.
pub trait Tickets {
    /// A new one.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    fn insert_ticket(&mut self, scope: Scope, ticket: &TicketRow) -> Result<()>;

    /// The ticket of this token, dead or not, and of which agency.
    fn ticket(&mut self, token_hash: &[u8; 32]) -> Result<Option<(Scope, TicketRow)>>;

    /// Until when a person's newest ticket for this is good.
    fn ticket_until(
        &mut self,
        scope: Scope,
        user: UserId,
        purpose: TicketPurpose,
    ) -> Result<Option<Timestamp>>;

    /// Forgets all tickets of a person.
    fn delete_tickets(&mut self, scope: Scope, user: UserId) -> Result<()>;

    /// Forgets tickets that are dead since this.
    fn prune_tickets(&mut self, before: Timestamp) -> Result<u64>;
}
