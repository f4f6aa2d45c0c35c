//! AWS clients that answer by rules instead of over a network, for tests.
//!
//! A rule belongs to one operation. It may ask more of the request, it has an answer or a sequence of answers, and it
//! counts its calls. A call that no rule answers panics, so a test without a rule also proves that no call is made.
//!
//! ```
//! # use darkroom_mocks::{RuleMode, mock, mock_client};
//! # use aws_sdk_sqs::operation::delete_message::DeleteMessageOutput;
//! let deletes = mock!(aws_sdk_sqs::Client::delete_message)
//!     .match_requests(|call| call.queue_url() == Some("queue"))
//!     .then_output(|| DeleteMessageOutput::builder().build());
//! let client = mock_client!(aws_sdk_sqs, RuleMode::MatchAny, [&deletes]);
//! assert_eq!(deletes.num_calls(), 0);
//! ```

mod answering;
mod rules;

pub use answering::{AnswersByRules, NoNetwork, RuleMode};
pub use rules::{Expectation, MockResponse, Rule, Sequence};

/// The beginning of a rule for an operation of a client: `mock!(aws_sdk_s3::Client::get_object)`.
#[macro_export]
macro_rules! mock {
    ($operation:expr) => {{
        // For their types alone: a builder cannot always be cloned, but what is unreachable is not asked to.
        #[allow(unreachable_code, clippy::diverging_sub_expression)]
        let expected = $crate::Expectation::of(
            || $operation(unreachable!()).as_input().clone().build().unwrap(),
            || $operation(unreachable!()).send(),
        );
        expected
    }};
}

/// A client of an SDK crate that answers by these rules. A function may change its configuration.
#[macro_export]
macro_rules! mock_client {
    ($sdk:ident, $mode:expr, $rules:expr) => {
        $crate::mock_client!($sdk, $mode, $rules, |config| config)
    };
    ($sdk:ident, $mode:expr, $rules:expr, $configure:expr) => {{
        let mut answers = $crate::AnswersByRules::new($mode);
        for rule in $rules {
            answers = answers.with_rule(rule);
        }
        let configure: fn($sdk::config::Builder) -> $sdk::config::Builder = $configure;
        let config = $sdk::Config::builder()
            .behavior_version($sdk::config::BehaviorVersion::latest())
            .region($sdk::config::Region::new("eu-central-1"))
            .credentials_provider($sdk::config::Credentials::for_tests())
            .http_client($crate::NoNetwork)
            .interceptor(answers);
        $sdk::Client::from_conf(configure(config).build())
    }};
}

#[cfg(test)]
mod tests {
    use aws_sdk_sqs::Client;
    use aws_sdk_sqs::operation::delete_message::{DeleteMessageError, DeleteMessageOutput};
    use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
    use aws_smithy_runtime_api::http::StatusCode;
    use aws_smithy_types::body::SdkBody;

    use super::*;

    async fn delete(client: &Client, queue: &str) -> bool {
        client.delete_message().queue_url(queue).receipt_handle("receipt").send().await.is_ok()
    }

    fn done() -> DeleteMessageOutput {
        DeleteMessageOutput::builder().build()
    }

    fn failed() -> DeleteMessageError {
        DeleteMessageError::unhandled("failed")
    }

    #[tokio::test]
    async fn the_first_rule_that_matches_answers() {
        let mine = mock!(Client::delete_message).match_requests(|call| call.queue_url() == Some("mine"));
        let mine = mine.then_output(done);
        let others = mock!(Client::delete_message).then_error(failed);
        let client = mock_client!(aws_sdk_sqs, RuleMode::MatchAny, [&mine, &others]);
        assert!(delete(&client, "mine").await && !delete(&client, "yours").await && delete(&client, "mine").await);
        assert_eq!((mine.num_calls(), others.num_calls()), (2, 1));
    }

    #[tokio::test]
    async fn a_sequence_ends_and_the_next_rule_goes_on() {
        let first = mock!(Client::delete_message).sequence().error(failed).output(done).build();
        let then = mock!(Client::delete_message).sequence().output(done).error(failed).repeatedly();
        let client = mock_client!(aws_sdk_sqs, RuleMode::MatchAny, [&first, &then]);
        let mut went = Vec::new();
        for _ in 0..5 {
            went.push(delete(&client, "queue").await);
        }
        assert_eq!(went, [false, true, true, false, false]);
    }

    #[tokio::test]
    #[should_panic(expected = "the next rule is for another call")]
    async fn rules_in_sequence_answer_in_their_order_only() {
        let purge = mock!(Client::purge_queue).then_output(|| unreachable!());
        delete(&mock_client!(aws_sdk_sqs, RuleMode::Sequential, [&purge]), "queue").await;
    }

    #[tokio::test]
    #[should_panic(expected = "no rule answers")]
    async fn each_rule_in_sequence_answers_once() {
        let once = mock!(Client::delete_message).then_output(done);
        let client = mock_client!(aws_sdk_sqs, RuleMode::Sequential, [&once]);
        assert!(delete(&client, "queue").await);
        delete(&client, "queue").await;
    }

    #[tokio::test]
    async fn a_response_is_read_and_tried_again_by_the_sdk() {
        let busy = || HttpResponse::new(StatusCode::try_from(503).unwrap(), SdkBody::from("{}"));
        let rule = mock!(Client::delete_message).then_http_response(busy);
        assert!(!delete(&mock_client!(aws_sdk_sqs, RuleMode::MatchAny, [&rule]), "queue").await);
        assert_eq!(rule.num_calls(), 3);
    }
}
