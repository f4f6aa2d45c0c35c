//! Starts executions and lists those that run; it does nothing else with Step Functions.

use super::error::sdk_error;
use aws_sdk_sfn::Client;
use aws_sdk_sfn::operation::start_execution::StartExecutionError;
use aws_sdk_sfn::types::ExecutionStatus;
use darkroom_domain::order::WorkOrder;
use darkroom_domain::{Error, ErrorCode};

/// Did this call start the execution, or had one started it before?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// This call started it.
    Started,
    /// An execution of this name exists: a duplicate delivery, and a success (R08).
    Existed,
}

/// May start executions of the one state machine.
pub trait StartExecution {
    /// Starts the execution that the order names.
    fn start(&self, state_machine_arn: &str, order: &WorkOrder) -> impl Future<Output = Result<Start, Error>> + Send;
}

/// May start an execution of the one state machine again.
pub trait StartAgain {
    /// Starts an execution of this name with the input of another.
    fn start_again(
        &self,
        state_machine_arn: &str,
        name: &str,
        input: &str,
    ) -> impl Future<Output = Result<Start, Error>>;
}

/// May stop executions.
pub trait StopExecution {
    /// Stops the execution of this name, and with it its Map Run. One that has ended is left as it is.
    fn stop(&self, state_machine_arn: &str, name: &str, cause: &str) -> impl Future<Output = Result<(), Error>>;
}

impl StopExecution for Client {
    async fn stop(&self, state_machine_arn: &str, name: &str, cause: &str) -> Result<(), Error> {
        let call = self.stop_execution().execution_arn(execution_arn(state_machine_arn, name));
        match call.error("Stopped").cause(cause).send().await {
            Ok(_) => Ok(()),
            // It ended a moment ago, or was never started.
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_execution_does_not_exist() || error.is_validation_exception()) =>
            {
                Ok(())
            }
            Err(error) => Err(sdk_error("stop the execution", ErrorCode::TransientUnavailable, &error)),
        }
    }
}

impl StartExecution for Client {
    async fn start(&self, state_machine_arn: &str, order: &WorkOrder) -> Result<Start, Error> {
        let input = serde_json::to_string(order).map_err(|why| Error::new(ErrorCode::WorkerBug, why.to_string()))?;
        start(self, state_machine_arn, &order.execution_name(), &input).await
    }
}

impl StartAgain for Client {
    async fn start_again(&self, state_machine_arn: &str, name: &str, input: &str) -> Result<Start, Error> {
        start(self, state_machine_arn, name, input).await
    }
}

async fn start(client: &Client, state_machine_arn: &str, name: &str, input: &str) -> Result<Start, Error> {
    let call = client.start_execution().state_machine_arn(state_machine_arn).name(name).input(input);
    match call.send().await {
        Ok(_) => Ok(Start::Started),
        Err(error) if matches!(error.as_service_error(), Some(StartExecutionError::ExecutionAlreadyExists(_))) => {
            Ok(Start::Existed)
        }
        Err(error) => Err(sdk_error("start the execution", ErrorCode::TransientUnavailable, &error)),
    }
}

/// May see which executions of the one state machine run.
pub trait ListRunning {
    /// The names of those that run, about so many at most, whichever alias or version started them.
    fn running(
        &self,
        state_machine_arn: &str,
        at_most: usize,
    ) -> impl Future<Output = Result<Vec<String>, Error>> + Send;
}

impl ListRunning for Client {
    async fn running(&self, state_machine_arn: &str, at_most: usize) -> Result<Vec<String>, Error> {
        let page = i32::try_from(at_most.clamp(1, LONGEST_PAGE)).unwrap_or(i32::MAX);
        let (mut names, mut token) = (Vec::new(), None);
        loop {
            let call = self
                .list_executions()
                .state_machine_arn(machine_of(state_machine_arn))
                .status_filter(ExecutionStatus::Running)
                .max_results(page)
                .set_next_token(token);
            let answer = call.send().await;
            let found =
                answer.map_err(|error| sdk_error("list executions", ErrorCode::TransientUnavailable, &error))?;
            names.extend(found.executions.into_iter().map(|execution| execution.name));
            // A page may hold less than was asked for, and still have a next one.
            token = found.next_token;
            if token.is_none() || names.len() >= at_most {
                return Ok(names);
            }
        }
    }
}

/// The most that `ListExecutions` returns.
const LONGEST_PAGE: usize = 1000;

/// The machine's own ARN: a list by alias would omit executions that an operator started without it.
pub(super) fn machine_of(arn: &str) -> &str {
    let end = arn.match_indices(':').nth(6).map_or(arn.len(), |(at, _)| at);
    &arn[..end]
}

/// The ARN of an execution of this machine, whatever alias or version the machine's ARN names.
pub fn execution_arn(machine: &str, name: &str) -> String {
    format!("{}:{name}", machine_of(machine).replacen(":stateMachine:", ":execution:", 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_sfn::operation::list_executions::{ListExecutionsError, ListExecutionsOutput};
    use aws_sdk_sfn::primitives::DateTime;
    use aws_sdk_sfn::types::ExecutionListItem;
    use darkroom_mocks::{Rule, RuleMode, mock, mock_client};

    const MACHINE: &str = "arn:aws:states:eu-central-1:111122223333:stateMachine:process-image";

    fn page(wanted: Option<&'static str>, names: &'static [&'static str], next: Option<&'static str>) -> Rule {
        mock!(Client::list_executions)
            .match_requests(move |call| {
                assert_eq!(call.state_machine_arn(), Some(MACHINE), "whatever alias it was given");
                assert_eq!(call.status_filter(), Some(&ExecutionStatus::Running));
                assert_eq!(call.max_results(), Some(3));
                call.next_token() == wanted
            })
            .then_output(move || {
                let item = |name: &&str| {
                    let item = ExecutionListItem::builder().execution_arn("arn").state_machine_arn(MACHINE).name(*name);
                    item.status(ExecutionStatus::Running).start_date(DateTime::from_secs(0)).build().unwrap()
                };
                let items = names.iter().map(item).collect();
                ListExecutionsOutput::builder()
                    .set_executions(Some(items))
                    .set_next_token(next.map(Into::into))
                    .build()
                    .unwrap()
            })
    }

    async fn listed(rules: &[&Rule]) -> Vec<String> {
        let client = mock_client!(aws_sdk_sfn, RuleMode::MatchAny, rules);
        client.running(&format!("{MACHINE}:live"), 3).await.unwrap()
    }

    #[tokio::test]
    async fn r55_those_that_run_are_named_across_pages_that_are_not_full() {
        let (first, second) = (page(None, &["a"], Some("more")), page(Some("more"), &["b"], None));
        assert_eq!(listed(&[&first, &second]).await, ["a", "b"]);
    }

    #[tokio::test]
    async fn r55_enough_is_enough() {
        let (first, second) = (page(None, &["a", "b", "c"], Some("more")), page(Some("more"), &["d"], None));
        assert_eq!(listed(&[&first, &second]).await.len(), 3);
        assert_eq!(second.num_calls(), 0);
    }

    #[tokio::test]
    async fn an_execution_that_has_ended_or_never_was_needs_no_stop() {
        use aws_sdk_sfn::operation::stop_execution::{StopExecutionError, StopExecutionOutput};
        use aws_sdk_sfn::types::error::{ExecutionDoesNotExist, ValidationException};
        let arn = MACHINE.replace(":stateMachine:", ":execution:") + ":x-1";
        let stopped = mock!(Client::stop_execution)
            .match_requests(move |call| call.execution_arn() == Some(arn.as_str()) && call.cause() == Some("why"))
            .then_output(|| StopExecutionOutput::builder().stop_date(DateTime::from_secs(0)).build().unwrap());
        let ended = mock!(Client::stop_execution)
            .then_error(|| StopExecutionError::ValidationException(ValidationException::builder().build()));
        let none = mock!(Client::stop_execution)
            .then_error(|| StopExecutionError::ExecutionDoesNotExist(ExecutionDoesNotExist::builder().build()));
        for rule in [stopped, ended, none] {
            mock_client!(aws_sdk_sfn, RuleMode::MatchAny, [&rule]).stop(MACHINE, "x-1", "why").await.unwrap();
        }
        let broken = mock!(Client::stop_execution).then_error(|| StopExecutionError::unhandled("gone"));
        assert!(mock_client!(aws_sdk_sfn, RuleMode::MatchAny, [&broken]).stop(MACHINE, "x-1", "why").await.is_err());
    }

    #[tokio::test]
    async fn what_fails_has_a_name() {
        let rule = mock!(Client::list_executions).then_error(|| ListExecutionsError::unhandled("gone"));
        let client = mock_client!(aws_sdk_sfn, RuleMode::MatchAny, [&rule]);
        assert!(client.running(MACHINE, 3).await.is_err());
    }
}
