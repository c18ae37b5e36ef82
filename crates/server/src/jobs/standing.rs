//! Tells of standings that have changed: people by letter, once per dip of a balance; the agency's endpoints by webhook, per
//! sub-account. A notice only says where to look; what is told is how it is now, compared with what was told before.

use billing::{
    JobId, MessageId, Standing, SubAccountId, Timestamp,
    api::{StandingMessage, StandingNews},
    funding::{Effect, Letter, Payer},
};

use crate::{
    deps::{Deps, EntropyExt as _},
    execute::{Tools, snapshots},
    storage::{
        Scope, StorageError, Transaction,
        deliveries::NewDelivery,
        endpoints::EndpointRow,
        notices::{Level, NoticeRow},
    },
};

/// Notices looked at in one transaction, at most.
const AT_ONCE: u32 = 50;
/// Sub-accounts of an agency told of in one transaction: the writer is never held long, however many there are.
const PAGE: u32 = 500;

/// Tells of what waits, a part of it; answers how many notices that was.
pub(super) async fn tell(deps: &Deps) -> Result<usize, StorageError> {
    let tools = Tools::of(deps);
    let write = move |tx: &mut dyn Transaction| {
        let notices = tx.notices(AT_ONCE)?;
        let Some(scope) = notices.first().map(|notice| notice.scope) else { return Ok(0) };
        // One agency at a time: where agencies are locked, nobody waits in a circle.
        let notices: Vec<_> = notices.into_iter().filter(|notice| notice.scope == scope).collect();
        let mut desk = Desk { endpoints: tx.endpoints(scope)?, tx, tools: tools.clone(), scope };
        let mut looked_at = 0;
        for notice in &notices {
            looked_at += 1;
            match notice.account {
                Some(account) => desk.account(notice, account)?,
                None => {
                    desk.agency(notice)?;
                    break;
                }
            }
        }
        Ok(looked_at)
    };
    deps.store.write_without_haste(write).await
}

/// What one transaction works with.
struct Desk<'a> {
    endpoints: Vec<EndpointRow>,
    tx: &'a mut dyn Transaction,
    tools: Tools,
    scope: Scope,
}

/// A sub-account and what is to be told of it.
struct News {
    account: SubAccountId,
    external_id: String,
    standing: Standing,
    payer: Payer,
}

impl Desk<'_> {
    /// A sub-account's own balance has crossed a threshold, or somebody else pays for it now.
    fn account(&mut self, notice: &NoticeRow, id: SubAccountId) -> Result<(), StorageError> {
        self.tx.finish_notice(notice)?;
        let (agency, account) = (self.tx.agency(self.scope)?, self.tx.account(self.scope, id)?);
        let (Some(agency), Some(account)) = (agency, account) else { return Ok(()) };
        let standing = snapshots::standing(&account, &agency);
        match account.funding.customer().map(|customer| customer.email.clone()) {
            Some(to) if self.is_deeper(Some(id), standing, notice.from)? => {
                let (balance, low_below) = (account.customer_balance, account.low_below);
                let customer = to.clone();
                self.mail(Some(id), Letter::BalanceDown { to, standing, balance, low_below })?;
                let letter = Letter::CustomerBalanceDown { customer, standing, balance, low_below };
                self.mail(Some(id), letter)?;
            }
            Some(_) => {}
            None => self.tx.save_dip(self.scope, Some(id), None)?,
        }
        if self.endpoints.is_empty() {
            return Ok(());
        }
        let told = self.tx.told(self.scope, id)?.unwrap_or(notice.from);
        let payer = account.funding.payer();
        self.webhook(told, &News { account: id, external_id: account.external_id, standing, payer })
    }

    /// The agency's balance has crossed a threshold: that concerns every sub-account it pays for, a page of them now.
    fn agency(&mut self, notice: &NoticeRow) -> Result<(), StorageError> {
        let Some(level) = self.tx.level(self.scope, None)? else {
            return self.tx.finish_notice(notice);
        };
        let Level { balance, low_below, .. } = level;
        let standing = level.standing();
        if notice.after.is_none() && self.is_deeper(None, standing, notice.from)? {
            self.mail(None, Letter::AgencyBalanceDown { standing, balance, low_below })?;
        }
        if self.endpoints.is_empty() {
            return self.tx.finish_notice(notice);
        }
        let page = self.tx.paid_for(self.scope, notice.after, PAGE)?;
        let last = page.last().map(|last| last.id);
        let is_whole = page.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
        for account in page {
            let told = account.told.unwrap_or(notice.from);
            let (external_id, payer) = (account.external_id, Payer::Agency);
            self.webhook(told, &News { account: account.id, external_id, standing, payer })?;
        }
        match last {
            Some(last) if !is_whole => self.tx.move_notice(notice, last, self.tools.now),
            _ => self.tx.finish_notice(notice),
        }
    }

    /// Whether a balance is worse off than any letter has said since it was last active; remembers it.
    fn is_deeper(
        &mut self,
        account: Option<SubAccountId>,
        standing: Standing,
        from: Standing,
    ) -> Result<bool, StorageError> {
        // One that has never been active has not gone down.
        let worst = self.tx.dip(self.scope, account)?.unwrap_or(from);
        let remember = (standing != Standing::Active).then_some(worst.max(standing));
        self.tx.save_dip(self.scope, account, remember)?;
        Ok(standing > worst)
    }

    fn mail(&mut self, account: Option<SubAccountId>, letter: Letter) -> Result<(), StorageError> {
        let now = self.tools.now;
        let id = JobId::new(now, self.tools.entropy.id());
        let about = account.map(|account| format!("{account}/")).unwrap_or_default();
        let (key, effect) = (format!("mail/{about}standing/{id}"), Effect::Mail { letter });
        self.tx.insert_job(self.scope, id, account, &key, &effect, now, now)
    }

    /// Queues a message for every endpoint, if there is something to tell.
    fn webhook(&mut self, told: Standing, news: &News) -> Result<(), StorageError> {
        let Some(event) = Standing::event(told, news.standing) else { return Ok(()) };
        let now = self.tools.now;
        self.tx.save_told(self.scope, news.account, news.standing)?;
        let body = body(event, news, now)?;
        for endpoint in &self.endpoints {
            let id = MessageId::new(now, self.tools.entropy.id());
            let (account, body) = (news.account, body.clone());
            let message = NewDelivery { id, endpoint: endpoint.id, account, body };
            self.tx.put_delivery(self.scope, &message, now)?;
        }
        Ok(())
    }
}

/// A few hundred bytes: an id, a name of ours, a name of theirs of 64 characters at most.
fn body(event: &str, news: &News, timestamp: Timestamp) -> Result<String, StorageError> {
    let message = StandingMessage {
        event: event.to_owned(),
        timestamp,
        data: StandingNews {
            account: news.account,
            external_id: news.external_id.clone(),
            standing: news.standing,
            payer: news.payer,
        },
    };
    serde_json::to_string(&message).map_err(|error| StorageError::Damaged(error.to_string()))
}
