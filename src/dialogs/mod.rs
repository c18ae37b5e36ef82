//! The billing dialog: what is the case with an account, and the forms that change who pays; and the one that explains a line
//! of usage. The settings' own dialogs stand beside their pages and use what is shared from here.
//!
//! Each step is a route of its own over the page it was opened from. A dialog shows what `billing` decides and sends what
//! `billing` parsed; it decides nothing itself. Start reading at [`BillingDialog`].

mod add;
mod attempt;
mod billing;
mod explain;
mod link;
mod refund;
mod refused;
mod remove;
mod revoke;
mod summary;

pub use self::{
    attempt::Attempt,
    billing::{BillingDialog, TITLE_ID, framed},
    explain::explain,
    refund::refund,
    refused::{Reason, Refused},
};
