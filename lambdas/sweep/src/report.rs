//! What one run did, or would do: for the answer, the log and the metrics.

use crate::walk::Walked;
use darkroom_domain::drift::{Kind, Remedy, Walk};
use darkroom_domain::id::ImageId;
use darkroom_domain::sweep::Step;
use darkroom_runtime::metrics::Metrics;
use serde::Serialize;
use std::collections::BTreeMap;

/// The photos that an answer names at most.
const NAMED: usize = 100;

/// The result for one photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swept {
    /// This step was taken, or would be.
    Took(ImageId, Step),
    /// It could not be decided or settled: the name of the error.
    Failed(ImageId, &'static str),
    /// No time was left for it.
    Left,
}

/// One run.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Nothing was written.
    pub dry_run: bool,
    /// Photos by the step that was taken, `leave` included.
    pub steps: BTreeMap<Step, u32>,
    /// Photos, shards of the index, or pages of the walk, that failed.
    pub errors: u32,
    /// Photos for which no time was left.
    pub left: u32,
    /// The first photos that need something, and what.
    pub photos: Vec<Line>,
    /// The walk of this run, or of the clock's runs up to this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift: Option<Drift>,
    /// The last walk of the clock's runs that ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_walk: Option<Drift>,
}

/// One walk along records and objects.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Drift {
    pub began_at: String,
    /// None if it has not come to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    pub records: u64,
    pub objects: u64,
    pub found: Vec<Found>,
}

/// The drift of one kind.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    pub kind: Kind,
    pub count: u64,
    pub example: String,
    pub why: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Remedy>,
}

impl From<Walk> for Drift {
    fn from(Walk { began_at, ended_at, records, objects, found, .. }: Walk) -> Self {
        let found = found.into_iter().map(|(kind, found)| Found {
            kind,
            count: found.count,
            example: found.example,
            why: kind.why(),
            remedy: kind.remedy(),
        });
        Self { began_at, ended_at, records, objects, found: found.collect() }
    }
}

/// One photo.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    pub image_id: ImageId,
    /// None if it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    /// The reason, or the name of the error.
    pub why: &'static str,
}

impl Report {
    /// How many photos this step was taken for.
    pub fn count(&self, step: Step) -> u32 {
        self.steps.get(&step).copied().unwrap_or_default()
    }

    /// Counts one photo.
    pub fn add(&mut self, swept: Swept) {
        match swept {
            Swept::Left => self.left += 1,
            Swept::Took(image_id, step) => {
                *self.steps.entry(step).or_default() += 1;
                if step != Step::Leave {
                    self.name(Line { image_id, step: Some(step), why: step.why() });
                }
            }
            Swept::Failed(image_id, code) => {
                self.errors += 1;
                self.name(Line { image_id, step: None, why: code });
            }
        }
    }

    /// Adds the report of another shard.
    pub fn merge(&mut self, other: Self) {
        for (step, count) in other.steps {
            *self.steps.entry(step).or_default() += count;
        }
        self.errors += other.errors;
        self.left += other.left;
        other.photos.into_iter().for_each(|line| self.name(line));
    }

    /// Adds the walk.
    pub fn walked(&mut self, Walked { walk, last, errors }: Walked) {
        (self.drift, self.last_walk) = (walk.map(Into::into), last.map(Into::into));
        self.errors += errors;
    }

    fn name(&mut self, line: Line) {
        if self.photos.len() < NAMED {
            self.photos.push(line);
        }
    }

    /// One line in the log, and a metric for each count that is not zero: a metric costs money in each month that has a
    /// value of it, and the alarms take none for zero.
    pub fn tell(&self) {
        let [retold, unused, stuck, deleted, unlisted, waiting] =
            [Step::TellEvent, Step::CloseTicket, Step::RecordFailure, Step::FinishDeletion, Step::Unlist, Step::Leave]
                .map(|step| self.count(step));
        let quarantines_ended = self.count(Step::EndQuarantine);
        let Self { dry_run, errors, left, .. } = self;
        tracing::info!(
            dry_run,
            retold,
            unused,
            stuck,
            deleted,
            unlisted,
            waiting,
            quarantines_ended,
            errors,
            left,
            "swept"
        );
        if *dry_run {
            return;
        }
        let counts = [
            ("EventsRetold", retold),
            ("TicketsUnused", unused),
            ("Stuck", stuck),
            ("DeletionsFinished", deleted),
            ("SweepErrors", *errors),
            ("SweepLeft", *left),
        ];
        let counts = counts.into_iter().filter(|(_, value)| *value > 0);
        for (name, value) in counts {
            Metrics::new().value(name, "Count", f64::from(value)).emit();
        }
    }
}
