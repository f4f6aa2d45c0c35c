//! Lists of executions: page by page as Step Functions returns them, or only those of one image.

use super::{ExecutionView, LONGEST_PAGE, Watch, image_of, number};
use darkroom_aws::acts::ReadActs;
use darkroom_aws::derived_key::DeriveKey;
use darkroom_aws::memory::TellDeletion;
use darkroom_aws::queues::MeasureQueue;
use darkroom_aws::records::ReadRecord;
use darkroom_aws::watching::{Execution, ExecutionPage, RunStatus, WatchExecutions};
use darkroom_domain::id::ImageId;
use darkroom_runtime::api::{Answer, Problem, Request};
use serde::Serialize;

/// Pages of a thousand that one search reads; the next request goes on.
const SEARCHED: usize = 5;

#[derive(Serialize)]
struct Page<'a> {
    items: Vec<ExecutionView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

impl<M, Q, T, K> Watch<M, Q, T, K>
where
    M: WatchExecutions,
    Q: MeasureQueue,
    T: ReadActs + ReadRecord + TellDeletion,
    K: DeriveKey,
{
    pub(super) async fn list(&self, request: &Request) -> Result<Answer, Problem> {
        let limit = number(request, "limit", 1..=100, 50)?;
        let status = request.query("status")?.map(status).transpose()?;
        let image = request.query("image_id")?.map(image).transpose()?;
        // A cursor is valid for this list only.
        let context = format!("executions {status:?} {image:?}");
        let key = self.cursors.key().await?;
        let token = match request.query("cursor")? {
            None => None,
            Some(cursor) => {
                let opened = key.open(cursor, context.as_bytes()).and_then(|bytes| String::from_utf8(bytes).ok());
                Some(opened.ok_or_else(not_ours)?)
            }
        };
        let found = match image {
            None => self.executions.list(&self.machine, status, limit, token).await?,
            Some(image) => self.search(image, status, token).await?,
        };
        let ExecutionPage { executions, next } = found.ok_or_else(not_ours)?;
        let next_cursor = next.map(|next| key.seal(next.as_bytes(), context.as_bytes()));
        Ok(Answer::json(200, &Page { items: executions.iter().map(Into::into).collect(), next_cursor })?)
    }

    /// The executions of an image are found by their names only, which are listed by time. A ticket's id tells when it
    /// was given, and none of its executions is older.
    async fn search(
        &self,
        image: ImageId,
        status: Option<RunStatus>,
        mut token: Option<String>,
    ) -> Result<Option<ExecutionPage>, Problem> {
        let mut found = Vec::new();
        for _ in 0..SEARCHED {
            let page = self.executions.list(&self.machine, status, LONGEST_PAGE, token).await?;
            let Some(ExecutionPage { executions, next }) = page else { return Ok(None) };
            let is_past = image.given_at().is_some_and(|given| {
                executions.last().is_some_and(|last| last.stopped_at.unwrap_or(last.started_at) < given)
            });
            let is_of_image = |execution: &Execution| image_of(&execution.name) == Some(image);
            found.extend(executions.into_iter().filter(is_of_image));
            token = next.filter(|_| !is_past);
            if token.is_none() {
                break;
            }
        }
        Ok(Some(ExecutionPage { executions: found, next: token }))
    }
}

fn not_ours() -> Problem {
    Problem::field("cursor", "is not one that this list gave, or is older than a day")
}

fn status(text: &str) -> Result<RunStatus, Problem> {
    match text {
        "running" => Ok(RunStatus::Running),
        "succeeded" => Ok(RunStatus::Succeeded),
        "failed" => Ok(RunStatus::Failed),
        "timed_out" => Ok(RunStatus::TimedOut),
        "aborted" => Ok(RunStatus::Aborted),
        _ => Err(Problem::field("status", "must be running, succeeded, failed, timed_out or aborted")),
    }
}

fn image(text: &str) -> Result<ImageId, Problem> {
    ImageId::parse(text).map_err(|_| Problem::field("image_id", "must be the id of an image"))
}
