//! The route of operators: one run, dry or not. The request decides nothing else.

use crate::report::Report;
use crate::sweeper::{Run, Sweeper};
use darkroom_aws::acts::WriteAct;
use darkroom_aws::audit::{AuditRecords, KeepWalks};
use darkroom_aws::edit_record::DeleteRecord;
use darkroom_aws::keys::ListKeys;
use darkroom_aws::memory::RecallDeletions;
use darkroom_aws::originals::FindOriginal;
use darkroom_aws::quarantine::EndQuarantine;
use darkroom_aws::queues::TellArrival;
use darkroom_aws::removal::{HideOriginal, RemoveObjects, RemoveSuperseded};
use darkroom_aws::sweeping::{FindUnfinished, SettleUnfinished};
use darkroom_aws::watching::WatchExecutions;
use darkroom_domain::act::Act;
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{Error, ErrorCode};
use darkroom_runtime::api::{Answer, Problem, Request};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// For how long a run for an operator begins with further photos, and for how long it walks then.
const WORK_TIME: Duration = Duration::from_secs(8);
const WALK: Duration = Duration::from_secs(10);
/// When the answer says that it took too long. The gateway waits for 29 seconds.
const ANSWER: Duration = Duration::from_secs(25);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    dry_run: bool,
}

#[derive(Serialize)]
struct SweepAnswer {
    at: String,
    #[serde(flatten)]
    report: Report,
}

impl<T, S, M, Q> Sweeper<T, S, M, Q>
where
    T: EndQuarantine
        + FindUnfinished
        + SettleUnfinished
        + RecallDeletions
        + DeleteRecord
        + AuditRecords
        + KeepWalks
        + WriteAct,
    S: FindOriginal + RemoveObjects + RemoveSuperseded + ListKeys + HideOriginal,
    M: WatchExecutions,
    Q: TellArrival,
{
    /// Answers one request. The caller is checked before the request: a stranger learns nothing of parameters either.
    pub async fn handle(&self, request: &Request) -> Result<Answer, Problem> {
        let by = request.operator(&self.client_id)?;
        if request.route() != ("POST", "/ops/sweep") {
            return Err(ErrorCode::RequestNotFound.into());
        }
        let Asked { dry_run: is_dry } = request.json()?;
        let now = request.arrived();
        if !is_dry {
            // Before the act, which does not happen if it cannot be recorded.
            tracing::info!(kind = "audit", phase = "asked", by = %by, "an operator sweeps");
            self.table.write_act(&Act::sweep(by, rfc3339(now)), now, request.id()).await?;
        }
        let run = Run { now, until: Instant::now() + WORK_TIME, walk: WALK, is_dry, is_by_clock: false };
        let report = timeout(ANSWER, Box::pin(self.run(run))).await;
        let report = report.map_err(|_| Error::new(ErrorCode::TransientUnavailable, "the sweep took too long"))?;
        Ok(Answer::json(200, &SweepAnswer { at: rfc3339(now), report })?)
    }
}

#[cfg(test)]
mod tests;
