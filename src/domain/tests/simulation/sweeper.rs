//! The sweeper: it finds photos that have not ended, looks, and acts. Anything may happen between these three, another
//! run of the sweeper too.

use crate::actors::{Event, QUARANTINE, Simulation};
use crate::world::{DAY, MINUTE, Message, Photo, Version};
use darkroom_domain::protocol::Known;
use darkroom_domain::record::Status;
use darkroom_domain::sweep::{self, Executions, Step};
use darkroom_domain::timestamp::rfc3339;

/// When the sweeper, and so the model, ends. All faults have stopped long before.
const END: i64 = 45 * DAY;

impl Simulation {
    /// One run: every photo in the index.
    pub fn sweep(&mut self) {
        let photos: Vec<Photo> = self.world.unfinished.iter().copied().collect();
        for photo in photos {
            let Some(known) = self.world.table.get(&photo).cloned() else { continue };
            let step = sweep::step(&known, self.world.clock());
            if step != Step::Leave {
                let (pause, number) = (self.up_to(60), self.number());
                self.swept.insert(number, (photo, known, step));
                self.after(pause, Event::Look(number));
            }
        }
        let over: Vec<_> = self.world.rejected.iter().filter(|(_, at)| **at + QUARANTINE < self.world.now).collect();
        let over: Vec<_> = over.into_iter().map(|(photo, at)| (*photo, *at)).collect();
        for (photo, rejected) in over {
            let pause = self.up_to(60);
            self.after(pause, Event::Clear(photo, rejected, 0));
        }
        if self.world.now < END {
            let pause = self.up_to(DAY / 2);
            self.after(pause, Event::Sweep);
        }
    }

    pub fn look(&mut self, number: u64) {
        let Some((photo, known, step)) = self.swept.remove(&number) else { return };
        let step = match step {
            Step::LookForOriginal => {
                let is_there = matches!(self.world.newest(photo), Some(Version::Stored(_)));
                sweep::by_original(is_there, self.world.deletions.contains_key(&photo))
            }
            Step::LookForExecutions => {
                sweep::by_executions(&known, self.executions_of(photo, &known), self.world.clock())
            }
            step => step,
        };
        if step != Step::Leave && self.world.table.get(&photo) == Some(&known) {
            let pause = self.up_to(60);
            self.swept.insert(number, (photo, known, step));
            self.after(pause, Event::Settle(number));
        }
    }

    /// The end of a quarantine: the record says so, the original goes, the photo leaves the index.
    pub fn clear(&mut self, photo: Photo, rejected: i64, step: usize) {
        let done = self.world.call(|world| {
            let is_as_seen = world.rejected.get(&photo) == Some(&rejected);
            match step {
                0 if is_as_seen => {
                    let original_removed_at = Some(rfc3339(world.clock()));
                    let known = world.table[&photo].clone();
                    world.write(photo, Some(Known { original_removed_at, ..known }));
                }
                0 => return false,
                1 => {
                    world.tell(photo, "swept: its quarantine is over");
                    world.originals.remove(&photo);
                }
                _ if is_as_seen => {
                    world.rejected.remove(&photo);
                }
                _ => {}
            }
            true
        });
        if matches!(done, Ok(true)) && step < 2 {
            // Removing takes as long as the function may run.
            let pause = self.up_to(4 * MINUTE);
            self.after(pause, Event::Clear(photo, rejected, step + 1));
        }
    }

    fn executions_of(&self, photo: Photo, known: &Known) -> Executions {
        let first = format!("{photo}-{}", known.version_id.clone().unwrap_or_default());
        let names = std::iter::once(first.clone()).chain((2..).map(|number| format!("{first}-{number}")));
        let names = names.take(if self.world.rules.sees_restarts { usize::MAX } else { 1 });
        let known: Vec<_> = names.map_while(|name| self.world.executions.get(&name)).collect();
        match known.as_slice() {
            [] => Executions::None,
            all if all.iter().any(|it| it.is_running) => Executions::Running,
            _ => Executions::Ended,
        }
    }

    /// The writes of `lambdas/sweep`, each on its own condition.
    pub fn settle(&mut self, number: u64) {
        let Some((photo, seen, step)) = self.swept.remove(&number) else { return };
        let settled = match step {
            Step::FinishDeletion => {
                self.world.tell(photo, format!("swept: {step:?}"));
                return self.delete(photo, 1);
            }
            Step::TellEvent => return self.tell_again(photo, &seen),
            _ => self.world.call(|world| {
                let is_as_seen = world.table.get(&photo) == Some(&seen);
                if is_as_seen {
                    world.tell(photo, format!("swept: {step:?}"));
                    world.unfinished.remove(&photo);
                }
                if is_as_seen && step == Step::RecordFailure {
                    world.write(photo, Some(Known { status: Status::Failed, ..seen }));
                }
            }),
        };
        if settled.is_err() {
            self.world.tell(photo, "the sweeper comes back for it");
        }
    }

    fn tell_again(&mut self, photo: Photo, seen: &Known) {
        let version = seen.version_id.clone().or_else(|| match self.world.newest(photo) {
            Some(Version::Stored(version)) => Some(version.clone()),
            _ => None,
        });
        let Some(version) = version else { return };
        // S3 does not list sequencers.
        let sequencer = seen.sequencer.as_deref().map_or(Ok(0), |it| i64::from_str_radix(it, 16)).expect("hex");
        let message = self.number();
        let sent = self.world.call(|world| {
            world.tell(photo, format!("swept: the event of {version} is told again"));
            world.queue.insert(message, Message { photo, version, sequencer, received: 0 });
        });
        // Also if the answer was lost.
        if self.world.queue.contains_key(&message) {
            self.after(0, Event::Receive(message));
        }
        if sent.is_ok() {
            let noted = self.world.call(|world| {
                if world.table.get(&photo) == Some(seen) {
                    let told_at = Some(rfc3339(world.clock()));
                    world.write(photo, Some(Known { told_at, ..seen.clone() }));
                }
            });
            if noted.is_err() {
                self.world.tell(photo, "its event may be told twice");
            }
        }
    }
}
