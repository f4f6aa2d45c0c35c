//! An operator with the runbook.

use crate::actors::{Event, QUARANTINE, Simulation};
use crate::world::{DAY, HOUR, MINUTE, Message, Photo};
use darkroom_domain::protocol::{Known, may_start_again};
use darkroom_domain::record::Status;
use darkroom_domain::timestamp::rfc3339;

impl Simulation {
    /// Twice a day the operator starts executions that failed again under the next name, as the runbook says; and days
    /// after an outage sends the dead letters back.
    pub fn operate(&mut self) {
        let is_calm = self.world.now > self.world.faults_until.max(self.world.outage.1);
        if is_calm && (self.chance(100) || self.world.now > 12 * DAY) {
            for (message, letter) in std::mem::take(&mut self.world.dead_letters) {
                self.world.tell(letter.photo, format!("the message of {} is sent back", letter.version));
                self.world.queue.insert(message, Message { received: 0, ..letter });
                self.after(0, Event::Receive(message));
            }
        }
        let photos: Vec<Photo> = self.world.table.keys().copied().collect();
        for photo in photos.into_iter().filter(|_| is_calm) {
            self.start_again(photo);
            self.list_rejected(photo);
        }
        let is_over = self.world.queue.is_empty()
            && self.world.dead_letters.is_empty()
            && self.world.executions.values().all(|it| !it.is_running);
        if !is_over || (self.is_anything_left() && self.world.now < 40 * DAY) {
            self.after(DAY / 2, Event::Operate);
        }
    }

    fn is_anything_left(&self) -> bool {
        let has_failed = self.world.table.values().any(|known| known.status == Status::Failed);
        has_failed || !self.world.unfinished.is_empty() || !self.world.rejected.is_empty()
    }

    fn start_again(&mut self, photo: Photo) {
        let mut names = self.world.executions.iter().filter(|(_, it)| it.photo == photo);
        let known = self.world.table[&photo].clone();
        let has_failed = known.status == Status::Failed;
        let Some(version) = known.version_id.clone().filter(|_| has_failed && names.all(|(_, it)| !it.is_running))
        else {
            return;
        };
        let tries = self.world.executions.values().filter(|it| it.photo == photo && it.version == version).count();
        if tries > 0 {
            // The record says so first, so that the owner cannot delete the photo meanwhile.
            if self.world.rules.restart_says_began {
                let began_at = Some(rfc3339(self.world.clock()));
                self.world.write(photo, Some(Known { status: Status::Processing, began_at, ..known }));
                self.world.unfinished.insert(photo);
            }
            let name = format!("{photo}-{version}-{}", tries + 1);
            self.world.start(&name, photo, &version);
        }
    }

    /// After a release that reads them, one or two operators try the photos again that they find in a list. Meanwhile the list ages.
    fn list_rejected(&mut self, photo: Photo) {
        let version = self.world.table[&photo].version_id.clone();
        let is_listed = self.world.rejected.get(&photo).is_some_and(|at| at + QUARANTINE > self.world.now);
        let Some(version) = version.filter(|_| is_listed && !self.is_unreadable(photo)) else { return };
        for _ in 0..if self.chance(500) { 2 } else { 1 } {
            let late = if self.chance(500) { HOUR } else { MINUTE };
            let late = self.up_to(late);
            self.after(late, Event::Retry(photo, version.clone()));
        }
    }

    /// `POST /ops/executions/{name}/restart?if_status=rejected`. A call whose answer is lost is left to the sweeper.
    pub fn retry(&mut self, photo: Photo, version: &str) {
        let only = Some(Status::Rejected).filter(|_| self.world.rules.retries_rejected_only);
        let marked = self.world.call(|world| {
            let mut known = world.table.get(&photo).cloned();
            if let Some(known) = known.as_mut().filter(|_| !world.rules.retries_need_originals) {
                known.original_removed_at = None;
            }
            let is_wanted = may_start_again(known.as_ref(), version, only);
            world.tell(photo, format!("{version} is {}tried again", if is_wanted { "" } else { "not " }));
            if is_wanted {
                let began_at = Some(rfc3339(world.clock()));
                let known = world.table[&photo].clone();
                world.write(photo, Some(Known { status: Status::Processing, began_at, ..known }));
                world.unfinished.insert(photo);
            }
            is_wanted
        });
        if matches!(marked, Ok(true)) {
            let tries = self.world.executions.values().filter(|it| it.photo == photo && it.version == version).count();
            let name = format!("{photo}-{version}-{}", tries + 1);
            let _ = self.world.call(|world| world.start(&name, photo, version));
        }
    }
}
