//! Pieces of screens that know the domain: accounts, money, funding. They know no page.

mod account_row;
mod agency_balance;
mod amount;
mod balance_cell;
mod balance_curve;
mod billing_cell;
mod live_mark;
mod no_page;
mod pages_view;
mod plan_panel;
pub mod price_words;
mod report_tools;
mod side_bar;
mod standing_mark;
mod status;
mod trouble;
mod when;

pub use account_row::{AccountRow, pencil_id};
pub use agency_balance::AgencyBalance;
pub use amount::{Amount, exact_text, text};
pub use balance_cell::BalanceCell;
pub use balance_curve::BalanceCurve;
pub use billing_cell::{BillingCell, payer_words, side};
pub use live_mark::LiveMark;
pub use no_page::{WaitingFrame, no_page};
pub use pages_view::PagesView;
pub use plan_panel::PlanPanel;
pub use report_tools::ReportTools;
pub use side_bar::SideBar;
pub use standing_mark::{StandingMark, standing_of};
pub use status::{Status, status};
pub use trouble::Trouble;
pub use when::{ago, date, date_time, left};
