//! Metrics as CloudWatch's embedded format: a log line that CloudWatch turns into metrics, without a call and without
//! a permission (R49).

use serde_json::{Map, Value, json};
use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

/// The namespace of every Darkroom metric.
pub const NAMESPACE: &str = "Darkroom";

/// One line of metrics that share their dimensions.
#[derive(Default)]
pub struct Metrics {
    dimensions: Map<String, Value>,
    values: Vec<(&'static str, &'static str, f64)>,
}

impl Metrics {
    /// Metrics of this environment.
    pub fn new() -> Self {
        let environment = std::env::var("ENVIRONMENT").unwrap_or_default();
        Self::default().by("environment", &environment)
    }

    /// With one more dimension.
    #[must_use]
    pub fn by(mut self, name: &str, value: &str) -> Self {
        self.dimensions.insert(name.into(), value.into());
        self
    }

    /// One more of something.
    #[must_use]
    pub fn count(self, name: &'static str) -> Self {
        self.value(name, "Count", 1.0)
    }

    /// A measured value in one of CloudWatch's units.
    #[must_use]
    pub fn value(mut self, name: &'static str, unit: &'static str, value: f64) -> Self {
        self.values.push((name, unit, value));
        self
    }

    /// Writes the line.
    pub fn emit(self) {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let line = self.line(u64::try_from(since.as_millis()).unwrap_or(u64::MAX));
        // A metric that cannot be written has nowhere to be reported.
        let _ = writeln!(std::io::stdout().lock(), "{line}");
    }

    fn line(self, timestamp: u64) -> Value {
        let names: Vec<_> = self.dimensions.keys().collect();
        let metrics: Vec<_> = self.values.iter().map(|(name, unit, _)| json!({ "Name": name, "Unit": unit })).collect();
        let mut line = Map::new();
        line.insert(
            "_aws".into(),
            json!({
                "Timestamp": timestamp,
                "CloudWatchMetrics": [{ "Namespace": NAMESPACE, "Dimensions": [names], "Metrics": metrics }],
            }),
        );
        line.extend(self.dimensions);
        line.extend(self.values.into_iter().map(|(name, _, value)| (name.to_owned(), value.into())));
        Value::Object(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r49_a_line_is_what_cloudwatch_reads() {
        let line = Metrics::default().by("code", "Image.Corrupt").count("Rejected").line(5);
        assert_eq!(
            line,
            json!({
                "_aws": { "Timestamp": 5, "CloudWatchMetrics": [{
                    "Namespace": "Darkroom",
                    "Dimensions": [["code"]],
                    "Metrics": [{ "Name": "Rejected", "Unit": "Count" }],
                }] },
                "code": "Image.Corrupt",
                "Rejected": 1.0,
            })
        );
    }
}
