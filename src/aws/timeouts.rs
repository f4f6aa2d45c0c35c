//! How long calls to AWS may take. A hanging call must end before Lambda ends the function: then the error has a name,
//! and the caller can decide.

use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use darkroom_domain::settings::{self, Function};
use std::time::Duration;

/// Tries of one operation. The third is for failures that come at once, throttling above all.
const ATTEMPTS: u32 = 3;

/// The timeouts of one function's clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Of an operation with all its tries. Two operations in a row, a read and a write, may take all of it, and time is
    /// left for the function's own work.
    pub operation: Duration,
    /// Of one try: two may hang within an operation.
    pub attempt: Duration,
    /// Until there is a connection.
    pub connect: Duration,
}

impl Timeouts {
    /// By the function's own timeout and the time of its own work.
    pub fn of(function: &Function) -> Self {
        let for_calls = Duration::from_secs(function.timeout_s.saturating_sub(function.own_work_s));
        let operation = for_calls / 2;
        // The wait between the two is a second at most.
        let attempt = operation.saturating_sub(Duration::from_secs(1)) / 2;
        Self { operation, attempt, connect: Duration::from_secs(2).min(attempt / 2) }
    }

    /// Of the function that runs here. The last part of its Lambda name is its name in the settings; a process that is
    /// not a function (a benchmark, a test) gets the shortest of all.
    pub fn here() -> Self {
        let name = std::env::var("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_default();
        Self::of_function_named(&name)
    }

    fn of_function_named(name: &str) -> Self {
        let functions = settings::functions();
        let short = name.rsplit('-').next().unwrap_or_default();
        let shortest = || functions.values().map(Self::of).min_by_key(|timeouts| timeouts.operation);
        functions.get(short).map(Self::of).or_else(shortest).expect("the settings name functions")
    }

    /// For clients.
    pub fn config(self) -> TimeoutConfig {
        TimeoutConfig::builder()
            .connect_timeout(self.connect)
            .operation_attempt_timeout(self.attempt)
            .operation_timeout(self.operation)
            .build()
    }
}

/// How often clients try.
pub fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(ATTEMPTS).with_max_backoff(Duration::from_secs(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::Client;
    use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region};
    use std::net::TcpListener;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Instant;

    #[test]
    fn r12_calls_that_hang_leave_each_function_time_to_say_so() {
        for (name, function) in settings::functions() {
            let Timeouts { operation, attempt, connect } = Timeouts::of(&function);
            let (timeout, own) = (Duration::from_secs(function.timeout_s), Duration::from_secs(function.own_work_s));
            assert!(operation * 2 + own <= timeout, "{name}: two operations and its own work");
            assert!(attempt * 2 < operation, "{name}: two tries that hang, and the wait between them");
            assert!(connect < attempt && connect > Duration::ZERO, "{name}");
            assert!(own >= Duration::from_secs(1), "{name}: each function answers and logs");
        }
    }

    #[test]
    fn r12_a_decode_that_takes_its_whole_budget_leaves_time_for_calls() {
        let sandbox = include_str!("../imaging/sandbox.rs");
        let budget = sandbox.split("BUDGET: Duration = Duration::from_secs(").nth(1).expect("the budget");
        let budget: u64 = budget.split(')').next().and_then(|number| number.parse().ok()).expect("a number");
        assert!(settings::functions()["resize"].own_work_s > budget);
    }

    #[test]
    fn r55_the_wait_for_a_place_is_part_of_the_orchestrators_own_work() {
        assert!(settings::pace().longest_wait_s < settings::functions()["orchestrator"].own_work_s);
    }

    #[test]
    fn lambdas_name_tells_which_function_this_is() {
        let functions = settings::functions();
        for name in functions.keys() {
            let timeouts = Timeouts::of(&functions[name]);
            assert_eq!(Timeouts::of_function_named(&format!("darkroom-prod-{name}")), timeouts, "{name}");
        }
        let shortest = functions.values().map(|function| Timeouts::of(function).operation).min();
        assert_eq!(Some(Timeouts::of_function_named("").operation), shortest);
    }

    /// A server that takes connections and says nothing.
    #[tokio::test]
    async fn r12_a_service_that_says_nothing_is_given_up_in_time() {
        static CONNECTIONS: AtomicU32 = AtomicU32::new(0);
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", silent.local_addr().unwrap());
        std::thread::spawn(move || {
            let mut held = Vec::new();
            while let Ok((connection, _)) = silent.accept() {
                CONNECTIONS.fetch_add(1, Ordering::SeqCst);
                held.push(connection);
            }
        });
        let timeouts = Timeouts {
            operation: Duration::from_millis(900),
            attempt: Duration::from_millis(200),
            connect: Duration::from_millis(100),
        };
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::for_tests())
            .endpoint_url(endpoint)
            .http_client(crate::http_client())
            .timeout_config(timeouts.config())
            .retry_config(retries().with_initial_backoff(Duration::from_millis(1)))
            .build();
        let began = Instant::now();
        assert!(Client::from_conf(config).list_tables().send().await.is_err());
        let took = began.elapsed();
        assert!(took < Duration::from_secs(5), "{took:?}");
        assert_eq!(CONNECTIONS.load(Ordering::SeqCst), ATTEMPTS, "each try timed out by itself");
    }
}
