//! The rights as types, so that a handler's signature names the one it needs.

use billing::access::{Right, Role, may};

/// A right as a type.
pub trait Named: Send + Sync + 'static {
    /// Which one.
    const RIGHT: Right;
}

macro_rules! rights {
    ($($name:ident)*) => {
        $(
            #[doc = concat!("[`Right::", stringify!($name), "`]")]
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            impl Named for $name {
                const RIGHT: Right = Right::$name;
            }
        )*
    };
}
rights! {
    BeSignedIn Listen SeeOwnAccounts ReadAccounts ReadSettings SwitchFunding SetPrices ReadAudit ManageEndpoints ManageKeys
    ManagePeople ManageAgencyBilling ManageEmbedding PreviewEmbedded ManageBranding SetTimeZone ReadStatements SendUsage MintEmbedded
}

/// Whether no person has this right.
pub fn is_for_machines_alone(right: Right) -> bool {
    Role::ALL.into_iter().all(|role| !may(role, right))
}
