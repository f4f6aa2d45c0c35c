use super::*;
use aws_sdk_sfn::operation::describe_execution::DescribeExecutionOutput;
use aws_sdk_sfn::operation::get_execution_history::GetExecutionHistoryOutput;
use aws_sdk_sfn::operation::list_executions::ListExecutionsOutput;
use aws_sdk_sfn::types::builders::HistoryEventBuilder;
use aws_sdk_sfn::types::error::{ExecutionDoesNotExist, InvalidToken};
use aws_sdk_sfn::types::{
    ExecutionListItem, HistoryEventType, StateEnteredEventDetails, StateExitedEventDetails, TaskFailedEventDetails,
    TaskTimedOutEventDetails,
};
use darkroom_mocks::{RuleMode, mock, mock_client};

const MACHINE: &str = "arn:aws:states:eu-central-1:111122223333:stateMachine:process-image:live";

#[test]
fn an_execution_is_of_the_machine_and_not_of_its_alias() {
    let arn = "arn:aws:states:eu-central-1:111122223333:execution:process-image:x-2";
    assert_eq!(execution_arn(MACHINE, "x-2"), arn);
}

#[tokio::test]
async fn a_list_goes_on_where_the_token_says() {
    let rule = mock!(Client::list_executions)
        .match_requests(|call| {
            call.status_filter() == Some(&ExecutionStatus::TimedOut)
                && call.max_results() == Some(7)
                && call.next_token() == Some("token")
        })
        .then_output(|| {
            let item = ExecutionListItem::builder()
                .execution_arn("arn")
                .state_machine_arn("machine")
                .name("x")
                .status(ExecutionStatus::TimedOut)
                .start_date(DateTime::from_secs(1))
                .stop_date(DateTime::from_millis(2500))
                .build();
            ListExecutionsOutput::builder().executions(item.unwrap()).next_token("next").build().unwrap()
        });
    let client = mock_client!(aws_sdk_sfn, RuleMode::MatchAny, [&rule]);
    let page = client.list(MACHINE, Some(RunStatus::TimedOut), 7, Some("token".into())).await.unwrap().unwrap();
    assert_eq!(page.next.as_deref(), Some("next"));
    let [execution] = page.executions.try_into().unwrap();
    assert_eq!((execution.name.as_str(), execution.status), ("x", RunStatus::TimedOut));
    assert_eq!(execution.stopped_at.unwrap() - execution.started_at, time::Duration::milliseconds(1500));
}

#[tokio::test]
async fn a_token_that_has_expired_is_no_failure() {
    let rule = mock!(Client::list_executions)
        .then_error(|| ListExecutionsError::InvalidToken(InvalidToken::builder().build()));
    let client = mock_client!(aws_sdk_sfn, RuleMode::MatchAny, [&rule]);
    assert_eq!(client.list(MACHINE, None, 1, Some("old".into())).await.unwrap(), None);
}

#[tokio::test]
async fn an_execution_that_is_nowhere_is_none() {
    let rule = mock!(Client::describe_execution)
        .then_error(|| DescribeExecutionError::ExecutionDoesNotExist(ExecutionDoesNotExist::builder().build()));
    let client = mock_client!(aws_sdk_sfn, RuleMode::MatchAny, [&rule]);
    assert_eq!(client.describe(MACHINE, "x").await.unwrap(), None);
}

#[tokio::test]
async fn an_execution_is_described() {
    let rule = mock!(Client::describe_execution)
        .match_requests(|call| call.execution_arn().is_some_and(|arn| arn.ends_with(":execution:process-image:x")))
        .then_output(|| {
            DescribeExecutionOutput::builder()
                .execution_arn("arn")
                .state_machine_arn("machine")
                .status(ExecutionStatus::Failed)
                .start_date(DateTime::from_secs(1))
                .input("{}")
                .error("Worker.Denied")
                .cause("why")
                .build()
                .unwrap()
        });
    let client = mock_client!(aws_sdk_sfn, RuleMode::MatchAny, [&rule]);
    let found = client.describe(MACHINE, "x").await.unwrap().unwrap();
    assert_eq!(found.execution.status, RunStatus::Failed);
    assert_eq!((found.input.as_str(), found.error.as_deref()), ("{}", Some("Worker.Denied")));
}

fn built(kind: HistoryEventType, more: impl FnOnce(HistoryEventBuilder) -> HistoryEventBuilder) -> HistoryEvent {
    more(HistoryEvent::builder().timestamp(DateTime::from_secs(1)).r#type(kind).id(1)).build().unwrap()
}

#[tokio::test]
async fn a_history_is_read_page_by_page_and_without_data() {
    let first = mock!(Client::get_execution_history)
        .match_requests(|call| call.include_execution_data() == Some(false) && call.next_token().is_none())
        .then_output(|| {
            let entered = StateEnteredEventDetails::builder().name("Create variants").build().unwrap();
            GetExecutionHistoryOutput::builder()
                .events(built(HistoryEventType::ExecutionStarted, |event| event))
                .events(built(HistoryEventType::TaskStateEntered, |e| e.state_entered_event_details(entered)))
                .events(built(HistoryEventType::TaskScheduled, |event| event))
                .next_token("more")
                .build()
                .unwrap()
        });
    let second = mock!(Client::get_execution_history)
        .match_requests(|call| call.next_token() == Some("more"))
        .then_output(|| {
            let failed = TaskFailedEventDetails::builder().resource_type("lambda").resource("invoke");
            let failed = failed.error("Transient.Storage").build().unwrap();
            let late = TaskTimedOutEventDetails::builder().resource_type("lambda").resource("invoke");
            let late = late.error("States.Timeout").build().unwrap();
            let exited = StateExitedEventDetails::builder().name("Create variants").build().unwrap();
            GetExecutionHistoryOutput::builder()
                .events(built(HistoryEventType::TaskFailed, |e| e.task_failed_event_details(failed)))
                .events(built(HistoryEventType::TaskTimedOut, |e| e.task_timed_out_event_details(late)))
                .events(built(HistoryEventType::TaskSucceeded, |event| event))
                .events(built(HistoryEventType::TaskStateExited, |e| e.state_exited_event_details(exited)))
                .build()
                .unwrap()
        });
    let client = mock_client!(aws_sdk_sfn, RuleMode::MatchAny, [&first, &second]);
    let (events, complete) = client.history(MACHINE, "x", 5).await.unwrap();
    let happened: Vec<_> = events.into_iter().map(|event| event.happened).collect();
    let failed = |error: &str| Happened::Failed(Some(error.into()), None);
    assert_eq!(
        happened,
        [
            Happened::Entered("Create variants".into(), "Task".into()),
            Happened::Attempted,
            failed("Transient.Storage"),
            failed("States.Timeout"),
            Happened::Worked,
            Happened::Exited,
        ]
    );
    assert!(complete);
    let (cut, complete) = client.history(MACHINE, "x", 1).await.unwrap();
    assert_eq!((cut.len(), complete), (2, false));
}
