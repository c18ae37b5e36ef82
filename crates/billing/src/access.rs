//! Who may do what: the one place that decides, for the server and for the browser's buttons.
//!
//! People have a [`Role`], machines a key with [`KeyScope`]s, and everything that can be asked for needs a [`Right`]. What somebody
//! may see of what is not theirs is not decided here: that is nothing, and storage is asked with their agency only.

use serde::{Deserialize, Serialize};

/// What a person is to an agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the agency: everything.
    Owner,
    /// Handles the money: funding, requests, prices.
    BillingManager,
    /// Reads.
    Viewer,
    /// One of the agency's clients: sees the sub-accounts they belong to, as the client does.
    Client,
}

/// What a route needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Be somebody: one's own name, rights and sessions.
    BeSignedIn,
    /// Hear of changes; a client user hears of their sub-accounts alone.
    Listen,
    /// Read one's sub-accounts as their client: usage, and the balance while it is their own.
    SeeOwnAccounts,
    /// Read statements of a sub-account's own balance, and receipts; a client user those of their sub-accounts.
    ReadStatements,
    /// Read the agency's balance, sub-accounts, ledgers, standing and usage.
    ReadAccounts,
    /// Read prices, people and endpoints.
    ReadSettings,
    /// Switch funding, send and revoke requests, move money.
    SwitchFunding,
    /// Pay onto the agency's own balance; its cards, its auto-recharge and its alert.
    ManageAgencyBilling,
    /// Set prices, overrides and markups.
    SetPrices,
    /// Read the audit trail.
    ReadAudit,
    /// Add and remove endpoints of webhooks.
    ManageEndpoints,
    /// Make and revoke API keys.
    ManageKeys,
    /// Invite and remove people, change their roles.
    ManagePeople,
    /// Say which sites may show the widget.
    ManageEmbedding,
    /// Look at the widget inside Sluice, as a site would show it.
    PreviewEmbedded,
    /// Change the agency's name, colour and logo, as its clients see them.
    ManageBranding,
    /// Say in which time zone the agency's months begin.
    SetTimeZone,
    /// Send usage: machines only.
    SendUsage,
    /// Mint tokens for the widget: machines only.
    MintEmbedded,
}

/// What an API key lets its holder do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum KeyScope {
    /// Send usage.
    #[serde(rename = "usage:write")]
    UsageWrite,
    /// Read sub-accounts, their standing, ledgers and usage.
    #[serde(rename = "accounts:read")]
    AccountsRead,
    /// Switch funding, send and revoke requests, move money.
    #[serde(rename = "billing:write")]
    BillingWrite,
    /// Mint tokens for the widget.
    #[serde(rename = "embed:mint")]
    EmbedMint,
}

/// Whether a role has a right.
pub fn may(role: Role, right: Right) -> bool {
    use Role::{BillingManager, Client, Owner, Viewer};
    match right {
        Right::BeSignedIn | Right::Listen | Right::ReadStatements => true,
        Right::SeeOwnAccounts => role == Client,
        Right::ReadAccounts | Right::ReadSettings | Right::PreviewEmbedded => {
            matches!(role, Owner | BillingManager | Viewer)
        }
        Right::SwitchFunding | Right::ManageAgencyBilling | Right::SetPrices | Right::ReadAudit => {
            matches!(role, Owner | BillingManager)
        }
        Right::ManageEndpoints
        | Right::ManageKeys
        | Right::ManagePeople
        | Right::ManageEmbedding
        | Right::ManageBranding
        | Right::SetTimeZone => role == Owner,
        Right::SendUsage | Right::MintEmbedded => false,
    }
}

impl Role {
    /// Every role, the one with the most rights first.
    pub const ALL: [Self; 4] = [Self::Owner, Self::BillingManager, Self::Viewer, Self::Client];

    /// The name in databases and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::BillingManager => "billing_manager",
            Self::Viewer => "viewer",
            Self::Client => "client",
        }
    }

    /// The role of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::BillingManager => "billing manager",
            Self::Viewer => "viewer",
            Self::Client => "client user",
        }
    }

    /// Everything that it may.
    pub fn rights(self) -> Vec<Right> {
        Right::ALL.into_iter().filter(|right| may(self, *right)).collect()
    }
}

impl Right {
    /// Every right.
    pub const ALL: [Self; 19] = [
        Self::BeSignedIn,
        Self::Listen,
        Self::SeeOwnAccounts,
        Self::ReadStatements,
        Self::ReadAccounts,
        Self::ReadSettings,
        Self::SwitchFunding,
        Self::ManageAgencyBilling,
        Self::SetPrices,
        Self::ReadAudit,
        Self::ManageEndpoints,
        Self::ManageKeys,
        Self::ManagePeople,
        Self::ManageEmbedding,
        Self::PreviewEmbedded,
        Self::ManageBranding,
        Self::SetTimeZone,
        Self::SendUsage,
        Self::MintEmbedded,
    ];

    /// The scope that gives it to an API key; none when it is for people alone.
    pub fn scope(self) -> Option<KeyScope> {
        match self {
            Self::ReadAccounts | Self::ReadStatements => Some(KeyScope::AccountsRead),
            Self::SwitchFunding => Some(KeyScope::BillingWrite),
            Self::SendUsage => Some(KeyScope::UsageWrite),
            Self::MintEmbedded => Some(KeyScope::EmbedMint),
            _ => None,
        }
    }

    /// The sentence for somebody who lacks it: it names who has it.
    pub fn who_may(self) -> String {
        let roles: Vec<_> = Role::ALL.into_iter().filter(|role| may(*role, self)).collect();
        match (roles.as_slice(), self.scope()) {
            ([], Some(scope)) => {
                format!("Only an API key with the scope {} may do this.", scope.name())
            }
            ([Role::Owner], _) => "Only the agency's owner may do this.".to_owned(),
            ([Role::Owner, Role::BillingManager], _) => {
                "Only the agency's owner and billing managers may do this.".to_owned()
            }
            ([Role::Client], _) => "Only client users may do this.".to_owned(),
            ([.., Role::Client], _) => "Only somebody who is signed in may do this.".to_owned(),
            _ => "Only people of the agency may do this.".to_owned(),
        }
    }
}

impl KeyScope {
    /// Every scope.
    pub const ALL: [Self; 4] =
        [Self::UsageWrite, Self::AccountsRead, Self::BillingWrite, Self::EmbedMint];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::UsageWrite => "usage:write",
            Self::AccountsRead => "accounts:read",
            Self::BillingWrite => "billing:write",
            Self::EmbedMint => "embed:mint",
        }
    }

    /// The scope of this word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

#[cfg(test)]
mod tests;
