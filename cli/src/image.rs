//! An image as `GET /image/{image_id}` describes it; read leniently, for a newer service may say more.

use crate::client::Client;
use crate::error::Error;
use crate::text;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

#[derive(Clone, Debug, Deserialize)]
pub struct Image {
    #[serde(rename = "image_id")]
    pub id: String,
    pub status: String,
    pub filename: Option<String>,
    pub created_at: Option<String>,
    pub album_id: Option<String>,
    pub outcome: Option<Outcome>,
    pub source: Option<Source>,
    pub facts: Option<Facts>,
    #[serde(default)]
    pub variants: BTreeMap<String, Variant>,
    /// The same pictures in other formats.
    #[serde(default)]
    pub sources: Vec<Alternatives>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Alternatives {
    pub variants: BTreeMap<String, Variant>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Outcome {
    pub code: String,
    pub message: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Source {
    pub format: String,
    pub width: u32,
    pub height: u32,
    pub bytes: u64,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Facts {
    /// Of the uploaded bytes; for their owner.
    pub sha256: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Variant {
    /// A signed URL: a secret while it lives.
    pub url: String,
    pub width: u32,
    pub height: u32,
    pub bytes: u64,
    pub content_type: String,
}

impl Image {
    /// Is it ready, rejected or failed?
    pub fn is_decided(&self) -> bool {
        matches!(self.status.as_str(), "ready" | "rejected" | "failed")
    }

    /// The day of its ticket.
    pub fn day(&self) -> &str {
        self.created_at.as_deref().and_then(|at| at.get(..10)).unwrap_or_default()
    }

    /// Its status and outcome, in a few words.
    pub fn summary(&self) -> String {
        match (&self.outcome, &self.source) {
            (Some(Outcome { code, message }), _) if self.status != "ready" => {
                text::plain(&format!("{}: {code}: {message}", self.status))
            }
            (_, Some(Source { format, width, height, bytes })) => {
                text::plain(&format!("{}: {width} × {height} {format}, {}", self.status, text::bytes(*bytes)))
            }
            _ => text::plain(&self.status),
        }
    }
}

/// The path of an image. Only characters of an id may go into a path.
pub fn path(image_id: &str) -> Result<String, Error> {
    let sound = !image_id.is_empty() && image_id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if sound { Ok(format!("/image/{image_id}")) } else { Err(Error::Usage(format!("{image_id:?} is not an image id"))) }
}

/// The image now, `None` where there is none.
pub fn look(client: &Client, image_id: &str) -> Result<Option<Image>, Error> {
    match client.get(&path(image_id)?) {
        Ok(answer) => answer.json().map(Some),
        Err(Error::Problem(problem)) if problem.status == 404 => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// How long the command waits for a photo, its time in the queue included.
const LONGEST_WAIT: Duration = Duration::from_mins(15);

/// Waits until the image is ready, rejected or failed, and asks as often as the service says.
pub fn wait(client: &Client, image_id: &str) -> Result<Image, Error> {
    let began = Instant::now();
    loop {
        let answer = client.get(&path(image_id)?)?;
        let image: Image = answer.json()?;
        if image.is_decided() {
            return Ok(image);
        }
        if began.elapsed() > LONGEST_WAIT {
            return Err(Error::Unreachable(format!("{image_id} is still {} after 15 minutes", image.status)));
        }
        std::thread::sleep(Duration::from_secs(answer.retry_after.unwrap_or(1).clamp(1, 30)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_cannot_lead_anywhere_else() {
        assert_eq!(path("0198c7b2-5a51").unwrap(), "/image/0198c7b2-5a51");
        for id in ["", "../me", "a/b", "a?size=x", "a#b", "a b"] {
            assert!(path(id).is_err(), "{id}");
        }
    }

    #[test]
    fn the_summary_is_one_line() {
        let image = |json| serde_json::from_value::<Image>(json).unwrap();
        let ready = image(serde_json::json!({ "image_id": "a", "status": "ready", "new": 1,
            "source": { "format": "jpeg", "width": 4, "height": 3, "bytes": 1200, "orientation": 1 } }));
        assert_eq!((ready.is_decided(), ready.summary().as_str()), (true, "ready: 4 × 3 jpeg, 1.2 KB"));
        let refused = image(serde_json::json!({ "image_id": "a", "status": "rejected",
            "outcome": { "code": "Image.Heic", "message": "No.", "docs": "x" } }));
        assert_eq!(refused.summary(), "rejected: Image.Heic: No.");
        assert!(!image(serde_json::json!({ "image_id": "a", "status": "processing" })).is_decided());
    }
}
