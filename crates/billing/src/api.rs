//! The wire: what the server says and what it takes, shared by the server and the browser.
//!
//! Everything here is snake_case JSON; times are RFC 3339 in UTC; money is `{"amount":"25.00","currency":"USD"}`; ids have
//! prefixes. Bodies that come in refuse unknown fields. `docs/http-api.md` lists the routes.

mod account;
mod agency;
mod audit;
mod branding;
mod client;
mod embed;
mod endpoints;
mod keys;
mod ledger;
mod letters;
mod pay;
mod payments;
mod people;
mod prices;
mod problem;
mod request;
mod second_factor;
mod session;
mod statements;
mod stream;
mod usage;
mod wallet;
mod whoami;

pub use account::{
    AccountCounts, AccountDetail, AccountList, AccountSnapshot, AccountSort, PayerFilter, Timeline,
    TimelineEvent,
};
pub use agency::{AgencySnapshot, BalancePoint};
pub use audit::{AuditLine, AuditPage, Who};
pub use branding::{Branding, BrandingBody, LogoInfo};
pub use client::{
    ClientAccount, ClientAccountList, ClientChange, ClientLedgerLine, ClientLedgerPage,
    ClientReport, ClientReportRow, ClientUsageLine, ClientUsagePage,
};
pub use embed::{
    EMBED_TTL_SECONDS, EmbedBalance, EmbedComponent, EmbedFunding, EmbedLine, EmbedOrigins,
    EmbedPreviewBody, EmbedSessionBody, EmbedTicket, EmbedTopUp, NewEmbedSession, NewTopUp,
};
pub use endpoints::{
    AddEndpointBody, EndpointList, EndpointSnapshot, NewEndpoint, StandingMessage, StandingNews,
};
pub use keys::{CreateKeyBody, KeyList, KeySnapshot, NewKey};
pub use ledger::{LedgerLine, LedgerPage};
pub use letters::{LetterState, LetterView};
pub use pay::{GatewayInfo, OpenLinkBody, PayBody, PayState, PayView};
pub use payments::{DisputeView, PaymentPage, PaymentView, RefundBody};
pub use people::{
    AskResetBody, ChangePersonBody, EndSessionBody, InvitationView, InvitePersonBody,
    OpenInvitationBody, PeopleList, PersonSnapshot, SessionList, SessionSnapshot, SetPasswordBody,
};
pub use prices::{PriceList, PriceVersion, SetPriceBody, WaitingType};
pub use problem::{FieldProblem, Problem};
pub use request::{AgencyBillingBody, BillingRequestBody, ClosureBody, FundingAnswer, LinkAnswer};
pub use second_factor::{
    BeginSecondFactorBody, NewSecondFactor, Picture, RecoveryCodes, SecondFactorView,
    TurnOffSecondFactorBody, TurnOnSecondFactorBody,
};
pub use session::{
    ChangePasswordBody, DemoInfo, Me, ProviderList, SignInBody, SignInProvider, UserSnapshot,
};
pub use statements::{
    Receipt, ReceiptList, ReceiptRefund, Statement, StatementAccount, StatementLine, StatementList,
    StatementSummary, TimeZone,
};
pub use stream::Change;
pub use usage::{
    DrawPage, ExplainedDraw, ReportBy, ReportRow, StandingAnswer, UsageLine, UsagePage, UsageReport,
};
pub use wallet::{
    AlertBody, AskBalanceLinkBody, RechargeBody, SaveCardBody, TopUpBody, WalletPayment,
    WalletPaymentStatus, WalletState, WalletView,
};
pub use whoami::{Access, AgencyBrand, ClientMe, StaffMe, WhoAmI};
