//! Work for later and for the outside world: rows written with the state, done by idempotent jobs.

use billing::{JobId, SubAccountId, Timestamp, funding::Effect};

use super::{Result, Scope, StorageError};

/// A job that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    /// Its id.
    pub id: JobId,
    /// Of which agency.
    pub scope: Scope,
    /// About which sub-account; none when it is about the agency alone.
    pub sub_account: Option<SubAccountId>,
    /// What to do.
    pub effect: Effect,
    /// When the effect came to be.
    pub created_at: Timestamp,
    /// How often it was tried before.
    pub attempts: u32,
}

impl JobRow {
    /// The sub-account that it is about.
    ///
    /// # Errors
    /// `Damaged` when it is about none.
    pub fn account(&self) -> Result<SubAccountId> {
        let none = || StorageError::Damaged(format!("{} is about no sub-account", self.id));
        self.sub_account.ok_or_else(none)
    }
}

/// A letter about a sub-account, as far as it got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterRow {
    /// What to do.
    pub effect: Effect,
    /// When the effect came to be.
    pub created_at: Timestamp,
    /// How far it got.
    pub state: JobState,
    /// When it is due.
    pub run_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last try did not work, or nothing was left to do.
    pub error: Option<String>,
}

/// How far a job got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Waiting or being tried.
    Open,
    /// Done, or no longer needed.
    Done,
    /// Given up.
    Failed,
}

impl JobState {
    /// By its name in the database.
    ///
    /// # Errors
    /// `Damaged` when it is none.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "open" => Ok(Self::Open),
            "done" => Ok(Self::Done),
            "failed" => Ok(Self::Failed),
            other => Err(StorageError::Damaged(format!("a job is {other}"))),
        }
    }
}

/// The range of the keys under which letters about a sub-account are queued.
pub fn letter_keys(sub_account: SubAccountId) -> (String, String) {
    // What comes after a slash.
    (format!("mail/{sub_account}/"), format!("mail/{sub_account}0"))
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobOutcome {
    /// Done, or no longer needed.
    Done,
    /// A letter that nobody needs any more.
    Dropped,
    /// To be tried again.
    Retry {
        /// When.
        at: Timestamp,
        /// Why it did not work.
        error: String,
    },
    /// Given up; a person has to look.
    Failed {
        /// Why.
        error: String,
    },
}

/// How many jobs are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// Waiting or being tried.
    pub open: u64,
    /// Given up.
    pub failed: u64,
}

/// The job queue.
pub trait Jobs {
    /// Adds a job. A second one of the same `key` is not added: effects happen once.
    ///
    /// # Errors
    /// When the database says no; so for every method here.
    #[expect(clippy::too_many_arguments, reason = "they are the row")]
    fn insert_job(
        &mut self,
        scope: Scope,
        id: JobId,
        sub_account: Option<SubAccountId>,
        key: &str,
        effect: &Effect,
        run_at: Timestamp,
        now: Timestamp,
    ) -> Result<()>;

    /// Takes jobs that are due, so that nobody else does before `leased_until`.
    fn lease_jobs(
        &mut self,
        now: Timestamp,
        leased_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<JobRow>>;

    /// Takes the one open job of this key, whether due or not; none when it is done or somebody has it.
    fn lease_job(
        &mut self,
        scope: Scope,
        key: &str,
        now: Timestamp,
        leased_until: Timestamp,
    ) -> Result<Option<JobRow>>;

    /// Makes the open job of this key due now: there is news about it.
    fn wake_job(&mut self, scope: Scope, key: &str, now: Timestamp) -> Result<()>;

    /// Makes the job of this key due now, also one that was given up; one that is done stays done.
    fn revive_job(&mut self, scope: Scope, key: &str, now: Timestamp) -> Result<()>;

    /// Frees what a process that is gone had taken. Only for whoever knows that no other process works on this database.
    fn forget_leases(&mut self) -> Result<u64>;

    /// Says how a try ended.
    fn finish_job(&mut self, scope: Scope, id: JobId, outcome: &JobOutcome) -> Result<()>;

    /// The newest letters about a sub-account, newest first.
    fn letters(
        &mut self,
        scope: Scope,
        sub_account: SubAccountId,
        limit: u32,
    ) -> Result<Vec<LetterRow>>;

    /// How many there are.
    fn job_counts(&mut self) -> Result<JobCounts>;

    /// Forgets jobs that were done before this.
    fn prune_jobs(&mut self, before: Timestamp) -> Result<u64>;
}
