//! What a photo cost on AWS, estimated: each state and each call of a worker as its executions tell them, and what every
//! photo uses besides (`tools/darkroom/cost/photo.json`, which docs/COST.md is computed from).

use super::answers::{Execution, State, Story};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const PRICES: &str = include_str!("../../../tools/darkroom/cost/prices.json");
const PHOTO: &str = include_str!("../../../tools/darkroom/cost/photo.json");
const FUNCTIONS: &str = include_str!("../../../settings/functions.json");
const MACHINE: &str = include_str!("../../../statemachine/process-image.asl.json");

#[derive(Debug, PartialEq, Serialize)]
pub struct Cost {
    pub usd: f64,
    /// The dearest first.
    pub parts: Vec<Part>,
}

#[derive(Debug, PartialEq, Serialize)]
pub struct Part {
    pub what: &'static str,
    pub usd: f64,
}

/// None where no execution is known any more: AWS forgets one after ninety days.
pub fn cost(story: &Story) -> Option<Cost> {
    let (prices, executions) = (Prices::read(), &story.executions);
    executions.first()?;
    let mut used = Used::by_every_photo();
    for execution in executions {
        used.add(execution);
    }
    let price = |name, units| prices.usd(name, units);
    let mut parts = vec![
        Part { what: "Step Functions", usd: price("transition", f64::from(used.transitions)) },
        Part { what: "Lambda", usd: price("lambda_gb_s", used.gb_s) + price("lambda_request", f64::from(used.calls)) },
        Part { what: "S3", usd: price("s3_put", f64::from(used.puts)) + price("s3_get", f64::from(used.gets)) },
        Part {
            what: "DynamoDB",
            usd: price("write_unit", f64::from(used.writes)) + price("read_unit", f64::from(used.reads)),
        },
        Part { what: "SQS", usd: price("sqs_request", f64::from(used.queued)) },
        Part { what: "API Gateway", usd: price("api_request", 1.0) },
        Part { what: "EventBridge", usd: price("event", 1.0) },
    ];
    parts.sort_by(|one, other| other.usd.total_cmp(&one.usd));
    Some(Cost { usd: parts.iter().map(|part| part.usd).sum(), parts })
}

impl Cost {
    /// `0.00017 USD, or 0.17 for a thousand like it: Step Functions 0.13, S3 0.03`, as far as it is worth naming.
    pub fn sentence(&self) -> String {
        let thousand = |usd: f64| format!("{:.2}", usd * 1000.0);
        let named = self.parts.iter().filter(|part| part.usd * 1000.0 >= 0.005);
        let parts: Vec<_> = named.map(|part| format!("{} {}", part.what, thousand(part.usd))).collect();
        let (all, parts) = (thousand(self.usd), parts.join(", "));
        format!("about {:.5} USD on AWS, or {all} for a thousand like it: {parts}", self.usd)
    }
}

/// What AWS charges for.
#[derive(Default)]
struct Used {
    transitions: u32,
    gb_s: f64,
    calls: u32,
    puts: u32,
    gets: u32,
    writes: u32,
    reads: u32,
    queued: u32,
}

impl Used {
    /// The ticket, the arrival and the announcement; the three workers are counted call by call.
    fn by_every_photo() -> Self {
        let photo = Photo::read();
        let sum = |counts: &BTreeMap<String, u32>| counts.values().sum();
        let mut used = Self {
            puts: photo.client.get("s3:PutObject").copied().unwrap_or_default(),
            writes: sum(&photo.write_units),
            reads: sum(&photo.read_units),
            queued: sum(&photo.queue_requests),
            ..Self::default()
        };
        let workers = workers();
        for (function, calls) in photo.invocations.iter().filter(|(name, _)| !workers.values().any(|it| it == *name)) {
            let millis = photo.measured.cpu_ms.get(function).copied().unwrap_or_default();
            used.calls += calls;
            used.gb_s += f64::from(*calls) * millis / 1000.0 * memory_gb(function);
        }
        used
    }

    /// An execution enters its states, and its end; each further attempt is a transition, too.
    fn add(&mut self, execution: &Execution) {
        self.transitions += u32::from(!execution.is_running());
        for state in &execution.states {
            self.add_state(state);
        }
    }

    fn add_state(&mut self, state: &State) {
        let attempts = u32::try_from(state.attempts.len()).unwrap_or(u32::MAX);
        self.transitions += attempts.max(1);
        let Some(function) = workers().remove(&state.name) else { return };
        let asked = Photo::read().calls.remove(&function).unwrap_or_default();
        self.puts += attempts * asked.get("s3:PutObject").copied().unwrap_or_default();
        let gets = ["s3:GetObject", "s3:GetObjectVersion"].map(|action| asked.get(action).copied().unwrap_or_default());
        self.gets += attempts * gets.iter().sum::<u32>();
        self.calls += attempts;
        let ended = |attempt: &super::answers::Attempt| Some(attempt.ended_at?.millis_since(attempt.started_at));
        let millis: u64 = state.attempts.iter().filter_map(ended).sum();
        self.gb_s += std::time::Duration::from_millis(millis).as_secs_f64() * memory_gb(&function);
    }
}

struct Prices(BTreeMap<String, Price>);

#[derive(Deserialize)]
struct Price {
    usd: f64,
    per: f64,
}

impl Prices {
    fn read() -> Self {
        Self(ours(PRICES))
    }

    fn usd(&self, name: &str, units: f64) -> f64 {
        self.0.get(name).map_or(0.0, |price| price.usd / price.per * units)
    }
}

#[derive(Deserialize)]
struct Photo {
    calls: BTreeMap<String, BTreeMap<String, u32>>,
    client: BTreeMap<String, u32>,
    invocations: BTreeMap<String, u32>,
    write_units: BTreeMap<String, u32>,
    read_units: BTreeMap<String, u32>,
    queue_requests: BTreeMap<String, u32>,
    measured: Measured,
}

#[derive(Deserialize)]
struct Measured {
    cpu_ms: BTreeMap<String, f64>,
}

impl Photo {
    fn read() -> Self {
        ours(PHOTO)
    }
}

/// The memory that a function's time is charged for.
fn memory_gb(function: &str) -> f64 {
    #[derive(Deserialize)]
    struct Settings {
        functions: BTreeMap<String, Function>,
    }
    #[derive(Deserialize)]
    struct Function {
        memory_mb: f64,
    }
    ours::<Settings>(FUNCTIONS).functions.get(function).map_or(0.0, |function| function.memory_mb / 1024.0)
}

/// State → the function that it calls.
fn workers() -> BTreeMap<String, String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Machine {
        states: BTreeMap<String, Task>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Task {
        parameters: Option<serde_json::Value>,
    }
    let called = |task: Task| {
        let name = task.parameters?.get("FunctionName")?.as_str()?.to_owned();
        Some(name.strip_prefix("${")?.strip_suffix("_arn}")?.to_owned())
    };
    let states = ours::<Machine>(MACHINE).states;
    states.into_iter().filter_map(|(state, task)| Some((state, called(task)?))).collect()
}

/// A file of this repository, which the tests read as well.
fn ours<T: serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).expect("a file of this repository")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{ready, story};
    use super::*;

    fn part(cost: &Cost, what: &str) -> f64 {
        cost.parts.iter().find(|part| part.what == what).unwrap().usd
    }

    #[test]
    fn each_attempt_is_a_transition_and_a_call() {
        let cost = cost(&ready()).unwrap();
        // Three states, one of them twice, and the end.
        assert!((part(&cost, "Step Functions") - 5.0 * 0.025 / 1000.0).abs() < 1e-12);
        // `resize` ran for 900 ms with 2 GB, `validate` for 500 ms with half a GB; the others take a few ms.
        let workers = (0.9 * 2.0 + 0.5 * 0.5) * 1.333_34e-5;
        assert!(part(&cost, "Lambda") > workers && part(&cost, "Lambda") < workers * 1.1, "{cost:?}");
        let sum: f64 = cost.parts.iter().map(|part| part.usd).sum();
        assert!((cost.usd - sum).abs() < 1e-12 && cost.parts.is_sorted_by(|one, next| one.usd >= next.usd));
    }

    #[test]
    fn nothing_is_estimated_of_what_aws_has_forgotten() {
        assert_eq!(cost(&story(0, None, vec![])), None);
    }

    #[test]
    fn it_is_told_for_one_and_for_a_thousand() {
        let parts = vec![Part { what: "Step Functions", usd: 0.000_15 }, Part { what: "SQS", usd: 0.000_002 }];
        assert_eq!(
            Cost { usd: 0.000_152, parts }.sentence(),
            "about 0.00015 USD on AWS, or 0.15 for a thousand like it: Step Functions 0.15"
        );
    }

    /// Otherwise a part of the estimate would be silently free.
    #[test]
    fn every_price_is_in_the_table_and_every_worker_in_the_machine() {
        let prices = Prices::read();
        for name in [
            "transition",
            "lambda_gb_s",
            "lambda_request",
            "s3_put",
            "s3_get",
            "write_unit",
            "read_unit",
            "sqs_request",
            "api_request",
            "event",
        ] {
            assert!(prices.usd(name, 1.0) > 0.0, "{name}");
        }
        let workers = workers();
        assert_eq!(workers.values().collect::<Vec<_>>(), ["watermark", "resize", "validate"]);
        assert!(workers.values().all(|name| memory_gb(name) > 0.0 && Photo::read().calls.contains_key(name)));
    }
}
