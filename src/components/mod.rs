//! Pieces of screens that know the domain: accounts, money, funding. They know no page.

mod account_row;
mod agency_balance;
mod amount;
mod balance_cell;
mod balance_curve;
mod billing_cell;
mod event_words;
mod interval_list;
mod letter_list;
mod pages_view;
mod plan_panel;
pub mod price_words;
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
pub use event_words::EventList;
pub use interval_list::IntervalList;
pub use letter_list::LetterList;
pub use pages_view::PagesView;
pub use plan_panel::PlanPanel;
pub use side_bar::SideBar;
pub use standing_mark::{StandingMark, standing_of};
pub use status::{Status, failure_words, status};
pub use trouble::Trouble;
pub use when::{ago, date, date_time, left};
