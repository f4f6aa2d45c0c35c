//! The state machine's graph, from the file that Terraform deploys.

use serde::{Deserialize, Serialize};
use serde_json::Value;

const DEFINITION: &str = include_str!("../../../statemachine/process-image.asl.json");

/// The graph as the API shows it.
#[derive(Debug, Serialize)]
pub struct Graph {
    start_at: String,
    states: Vec<State>,
    edges: Vec<Edge>,
}

#[derive(Debug, Serialize)]
struct State {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

#[derive(Debug, Serialize)]
struct Edge {
    from: String,
    to: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Definition {
    start_at: String,
    states: serde_json::Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Said {
    r#type: String,
    comment: Option<String>,
    next: Option<String>,
    #[serde(default)]
    catch: Vec<Catch>,
    #[serde(default)]
    parameters: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Catch {
    error_equals: Vec<String>,
    next: String,
}

/// The graph of this release.
pub fn graph() -> Result<Graph, serde_json::Error> {
    read(DEFINITION)
}

/// The machine has neither choices nor branches: its transitions are `Next` and `Catch`.
fn read(definition: &str) -> Result<Graph, serde_json::Error> {
    let Definition { start_at, states: said } = serde_json::from_str(definition)?;
    let (mut states, mut edges) = (Vec::new(), Vec::new());
    for (name, said) in said {
        let said: Said = serde_json::from_value(said)?;
        edges.extend(said.next.map(|to| Edge { from: name.clone(), to, kind: "next", errors: Vec::new() }));
        edges.extend(said.catch.into_iter().map(|caught| Edge {
            from: name.clone(),
            to: caught.next,
            kind: "catch",
            errors: caught.error_equals,
        }));
        // "${validate_arn}", which Terraform fills in.
        let function = said.parameters["FunctionName"].as_str();
        let function = function.and_then(|arn| arn.strip_prefix("${")?.strip_suffix("_arn}")).map(Into::into);
        states.push(State { name, kind: said.r#type, function, comment: said.comment });
    }
    Ok(Graph { start_at, states, edges })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_graph_is_whole() {
        let Graph { start_at, states, edges } = graph().unwrap();
        let names: BTreeSet<_> = states.iter().map(|state| state.name.as_str()).collect();
        assert!(names.contains(start_at.as_str()));
        let mut reached = BTreeSet::from([start_at.as_str()]);
        for edge in &edges {
            assert!(names.contains(edge.from.as_str()) && names.contains(edge.to.as_str()), "{edge:?}");
            assert_eq!(edge.errors.is_empty(), edge.kind == "next", "{edge:?}");
            reached.insert(&edge.to);
        }
        assert_eq!(reached, names, "each state is led to");
        let functions: BTreeSet<_> = states.iter().filter_map(|state| state.function.as_deref()).collect();
        assert_eq!(functions, BTreeSet::from(["resize", "validate", "watermark"]));
    }

    #[test]
    fn nothing_leads_on_in_a_way_that_is_not_read() {
        let definition: Value = serde_json::from_str(DEFINITION).unwrap();
        for (name, state) in definition["States"].as_object().unwrap() {
            for word in ["Choices", "Default", "Branches", "Iterator", "ItemProcessor"] {
                assert!(state.get(word).is_none(), "{name} has {word}");
            }
        }
    }
}
