//! R01 and R02 as a property: whatever the queue does — deliver twice, late, in any order, again after a failure of
//! ours — every version that is not overtaken gets exactly one execution, and the record belongs to the newest.

use super::*;
use aws_lambda_events::sqs::SqsMessage;
use darkroom_domain::ErrorCode;
use darkroom_domain::order::Source;
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// The table and the state machine, as AWS promises them: a conditional write, and a name that exists once.
#[derive(Default)]
struct World {
    sequencer_of: Mutex<BTreeMap<String, String>>,
    executions: Mutex<BTreeMap<String, u32>>,
    /// What the next calls to start do: `true` is an outage.
    outages: Mutex<Vec<bool>>,
}

impl MarkArrival for World {
    async fn mark_arrival(&self, order: &WorkOrder, _: &str) -> Result<Mark, Error> {
        let mut known = self.sequencer_of.lock().unwrap();
        let (key, new) = (order.source.key.clone(), order.source.sequencer.clone());
        match known.get(&key) {
            Some(old) if *old == new => Ok(Mark::Known),
            Some(old) if *old > new => Ok(Mark::Overtaken),
            _ => {
                known.insert(key, new);
                Ok(Mark::Fresh)
            }
        }
    }
}

impl StartExecution for World {
    async fn start(&self, _: &str, order: &WorkOrder) -> Result<Start, Error> {
        if self.outages.lock().unwrap().pop().unwrap_or(false) {
            return Err(ErrorCode::TransientUnavailable.into());
        }
        let mut executions = self.executions.lock().unwrap();
        let runs = executions.entry(order.execution_name()).or_default();
        *runs += u32::from(*runs == 0);
        Ok(if *runs == 1 { Start::Started } else { Start::Existed })
    }
}

impl HideOriginal for World {
    async fn hide_original(&self, source: &Source) -> Result<(), Error> {
        panic!("every photo here has its record, and so has {}", source.key)
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

/// Delivers everything in the given order, and again what came back, until the queue is empty.
async fn deliver(world: &World, schedule: &[Sent]) {
    let settings = Settings { originals_bucket: "originals".into(), state_machine_arn: "a".into() };
    let mut queue: Vec<SqsMessage> = schedule.iter().enumerate().map(|(i, sent)| message(i, *sent)).collect();
    while !queue.is_empty() {
        let mut again = Vec::new();
        for message in queue {
            if process_message(world, world, world, &settings, &message).await.is_err() {
                again.push(message);
            }
        }
        queue = again;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn r01_r02_any_schedule_gives_one_execution_each_and_the_newest_wins(
        schedule in prop::collection::vec((0u8..3, 0u8..4), 1..20),
        outages in prop::collection::vec(any::<bool>(), 0..12),
    ) {
        let world = World { outages: Mutex::new(outages), ..World::default() };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(deliver(&world, &schedule));

        prop_assert!(world.executions.lock().unwrap().values().all(|runs| *runs == 1));
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
