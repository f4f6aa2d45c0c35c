//! A table with its index, storage, executions and a queue in memory, any call of which can fail.

use crate::sweeper::{Sweeper, WORK_TIME};
use darkroom_aws::edit_record::DeleteRecord;
use darkroom_aws::memory::RecallDeletions;
use darkroom_aws::originals::FindOriginal;
use darkroom_aws::quarantine::{EndQuarantine, Quarantined};
use darkroom_aws::queues::TellArrival;
use darkroom_aws::removal::{RemoveObjects, RemoveSuperseded};
use darkroom_aws::sweeping::{FindUnfinished, Original, SettleUnfinished, Unfinished};
use darkroom_aws::watching::{Described, Event, Execution, ExecutionPage, RunStatus, WatchExecutions};
use darkroom_domain::event::{Arrival, arrivals, notification};
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::order::{Source, WorkOrder};
use darkroom_domain::protocol::{DeletionStart, Known};
use darkroom_domain::record::{Outcome, Status};
use darkroom_domain::shard::Shard;
use darkroom_domain::{Error, ErrorCode, key};
use darkroom_runtime::api::testing::CLIENT_ID;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use time::OffsetDateTime;

#[derive(Clone, Default)]
pub struct World(Arc<Mutex<Inside>>);

/// Something that happens to the world at a call.
pub type Meanwhile = Box<dyn FnOnce(&mut Inside) + Send>;

#[derive(Default)]
pub struct Inside {
    pub records: BTreeMap<ImageId, (OwnerId, Unfinished)>,
    pub index: BTreeSet<ImageId>,
    /// The index of rejected photos: their places in it.
    pub rejected: BTreeMap<ImageId, String>,
    pub outcomes: BTreeMap<ImageId, Outcome>,
    /// Originals in sight.
    pub originals: BTreeMap<String, Source>,
    /// The prefixes under which objects were removed.
    pub removed: Vec<String>,
    pub deletions: BTreeSet<ImageId>,
    pub executions: BTreeMap<String, RunStatus>,
    /// The orders that the orchestrator reads in the queue.
    pub told: Vec<WorkOrder>,
    /// Everything that was written.
    pub writes: Vec<String>,
    /// Calls, all of them.
    pub calls: Vec<String>,
    /// The beginning of the calls that fail.
    pub broken: Option<String>,
    /// The beginning of the calls that panic.
    pub panics: Option<String>,
    /// What happens right before a call that begins like this, once.
    pub meanwhile: Option<(String, Meanwhile)>,
}

impl World {
    pub fn sweeper(&self) -> Sweeper<Self, Self, Self, Self> {
        Sweeper {
            table: self.clone(),
            objects: self.clone(),
            executions: self.clone(),
            queue: self.clone(),
            machine: "machine".into(),
            queue_url: "queue".into(),
            originals_bucket: "originals".into(),
            images_bucket: "images".into(),
            work_time: WORK_TIME,
            grace: std::time::Duration::from_hours(1),
            client_id: CLIENT_ID.into(),
        }
    }

    /// A photo in the index, as its record has it.
    pub fn photo(&self, image: ImageId, known: Known) -> ImageId {
        let owner = OwnerId::parse("ada").unwrap();
        self.photo_of(owner.clone(), image, key::upload(&owner, image), known)
    }

    pub fn photo_of(&self, owner: OwnerId, image: ImageId, object_key: String, known: Known) -> ImageId {
        let mut inside = self.inside();
        inside.index.insert(image);
        inside.records.insert(image, (owner, Unfinished { known, original: Original { object_key, size_bytes: 7 } }));
        image
    }

    pub fn original(&self, image: ImageId, version: &str) {
        let key = key::upload(&OwnerId::parse("ada").unwrap(), image);
        let source = Source {
            bucket: "originals".into(),
            key: key.clone(),
            version_id: version.into(),
            sequencer: "0".into(),
            size_bytes: 7,
        };
        self.inside().originals.insert(key, source);
    }

    pub fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().expect("no call panics while it holds the lock")
    }

    pub fn known(&self, image: ImageId) -> Option<Known> {
        self.inside().records.get(&image).map(|(_, found)| found.known.clone())
    }

    pub fn is_listed(&self, image: ImageId) -> bool {
        self.inside().index.contains(&image)
    }

    pub fn reads(&self, call: &str) -> Result<(), Error> {
        self.call(call.to_owned()).map(drop)
    }

    pub fn acts(&self, call: &str) -> Result<(), Error> {
        self.write(call.to_owned()).map(drop)
    }

    fn call(&self, call: String) -> Result<MutexGuard<'_, Inside>, Error> {
        let mut inside = self.inside();
        let is_now = inside.meanwhile.as_ref().is_some_and(|(at, _)| call.starts_with(at.as_str()));
        if let Some((_, happens)) = inside.meanwhile.take_if(|_| is_now) {
            happens(&mut inside);
        }
        let begins = |name: &Option<String>| name.as_ref().is_some_and(|name| call.starts_with(name.as_str()));
        let (is_broken, panics) = (begins(&inside.broken), begins(&inside.panics));
        inside.calls.push(call.clone());
        if panics {
            drop(inside);
            panic!("at {call}");
        }
        if is_broken { Err(Error::new(ErrorCode::TransientUnavailable, call)) } else { Ok(inside) }
    }

    fn write(&self, call: String) -> Result<MutexGuard<'_, Inside>, Error> {
        let mut inside = self.call(call.clone())?;
        inside.writes.push(call);
        Ok(inside)
    }
}

impl Inside {
    fn is_as_seen(&self, image: ImageId, seen: &Known) -> bool {
        self.records.get(&image).is_some_and(|(_, found)| found.known == *seen)
    }
}

impl FindUnfinished for World {
    async fn unfinished_behind(&self, shard: Shard, behind: Option<ImageId>) -> Result<Vec<(OwnerId, ImageId)>, Error> {
        let inside = self.call(format!("list {shard}"))?;
        let owner = |image: &ImageId| inside.records.get(image).map(|(owner, _)| owner.clone());
        let unknown = OwnerId::parse("gone").unwrap();
        let all = inside.index.iter().filter(|image| Shard::of(**image) == shard);
        let rest = all.filter(|image| behind.is_none_or(|behind| **image > behind));
        Ok(rest.take(3).map(|image| (owner(image).unwrap_or(unknown.clone()), *image)).collect())
    }

    async fn read_unfinished(&self, _: &OwnerId, image: ImageId) -> Result<Option<Unfinished>, Error> {
        let inside = self.call(format!("read {image}"))?;
        Ok(inside.records.get(&image).map(|(_, found)| found.clone()))
    }
}

impl SettleUnfinished for World {
    async fn unlist(&self, _: &OwnerId, image: ImageId, seen: &Known) -> Result<bool, Error> {
        let mut inside = self.write(format!("unlist {image}"))?;
        let is_as_seen = inside.is_as_seen(image, seen);
        if is_as_seen {
            inside.index.remove(&image);
        }
        Ok(is_as_seen)
    }

    async fn note_told(&self, _: &OwnerId, image: ImageId, seen: &Known, now: OffsetDateTime) -> Result<bool, Error> {
        let mut inside = self.write(format!("note {image}"))?;
        let is_as_seen = inside.is_as_seen(image, seen);
        if is_as_seen && let Some((_, found)) = inside.records.get_mut(&image) {
            found.known.told_at = Some(darkroom_domain::timestamp::rfc3339(now));
        }
        Ok(is_as_seen)
    }

    async fn record_failure(
        &self,
        _: &OwnerId,
        image: ImageId,
        seen: &Known,
        outcome: &Outcome,
        _: OffsetDateTime,
    ) -> Result<bool, Error> {
        let mut inside = self.write(format!("fail {image}"))?;
        let is_as_seen = inside.is_as_seen(image, seen);
        if is_as_seen && let Some((_, found)) = inside.records.get_mut(&image) {
            found.known.status = Status::Failed;
            inside.index.remove(&image);
            inside.outcomes.insert(image, outcome.clone());
        }
        Ok(is_as_seen)
    }
}

impl EndQuarantine for World {
    async fn rejected_before(&self, shard: Shard, time: OffsetDateTime) -> Result<Vec<Quarantined>, Error> {
        let inside = self.call(format!("list rejected {shard}"))?;
        let before = darkroom_domain::timestamp::rfc3339(time);
        let found = inside.rejected.iter().filter(|(image, at)| Shard::of(**image) == shard && **at < before);
        let photo = |(image, at): (&ImageId, &String)| Quarantined {
            owner: inside.records[image].0.clone(),
            image: *image,
            rejected_id: at.clone(),
        };
        Ok(found.map(photo).collect())
    }

    async fn begin_removal(&self, photo: &Quarantined, now: OffsetDateTime) -> Result<bool, Error> {
        let mut inside = self.write(format!("begin removal {}", photo.image))?;
        let is_as_seen = inside.rejected.get(&photo.image) == Some(&photo.rejected_id);
        if is_as_seen && let Some((_, found)) = inside.records.get_mut(&photo.image) {
            found.known.original_removed_at = Some(darkroom_domain::timestamp::rfc3339(now));
        }
        Ok(is_as_seen)
    }

    async fn end_quarantine(&self, photo: &Quarantined) -> Result<bool, Error> {
        let mut inside = self.write(format!("end quarantine {}", photo.image))?;
        let is_as_seen = inside.rejected.get(&photo.image) == Some(&photo.rejected_id);
        if is_as_seen {
            inside.rejected.remove(&photo.image);
        }
        Ok(is_as_seen)
    }
}

impl RecallDeletions for World {
    async fn was_deleted(&self, _: &OwnerId, image: ImageId) -> Result<bool, Error> {
        Ok(self.call(format!("recall {image}"))?.deletions.contains(&image))
    }

    async fn note_unexplained(&self, _: &WorkOrder, _: OffsetDateTime) -> Result<(), Error> {
        panic!("the orchestrator notes what nothing explains")
    }
}

impl DeleteRecord for World {
    async fn begin_deletion(&self, _: &OwnerId, _: ImageId, _: OffsetDateTime) -> Result<DeletionStart, Error> {
        panic!("no deletion begins here")
    }

    async fn remember_deletion(&self, _: &OwnerId, image: ImageId, _: OffsetDateTime) -> Result<(), Error> {
        self.write(format!("remember {image}"))?.deletions.insert(image);
        Ok(())
    }

    async fn finish_deletion(&self, _: &OwnerId, image: ImageId) -> Result<(), Error> {
        let mut inside = self.write(format!("finish {image}"))?;
        inside.records.remove(&image);
        inside.index.remove(&image);
        Ok(())
    }
}

impl FindOriginal for World {
    async fn find_original(&self, bucket: &str, key: &str) -> Result<Option<Source>, Error> {
        assert_eq!(bucket, "originals");
        Ok(self.call(format!("find {key}"))?.originals.get(key).cloned())
    }
}

impl RemoveSuperseded for World {
    async fn remove_superseded(
        &self,
        _: &str,
        _: &str,
        _: &std::collections::BTreeSet<String>,
        _: OffsetDateTime,
    ) -> Result<(), Error> {
        panic!("these photos have no variants")
    }
}

impl RemoveObjects for World {
    async fn remove_objects(&self, bucket: &str, prefix: &str) -> Result<(), Error> {
        self.write(format!("remove {bucket}/{prefix}"))?.removed.push(format!("{bucket}/{prefix}"));
        Ok(())
    }
}

impl WatchExecutions for World {
    async fn list(
        &self,
        _: &str,
        _: Option<RunStatus>,
        _: i32,
        _: Option<String>,
    ) -> Result<Option<ExecutionPage>, Error> {
        panic!("the sweeper lists no executions")
    }

    async fn describe(&self, machine: &str, name: &str) -> Result<Option<Described>, Error> {
        assert_eq!(machine, "machine");
        let found = self.call(format!("describe {name}"))?.executions.get(name).copied();
        Ok(found.map(|status| Described {
            execution: Execution {
                name: name.into(),
                status,
                started_at: OffsetDateTime::UNIX_EPOCH,
                stopped_at: None,
            },
            input: String::new(),
            error: None,
            cause: None,
        }))
    }

    async fn history(&self, _: &str, _: &str, _: usize) -> Result<(Vec<Event>, bool), Error> {
        panic!("the sweeper reads no history")
    }
}

impl TellArrival for World {
    async fn tell_arrival(&self, queue_url: &str, source: &Source) -> Result<(), Error> {
        assert_eq!(queue_url, "queue");
        let mut inside = self.write(format!("tell {}", source.key))?;
        match arrivals(&notification(source), "originals").expect("an event").remove(0) {
            Arrival::Photo(order) => inside.told.push(order),
            Arrival::Ignored(why) => panic!("the orchestrator ignores it: {why}"),
        }
        Ok(())
    }
}
