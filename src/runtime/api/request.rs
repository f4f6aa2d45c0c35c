//! A request of the gateway, and the few things that handlers read from it.

use super::Problem;
use aws_lambda_events::apigw::ApiGatewayProxyRequest;
use aws_lambda_events::http::{HeaderName, HeaderValue};
use darkroom_domain::id::OwnerId;
use darkroom_domain::settings::IDENTITY;
use darkroom_domain::{Error, ErrorCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::error::Category;
use time::OffsetDateTime;

/// Every body that the API describes is far smaller.
const BODY_LIMIT: usize = 64 * 1024;

/// One request.
pub struct Request {
    event: ApiGatewayProxyRequest,
    id: String,
    arrived: OffsetDateTime,
    misread: Option<String>,
}

impl Request {
    /// Reads the gateway's event; `fallback_id` names the request if the event does not.
    pub(super) fn read(payload: Value, fallback_id: &str) -> Self {
        let (event, misread) = match serde_json::from_value(without_odd_headers(payload)) {
            Ok(event) => (event, None),
            Err(why) => (ApiGatewayProxyRequest::default(), Some(why.to_string())),
        };
        let event: ApiGatewayProxyRequest = event;
        let id = event.request_context.request_id.clone().unwrap_or_else(|| fallback_id.into());
        // The time of the gateway's clock, so that an answer depends on the event only.
        let millis = i128::from(event.request_context.request_time_epoch);
        let arrived = OffsetDateTime::from_unix_timestamp_nanos(millis * 1_000_000);
        let arrived = arrived.ok().filter(|_| millis > 0).unwrap_or_else(OffsetDateTime::now_utc);
        Self { event, id, arrived, misread }
    }

    /// Fails if this is not an event of the gateway.
    pub(super) fn understood(&self) -> Result<(), Error> {
        self.misread.as_deref().map_or(Ok(()), |why| Err(Error::new(ErrorCode::WorkerBadInput, why)))
    }

    /// The gateway's id of the request.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When it arrived.
    pub fn arrived(&self) -> OffsetDateTime {
        self.arrived
    }

    /// The HTTP method.
    pub fn method(&self) -> &str {
        self.event.http_method.as_str()
    }

    /// The path as the API describes it, its parameters in braces.
    pub fn resource(&self) -> &str {
        self.event.resource.as_deref().unwrap_or_default()
    }

    /// Method and path, by which handlers route.
    pub fn route(&self) -> (&str, &str) {
        (self.method(), self.resource())
    }

    /// A path parameter.
    pub fn path(&self, name: &str) -> &str {
        self.event.path_parameters.get(name).map(String::as_str).unwrap_or_default()
    }

    /// A query parameter. None if it is given twice.
    pub fn query(&self, name: &str) -> Result<Option<&str>, Problem> {
        match self.event.multi_value_query_string_parameters.all(name).as_deref() {
            None | Some([]) => Ok(None),
            Some([one]) => Ok(Some(one)),
            Some(_) => Err(Problem::field(name, "is given more than once")),
        }
    }

    /// A header, if it can be read as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.event.headers.get(name)?.to_str().ok()
    }

    /// A header that is a list, which a client may send in several lines.
    pub fn list(&self, name: &str) -> String {
        let lines = self.event.multi_value_headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
        let list = lines.collect::<Vec<_>>().join(",");
        if list.is_empty() { self.header(name).unwrap_or_default().into() } else { list }
    }

    /// True if there is such a header, even an unreadable one.
    pub fn has_header(&self, name: &str) -> bool {
        self.event.headers.contains_key(name)
    }

    /// The caller, by the claims that the gateway verified. The gateway checks signature, issuer and time, but admits
    /// access tokens and every client of the pool; only an id token of our own client counts as signed in (R34).
    pub fn owner(&self, client_id: &str) -> Result<OwnerId, Error> {
        if self.claim("token_use") != Some("id") || self.claim("aud") != Some(client_id) {
            return Err(Error::new(ErrorCode::AuthUnauthorized, "not an id token of this client"));
        }
        let owner = OwnerId::parse(self.claim("sub").unwrap_or_default())?;
        // The owner of imports cannot sign in.
        if owner == OwnerId::operator() { Err(ErrorCode::AuthUnauthorized.into()) } else { Ok(owner) }
    }

    /// When the caller gave their password, by the claims that the gateway verified. A refreshed token still has that
    /// time.
    pub fn signed_in_at(&self) -> Option<OffsetDateTime> {
        OffsetDateTime::from_unix_timestamp(self.claim("auth_time")?.parse().ok()?).ok()
    }

    /// The caller's groups in the pool, by the claims that the gateway verified: it hands a list on as one text.
    pub fn groups(&self) -> Vec<&str> {
        let mut groups: Vec<_> = self
            .claim("cognito:groups")
            .unwrap_or_default()
            .split([',', ' ', '[', ']'])
            .filter(|group| !group.is_empty())
            .collect();
        groups.sort_unstable();
        groups
    }

    /// The caller, if they are an operator. Other users get the 404 of an unknown route (ADR 54).
    pub fn operator(&self, client_id: &str) -> Result<OwnerId, Error> {
        let operator = self.owner(client_id)?;
        let is_one = self.groups().contains(&IDENTITY.operators_group.as_str());
        is_one.then_some(operator).ok_or_else(|| Error::new(ErrorCode::RequestNotFound, "not an operator"))
    }

    /// The gateway hands claims on as text, whatever they are.
    fn claim(&self, name: &str) -> Option<&str> {
        self.event.request_context.authorizer.fields.get("claims")?.get(name)?.as_str()
    }

    /// The body, which must be one JSON object of exactly this shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let body = self.event.body.as_deref().unwrap_or_default();
        if body.len() > BODY_LIMIT {
            return Err(ErrorCode::RequestTooLarge.into());
        }
        let media_type = self.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/json") {
            return Err(Problem::from(ErrorCode::RequestInvalid).detail("Send the body as application/json."));
        }
        // Serde would also read a struct from an array of its fields' values.
        if !body.trim_start().starts_with('{') || self.event.is_base64_encoded {
            return Err(Problem::from(ErrorCode::RequestInvalid).detail("The body must be a JSON object."));
        }
        let mut json = serde_json::Deserializer::from_str(body);
        let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let path = error.path().to_string();
            unreadable(&path, error.inner())
        })?;
        json.end().map_err(|why| unreadable("", &why))?;
        Ok(value)
    }
}

/// Omits headers that no HTTP message can carry. One of them would make the whole event unreadable, and a client could
/// have us count errors of ours.
fn without_odd_headers(mut payload: Value) -> Value {
    for place in ["headers", "multiValueHeaders"] {
        if let Some(headers) = payload.get_mut(place).and_then(Value::as_object_mut) {
            headers.retain(|name, value| HeaderName::from_bytes(name.as_bytes()).is_ok() && can_be_carried(value));
        }
    }
    payload
}

fn can_be_carried(value: &Value) -> bool {
    match value {
        Value::String(text) => HeaderValue::from_bytes(text.as_bytes()).is_ok(),
        Value::Array(values) => values.iter().all(can_be_carried),
        _ => false,
    }
}

/// For a field that may be missing: if it is given it has a value, and `null` is not one.
pub fn no_null<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// Names the field. Serde's own words would repeat values, and a value may be a password.
fn unreadable(path: &str, why: &serde_json::Error) -> Problem {
    if why.classify() != Category::Data {
        let place = format!("The body is not JSON (line {}, column {}).", why.line(), why.column());
        return Problem::from(ErrorCode::RequestInvalid).detail(place);
    }
    let said = why.to_string();
    // A missing or unknown field is named by its own name; inside a list, only the path names it.
    let place = path.rfind(']').map_or(String::new(), |end| format!("{}.", &path[..=end]));
    let quoted = format!("{place}{}", said.split('`').nth(1).unwrap_or_default());
    let quoted = quoted.as_str();
    if said.starts_with("missing field") {
        Problem::field(quoted, "is required")
    } else if said.starts_with("unknown field") {
        Problem::field(quoted, "is not known")
    } else if said.starts_with("duplicate field") {
        Problem::field(quoted, "is given more than once")
    } else {
        Problem::field(path, "is not of the right type")
    }
}
