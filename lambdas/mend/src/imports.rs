//! Imports of buckets: counted beforehand, started, watched, stopped (ADR 62). The objects themselves are brought by a state
//! machine of its own and the function `bring`.

use darkroom_aws::acts::WriteAct;
use darkroom_aws::copying::ListSizes;
use darkroom_aws::executions::{ListRunning, Start, StartAgain, StopExecution};
use darkroom_aws::identity::FindUser;
use darkroom_aws::imports::{Counts, Import, KeepImports, ReadImport, ReadRun, Refused};
use darkroom_aws::watching::{RunStatus, WatchExecutions};
use darkroom_domain::act::Act;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::import::{self, Reason, Source};
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{ErrorCode, settings};
use darkroom_runtime::api::{Answer, Problem, Request, no_null};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::{Duration, Instant};
use tracing::{info, warn};

/// The longest key of S3, in bytes.
const KEY_MAX: usize = 1024;
/// The longest name that Cognito has for a user.
const OWNER_MAX: usize = 128;
/// Pages of a thousand objects that one dry run counts, and how long it goes on: the gateway waits for 29 seconds.
const PAGES: usize = 100;
const COUNTING: Duration = Duration::from_secs(12);
/// Refusals of one answer.
const PAGE: i32 = 100;

/// The routes and what they need.
pub struct Imports<M, T, S, D> {
    pub executions: M,
    pub table: T,
    pub storage: S,
    pub directory: D,
    /// The ARN of the state machine that imports.
    pub machine: String,
    /// How many photos an import has on their way at once.
    pub in_flight: u64,
    pub client_id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ImportRequest {
    bucket: String,
    #[serde(default)]
    prefix: String,
    owner: String,
    #[serde(default, deserialize_with = "no_null")]
    name: Option<String>,
    #[serde(default)]
    dry_run: bool,
    #[serde(default, deserialize_with = "no_null")]
    after: Option<String>,
}

/// A part of what an import would bring.
#[derive(Debug, Default, Serialize)]
struct Counted {
    photos: u64,
    bytes: u64,
    empty: u64,
    too_large: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl Counted {
    const fn is_nothing(&self) -> bool {
        self.photos == 0 && self.empty == 0 && self.too_large == 0
    }
}

#[derive(Serialize)]
struct ImportView<'a> {
    name: &'a str,
    #[serde(flatten)]
    import: &'a Import,
    execution: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<RunStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped_at: Option<String>,
    counts: Counts,
    refused: Vec<RefusedView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<ImageId>,
}

#[derive(Serialize)]
struct RefusedView {
    image_id: ImageId,
    key: String,
    size_bytes: u64,
    reason: Reason,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

/// True if the request is about imports.
pub fn is_about(request: &Request) -> bool {
    request.resource().starts_with("/ops/imports")
}

impl<M, T, S, D> Imports<M, T, S, D>
where
    M: ListRunning + StartAgain + StopExecution + WatchExecutions,
    T: KeepImports + ReadImport + ReadRun + WriteAct,
    S: ListSizes,
    D: FindUser,
{
    /// Answers one request. The caller is checked before the request: a stranger learns nothing of parameters either.
    pub async fn handle(&self, request: &Request) -> Result<Answer, Problem> {
        let operator = request.operator(&self.client_id)?;
        match request.route() {
            ("POST", "/ops/imports") => self.start(request, operator).await,
            ("GET", "/ops/imports/{name}") => self.show(request).await,
            ("POST", "/ops/imports/{name}/stop") => self.stop(request, operator).await,
            _ => Err(ErrorCode::RequestNotFound.into()),
        }
    }

    /// A dry run counts, and is not an act.
    async fn start(&self, request: &Request, by: OwnerId) -> Result<Answer, Problem> {
        let wanted: ImportRequest = request.json()?;
        wanted.check()?;
        let owner = self.directory.find_user(&wanted.owner).await?;
        let owner_id = owner.ok_or_else(|| Problem::field("owner", "is not the id or the address of a user"))?;
        let source = Source { bucket: wanted.bucket, prefix: wanted.prefix, owner_id };
        let name = wanted.name.unwrap_or_else(|| source.name());
        let counted = self.count(&source, wanted.after, wanted.dry_run).await?;
        if wanted.dry_run {
            let estimates = settings::imports();
            return Ok(Answer::json(
                200,
                &json!({ "name": name, "owner_id": source.owner_id, "counted": counted,
                    "photos_per_second": estimates.pace(self.in_flight), "usd_per_photo": estimates.usd_per_photo }),
            )?);
        }
        if counted.is_nothing() {
            return Err(Problem::field("prefix", "is not the beginning of any key of the bucket"));
        }
        // Each has its share of the executions in flight, so two at once would leave none to people.
        if let Some(other) = self.executions.running(&self.machine, 1).await?.first() {
            return Err(Problem::from(ErrorCode::RequestConflict).detail(format!("The import {other} is running.")));
        }
        let act = Act::import(by.clone(), rfc3339(request.arrived()), &name);
        self.write_down(&act, request).await?;
        let run = self.table.begin_import(&name, &source, &by, request.arrived()).await?.ok_or_else(|| {
            Problem::from(ErrorCode::RequestConflict)
                .detail(format!("The import {name} is of another bucket, prefix or owner."))
        })?;
        let execution = import::execution_name(&name, run);
        let Source { bucket, prefix, .. } = &source;
        let input = json!({ "import": name, "run": run, "bucket": bucket, "prefix": prefix }).to_string();
        if self.executions.start_again(&self.machine, &execution, &input).await? == Start::Existed {
            return Err(
                Problem::from(ErrorCode::RequestConflict).detail("An execution of this name exists: try again.")
            );
        }
        self.write_result(&Act { started: Some(execution.clone()), ..act }, request).await;
        let answer = Answer::json(202, &json!({ "name": name, "run": run, "execution": execution }))?;
        Ok(answer.with("location", &format!("imports/{name}")))
    }

    /// The objects behind that key, as many as there is time for; one page tells whether the bucket may be listed.
    async fn count(&self, source: &Source, after: Option<String>, is_dry: bool) -> Result<Counted, Problem> {
        let began = Instant::now();
        let mut counted = Counted { next: after, ..Counted::default() };
        for _ in 0..if is_dry { PAGES } else { 1 } {
            let page = self.storage.list_sizes(&source.bucket, &source.prefix, counted.next.as_deref()).await?;
            let page = page.ok_or_else(|| {
                Problem::field("bucket", "is not there, or is not among this environment's import_buckets")
            })?;
            for size in page.sizes {
                match import::refusal(size) {
                    Some(Reason::Empty) => counted.empty += 1,
                    Some(_) => counted.too_large += 1,
                    None => {
                        counted.photos += 1;
                        counted.bytes += size;
                    }
                }
            }
            counted.next = page.next;
            if counted.next.is_none() || began.elapsed() > COUNTING {
                break;
            }
        }
        Ok(counted)
    }

    async fn show(&self, request: &Request) -> Result<Answer, Problem> {
        let after = request.query("after")?.map(ImageId::parse).transpose();
        let after = after.map_err(|_| Problem::field("after", "must be the id of an image"))?;
        let (name, import) = self.import(request).await?;
        let execution = import::execution_name(name, import.run);
        // In this order: what ends after the counts were read is still running for the reader.
        let described = self.executions.describe(&self.machine, &execution).await?;
        let counts = self.table.read_counts(name, import.run).await?;
        let refused = self.table.list_refused(name, import.run, after, PAGE).await?;
        let is_full = i32::try_from(refused.len()).is_ok_and(|count| count == PAGE);
        let view = ImportView {
            name,
            execution,
            status: described.as_ref().map(|described| described.execution.status),
            stopped_at: described.and_then(|described| described.execution.stopped_at).map(rfc3339),
            counts,
            next: refused.last().filter(|_| is_full).map(|last| last.image_id),
            refused: refused.into_iter().map(Into::into).collect(),
            import: &import,
        };
        Ok(Answer::json(200, &view)?)
    }

    /// First the table, which `bring` asks before each batch, so that a batch that is under way ends too.
    async fn stop(&self, request: &Request, by: OwnerId) -> Result<Answer, Problem> {
        let (name, import) = self.import(request).await?;
        let act = Act::stop_import(by, rfc3339(request.arrived()), name);
        self.write_down(&act, request).await?;
        self.table.stop_import(name, import.run).await?;
        let execution = import::execution_name(name, import.run);
        self.executions.stop(&self.machine, &execution, "An operator stopped the import.").await?;
        self.write_result(&act, request).await;
        Ok(Answer::json(202, &json!({ "name": name, "run": import.run, "execution": execution }))?)
    }

    async fn import<'a>(&self, request: &'a Request) -> Result<(&'a str, Import), Problem> {
        let name = request.path("name");
        if !import::is_name(name) {
            return Err(ErrorCode::RequestNotFound.into());
        }
        Ok((name, self.table.read_import(name).await?.ok_or(ErrorCode::RequestNotFound)?))
    }

    /// Before the act, which does not happen if it cannot be recorded.
    async fn write_down(&self, act: &Act, request: &Request) -> Result<(), Problem> {
        let Act { by, import, .. } = act;
        info!(kind = "audit", phase = "asked", by = %by, import = import.as_deref(), act = ?act.act, "an operator acts");
        Ok(self.table.write_act(act, request.arrived(), request.id()).await?)
    }

    /// After the act, which no failure here can undo: the log has it anyway.
    async fn write_result(&self, act: &Act, request: &Request) {
        let Act { by, import, started, .. } = act;
        let (import, started) = (import.as_deref(), started.as_deref());
        info!(kind = "audit", phase = "done", by = %by, import, started, act = ?act.act, "an operator acts");
        if let Err(error) = self.table.write_act(act, request.arrived(), request.id()).await {
            warn!(code = error.code.name(), detail = error.detail, "the result of an act was not written down");
        }
    }
}

impl ImportRequest {
    fn check(&self) -> Result<(), Problem> {
        let is_of_bucket = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
        if !(3..=63).contains(&self.bucket.len()) || !self.bucket.bytes().all(is_of_bucket) {
            return Err(Problem::field("bucket", "must be the name of a bucket"));
        }
        if self.prefix.len() > KEY_MAX {
            return Err(Problem::field("prefix", format!("must have {KEY_MAX} bytes at most")));
        }
        if self.after.as_ref().is_some_and(|key| !(1..=KEY_MAX).contains(&key.len())) {
            return Err(Problem::field("after", format!("must have 1 to {KEY_MAX} bytes")));
        }
        let is_of_user = |byte: u8| byte.is_ascii_alphanumeric() || b"@.+-_".contains(&byte);
        if !(1..=OWNER_MAX).contains(&self.owner.len()) || !self.owner.bytes().all(is_of_user) {
            return Err(Problem::field("owner", "is not the id or the address of a user"));
        }
        if !self.name.as_deref().is_none_or(import::is_name) {
            return Err(Problem::field("name", "must have 1 to 60 lower-case letters, digits or hyphens"));
        }
        Ok(())
    }
}

impl From<Refused> for RefusedView {
    fn from(Refused { image_id, key, size_bytes, reason, code }: Refused) -> Self {
        Self { image_id, key, size_bytes, reason, code }
    }
}

#[cfg(test)]
mod tests;
