//! The Map Run of an execution, which counts its items.

use super::error::sdk_error;
use super::executions::execution_arn;
use aws_sdk_sfn::Client;
use darkroom_domain::{Error, ErrorCode};
use serde::Serialize;

/// The items of a Map Run, by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All.
    pub total: i64,
    /// Those that wait.
    pub pending: i64,
    /// Those that are under way.
    pub running: i64,
    /// Those that were done.
    pub succeeded: i64,
    /// Those that failed.
    pub failed: i64,
    /// Those that were ended from outside, or took too long.
    pub aborted: i64,
}

/// May count what an execution's Map has done.
pub trait CountItems {
    /// The counts of its Map Run; `None` if it has none yet.
    fn count_items(&self, machine: &str, name: &str) -> impl Future<Output = Result<Option<Counts>, Error>>;
}

impl CountItems for Client {
    async fn count_items(&self, machine: &str, name: &str) -> Result<Option<Counts>, Error> {
        let found = self.list_map_runs().execution_arn(execution_arn(machine, name)).send().await;
        let found = found.map_err(|error| sdk_error("list Map Runs", ErrorCode::TransientUnavailable, &error))?;
        // The machine has one Map.
        let Some(run) = found.map_runs.into_iter().next() else { return Ok(None) };
        let run = self.describe_map_run().map_run_arn(run.map_run_arn).send().await;
        let run = run.map_err(|error| sdk_error("describe a Map Run", ErrorCode::TransientUnavailable, &error))?;
        Ok(run.item_counts.map(|counts| Counts {
            total: counts.total,
            pending: counts.pending,
            running: counts.running,
            succeeded: counts.succeeded,
            failed: counts.failed,
            aborted: counts.aborted + counts.timed_out,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_sfn::operation::describe_map_run::DescribeMapRunOutput;
    use aws_sdk_sfn::operation::list_map_runs::ListMapRunsOutput;
    use aws_sdk_sfn::primitives::DateTime;
    use aws_sdk_sfn::types::{MapRunExecutionCounts, MapRunItemCounts, MapRunListItem, MapRunStatus};
    use darkroom_mocks::{RuleMode, mock, mock_client};

    const MACHINE: &str = "arn:aws:states:eu-central-1:1:stateMachine:m:live";
    const EXECUTION: &str = "arn:aws:states:eu-central-1:1:execution:m:n";

    #[tokio::test]
    async fn the_items_of_the_one_map_are_counted() {
        let list = mock!(Client::list_map_runs).match_requests(|call| call.execution_arn() == Some(EXECUTION));
        let list = list.then_output(|| {
            let item = MapRunListItem::builder()
                .execution_arn(EXECUTION)
                .map_run_arn("run")
                .state_machine_arn("m")
                .start_date(DateTime::from_secs(0));
            ListMapRunsOutput::builder().map_runs(item.build().unwrap()).build().unwrap()
        });
        let describe = mock!(Client::describe_map_run).match_requests(|call| call.map_run_arn() == Some("run"));
        let describe = describe.then_output(|| {
            let counts = MapRunItemCounts::builder().total(9).pending(1).running(2).succeeded(3).failed(1).timed_out(1);
            let counts = counts.aborted(1).results_written(0).build();
            let zero = MapRunExecutionCounts::builder().total(0).pending(0).running(0).succeeded(0).failed(0);
            let zero = zero.timed_out(0).aborted(0).results_written(0).build();
            DescribeMapRunOutput::builder()
                .map_run_arn("run")
                .execution_arn(EXECUTION)
                .status(MapRunStatus::Running)
                .start_date(DateTime::from_secs(0))
                .max_concurrency(1)
                .tolerated_failure_percentage(0.0)
                .tolerated_failure_count(0)
                .item_counts(counts)
                .execution_counts(zero)
                .build()
                .unwrap()
        });
        let client = mock_client!(aws_sdk_sfn, RuleMode::MatchAny, [&list, &describe]);
        let counts = Counts { total: 9, pending: 1, running: 2, succeeded: 3, failed: 1, aborted: 2 };
        assert_eq!(client.count_items(MACHINE, "n").await.unwrap(), Some(counts));
    }

    #[tokio::test]
    async fn an_execution_that_lists_photos_has_no_map_yet() {
        let list = mock!(Client::list_map_runs)
            .then_output(|| ListMapRunsOutput::builder().set_map_runs(Some(Vec::new())).build().unwrap());
        let client = mock_client!(aws_sdk_sfn, RuleMode::MatchAny, [&list]);
        assert_eq!(client.count_items(MACHINE, "n").await.unwrap(), None);
    }
}
