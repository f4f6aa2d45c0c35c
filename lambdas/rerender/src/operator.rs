//! The routes of operators: a dry run, start, status and stop. A start and a stop are recorded before they happen (R62).

use crate::rerender::{Rerender, Seen};
use crate::steps::{List, Listing};
use darkroom_aws::acts::WriteAct;
use darkroom_aws::executions::{Start, StartAgain, StopExecution};
use darkroom_aws::library::VisitLibrary;
use darkroom_aws::map_runs::{CountItems, Counts};
use darkroom_aws::rerenders::{Failed, ReadFailed, StopRerender, forget_at};
use darkroom_aws::watching::{Described, Execution, RunStatus, WatchExecutions};
use darkroom_domain::act::{Act, Deed};
use darkroom_domain::execution_name::ExecutionName;
use darkroom_domain::id::{AlbumId, OwnerId};
use darkroom_domain::rerender::Scope;
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{Error, ErrorCode};
use darkroom_runtime::api::{Answer, Problem, Request, no_null};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

/// Re-renders that a list shows.
const LISTED: i32 = 20;
/// Failed photos that an answer tells.
const TOLD: i32 = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    dry_run: bool,
    #[serde(default, deserialize_with = "no_null")]
    recipe: Option<String>,
    #[serde(default, deserialize_with = "no_null")]
    album_id: Option<AlbumId>,
    #[serde(default, deserialize_with = "no_null")]
    owner_id: Option<OwnerId>,
    #[serde(default, deserialize_with = "no_null")]
    since: Option<String>,
}

/// What a re-render would do. Of a large library, what is seen of it in the time of a request.
#[derive(Serialize)]
struct Expected {
    dry_run: bool,
    recipe: String,
    looked_at: u64,
    photos: usize,
    /// Bytes and pixels of their originals.
    bytes: u64,
    pixels: u64,
    complete: bool,
    at_once: u32,
}

#[derive(Serialize)]
struct View {
    name: String,
    status: RunStatus,
    started_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped_at: Option<String>,
}

/// Without the owner, whose photos it may be about (ADR 54).
#[derive(Serialize)]
struct Status {
    at: String,
    #[serde(flatten)]
    view: View,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipe: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Counts>,
    failed: Vec<FailedView>,
    failed_complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
}

#[derive(Serialize)]
struct FailedView {
    image_id: String,
    code: String,
    stage: String,
    at: String,
}

impl<T, S, M> Rerender<T, S, M>
where
    T: VisitLibrary + StopRerender + ReadFailed + WriteAct,
    M: WatchExecutions + StartAgain + CountItems + StopExecution,
{
    /// Answers one request. The caller is checked before the request: a stranger learns nothing of parameters either.
    pub async fn handle(&self, request: &Request) -> Result<Answer, Problem> {
        let by = request.operator(&self.client_id)?;
        match request.route() {
            ("GET", "/ops/rerenders") => self.list_all().await,
            ("POST", "/ops/rerenders") => self.ask(request, by).await,
            ("GET", "/ops/rerenders/{name}") => self.status(request).await,
            ("POST", "/ops/rerenders/{name}/stop") => self.stop(request, by).await,
            _ => Err(ErrorCode::RequestNotFound.into()),
        }
    }

    async fn list_all(&self) -> Result<Answer, Problem> {
        let page = self.executions.list(&self.machine, None, LISTED, None).await?.unwrap_or_default();
        let rerenders: Vec<_> = page.executions.into_iter().map(view).collect();
        Ok(Answer::json(200, &json!({ "items": rerenders }))?)
    }

    async fn ask(&self, request: &Request, by: OwnerId) -> Result<Answer, Problem> {
        let asked: Asked = request.json()?;
        let recipe = self.recipe.hash();
        if asked.recipe.as_ref().is_some_and(|wanted| *wanted != recipe) {
            let detail = "The recipe is not that of the functions that are deployed: deploy it first.";
            return Err(Problem::from(ErrorCode::RequestConflict).detail(detail));
        }
        let since = asked.since.as_deref().map(moment).transpose()?;
        let scope = Scope { album_id: asked.album_id, owner_id: asked.owner_id, since };
        if asked.dry_run {
            let seen = self.look(&scope, None, usize::MAX).await?;
            return Ok(Answer::json(200, &self.expected(recipe, &seen))?);
        }
        let running = self.executions.list(&self.machine, Some(RunStatus::Running), 1, None).await?.unwrap_or_default();
        if let Some(running) = running.executions.first() {
            let detail = format!("{} is running. Two re-renders would do the same work twice.", running.name);
            return Err(Problem::from(ErrorCode::RequestConflict).detail(detail));
        }
        let (now, name) = (request.arrived(), name(request.arrived(), request.id()));
        let listing = Listing {
            step: "list".into(),
            rerender: name.clone(),
            recipe: recipe.clone(),
            scope,
            forget_at: forget_at(now).to_string(),
            list: List::default(),
        };
        let input = serde_json::to_string(&listing).map_err(|why| Error::new(ErrorCode::WorkerBug, why.to_string()))?;
        self.write_down(by, Deed::Rerender, &name, request).await?;
        if self.executions.start_again(&self.machine, &name, &input).await? == Start::Existed {
            return Err(Problem::from(ErrorCode::RequestConflict).detail("A re-render of this name exists."));
        }
        let answer = Answer::json(202, &json!({ "dry_run": false, "name": name, "recipe": recipe }))?;
        Ok(answer.with("location", &format!("rerenders/{name}")))
    }

    fn expected(&self, recipe: String, seen: &Seen) -> Expected {
        let sources = || seen.outdated.iter().filter_map(|photo| photo.source.as_ref());
        Expected {
            dry_run: true,
            recipe,
            looked_at: seen.looked_at,
            photos: seen.outdated.len(),
            bytes: sources().map(|source| source.bytes).sum(),
            pixels: sources().map(|source| u64::from(source.width) * u64::from(source.height)).sum(),
            complete: seen.behind.is_none(),
            at_once: self.at_once,
        }
    }

    async fn status(&self, request: &Request) -> Result<Answer, Problem> {
        let (name, described) = self.described(request).await?;
        let items = self.executions.count_items(&self.machine, name).await?;
        let (failed, has_more) = self.table.failed(name, TOLD).await?;
        let failed =
            failed.into_iter().map(|Failed { image_id, code, stage, at }| FailedView { image_id, code, stage, at });
        let listing: Option<Listing> = serde_json::from_str(&described.input).ok();
        let status = Status {
            at: rfc3339(request.arrived()),
            view: view(described.execution),
            recipe: listing.map(|listing| listing.recipe),
            items,
            failed: failed.collect(),
            failed_complete: !has_more,
            error: described.error,
            cause: described.cause,
        };
        Ok(Answer::json(200, &status)?)
    }

    /// Photos that are being made are finished where the machine lets them; none is begun. The same may be asked again,
    /// and makes sure that a re-render which was ended from elsewhere begins no photo.
    async fn stop(&self, request: &Request, by: OwnerId) -> Result<Answer, Problem> {
        let (name, described) = self.described(request).await?;
        self.write_down(by, Deed::StopRerender, name, request).await?;
        self.table.mark_stopped(name, request.arrived()).await?;
        if described.execution.status == RunStatus::Running {
            self.executions.stop(&self.machine, name, "An operator stopped the re-render.").await?;
        }
        Ok(Answer::json(200, &json!({ "name": name, "was": described.execution.status }))?)
    }

    async fn described<'a>(&self, request: &'a Request) -> Result<(&'a str, Described), Problem> {
        let name = request.path("name");
        ExecutionName::parse(name).ok_or(ErrorCode::RequestNotFound)?;
        let described = self.executions.describe(&self.machine, name).await?;
        Ok((name, described.ok_or(ErrorCode::RequestNotFound)?))
    }

    /// Before the act, which does not happen if it cannot be recorded.
    async fn write_down(&self, by: OwnerId, deed: Deed, name: &str, request: &Request) -> Result<(), Error> {
        let at = request.arrived();
        tracing::info!(kind = "audit", phase = "asked", by = %by, ?deed, rerender = name, "an operator acts");
        self.table.write_act(&Act::rerender(by, rfc3339(at), deed, name), at, request.id()).await
    }
}

fn view(execution: Execution) -> View {
    View {
        name: execution.name,
        status: execution.status,
        started_at: rfc3339(execution.started_at),
        stopped_at: execution.stopped_at.map(rfc3339),
    }
}

/// A time, as records have it.
fn moment(text: &str) -> Result<String, Problem> {
    let time =
        OffsetDateTime::parse(text, &Rfc3339).map_err(|_| Problem::field("since", "must be a time, RFC 3339"))?;
    Ok(rfc3339(time.to_offset(time::UtcOffset::UTC)))
}

/// By its time, and by the request, so that two of one second differ.
fn name(at: OffsetDateTime, request: &str) -> String {
    let format = format_description!("[year][month][day]-[hour][minute][second]");
    let at = at.format(format).unwrap_or_default();
    let request: String = request.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    format!("{at}-{request}")
}

#[cfg(test)]
mod tests;
