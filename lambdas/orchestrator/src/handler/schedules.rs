//! R01 and R02 as a property: every version that is not overtaken gets exactly one execution, and the record belongs to
//! the newest, even if the queue delivers twice, late, in any order, or again after a failure of ours. And R55: there
//! are never more executions in flight than allowed.

use super::*;
use aws_lambda_events::sqs::SqsMessage;
use darkroom_domain::ErrorCode;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::order::Source;
use darkroom_domain::protocol::Mark;
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// The table and the state machine with AWS's guarantees: conditional writes, and names that exist once.
#[derive(Default)]
struct World {
    sequencer_of: Mutex<BTreeMap<String, String>>,
    executions: Mutex<BTreeMap<String, u32>>,
    /// The outcomes of the next calls to start: `true` is an outage.
    outages: Mutex<Vec<bool>>,
    /// The executions that have not ended. One ends between two lists.
    running: Mutex<Vec<String>>,
    most_running: Mutex<usize>,
}

const IN_FLIGHT: usize = 3;

impl MarkArrival for World {
    async fn mark_arrival(&self, order: &WorkOrder, _: OffsetDateTime) -> Result<Marked, Error> {
        let mut known = self.sequencer_of.lock().unwrap();
        let (key, new) = (order.source.key.clone(), order.source.sequencer.clone());
        let mark = match known.get(&key) {
            Some(old) if *old == new => Mark::Known,
            Some(old) if *old > new => Mark::Overtaken,
            _ => {
                known.insert(key, new);
                Mark::Fresh
            }
        };
        Ok(Marked { mark, focus: None })
    }
}

impl RecallDeletions for World {
    async fn was_deleted(&self, _: &OwnerId, image: ImageId) -> Result<bool, Error> {
        panic!("imports need no ticket, and so does {image}")
    }

    async fn note_unexplained(&self, order: &WorkOrder, _: OffsetDateTime) -> Result<(), Error> {
        panic!("imports need no ticket, and so does {}", order.image_id)
    }
}

impl StartExecution for World {
    async fn start(&self, _: &str, order: &WorkOrder) -> Result<Start, Error> {
        if self.outages.lock().unwrap().pop().unwrap_or(false) {
            return Err(ErrorCode::TransientUnavailable.into());
        }
        let mut executions = self.executions.lock().unwrap();
        let runs = executions.entry(order.execution_name()).or_default();
        if *runs > 0 {
            return Ok(Start::Existed);
        }
        *runs += 1;
        let mut running = self.running.lock().unwrap();
        running.push(order.execution_name());
        let mut most = self.most_running.lock().unwrap();
        *most = running.len().max(*most);
        Ok(Start::Started)
    }
}

impl ListRunning for &World {
    async fn running(&self, _: &str, _: usize) -> Result<Vec<String>, Error> {
        let mut running = self.running.lock().unwrap();
        if !running.is_empty() {
            running.remove(0);
        }
        Ok(running.clone())
    }
}

impl HideOriginal for World {
    async fn hide_original(&self, source: &Source) -> Result<(), Error> {
        panic!("every photo here has its record, and so has {}", source.key)
    }

    async fn remove_version(&self, source: &Source) -> Result<(), Error> {
        panic!("of an import each version counts, and so does {}", source.version_id)
    }
}

/// One event: which of three keys, which of four versions.
type Sent = (u8, u8);

fn message(index: usize, (key, version): Sent) -> SqsMessage {
    let body = json!({ "Records": [{ "eventName": "ObjectCreated:Put", "s3": {
        "bucket": { "name": "originals" },
        "object": { "key": format!("imports/{key}"), "size": 1, "versionId": format!("v{version}"),
                    // Of different lengths on purpose: 9, 10, 11, …
                    "sequencer": format!("{:X}", 9 + version * 60) } } }] });
    serde_json::from_value(json!({ "messageId": index.to_string(), "body": body.to_string() })).unwrap()
}

/// Delivers all messages in the given order, and those that came back again, until the queue is empty.
async fn deliver(world: &World, schedule: &[Sent]) {
    let settings = Settings {
        originals_bucket: "originals".into(),
        state_machine_arn: "a".into(),
        executions_in_flight: IN_FLIGHT,
    };
    let pace = Pace::hurried(world, settings.executions_in_flight, std::time::Duration::from_mins(1));
    let mut queue: Vec<SqsMessage> = schedule.iter().enumerate().map(|(i, sent)| message(i, *sent)).collect();
    while !queue.is_empty() {
        let mut again = Vec::new();
        for message in queue {
            let until = pace.give_up_at();
            let intake =
                Intake { table: world, machine: world, storage: world, pace: &pace, settings: &settings, until };
            if intake.process(&message).await != Ok(Verdict::Done) {
                again.push(message);
            }
        }
        queue = again;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn r01_r02_r55_any_schedule_gives_one_execution_each_and_the_newest_wins(
        schedule in prop::collection::vec((0u8..3, 0u8..4), 1..20),
        outages in prop::collection::vec(any::<bool>(), 0..12),
    ) {
        let world = World { outages: Mutex::new(outages), ..World::default() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(deliver(&world, &schedule));

        prop_assert!(world.executions.lock().unwrap().values().all(|runs| *runs == 1));
        prop_assert!(*world.most_running.lock().unwrap() <= IN_FLIGHT);
        for key in 0..3 {
            let Some(newest) = schedule.iter().filter(|sent| sent.0 == key).map(|sent| sent.1).max() else { continue };
            let image = darkroom_domain::id::ImageId::of_import(&format!("imports/{key}"));
            let name = darkroom_domain::key::execution_name(image, &format!("v{newest}"));
            prop_assert!(world.executions.lock().unwrap().contains_key(&name), "the newest version must run");
            let owner = world.sequencer_of.lock().unwrap()[&format!("imports/{key}")].clone();
            prop_assert_eq!(owner, format!("{:0>32}", format!("{:X}", 9 + newest * 60)));
        }
    }
}
