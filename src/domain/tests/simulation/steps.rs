//! Single effects on the world, each of them one call: those of the orchestrator, the state machine's write of an
//! outcome, and the first step of a deletion. They are decided by the protocol's own steps.

use crate::world::{Broken, Photo, Version, World};
use darkroom_domain::order::WorkOrder;
use darkroom_domain::protocol::{self, DeletionStart, Known, Mark, Reaction};
use darkroom_domain::record::Status;
use darkroom_domain::timestamp::rfc3339;

/// The orchestrator's next step with a message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Mark,
    MarkAgain,
    Recall,
    Start,
    Hide,
    RemoveVersion,
    Note,
    Acknowledge,
}

/// One effect of the orchestrator, and its next step.
pub fn take(
    world: &mut World,
    photo: Photo,
    order: &WorkOrder,
    name: &str,
    step: &Step,
) -> Result<Option<Step>, Broken> {
    let version = order.source.version_id.clone();
    let next = match step {
        Step::Mark if world.is_out() && world.stops_all => return Err(Broken),
        Step::Mark => after_mark(world.call(|world| mark(world, photo, order))?, world),
        Step::MarkAgain => world.call(|world| match protocol::mark(world.table.get(&photo), order) {
            Mark::Known => {
                let mut known = world.table[&photo].clone();
                known.began_at = Some(rfc3339(world.clock()));
                world.write(photo, Some(known));
                Step::Start
            }
            other => after_mark(other, world),
        })?,
        Step::Recall => {
            let is_remembered = world.call(|world| world.deletions.contains_key(&photo))?;
            reaction(protocol::unticketed(is_remembered || !world.rules.hides_deleted_only))
        }
        Step::Start if world.is_out() => return Err(Broken),
        Step::Start => world.call(|world| {
            world.start(name, photo, &version);
            Step::Acknowledge
        })?,
        Step::Hide => world.call(|world| {
            world.tell(photo, format!("hidden, as {version} arrived"));
            world.originals.entry(photo).or_default().push(Version::Marker);
            Step::Acknowledge
        })?,
        Step::RemoveVersion => world.call(|world| {
            world.tell(photo, format!("{version} is removed"));
            world.originals.entry(photo).or_default().retain(|it| *it != Version::Stored(version.clone()));
            Step::Acknowledge
        })?,
        Step::Note => world.call(|world| {
            world.tell(photo, format!("nothing explains {version}"));
            world.notes.insert(photo);
            Step::Acknowledge
        })?,
        Step::Acknowledge => return world.call(|_| None),
    };
    Ok(Some(next))
}

fn mark(world: &mut World, photo: Photo, order: &WorkOrder) -> Mark {
    let known = world.table.get(&photo);
    let mut mark = protocol::mark(known, order);
    if mark == Mark::Surplus && !world.rules.first_counts {
        let is_newer = known.and_then(|it| it.sequencer.as_ref()).is_some_and(|it| *it < order.source.sequencer);
        mark = if is_newer { Mark::Fresh } else { Mark::Overtaken };
    }
    world.tell(photo, format!("{} is {mark:?}", order.source.version_id));
    if mark == Mark::Fresh {
        let now = Some(rfc3339(world.clock()));
        let began_at = now.clone().filter(|_| world.rules.says_began);
        let (version_id, sequencer) = (Some(order.source.version_id.clone()), Some(order.source.sequencer.clone()));
        let status = Status::Processing;
        let (arrived_at, updated_at) = (now.clone(), now);
        let ticket = Known { awaited_until: None, expires_at: None, ..Known::ticket(0, 0) };
        let marked = Known { status, sequencer, version_id, arrived_at, began_at, updated_at, ..ticket };
        world.write(photo, Some(marked));
        world.unfinished.insert(photo);
    }
    mark
}

fn after_mark(mark: Mark, world: &World) -> Step {
    if mark == Mark::Known && world.rules.says_began { Step::MarkAgain } else { reaction(protocol::react(mark)) }
}

const fn reaction(reaction: Reaction) -> Step {
    match reaction {
        Reaction::Start => Step::Start,
        Reaction::Suppress(_) => Step::Acknowledge,
        Reaction::Hide => Step::Hide,
        Reaction::RemoveVersion => Step::RemoveVersion,
        Reaction::Recall => Step::Recall,
        Reaction::Note => Step::Note,
    }
}

/// The state machine's write, on its own condition.
pub fn record(world: &mut World, photo: Photo, version: &str, outcome: Status) {
    if protocol::may_record(world.table.get(&photo), version) {
        let known = world.table[&photo].clone();
        // A state that is tried again writes the same again.
        if matches!(known.status, Status::Processing | Status::Failed) {
            world.tell(photo, format!("{version} is {}", outcome.as_str()));
            world.write(photo, Some(Known { status: outcome, ..known }));
            world.unfinished.remove(&photo);
            if outcome == Status::Rejected {
                world.rejected.insert(photo, world.now);
            }
        }
    }
}

pub fn begin_deletion(world: &mut World, photo: Photo) -> DeletionStart {
    let start = protocol::begin_deletion(world.table.get(&photo), world.clock());
    world.tell(photo, format!("deletion: {start:?}"));
    if start == DeletionStart::Started {
        let known = world.table[&photo].clone();
        let (status, sequencer) = (Status::Deleting, Some("~".into()));
        let (version_id, awaited_until, expires_at) = (None, None, None);
        let updated_at = Some(rfc3339(world.clock()));
        let deleting = Known { status, sequencer, version_id, awaited_until, expires_at, updated_at, ..known };
        world.write(photo, Some(deleting));
        world.unfinished.insert(photo);
    }
    start
}
