//! The billing dialog: what is the case with an account, and the forms that change who pays; the dialog that sets a price;
//! and the one that explains a line of usage.
//!
//! Each step is a route of its own over the page it was opened from. A dialog shows what `billing` decides and sends what
//! `billing` parsed; it decides nothing itself. Start reading at [`BillingDialog`].

mod add;
mod attempt;
mod billing;
mod explain;
mod link;
mod price;
mod refused;
mod remove;
mod revoke;
mod summary;

pub use self::{
    billing::{BillingDialog, TITLE_ID},
    explain::explain,
    price::set_price,
};
