//! Links into AWS's console.

use darkroom_aws::executions::execution_arn;
use darkroom_domain::order::WorkOrder;
use darkroom_domain::timestamp::rfc3339;
use std::fmt::Write;
use std::time::Duration;
use time::OffsetDateTime;

/// The functions whose log lines name the execution.
const FUNCTIONS: [&str; 4] = ["orchestrator", "validate", "resize", "watermark"];
/// A line is stamped by its function's clock, and arrives some seconds later.
const AROUND: Duration = Duration::from_mins(5);

/// The page of an execution.
pub fn execution(console: &str, machine: &str, name: &str) -> String {
    format!("{console}/states/home?region={}#/v2/executions/details/{}", region(machine), execution_arn(machine, name))
}

/// Logs Insights with the query for the log lines of an order, ready to run. `names` is how the names of the
/// environment's things begin. A restart has the lines of the first execution's name, since workers make the name of the
/// order.
pub fn logs(
    console: &str,
    machine: &str,
    names: &str,
    order: &WorkOrder,
    (from, until): (OffsetDateTime, OffsetDateTime),
) -> String {
    let query = format!(
        "filter execution = \"{}\"\n| sort @timestamp\n\
         | fields @timestamp, level, service, stage, message, code, detail, duration_ms",
        order.execution_name()
    );
    let groups = FUNCTIONS.map(|function| text(&format!("/aws/lambda/{names}{function}"))).join("~");
    let (from, until) = (text(&rfc3339(from - AROUND)), text(&rfc3339(until + AROUND)));
    format!(
        "{console}/cloudwatch/home?region={}#logsV2:logs-insights$3FqueryDetail$3D\
         ~(end~{until}~start~{from}~timeType~'ABSOLUTE~tz~'UTC~editorString~{}~source~(~{groups}))",
        region(machine),
        text(&query)
    )
}

fn region(machine: &str) -> &str {
    machine.split(':').nth(3).unwrap_or_default()
}

/// Text as the console writes it into its addresses: a quote, then the text with `*` and two hex digits for each byte
/// that is not a letter or a digit. AWS does not document it.
fn text(plain: &str) -> String {
    plain.bytes().fold("'".to_owned(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "*{byte:02x}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use darkroom_domain::id::{ImageId, OwnerId};
    use darkroom_domain::order::Source;

    const CONSOLE: &str = "https://eu-central-1.console.aws.amazon.com";
    const MACHINE: &str = "arn:aws:states:eu-central-1:111122223333:stateMachine:darkroom-dev-process-image:live";

    #[test]
    fn the_console_shows_an_execution_by_its_arn() {
        assert_eq!(
            execution(CONSOLE, MACHINE, "x"),
            "https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#/v2/executions/details/\
             arn:aws:states:eu-central-1:111122223333:execution:darkroom-dev-process-image:x"
        );
    }

    #[test]
    fn the_query_for_its_log_lines_is_in_the_link() {
        let source = Source {
            bucket: "originals".into(),
            key: "imports/a".into(),
            version_id: "v1".into(),
            sequencer: "1".into(),
            size_bytes: 7,
        };
        let order = WorkOrder::new(OwnerId::operator(), ImageId::of_import("imports/a"), source);
        let noon = OffsetDateTime::from_unix_timestamp(1_769_860_800).unwrap();
        let link = logs(CONSOLE, MACHINE, "darkroom-dev-", &order, (noon, noon + Duration::from_secs(7)));
        let (page, query) = link.split_once("$3FqueryDetail$3D").unwrap();
        assert_eq!(
            page,
            "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#logsV2:logs-insights"
        );
        assert!(
            query.starts_with(
                "~(end~'2026-01-31T12*3a05*3a07.000Z~start~'2026-01-31T11*3a55*3a00.000Z~timeType~'ABSOLUTE~"
            ),
            "{query}"
        );
        let filter = format!("~editorString~'filter*20execution*20*3d*20*22{}*22*0a*7c*20sort", order.execution_name());
        assert!(query.contains(&filter), "{query}");
        assert!(query.contains("~source~(~'*2faws*2flambda*2fdarkroom-dev-orchestrator~'*2faws"), "{query}");
        assert!(query.ends_with("darkroom-dev-watermark))"), "{query}");
    }
}
