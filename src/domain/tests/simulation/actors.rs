//! The actors: clients, the queue, the orchestrator, executions, owners who delete, the table's TTL; the operator and the
//! sweeper are in `operator.rs` and `sweeper.rs`. Each has one effect at a time, and any other may come between two of them.

use crate::steps::{Step, begin_deletion, record, take};
use crate::world::{Broken, DAY, HOUR, MINUTE, Message, Photo, Rules, Version, World, order};
use darkroom_domain::protocol::{DeletionStart, Known};
use darkroom_domain::record::Status;
use darkroom_domain::sweep;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

const VISIBILITY: i64 = 240;
const MAX_RECEIVE: u32 = 100;
const EXECUTION: i64 = 6 * HOUR;
const URL: i64 = 15 * MINUTE;
/// A release that reads some of the photos that were rejected.
const RELEASE: i64 = 3 * DAY;
/// Shorter than in truth, so that the sweeper and the operators meet.
pub const QUARANTINE: i64 = 5 * DAY;
pub const SIZES: [&str; 2] = ["small", "large"];

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    Upload(Photo),
    Receive(u64),
    Orchestrate(u64, Step),
    Develop(String, usize),
    Delete(Photo, usize),
    Operate,
    Retry(Photo, String),
    Forget(Photo),
    Sweep,
    Clear(Photo, i64, usize),
    Look(u64),
    Settle(u64),
}

pub struct Simulation {
    pub world: World,
    agenda: BinaryHeap<Reverse<(i64, u64, Event)>>,
    count: u64,
    /// What a run of the sweeper saw of a photo, and its next step with it.
    pub swept: BTreeMap<u64, (Photo, Known, sweep::Step)>,
}

impl Simulation {
    pub fn new(rules: Rules, seed: u64) -> Self {
        let world = World::new(rules, seed);
        let mut simulation = Self { world, agenda: BinaryHeap::new(), count: 0, swept: BTreeMap::new() };
        for photo in 1..=4 {
            simulation.give_ticket(photo);
        }
        simulation.at(DAY / 2, Event::Operate);
        if rules.sweeps {
            simulation.at(0, Event::Sweep);
        }
        simulation
    }

    /// Runs until no actor has a step left.
    pub fn run(&mut self) {
        while let Some(Reverse((at, _, event))) = self.agenda.pop() {
            self.world.now = at;
            match event {
                Event::Upload(photo) => self.upload(photo),
                Event::Receive(message) => self.receive(message),
                Event::Orchestrate(message, step) => self.orchestrate(message, &step),
                Event::Develop(name, step) => self.develop(name, step),
                Event::Delete(photo, step) => self.delete(photo, step),
                Event::Operate => self.operate(),
                Event::Retry(photo, version) => self.retry(photo, &version),
                Event::Forget(photo) => self.forget(photo),
                Event::Sweep => self.sweep(),
                Event::Clear(photo, rejected, step) => self.clear(photo, rejected, step),
                Event::Look(number) => self.look(number),
                Event::Settle(number) => self.settle(number),
            }
            for name in std::mem::take(&mut self.world.started) {
                self.begin(name);
            }
        }
    }

    fn at(&mut self, time: i64, event: Event) {
        self.count += 1;
        self.agenda.push(Reverse((time, self.count, event)));
    }

    /// A number that nothing else has.
    pub fn number(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    pub fn after(&mut self, delay: i64, event: Event) {
        self.at(self.world.now + delay, event);
    }

    pub fn chance(&mut self, cases: i64) -> bool {
        self.world.random.in_1000(cases)
    }

    pub fn up_to(&mut self, most: i64) -> i64 {
        self.world.random.up_to(most)
    }

    fn give_ticket(&mut self, photo: Photo) {
        let (now, remembered) = (self.world.seconds(), self.world.rules.remembered);
        self.world.write(photo, Some(Known::ticket(now + DAY, now + remembered)));
        self.world.unfinished.insert(photo);
        let late = self.up_to(2 * DAY);
        self.after(remembered + late, Event::Forget(photo));
        if self.chance(400) {
            let late = QUARANTINE - DAY / 10;
            let releases = [RELEASE, late, late, i64::MAX];
            let release = releases[usize::try_from(self.up_to(3)).unwrap_or_default()];
            self.world.unreadable.insert(photo, release);
        }
        let is_used = self.chance(900);
        // A form can be sent again, a PUT cannot.
        let times = if self.chance(500) { 1 } else { 1 + self.up_to(3) };
        for _ in 0..if is_used { times } else { 0 } {
            let moment = self.up_to(URL);
            self.after(moment, Event::Upload(photo));
        }
        if self.chance(300) {
            let moment = [10 * MINUTE, HOUR, DAY, 20 * DAY][usize::try_from(self.up_to(3)).unwrap_or_default()];
            let moment = self.up_to(moment);
            self.after(moment, Event::Delete(photo, 0));
        }
    }

    fn upload(&mut self, photo: Photo) {
        let version = format!("v{}", self.number());
        let versions = self.world.originals.entry(photo).or_default();
        versions.push(Version::Stored(version.clone()));
        self.world.tell(photo, format!("{version} is stored"));
        let copies = if self.chance(100) { 2 } else { 1 };
        let has_record = self.world.table.get(&photo).is_some_and(|known| known.status != Status::Deleting);
        if has_record && self.chance(20) {
            self.world.tell(photo, format!("the event of {version} is never sent"));
            self.world.unheard.insert((photo, version));
            return;
        }
        for _ in 0..copies {
            let late = if self.chance(10) {
                DAY
            } else if self.chance(50) {
                10 * MINUTE
            } else {
                5
            };
            let late = self.up_to(late);
            let (message, sequencer) = (self.number(), self.world.now);
            let sent = Message { photo, version: version.clone(), sequencer, received: 0 };
            self.world.queue.insert(message, sent);
            self.after(late, Event::Receive(message));
        }
    }

    fn receive(&mut self, message: u64) {
        let Some(found) = self.world.queue.get_mut(&message) else { return };
        found.received += 1;
        if found.received > MAX_RECEIVE {
            let found = self.world.queue.remove(&message).expect("it was just there");
            self.world.tell(found.photo, format!("the message of {} is a dead letter", found.version));
            self.world.dead_letters.insert(message, found);
            return;
        }
        self.after(VISIBILITY, Event::Receive(message));
        self.after(0, Event::Orchestrate(message, Step::Mark));
    }

    /// One effect of an invocation. If it fails the message comes again when its visibility timeout is over.
    fn orchestrate(&mut self, message: u64, step: &Step) {
        let Some(Message { photo, version, sequencer, .. }) = self.world.queue.get(&message) else { return };
        let (photo, order) = (*photo, order(*photo, version, *sequencer));
        let (version, name) = (version.clone(), format!("{photo}-{version}"));
        let Ok(next) = take(&mut self.world, photo, &order, &name, step) else { return };
        match next {
            Some(next) => {
                let pause = if self.chance(100) { self.up_to(8) } else { 0 };
                self.after(pause, Event::Orchestrate(message, next));
            }
            None if *step == Step::Acknowledge => {
                self.world.queue.remove(&message);
            }
            None => self.world.wrong.push(format!("photo {photo}: {version} has no next step after {step:?}")),
        }
    }

    /// An execution that was just started; its owner may choose this moment to delete the photo.
    fn begin(&mut self, name: String) {
        let photo = self.world.executions[&name].photo;
        self.after(1, Event::Develop(name, 0));
        if self.chance(150) {
            let moment = self.up_to(HOUR);
            self.after(moment, Event::Delete(photo, 0));
        }
    }

    /// Validate, one variant after the other, publish. The state machine retries, and ends a state that takes too long.
    fn develop(&mut self, name: String, step: usize) {
        let execution = &self.world.executions[&name];
        let (photo, version, age) = (execution.photo, execution.version.clone(), self.world.now - execution.began);
        if age >= EXECUTION {
            self.world.tell(photo, format!("execution {name} timed out"));
            return self.end(&name);
        }
        let done = match step {
            0 if !self.world.has_version(photo, &version) || self.is_unreadable(photo) => {
                let _ = self.world.call(|world| record(world, photo, &version, Status::Rejected));
                return self.end(&name);
            }
            0 => Ok(()),
            1 | 2 => self.world.call(|world| {
                world.variants.insert((photo, version.clone(), SIZES[step - 1]));
            }),
            _ => self.world.call(|world| record(world, photo, &version, Status::Ready)),
        };
        if done.is_err() && self.chance(200) {
            // The attempts are used up: the failure is recorded, or that fails too.
            let _ = self.world.call(|world| record(world, photo, &version, Status::Failed));
            return self.end(&name);
        }
        let next = if done.is_ok() { step + 1 } else { step };
        if next > 3 {
            return self.end(&name);
        }
        let pause = if self.chance(50) { 3 * HOUR } else { 10 };
        let pause = self.up_to(pause).min(EXECUTION - age);
        self.after(pause.max(1), Event::Develop(name, next));
    }

    pub fn is_unreadable(&self, photo: Photo) -> bool {
        self.world.unreadable.get(&photo).is_some_and(|release| self.world.now < *release)
    }

    fn end(&mut self, name: &str) {
        let Some(execution) = self.world.executions.get_mut(name) else { return };
        execution.is_running = false;
    }

    /// `DELETE /image/{image_id}`: the record is hidden, the deletion remembered, the objects removed, then the record.
    pub fn delete(&mut self, photo: Photo, step: usize) {
        self.world.unwanted.insert(photo);
        let done = match step {
            0 => self.world.call(|world| begin_deletion(world, photo)),
            1 => self.world.call(|world| {
                world.deletions.insert(photo, world.now);
                DeletionStart::Started
            }),
            2 => self.world.call(|world| {
                world.originals.remove(&photo);
                DeletionStart::Started
            }),
            3 => self.world.call(|world| {
                world.variants.retain(|(of, ..)| *of != photo);
                DeletionStart::Started
            }),
            _ => self.world.call(|world| {
                if world.table.get(&photo).is_some_and(|known| known.status == Status::Deleting) {
                    world.write(photo, None);
                }
                world.tell(photo, "deleted");
                world.deleted.insert(photo);
                DeletionStart::NoImage
            }),
        };
        match done {
            Ok(DeletionStart::Started) => {
                let pause = self.up_to(2);
                self.after(pause, Event::Delete(photo, step + 1));
            }
            Ok(DeletionStart::NoImage) => {}
            Ok(DeletionStart::Busy) => self.after(HOUR, Event::Delete(photo, 0)),
            Err(Broken) => self.world.tell(photo, "the deletion broke off"),
        }
    }

    fn forget(&mut self, photo: Photo) {
        let now = self.world.seconds();
        if self.world.table.get(&photo).and_then(|known| known.expires_at).is_some_and(|at| at <= now) {
            self.world.tell(photo, "its ticket is forgotten");
            self.world.write(photo, None);
        }
        let remembered = self.world.rules.remembered;
        self.world.deletions.retain(|_, at| *at + remembered > self.world.now);
    }
}
