//! The API's answers about one photo; read leniently, for a newer service may say more.

use super::moment::Moment;
use serde::{Deserialize, Serialize};

/// `GET /ops/images/{image_id}`.
#[derive(Clone, Debug, Deserialize)]
pub struct Image {
    pub at: Moment,
    pub record: Option<Record>,
    pub deleted_at: Option<Moment>,
    #[serde(default)]
    pub deliveries: Vec<Delivery>,
}

/// `GET /ops/executions/{name}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Execution {
    #[serde(skip_serializing)]
    pub at: Moment,
    pub name: String,
    pub image_id: Option<String>,
    pub status: String,
    pub outcome: Option<String>,
    pub started_at: Moment,
    pub stopped_at: Option<Moment>,
    pub error: Option<Failure>,
    pub restarted_from: Option<String>,
    pub states: Vec<State>,
    pub complete: bool,
    pub console_url: Option<String>,
    pub logs_url: Option<String>,
    #[serde(skip_serializing)]
    pub record: Option<Record>,
    #[serde(skip_serializing)]
    pub deleted_at: Option<Moment>,
    #[serde(default, skip_serializing)]
    pub deliveries: Vec<Delivery>,
    pub acts: Vec<Act>,
}

/// One state, entered once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct State {
    pub name: String,
    pub status: String,
    pub entered_at: Moment,
    pub exited_at: Option<Moment>,
    pub attempts: Vec<Attempt>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attempt {
    pub started_at: Moment,
    pub ended_at: Option<Moment>,
    pub error: Option<Failure>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Failure {
    pub code: String,
    pub cause: Option<String>,
    pub release: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    pub status: String,
    pub created_at: Moment,
    pub arrived_at: Option<Moment>,
    pub began_at: Option<Moment>,
    pub updated_at: Moment,
    pub awaited_until: Option<Moment>,
    pub version_execution: Option<String>,
    pub outcome: Option<String>,
    pub outcome_at: Option<Moment>,
    pub rerendered_at: Option<Moment>,
    pub rerendered_by: Option<String>,
    pub code: Option<String>,
    pub stage: Option<String>,
    pub message: Option<String>,
    pub release: Option<String>,
    pub execution: Option<String>,
    pub docs: Option<String>,
    #[serde(default)]
    pub variants: Vec<Variant>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Variant {
    pub name: String,
    pub width: u32,
    pub height: u32,
    pub bytes: u64,
    pub content_type: String,
}

/// An attempt to deliver an announcement of a photo to its owner's webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    pub at: Moment,
    pub event: String,
    pub attempt: u32,
    pub result: String,
    pub status: Option<u16>,
    pub reason: Option<String>,
    pub again_in_s: Option<u64>,
}

/// What an operator did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    #[serde(rename = "act")]
    pub deed: String,
    pub by: String,
    pub at: Moment,
    pub execution: Option<String>,
    pub started: Option<String>,
}

/// What is known of one photo.
#[derive(Clone, Debug)]
pub struct Story {
    pub image_id: String,
    /// When the service was asked, by its clock.
    pub at: Moment,
    pub record: Option<Record>,
    pub deleted_at: Option<Moment>,
    pub deliveries: Vec<Delivery>,
    /// In the order in which they were started.
    pub executions: Vec<Execution>,
}

impl Execution {
    pub fn is_running(&self) -> bool {
        self.stopped_at.is_none()
    }
}

impl Story {
    /// The execution that was started last.
    pub fn newest(&self) -> Option<&Execution> {
        self.executions.last()
    }

    /// Nothing more will happen to it by itself.
    pub fn is_over(&self) -> bool {
        let is_decided = |record: &Record| matches!(record.status.as_str(), "ready" | "rejected" | "failed");
        self.record.as_ref().is_none_or(is_decided) && !self.executions.iter().any(Execution::is_running)
    }
}
