//! The steps that the state machine calls: the list of photos, page after page; one visit; and what is done with
//! variants that came too late. Each may be repeated.

use crate::rerender::{Rerender, visit_of};
use darkroom_aws::library::VisitLibrary;
use darkroom_aws::removal::RemoveObjects;
use darkroom_aws::rerenders::VisitPhoto;
use darkroom_aws::storage::{NewObject, WriteImage};
use darkroom_domain::order::{Validated, WorkOrder};
use darkroom_domain::rerender::{Scope, Visit, is_left_over};
use darkroom_domain::{Error, ErrorCode, key};
use darkroom_runtime::{log, worker};
use futures::FutureExt;
use lambda_runtime::{Diagnostic, LambdaEvent};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::panic::AssertUnwindSafe;
use tracing::{Instrument, info_span};

/// Photos of one page: some five megabytes of lines.
const PAGE: usize = 50_000;

/// The input of the state machine, and of *List photos*, which returns it with more in `list`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// `list`.
    pub step: String,
    /// The name of the re-render.
    pub rerender: String,
    /// The hash of the recipe, for people who read the execution.
    pub recipe: String,
    pub scope: Scope,
    /// When all that is written down of it expires: text, as DynamoDB takes numbers.
    pub forget_at: String,
    #[serde(default)]
    pub list: List,
}

/// How far the list came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    pub pages: u32,
    /// Photos on them.
    pub photos: u64,
    pub looked_at: u64,
    /// Behind what it goes on.
    pub behind: Option<String>,
    pub is_done: bool,
}

#[derive(Debug, Deserialize)]
struct Visiting {
    rerender: String,
    photo: Visit,
}

/// What is to be done with a photo.
#[derive(Debug, PartialEq, Serialize)]
struct Decided {
    r#do: &'static str,
    why: &'static str,
    order: Option<Validated>,
}

#[derive(Debug, Deserialize)]
struct Late {
    photo: Visit,
    order: WorkOrder,
}

impl<T, S, M> Rerender<T, S, M>
where
    T: VisitLibrary + VisitPhoto,
    S: WriteImage + RemoveObjects,
{
    /// Carries one step out.
    pub async fn step(&self, event: LambdaEvent<Value>) -> Result<Value, Diagnostic> {
        let text =
            |pointer: &str| event.payload.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (step, rerender, image_id) = (text("/step"), text("/rerender"), text("/photo/image_id"));
        let span = info_span!(
            "invocation",
            step,
            rerender,
            image_id,
            function_request_id = event.context.request_id,
            cold_start = log::cold_start()
        );
        let done = async {
            // Boxed: the SDK's futures nest deeper than the compiler follows.
            let done = AssertUnwindSafe(Box::pin(self.one(&step, event.payload))).catch_unwind().await;
            let done = done.unwrap_or_else(|panic| Err(worker::bug(&*panic)));
            if let Err(error) = &done {
                tracing::error!(code = error.code.name(), detail = error.detail, "a step of a re-render failed");
            }
            done
        };
        done.instrument(span).await.map_err(worker::diagnostic)
    }

    async fn one(&self, step: &str, payload: Value) -> Result<Value, Error> {
        match step {
            "list" => written(&self.list(worker::order(payload)?).await?),
            "visit" => written(&self.visit(&worker::order(payload)?).await?),
            "discard" => written(&self.discard(&worker::order(payload)?).await?),
            other => Err(Error::new(ErrorCode::WorkerBadInput, format!("no step is called {other:?}"))),
        }
    }

    /// One more page. A second call of the same step writes the same page again.
    async fn list(&self, listing: Listing) -> Result<Listing, Error> {
        let seen = self.look(&listing.scope, listing.list.behind.clone(), PAGE).await?;
        let mut list = listing.list;
        if !seen.outdated.is_empty() {
            let lines = seen.outdated.iter().map(|photo| serde_json::to_string(&visit_of(photo)));
            let lines = lines.collect::<Result<Vec<_>, _>>().map_err(|why| bug(&why))?;
            self.objects
                .write_image(NewObject {
                    bucket: &self.images_bucket,
                    key: &key::rerender_page(&listing.rerender, list.pages),
                    kms_key_arn: &self.kms_key_arn,
                    content_type: "application/jsonl",
                    cache_control: "no-store",
                    bytes: (lines.join("\n") + "\n").into_bytes(),
                })
                .await?;
            list.pages += 1;
            list.photos += seen.outdated.len() as u64;
        }
        list.looked_at += seen.looked_at;
        list.is_done = seen.behind.is_none();
        list.behind = seen.behind;
        let List { pages, photos, looked_at, .. } = list;
        tracing::info!(pages, photos, looked_at, "photos of a re-render are listed");
        Ok(Listing { list, ..listing })
    }

    /// A photo as it is now: it may have been deleted, replaced or made since it was listed.
    async fn visit(&self, visiting: &Visiting) -> Result<Decided, Error> {
        let found = self.table.visit(&visiting.rerender, &visiting.photo).await?;
        let pass = |why| Ok(Decided { r#do: "pass", why, order: None });
        if found.is_stopped {
            return pass("the re-render was stopped");
        }
        let Some(photo) = found.photo else { return pass("the photo was deleted") };
        match photo.order(&self.originals_bucket) {
            None => pass("the photo is not ready"),
            Some(_) if !self.is_outdated(&photo) => pass("the photo is of this recipe"),
            Some(order) => Ok(Decided { r#do: "render", why: "the photo is of another recipe", order: Some(order) }),
        }
    }

    /// The photo was deleted, or a newer version came, while its variants were made.
    async fn discard(&self, late: &Late) -> Result<Value, Error> {
        let order = &late.order;
        let build = darkroom_develop::build(order, &self.recipe);
        let found = self.table.visit("", &late.photo).await?;
        let is_left_over = is_left_over(found.photo.as_ref(), &order.source.version_id, &build);
        if is_left_over {
            for made in [key::build_of(order.image_id, &build), key::work_of(order.image_id, &build)] {
                self.objects.remove_objects(&self.images_bucket, &made).await?;
            }
        }
        tracing::info!(is_left_over, "variants came too late");
        Ok(serde_json::json!({ "removed": is_left_over }))
    }
}

fn written<O: Serialize>(output: &O) -> Result<Value, Error> {
    serde_json::to_value(output).map_err(|why| bug(&why))
}

fn bug(why: &serde_json::Error) -> Error {
    Error::new(ErrorCode::WorkerBug, why.to_string())
}

#[cfg(test)]
pub mod tests;
