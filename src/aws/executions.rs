//! Starting executions, and nothing else of Step Functions.

use super::error::sdk_error;
use aws_sdk_sfn::Client;
use aws_sdk_sfn::operation::start_execution::StartExecutionError;
use darkroom_domain::order::WorkOrder;
use darkroom_domain::{Error, ErrorCode};

/// Did this call start the execution, or had one started it before?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// It runs now.
    Started,
    /// An execution of this name exists: a duplicate delivery, and a success (R08).
    Existed,
}

/// May start executions of the one state machine.
pub trait StartExecution {
    /// Starts the execution that the order names.
    fn start(&self, state_machine_arn: &str, order: &WorkOrder) -> impl Future<Output = Result<Start, Error>> + Send;
}

impl StartExecution for Client {
    async fn start(&self, state_machine_arn: &str, order: &WorkOrder) -> Result<Start, Error> {
        let input = serde_json::to_string(order).map_err(|why| Error::new(ErrorCode::WorkerBug, why.to_string()))?;
        let call =
            self.start_execution().state_machine_arn(state_machine_arn).name(order.execution_name()).input(input);
        match call.send().await {
            Ok(_) => Ok(Start::Started),
            Err(error) if matches!(error.as_service_error(), Some(StartExecutionError::ExecutionAlreadyExists(_))) => {
                Ok(Start::Existed)
            }
            Err(error) => Err(sdk_error("start the execution", ErrorCode::TransientUnavailable, &error)),
        }
    }
}
