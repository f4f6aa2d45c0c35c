//! The routes that act: for operators only, and each act is recorded before it happens (R62).

mod redrive;

use darkroom_aws::acts::WriteAct;
use darkroom_aws::executions::{Start, StartAgain};
use darkroom_aws::mark_arrival::{MarkRestart, Restarted};
use darkroom_aws::queues::MoveLetters;
use darkroom_aws::records::ReadRecord;
use darkroom_aws::visibility::ChangeVisibility;
use darkroom_aws::watching::{RunStatus, WatchExecutions};
use darkroom_domain::act::Act;
use darkroom_domain::execution_name::ExecutionName;
use darkroom_domain::focus::Focus;
use darkroom_domain::order::WorkOrder;
use darkroom_domain::record::Status;
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{Error, ErrorCode};
use darkroom_runtime::api::{Answer, Problem, Request};
use serde_json::json;
use tracing::{info, warn};

/// The routes and what they need.
pub struct Mend<M, Q, T> {
    pub executions: M,
    pub queues: Q,
    pub table: T,
    /// The ARN of the state machine, or of its alias.
    pub machine: String,
    /// The beginning of all queues' addresses.
    pub queue_url_prefix: String,
    pub client_id: String,
}

/// The number of names that are tried: after so many restarts, an operator must look for another cause.
const RESTARTS: u32 = 30;

impl<M, Q, T> Mend<M, Q, T>
where
    M: WatchExecutions + StartAgain,
    Q: MoveLetters + ChangeVisibility,
    T: WriteAct + MarkRestart + ReadRecord,
{
    /// Answers one request. The caller is checked before the request: a stranger learns nothing of parameters either.
    pub async fn handle(&self, request: &Request) -> Result<Answer, Problem> {
        request.operator(&self.client_id)?;
        match request.route() {
            ("POST", "/ops/executions/{name}/restart") => self.restart(request).await,
            ("POST", "/ops/queues/{name}/redrive") => self.redrive(request).await,
            _ => Err(ErrorCode::RequestNotFound.into()),
        }
    }

    /// Under the next free name, since Step Functions knows a name for 90 days. A restart of a restart takes the number
    /// behind it. The record says first that an execution begins: until it is over, the photo cannot be deleted (R40). An
    /// operator who tries rejected photos again works from a list, so their record must still say `rejected`.
    async fn restart(&self, request: &Request) -> Result<Answer, Problem> {
        let old = request.path("name");
        let name = ExecutionName::parse(old).ok_or(ErrorCode::RequestNotFound)?;
        let only = request.query("if_status")?.map(only).transpose()?;
        let described = self.executions.describe(&self.machine, old).await?.ok_or(ErrorCode::RequestNotFound)?;
        if described.execution.status == RunStatus::Running {
            return Err(Problem::from(ErrorCode::RequestConflict).detail("The execution has not ended yet."));
        }
        let order: WorkOrder = serde_json::from_str(&described.input)
            .map_err(|_| Problem::from(ErrorCode::RequestConflict).detail("Its input is not an order for a photo."))?;
        let mut act = Act::restart(request.operator(&self.client_id)?, rfc3339(request.arrived()), old);
        self.write_down(&act, request).await?;
        let Some(Restarted { focus }) = self.table.mark_restart(&order, only, request.arrived()).await? else {
            let is_not = if only.is_some() { "is not rejected any more, " } else { "" };
            let detail = format!("The photo {is_not}was deleted, has another version now, or has lost its original.");
            return Err(Problem::from(ErrorCode::RequestConflict).detail(detail));
        };
        let input = with_focus(described.input, order, focus)?;
        for number in name.number + 1..=name.number + RESTARTS {
            let new = name.numbered(number);
            if self.executions.start_again(&self.machine, &new, &input).await? == Start::Started {
                act.started = Some(new.clone());
                self.write_result(&act, request).await;
                let answer = Answer::json(202, &json!({ "name": new, "restarted_from": old }))?;
                return Ok(answer.with("location", &format!("../{new}")));
            }
        }
        Err(Problem::from(ErrorCode::RequestConflict).detail("The execution was started again too often."))
    }

    /// Before the act, which does not happen if it cannot be recorded.
    async fn write_down(&self, act: &Act, request: &Request) -> Result<(), Error> {
        logged(act, "asked");
        self.table.write_act(act, request.arrived(), request.id()).await
    }

    /// After the act, which no failure here can undo: the log has it anyway.
    async fn write_result(&self, act: &Act, request: &Request) {
        logged(act, "done");
        if let Err(error) = self.table.write_act(act, request.arrived(), request.id()).await {
            warn!(code = error.code.name(), detail = error.detail, "the result of an act was not written down");
        }
    }
}

/// The input of a restart: the old one, with the focal point that the owner has set since.
fn with_focus(input: String, order: WorkOrder, focus: Option<Focus>) -> Result<String, Error> {
    if order.focus == focus {
        return Ok(input);
    }
    let order = WorkOrder { focus, ..order };
    serde_json::to_string(&order).map_err(|why| Error::new(ErrorCode::WorkerBug, why.to_string()))
}

fn only(status: &str) -> Result<Status, Problem> {
    match status {
        "rejected" => Ok(Status::Rejected),
        _ => Err(Problem::field("if_status", "must be rejected")),
    }
}

fn logged(act: &Act, phase: &'static str) {
    let Act { by, execution, started, queue, asked, moved, .. } = act;
    let (execution, started, queue) = (execution.as_deref(), started.as_deref(), queue.as_deref());
    info!(kind = "audit", phase, by = %by, execution, started, queue, asked, moved, "an operator acts");
}

#[cfg(test)]
mod tests;
