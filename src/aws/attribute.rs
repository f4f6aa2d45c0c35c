//! JSON in DynamoDB's notation, for attributes that the state machine writes by itself.

use serde::ser::Error;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

/// Serializes what it holds as an attribute: `{"S": …}`, `{"N": …}`, and so on.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute<T>(pub T);

impl<T: Serialize> Serialize for Attribute<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        attribute(&serde_json::to_value(&self.0).map_err(S::Error::custom)?).serialize(serializer)
    }
}

fn attribute(value: &Value) -> Value {
    match value {
        Value::Null => json!({ "NULL": true }),
        Value::Bool(b) => json!({ "BOOL": b }),
        Value::Number(n) => json!({ "N": n.to_string() }),
        Value::String(s) => json!({ "S": s }),
        Value::Array(items) => json!({ "L": items.iter().map(attribute).collect::<Vec<_>>() }),
        Value::Object(fields) => {
            let fields: Map<_, _> = fields.iter().map(|(name, value)| (name.clone(), attribute(value))).collect();
            json!({ "M": fields })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_spelled_as_dynamodb_does() {
        assert_eq!(
            serde_json::to_value(Attribute(json!({ "a": 1, "b": ["x", true, null] }))).unwrap(),
            json!({ "M": { "a": { "N": "1" }, "b": { "L": [{ "S": "x" }, { "BOOL": true }, { "NULL": true }] } } })
        );
    }
}
