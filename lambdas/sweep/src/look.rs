//! The decision about one photo: its record, then what storage or Step Functions say. Nothing is written here.

use crate::sweeper::Sweeper;
use darkroom_aws::memory::RecallDeletions;
use darkroom_aws::originals::FindOriginal;
use darkroom_aws::sweeping::{FindUnfinished, Unfinished};
use darkroom_aws::watching::{Execution, RunStatus, WatchExecutions};
use darkroom_domain::execution_name::ExecutionName;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::order::{Source, WorkOrder};
use darkroom_domain::protocol::Known;
use darkroom_domain::sweep::{self, Executions, Step};
use darkroom_domain::{Error, ErrorCode, key};
use time::OffsetDateTime;

/// What is to be done with a photo, and with what.
#[derive(Debug)]
pub enum Plan {
    /// Nothing.
    Leave,
    /// To tell the event of this version again.
    Tell(Known, Source),
    /// To record that this execution ended without an outcome.
    Fail(Known, Execution),
    /// To take it out of the index: a ticket, or a photo that has ended.
    Unlist(Known, Step),
    /// To finish its deletion.
    Delete,
}

impl Plan {
    pub const fn step(&self) -> Step {
        match self {
            Self::Leave => Step::Leave,
            Self::Tell(..) => Step::TellEvent,
            Self::Fail(..) => Step::RecordFailure,
            Self::Unlist(_, step) => *step,
            Self::Delete => Step::FinishDeletion,
        }
    }
}

impl<T, S, M, Q> Sweeper<T, S, M, Q>
where
    T: FindUnfinished + RecallDeletions,
    S: FindOriginal,
    M: WatchExecutions,
{
    pub async fn plan(&self, owner: &OwnerId, image: ImageId, now: OffsetDateTime) -> Result<Plan, Error> {
        let Some(found) = self.table.read_unfinished(owner, image).await? else { return Ok(Plan::Leave) };
        let known = found.known.clone();
        let plan = match sweep::step(&known, now) {
            Step::LookForOriginal => self.look_for_original(owner, image, known).await?,
            Step::LookForExecutions => self.look_for_executions(owner, image, &found, now).await?,
            Step::FinishDeletion => return Ok(Plan::Delete),
            step @ Step::Unlist => return Ok(Plan::Unlist(known, step)),
            _ => return Ok(Plan::Leave),
        };
        // The look took time, in which an event may have arrived, or an execution recorded its outcome and ended.
        let is_as_it_was = self.table.read_unfinished(owner, image).await?.is_some_and(|it| it == found);
        Ok(if is_as_it_was { plan } else { Plan::Leave })
    }

    async fn look_for_original(&self, owner: &OwnerId, image: ImageId, known: Known) -> Result<Plan, Error> {
        let original = self.objects.find_original(&self.originals_bucket, &key::upload(owner, image)).await?;
        let was_deleted = original.is_some() && self.table.was_deleted(owner, image).await?;
        let step = sweep::by_original(original.is_some(), was_deleted);
        Ok(match original.filter(|_| step == Step::TellEvent) {
            Some(source) => Plan::Tell(known, source),
            None => Plan::Unlist(known, step),
        })
    }

    async fn look_for_executions(
        &self,
        owner: &OwnerId,
        image: ImageId,
        found: &Unfinished,
        now: OffsetDateTime,
    ) -> Result<Plan, Error> {
        let Unfinished { known, original } = found;
        let (Some(version_id), Some(sequencer)) = (known.version_id.clone(), known.sequencer.clone()) else {
            return Err(Error::new(ErrorCode::WorkerBadInput, format!("record {image} is of no version")));
        };
        let (key, size_bytes) = (original.object_key.clone(), original.size_bytes);
        let source = Source { bucket: self.originals_bucket.clone(), key, version_id, sequencer, size_bytes };
        let order = WorkOrder::new(owner.clone(), image, source);
        let (executions, last) = self.executions_of(&order).await?;
        Ok(match (sweep::by_executions(known, executions, now), last) {
            (Step::TellEvent, _) => Plan::Tell(known.clone(), order.source),
            (Step::RecordFailure, Some(last)) => Plan::Fail(known.clone(), last),
            _ => Plan::Leave,
        })
    }

    /// All executions of this version, and the last. A restart takes the next free name, so the first name that is free
    /// is behind the last.
    async fn executions_of(&self, order: &WorkOrder) -> Result<(Executions, Option<Execution>), Error> {
        let first = order.execution_name();
        let name = ExecutionName { base: &first, number: 1, image_id: Some(order.image_id) };
        let (mut last, mut number) = (None, 1);
        loop {
            let next = if number == 1 { first.clone() } else { name.numbered(number) };
            let Some(described) = self.executions.describe(&self.machine, &next).await? else { break };
            if matches!(described.execution.status, RunStatus::Running | RunStatus::PendingRedrive) {
                return Ok((Executions::Running, None));
            }
            (last, number) = (Some(described.execution), number + 1);
        }
        let executions = if last.is_some() { Executions::Ended } else { Executions::None };
        Ok((executions, last))
    }
}
