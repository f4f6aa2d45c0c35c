//! The timeline of a photo, read from its record, which the pipeline writes at each step.

use super::Images;
use darkroom_aws::records::ReadRecord;
use darkroom_domain::id::ImageId;
use darkroom_domain::record::{Record, Status};
use darkroom_runtime::api::{Answer, Problem, Request};
use serde::Serialize;
use serde_json::json;

#[derive(Debug, Serialize)]
struct Happened<'a> {
    event: &'static str,
    at: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    execution: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
}

impl<T: ReadRecord, S, K> Images<T, S, K> {
    pub(super) async fn events(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let image = ImageId::parse(request.path("image_id"))?;
        let record = self.table.read_record(&owner, image).await?;
        let record = super::there(record, request.arrived())?;
        Ok(Answer::json(200, &json!({ "items": timeline(&record) }))?)
    }
}

/// The oldest first.
fn timeline(record: &Record) -> Vec<Happened<'_>> {
    let plain = |event, at| Happened { event, at, execution: None, stage: None, code: None };
    let mut events = vec![plain("ticket_given", record.created_at.as_str())];
    if let Some(at) = record.arrived_at.as_deref() {
        events.push(plain("photo_arrived", at));
        // One write marks both: a photo that has arrived is being processed.
        events.push(Happened { execution: record.execution.as_deref(), ..plain("processing", at) });
    }
    let over = matches!(record.status, Status::Ready | Status::Rejected | Status::Failed);
    if let Some(outcome) = record.outcome.as_ref().filter(|_| over) {
        events.push(Happened {
            event: record.status.as_str(),
            at: outcome.at.as_deref().unwrap_or(&record.updated_at),
            execution: outcome.execution.as_deref(),
            stage: outcome.stage.as_deref().filter(|_| record.status != Status::Ready),
            code: outcome.code.as_deref(),
        });
    }
    events
}
