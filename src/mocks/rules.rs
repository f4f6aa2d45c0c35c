use std::error::Error as StdError;
use std::fmt::{self, Debug};
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_smithy_runtime_api::client::interceptors::context::{Error, Input, Output};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;

/// What a call gets. Outputs and errors are returned as they are; a response is read by the SDK, like any of AWS.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "each lives for one call of a test")]
pub enum MockResponse<O, E> {
    /// The operation succeeds.
    Output(O),
    /// The operation fails, in one of the ways that the SDK has a type for.
    Error(E),
    /// What a service would send.
    Http(HttpResponse),
}

/// An answer whose types the SDK's runtime has forgotten.
pub(crate) type Answer = MockResponse<Output, Error>;

/// The input is there for the first attempt of a call, and for no later one.
type Answers<I, O, E> = dyn Fn(usize, Option<&I>) -> MockResponse<O, E> + Send + Sync;
type Matches<I> = dyn Fn(&I) -> bool + Send + Sync;

/// Answers the calls of one operation, and counts them.
#[derive(Clone)]
pub struct Rule {
    matches: Arc<Matches<Input>>,
    answers: Arc<Answers<Input, Output, Error>>,
    /// How many answers there are, if there is an end to them.
    pub(crate) length: Option<usize>,
    calls: Arc<AtomicUsize>,
}

impl Rule {
    /// How often the rule has answered, further attempts of the same call included.
    pub fn num_calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    pub(crate) fn matches(&self, input: &Input) -> bool {
        (self.matches)(input)
    }

    pub(crate) fn has_answers_after(&self, calls: usize) -> bool {
        self.length.is_none_or(|length| calls < length)
    }

    pub(crate) fn answer(&self, input: Option<&Input>) -> Option<Answer> {
        let number = self.calls.fetch_add(1, Ordering::SeqCst);
        self.has_answers_after(number).then(|| (self.answers)(number, input))
    }
}

impl Debug for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Rule").field("length", &self.length).field("calls", &self.calls).finish_non_exhaustive()
    }
}

/// A rule that has no answer yet.
pub struct Expectation<I, O, E> {
    matches: Arc<Matches<I>>,
    types: PhantomData<fn() -> (O, E)>,
}

impl<I, O, E> Expectation<I, O, E>
where
    I: Debug + Send + Sync + 'static,
    O: Debug + Send + Sync + 'static,
    E: StdError + Send + Sync + 'static,
{
    /// Learns the types of an operation from two functions that are never called: see [`mock!`](crate::mock).
    pub fn of<F>(_input: impl Fn() -> I, _send: impl Fn() -> F) -> Self
    where
        F: Future<Output = Result<O, SdkError<E, HttpResponse>>>,
    {
        Self { matches: Arc::new(|_| true), types: PhantomData }
    }

    /// Asks more of a request than its operation.
    #[must_use]
    pub fn match_requests(self, matches: impl Fn(&I) -> bool + Send + Sync + 'static) -> Self {
        Self { matches: Arc::new(matches), ..self }
    }

    /// Each call succeeds with this.
    pub fn then_output(self, output: impl Fn() -> O + Send + Sync + 'static) -> Rule {
        self.rule(None, move |_, _| MockResponse::Output(output()))
    }

    /// Each call fails with this.
    pub fn then_error(self, error: impl Fn() -> E + Send + Sync + 'static) -> Rule {
        self.rule(None, move |_, _| MockResponse::Error(error()))
    }

    /// Each attempt gets this response, which the SDK reads and may try again.
    pub fn then_http_response(self, response: impl Fn() -> HttpResponse + Send + Sync + 'static) -> Rule {
        self.rule(None, move |_, _| MockResponse::Http(response()))
    }

    /// Each call succeeds with what becomes of its input.
    pub fn then_compute_output(self, output: impl Fn(&I) -> O + Send + Sync + 'static) -> Rule {
        self.then_compute_response(move |input| MockResponse::Output(output(input)))
    }

    /// Each call gets what becomes of its input.
    pub fn then_compute_response(self, respond: impl Fn(&I) -> MockResponse<O, E> + Send + Sync + 'static) -> Rule {
        self.rule(None, move |_, input| respond(input.expect("an answer that is computed is for the first attempt")))
    }

    /// Several answers, each for one call.
    pub fn sequence(self) -> Sequence<I, O, E> {
        Sequence { expected: self, answers: Vec::new() }
    }

    fn rule(
        self,
        length: Option<usize>,
        answers: impl Fn(usize, Option<&I>) -> MockResponse<O, E> + Send + Sync + 'static,
    ) -> Rule {
        let matches = self.matches;
        Rule {
            matches: Arc::new(move |input| input.downcast_ref().is_some_and(|input| matches(input))),
            answers: Arc::new(move |number, input| {
                match answers(number, input.and_then(|input| input.downcast_ref())) {
                    MockResponse::Output(output) => MockResponse::Output(Output::erase(output)),
                    MockResponse::Error(error) => MockResponse::Error(Error::erase(error)),
                    MockResponse::Http(response) => MockResponse::Http(response),
                }
            }),
            length,
            calls: Arc::default(),
        }
    }
}

type Said<O, E> = Box<dyn Fn() -> MockResponse<O, E> + Send + Sync>;

/// A rule with several answers.
pub struct Sequence<I, O, E> {
    expected: Expectation<I, O, E>,
    answers: Vec<Said<O, E>>,
}

impl<I, O, E> Sequence<I, O, E>
where
    I: Debug + Send + Sync + 'static,
    O: Debug + Send + Sync + 'static,
    E: StdError + Send + Sync + 'static,
{
    /// The next call succeeds with this.
    #[must_use]
    pub fn output(mut self, output: impl Fn() -> O + Send + Sync + 'static) -> Self {
        self.answers.push(Box::new(move || MockResponse::Output(output())));
        self
    }

    /// The next call fails with this.
    #[must_use]
    pub fn error(mut self, error: impl Fn() -> E + Send + Sync + 'static) -> Self {
        self.answers.push(Box::new(move || MockResponse::Error(error())));
        self
    }

    /// The rule answers as often as it has answers.
    pub fn build(self) -> Rule {
        let answers = self.answers;
        self.expected.rule(Some(answers.len()), move |number, _| answers[number]())
    }

    /// The last answer is given again and again.
    pub fn repeatedly(self) -> Rule {
        let answers = self.answers;
        let last = answers.len() - 1;
        self.expected.rule(None, move |number, _| answers[number.min(last)]())
    }
}
