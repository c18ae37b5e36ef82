use billing::{JobId, SubAccountId, Timestamp, funding::Effect};
use rusqlite::{Row, params};

use super::{Sqlite, agency, get, json, number, parsed, timestamp, to_json};
use crate::storage::{
    Result, Scope, StorageError,
    jobs::{JobCounts, JobOutcome, JobRow, JobState, Jobs, LetterRow, letter_keys},
};

const COLUMNS: &str = "agency_id, id, nullif(account_id, ''), effect, created_at, attempts";

impl Jobs for Sqlite {
    fn insert_job(
        &mut self,
        scope: Scope,
        id: JobId,
        sub_account: Option<SubAccountId>,
        key: &str,
        effect: &Effect,
        run_at: Timestamp,
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            "INSERT INTO jobs (agency_id, id, account_id, key, effect, state, run_at, leased_until,
                               attempts, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, 'open', ?6, 0, 0, ?7)
             ON CONFLICT (agency_id, key) DO NOTHING",
            params![
                agency(scope),
                id.to_string(),
                sub_account.map(|id| id.to_string()).unwrap_or_default(),
                key,
                to_json(effect)?,
                run_at.millis(),
                now.millis(),
            ],
        )?;
        Ok(())
    }

    fn lease_jobs(
        &mut self,
        now: Timestamp,
        leased_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<JobRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM jobs
             WHERE state = 'open' AND run_at <= ?1 AND leased_until <= ?1 ORDER BY run_at LIMIT ?2"
        );
        let due = self.all(&sql, params![now.millis(), limit], read)?;
        for job in &due {
            self.lease(job, leased_until)?;
        }
        Ok(due)
    }

    fn lease_job(
        &mut self,
        scope: Scope,
        key: &str,
        now: Timestamp,
        leased_until: Timestamp,
    ) -> Result<Option<JobRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM jobs
             WHERE agency_id = ?1 AND key = ?2 AND state = 'open' AND leased_until <= ?3"
        );
        let job = self.one(&sql, params![agency(scope), key, now.millis()], read)?;
        if let Some(job) = &job {
            self.lease(job, leased_until)?;
        }
        Ok(job)
    }

    fn wake_job(&mut self, scope: Scope, key: &str, now: Timestamp) -> Result<()> {
        self.execute(
            "UPDATE jobs SET run_at = ?3 WHERE agency_id = ?1 AND key = ?2 AND state = 'open'",
            params![agency(scope), key, now.millis()],
        )?;
        Ok(())
    }

    fn revive_job(&mut self, scope: Scope, key: &str, now: Timestamp) -> Result<()> {
        self.execute(
            "UPDATE jobs SET state = 'open', run_at = ?3
             WHERE agency_id = ?1 AND key = ?2 AND state IN ('open', 'failed')",
            params![agency(scope), key, now.millis()],
        )?;
        Ok(())
    }

    fn forget_leases(&mut self) -> Result<u64> {
        let sql = "UPDATE jobs SET leased_until = 0 WHERE state = 'open' AND leased_until > 0";
        Ok(self.execute(sql, [])? as u64)
    }

    fn finish_job(&mut self, scope: Scope, id: JobId, outcome: &JobOutcome) -> Result<()> {
        let (state, run_at, error) = match outcome {
            JobOutcome::Done => ("done", None, None),
            JobOutcome::Dropped => ("done", None, Some("dropped")),
            JobOutcome::Retry { at, error } => ("open", Some(at.millis()), Some(error.as_str())),
            JobOutcome::Failed { error } => ("failed", None, Some(error.as_str())),
        };
        self.execute(
            "UPDATE jobs SET state = ?3, run_at = coalesce(?4, run_at), leased_until = 0,
                             attempts = attempts + 1, error = ?5
             WHERE agency_id = ?1 AND id = ?2 AND state = 'open'",
            params![agency(scope), id.to_string(), state, run_at, error],
        )?;
        Ok(())
    }

    fn letters(
        &mut self,
        scope: Scope,
        sub_account: SubAccountId,
        limit: u32,
    ) -> Result<Vec<LetterRow>> {
        let (first, after) = letter_keys(sub_account);
        let sql = "SELECT effect, created_at, state, run_at, attempts, error FROM jobs
                   WHERE agency_id = ?1 AND key > ?2 AND key < ?3
                   ORDER BY created_at DESC, id DESC LIMIT ?4";
        self.all(sql, params![agency(scope), first, after, limit], read_letter)
    }

    fn job_counts(&mut self) -> Result<JobCounts> {
        let sql =
            "SELECT coalesce(sum(state = 'open'), 0), coalesce(sum(state = 'failed'), 0) FROM jobs";
        let counts = self
            .one(sql, [], |row| Ok(JobCounts { open: number(row, 0)?, failed: number(row, 1)? }))?;
        Ok(counts.unwrap_or_default())
    }

    fn prune_jobs(&mut self, before: Timestamp) -> Result<u64> {
        let sql = "DELETE FROM jobs WHERE state = 'done' AND run_at < ?1";
        Ok(self.execute(sql, [before.millis()])? as u64)
    }
}

impl Sqlite {
    fn lease(&self, job: &JobRow, until: Timestamp) -> Result<()> {
        self.execute(
            "UPDATE jobs SET leased_until = ?3 WHERE agency_id = ?1 AND id = ?2",
            params![agency(job.scope), job.id.to_string(), until.millis()],
        )?;
        Ok(())
    }
}

fn read(row: &Row<'_>) -> Result<JobRow> {
    let attempts: i64 = get(row, 5)?;
    let is_about_one = get::<Option<String>>(row, 2)?.is_some();
    Ok(JobRow {
        scope: Scope::of(parsed(row, 0)?),
        id: parsed(row, 1)?,
        sub_account: if is_about_one { Some(parsed(row, 2)?) } else { None },
        effect: json(row, 3)?,
        created_at: timestamp(row, 4)?,
        attempts: u32::try_from(attempts)
            .map_err(|_| StorageError::Damaged(format!("{attempts} attempts")))?,
    })
}

fn read_letter(row: &Row<'_>) -> Result<LetterRow> {
    let attempts: i64 = get(row, 4)?;
    Ok(LetterRow {
        effect: json(row, 0)?,
        created_at: timestamp(row, 1)?,
        state: JobState::named(&get::<String>(row, 2)?)?,
        run_at: timestamp(row, 3)?,
        attempts: u32::try_from(attempts)
            .map_err(|_| StorageError::Damaged(format!("{attempts} attempts")))?,
        error: get(row, 5)?,
    })
}
