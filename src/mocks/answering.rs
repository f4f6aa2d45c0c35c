use std::collections::VecDeque;
use std::sync::Mutex;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextMut, BeforeSerializationInterceptorContextRef,
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextMut, Input,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};

use crate::rules::{Answer, MockResponse, Rule};

/// Which rule answers a call.
#[derive(Clone, Copy, Debug)]
pub enum RuleMode {
    /// The first one that matches and has an answer left.
    MatchAny,
    /// The next one in this order, once; it must match.
    Sequential,
}

/// Stands in a client's way: it chooses a rule while the request is still typed, and puts the rule's answer in the place
/// of what came back.
#[derive(Debug)]
pub struct AnswersByRules {
    mode: RuleMode,
    rules: Mutex<VecDeque<Rule>>,
}

impl AnswersByRules {
    /// Answers by no rule yet.
    pub fn new(mode: RuleMode) -> Self {
        Self { mode, rules: Mutex::default() }
    }

    /// Answers by this rule too, after those before it.
    #[must_use]
    pub fn with_rule(mut self, rule: &Rule) -> Self {
        self.rules.get_mut().expect("no test panicked here").push_back(rule.clone());
        self
    }

    fn choose(&self, input: &Input) -> Option<(Rule, Answer)> {
        let mut rules = self.rules.lock().expect("no test panicked here");
        match self.mode {
            RuleMode::MatchAny => rules
                .iter()
                .filter(|rule| rule.has_answers_after(rule.num_calls()) && rule.matches(input))
                .find_map(|rule| Some((rule.clone(), rule.answer(Some(input))?))),
            RuleMode::Sequential => {
                while rules.front().is_some_and(|rule| rule.num_calls() >= rule.length.unwrap_or(1)) {
                    rules.pop_front();
                }
                let rule = rules.front()?;
                assert!(rule.matches(input), "the next rule is for another call than {input:?}");
                Some((rule.clone(), rule.answer(Some(input))?))
            }
        }
    }
}

/// The rule of a call, and the answer of its next attempt.
#[derive(Debug)]
struct Chosen {
    rule: Rule,
    answer: Mutex<Option<Answer>>,
}

impl Storable for Chosen {
    type Storer = StoreReplace<Self>;
}

impl Chosen {
    fn of(bag: &ConfigBag) -> &Self {
        bag.load::<Self>().expect("a rule is chosen before the first attempt")
    }

    fn take_if(&self, wanted: impl Fn(&mut Answer) -> bool) -> Option<Answer> {
        self.answer.lock().expect("no test panicked here").take_if(wanted)
    }
}

impl Intercept for AnswersByRules {
    fn name(&self) -> &'static str {
        "AnswersByRules"
    }

    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some((rule, answer)) = self.choose(context.input()) else {
            panic!("no rule answers {:?}", context.input());
        };
        bag.interceptor_state().store_put(Chosen { rule, answer: Mutex::new(Some(answer)) });
        Ok(())
    }

    /// The SDK tries a call again: the rule answers again.
    fn read_before_attempt(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let chosen = Chosen::of(bag);
        let mut answer = chosen.answer.lock().expect("no test panicked here");
        if answer.is_none() {
            *answer = Some(chosen.rule.answer(None).expect("an answer for each attempt"));
        }
        Ok(())
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(MockResponse::Http(response)) =
            Chosen::of(bag).take_if(|answer| matches!(answer, MockResponse::Http(_)))
        {
            *context.response_mut() = response;
        }
        Ok(())
    }

    fn modify_before_attempt_completion(
        &self,
        context: &mut FinalizerInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        match Chosen::of(bag).take_if(|_| true) {
            Some(MockResponse::Output(output)) => context.inner_mut().set_output_or_error(Ok(output)),
            Some(MockResponse::Error(error)) => {
                context.inner_mut().set_output_or_error(Err(OrchestratorError::operation(error)));
            }
            Some(MockResponse::Http(_)) | None => {} // the SDK has read it
        }
        Ok(())
    }
}

/// Sends nothing. Each request gets a response that a rule's answer replaces.
#[derive(Clone, Debug)]
pub struct NoNetwork;

impl HttpConnector for NoNetwork {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let teapot = StatusCode::try_from(418).expect("a status");
        HttpConnectorFuture::ready(Ok(HttpResponse::new(teapot, SdkBody::empty())))
    }
}

impl HttpClient for NoNetwork {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
