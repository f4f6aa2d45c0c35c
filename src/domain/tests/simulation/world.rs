//! Small models of AWS's guarantees. S3: versions, delete markers, events at least once, late and in any order. SQS:
//! visibility, redelivery, dead letters. Step Functions: a name is taken once. DynamoDB: conditional writes, and a TTL
//! that acts up to two days late. A call may fail before or after it took effect, and its caller may have ended by
//! then.

use crate::random::Random;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::key;
use darkroom_domain::order::{Source, WorkOrder};
use darkroom_domain::protocol::Known;
use darkroom_domain::record::Status;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use time::OffsetDateTime;

pub const MINUTE: i64 = 60;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;
const EPOCH: i64 = 1_769_860_800;

pub type Photo = u64;

/// The rules that prevent damage, each of which a test removes.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is taken out by itself")]
pub struct Rules {
    /// How long tickets and deletions are remembered (defect 1).
    pub remembered: i64,
    /// Is an original without a record hidden only when its deletion is remembered (defect 1)?
    pub hides_deleted_only: bool,
    /// Does the record say when an execution began (defect 3)?
    pub says_began: bool,
    /// Does an operator who starts an execution again write so into the record first (defect 3)?
    pub restart_says_began: bool,
    /// Does a retry need a record that still says `rejected`?
    pub retries_rejected_only: bool,
    /// Does a retry need an original that is not being removed?
    pub retries_need_originals: bool,
    /// Does the first version under a ticket count (defect 7)?
    pub first_counts: bool,
    /// Does the sweeper come back for what has not ended (defect 4, events that were never sent)?
    pub sweeps: bool,
    /// Does the sweeper look for restarts too, before it declares a photo stuck?
    pub sees_restarts: bool,
}

/// A call that failed, or whose answer was lost.
pub struct Broken;

/// One version of an original.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Version {
    Stored(String),
    Marker,
}

pub struct Message {
    pub photo: Photo,
    pub version: String,
    pub sequencer: i64,
    pub received: u32,
}

pub struct Execution {
    pub photo: Photo,
    pub version: String,
    pub began: i64,
    pub is_running: bool,
}

pub struct World {
    pub rules: Rules,
    pub random: Random,
    pub now: i64,
    pub story: Vec<String>,
    pub wrong: Vec<String>,
    /// Until when calls may fail, how many of a thousand do, and when no execution can be started, or no message be read.
    pub faults_until: i64,
    pub faults_in_1000: i64,
    pub outage: (i64, i64),
    pub stops_all: bool,
    pub table: BTreeMap<Photo, Known>,
    pub deletions: BTreeMap<Photo, i64>,
    pub notes: BTreeSet<Photo>,
    pub originals: BTreeMap<Photo, Vec<Version>>,
    pub variants: BTreeSet<(Photo, String, &'static str)>,
    pub queue: BTreeMap<u64, Message>,
    pub dead_letters: BTreeMap<u64, Message>,
    pub executions: BTreeMap<String, Execution>,
    /// Executions that were started and have not taken their first step.
    pub started: Vec<String>,
    /// The index of photos that have not ended.
    pub unfinished: BTreeSet<Photo>,
    /// Versions whose event S3 never sent.
    pub unheard: BTreeSet<(Photo, String)>,
    /// Photos that were deleted, and nothing of them is left.
    pub deleted: BTreeSet<Photo>,
    /// Photos that are rejected until a release reads them, and its time.
    pub unreadable: BTreeMap<Photo, i64>,
    /// The index of rejected photos: the time of the rejection.
    pub rejected: BTreeMap<Photo, i64>,
    /// Photos that their owner has asked to delete.
    pub unwanted: BTreeSet<Photo>,
}

impl World {
    pub fn new(rules: Rules, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let faults_until = random.up_to(2 * DAY);
        let faults_in_1000 = [0, 10, 100, 300][usize::try_from(random.up_to(3)).unwrap_or_default()];
        let outage_at = random.up_to(2 * HOUR);
        let lasts = if random.in_1000(400) { random.up_to(20 * HOUR) } else { 0 };
        let stops_all = random.in_1000(500);
        Self {
            rules,
            random,
            now: 0,
            story: Vec::new(),
            wrong: Vec::new(),
            faults_until,
            faults_in_1000,
            outage: (outage_at, outage_at + lasts),
            stops_all,
            table: BTreeMap::new(),
            deletions: BTreeMap::new(),
            notes: BTreeSet::new(),
            originals: BTreeMap::new(),
            variants: BTreeSet::new(),
            queue: BTreeMap::new(),
            dead_letters: BTreeMap::new(),
            executions: BTreeMap::new(),
            started: Vec::new(),
            unfinished: BTreeSet::new(),
            unheard: BTreeSet::new(),
            deleted: BTreeSet::new(),
            unreadable: BTreeMap::new(),
            rejected: BTreeMap::new(),
            unwanted: BTreeSet::new(),
        }
    }

    pub fn tell(&mut self, photo: Photo, what: impl Display) {
        let (days, rest) = (self.now / DAY, self.now % DAY);
        let (hours, minutes, seconds) = (rest / HOUR, rest % HOUR / MINUTE, rest % MINUTE);
        self.story.push(format!("day {days:2} {hours:02}:{minutes:02}:{seconds:02}  photo {photo}: {what}"));
    }

    pub fn clock(&self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(EPOCH + self.now).expect("a time in this century")
    }

    pub fn seconds(&self) -> i64 {
        EPOCH + self.now
    }

    /// Carries a call out, unless it fails first; and then its answer may be lost.
    pub fn call<T>(&mut self, effect: impl FnOnce(&mut Self) -> T) -> Result<T, Broken> {
        let is_broken = self.now < self.faults_until && self.random.in_1000(self.faults_in_1000);
        let comes_first = self.random.in_1000(500);
        if is_broken && comes_first {
            return Err(Broken);
        }
        let answer = effect(self);
        if is_broken { Err(Broken) } else { Ok(answer) }
    }

    /// The only way to write a record: nothing moves backwards.
    pub fn write(&mut self, photo: Photo, record: Option<Known>) {
        let was = self.table.get(&photo).map(|known| known.status);
        let is = record.as_ref().map(|known| known.status);
        let is_fine = match (was, is) {
            (None, to) => to == Some(Status::AwaitingUpload),
            (Some(from), None) => matches!(from, Status::AwaitingUpload | Status::Deleting),
            (Some(Status::AwaitingUpload), Some(to)) => {
                matches!(to, Status::AwaitingUpload | Status::Processing | Status::Deleting)
            }
            // An operator starts a failed or a rejected photo again.
            (Some(Status::Processing | Status::Failed), Some(to)) => to != Status::AwaitingUpload,
            (Some(Status::Rejected), Some(to)) => {
                matches!(to, Status::Processing | Status::Rejected | Status::Deleting)
            }
            (Some(_), Some(to)) => to == Status::Deleting,
        };
        if !is_fine {
            self.wrong.push(format!("photo {photo} moved from {was:?} to {is:?}"));
        }
        if is != Some(Status::Rejected) {
            self.rejected.remove(&photo);
        }
        if let Some(record) = record {
            self.table.insert(photo, record);
        } else {
            self.unfinished.remove(&photo);
            self.table.remove(&photo);
        }
    }

    pub fn has_version(&self, photo: Photo, version: &str) -> bool {
        let stored = Version::Stored(version.into());
        self.originals.get(&photo).is_some_and(|versions| versions.contains(&stored))
    }

    pub fn newest(&self, photo: Photo) -> Option<&Version> {
        self.originals.get(&photo).and_then(|versions| versions.last())
    }

    /// Starts an execution, unless its name is taken. A few are answered for and never begin.
    pub fn start(&mut self, name: &str, photo: Photo, version: &str) {
        if self.random.in_1000(10) {
            self.tell(photo, format!("execution {name} never begins"));
        } else if !self.executions.contains_key(name) {
            let execution = Execution { photo, version: version.into(), began: self.now, is_running: true };
            self.tell(photo, format!("execution {name} of {version} begins"));
            self.executions.insert(name.into(), execution);
            self.started.push(name.into());
        }
    }

    pub fn is_out(&self) -> bool {
        (self.outage.0..self.outage.1).contains(&self.now)
    }
}

/// The order that an arrival becomes.
pub fn order(photo: Photo, version: &str, sequencer: i64) -> WorkOrder {
    let (owner, image) = (OwnerId::parse("ada").expect("an owner"), ImageId::from_number(u128::from(photo)));
    let source = Source {
        bucket: "originals".into(),
        key: key::upload(&owner, image),
        version_id: version.into(),
        sequencer: format!("{sequencer:032X}"),
        size_bytes: 1,
    };
    WorkOrder::new(owner, image, source)
}
