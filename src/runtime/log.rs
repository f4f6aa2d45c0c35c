//! One JSON object a line, with the key names of AWS Powertools, so that a saved query for any Powertools function
//! finds ours too (R48). Fields of the surrounding spans are in the same object: those of the invocation's span (image,
//! execution, stage, request) are on every line below it.

use serde_json::{Map, Value};
use std::fmt::Debug;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Scope};
use tracing_subscriber::util::SubscriberInitExt;

static COLD: AtomicBool = AtomicBool::new(true);

/// True once: at the first invocation of this sandbox.
pub fn cold_start() -> bool {
    COLD.swap(false, Ordering::Relaxed)
}

/// Starts logging to standard output: this function and what it shares at `LOG_LEVEL` (default `info`), the SDK and the
/// Lambda runtime only when they warn.
pub fn init(function: &'static str) {
    let level = std::env::var("LOG_LEVEL").ok().and_then(|level| level.parse().ok()).unwrap_or(LevelFilter::INFO);
    let filter = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("darkroom", level) // each package of src/: a target is a prefix
        .with_target(function, level)
        // Says every error that a handler returns once more, as an error and without its image: `worker` has said it,
        // and a rejected photo is none.
        .with_target("lambda_runtime::layers::panic", LevelFilter::OFF);
    tracing_subscriber::registry().with(JsonLines::default().with_filter(filter)).init();
}

#[derive(Default)]
struct JsonLines {
    common: Map<String, Value>,
}

impl JsonLines {
    fn line(&self, event: &Event<'_>, spans: impl Iterator<Item = Map<String, Value>>) -> Map<String, Value> {
        let mut line = Map::new();
        line.insert("level".into(), event.metadata().level().as_str().into());
        line.insert("timestamp".into(), crate::now().into());
        line.insert("location".into(), event.metadata().target().into());
        line.extend(self.common.clone());
        spans.for_each(|fields| line.extend(fields));
        event.record(&mut Fields(&mut line));
        line
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for JsonLines {
    fn on_layer(&mut self, _: &mut S) {
        let known = [
            ("service", "POWERTOOLS_SERVICE_NAME"),
            ("function_name", "AWS_LAMBDA_FUNCTION_NAME"),
            ("function_memory_size", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
        ];
        self.common = known
            .into_iter()
            .filter_map(|(key, name)| Some((key.to_owned(), std::env::var(name).ok()?.into())))
            .collect();
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Map::new();
        attributes.record(&mut Fields(&mut fields));
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Map<String, Value>>()
        {
            values.record(&mut Fields(fields));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let scope = context.event_scope(event).into_iter().flat_map(Scope::from_root);
        let spans = scope.filter_map(|span| span.extensions().get::<Map<String, Value>>().cloned());
        let line = Value::Object(self.line(event, spans));
        // A log line that cannot be written has nowhere to be reported.
        let _ = writeln!(std::io::stdout().lock(), "{line}");
    }
}

struct Fields<'a>(&'a mut Map<String, Value>);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().into(), format!("{value:?}").into());
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().into(), value.into());
    }
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().into(), value.into());
    }
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().into(), value.into());
    }
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.0.insert(field.name().into(), value.into());
    }
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().into(), value.into());
    }
}
