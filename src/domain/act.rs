//! Acts of operators: recorded before they happen, and once more with the result.

use crate::execution_name::ExecutionName;
use crate::id::OwnerId;
use serde::{Deserialize, Serialize};

/// Days for which an act is remembered: as long as Step Functions remembers an execution.
pub const REMEMBERED_DAYS: i64 = 90;

/// The kinds of acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// An execution was started again.
    Restart,
    /// Dead letters were sent back.
    Redrive,
    /// The sweeper was called.
    Sweep,
    /// A re-render was started.
    Rerender,
    /// A re-render was stopped.
    StopRerender,
    /// An import was started.
    Import,
    /// An import was stopped.
    StopImport,
}

/// One act, as the table and the API have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// The kind of act.
    pub act: Deed,
    /// The operator: the `sub` of their sign-in.
    pub by: OwnerId,
    /// When it was asked for. RFC 3339.
    pub at: String,
    /// The execution that was started again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub execution: Option<String>,
    /// The name of the new execution, once it was started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<String>,
    /// The queue whose dead letters were sent back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// The import that was started or stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<String>,
    /// How many the operator asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<u32>,
    /// How many were sent back, once they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<u32>,
}

/// The subjects of acts, by which they are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject<'a> {
    /// All executions of one version of an image, by the name of the first.
    Executions(&'a str),
    /// All queues.
    Queues,
    /// The sweeper.
    Sweeper,
    /// All re-renders.
    Rerenders,
    /// An import, by its name.
    Import(&'a str),
}

impl Act {
    /// An operator starts this execution again.
    pub fn restart(by: OwnerId, at: String, execution: &str) -> Self {
        let execution = Some(execution.to_owned());
        Self { execution, ..Self::of(Deed::Restart, by, at) }
    }

    /// An operator sends so many dead letters of this queue back.
    pub fn redrive(by: OwnerId, at: String, queue: &str, asked: u32) -> Self {
        let (queue, asked) = (Some(queue.to_owned()), Some(asked));
        Self { queue, asked, ..Self::of(Deed::Redrive, by, at) }
    }

    /// An operator calls the sweeper.
    pub fn sweep(by: OwnerId, at: String) -> Self {
        Self::of(Deed::Sweep, by, at)
    }

    /// An operator starts this import.
    pub fn import(by: OwnerId, at: String, name: &str) -> Self {
        Self { import: Some(name.into()), ..Self::of(Deed::Import, by, at) }
    }

    /// An operator stops this import.
    pub fn stop_import(by: OwnerId, at: String, name: &str) -> Self {
        Self { import: Some(name.into()), ..Self::of(Deed::StopImport, by, at) }
    }

    const fn of(act: Deed, by: OwnerId, at: String) -> Self {
        Self { act, by, at, execution: None, started: None, queue: None, import: None, asked: None, moved: None }
    }

    /// An operator starts or stops the re-render of this name.
    pub fn rerender(by: OwnerId, at: String, act: Deed, name: &str) -> Self {
        Self { started: Some(name.to_owned()), ..Self::of(act, by, at) }
    }

    /// Its subject.
    pub fn subject(&self) -> Subject<'_> {
        match self.act {
            Deed::Sweep => return Subject::Sweeper,
            Deed::Rerender | Deed::StopRerender => return Subject::Rerenders,
            Deed::Restart | Deed::Redrive | Deed::Import | Deed::StopImport => {}
        }
        if let Some(import) = &self.import {
            return Subject::Import(import);
        }
        let name = self.execution.as_deref();
        name.map_or(Subject::Queues, |name| {
            Subject::Executions(ExecutionName::parse(name).map_or(name, |name| name.base))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{id::ImageId, key};

    #[test]
    fn restarts_of_restarts_are_about_the_same() {
        let (by, first) = (OwnerId::parse("ada").unwrap(), key::execution_name(ImageId::new(), "v"));
        for name in [first.clone(), format!("{first}-2")] {
            let act = Act::restart(by.clone(), "2026".into(), &name);
            assert_eq!(act.subject(), Subject::Executions(&first));
        }
        assert_eq!(Act::redrive(by.clone(), "2026".into(), "uploads", 3).subject(), Subject::Queues);
        assert_eq!(Act::sweep(by.clone(), "2026".into()).subject(), Subject::Sweeper);
        assert_eq!(Act::import(by.clone(), "2026".into(), "x").subject(), Subject::Import("x"));
        assert_eq!(Act::stop_import(by.clone(), "2026".into(), "x").subject(), Subject::Import("x"));
        let rerender = Act::rerender(by, "2026".into(), Deed::StopRerender, "20260131-120007-1a2b");
        assert_eq!(rerender.subject(), Subject::Rerenders);
    }
}
