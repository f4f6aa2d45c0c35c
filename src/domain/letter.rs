//! What the body of a dead letter is about, so that an operator can tell letters apart. Only ids are read.

use crate::erasure::Erasure;
use crate::event;
use crate::id::{ImageId, OwnerId};
use crate::key;
use serde::Deserialize;

/// The subject of a letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// The owner of the photo, or of the account.
    pub owner: Option<OwnerId>,
    /// The photo.
    pub image: Option<ImageId>,
    /// The key of an original, if it is the operator's own: other keys name their owners.
    pub key: Option<String>,
    /// The kind of event.
    pub event: Option<String>,
}

#[derive(Deserialize)]
struct Announced {
    #[serde(rename = "detail-type")]
    detail_type: String,
    detail: Detail,
}

#[derive(Deserialize)]
struct Detail {
    owner_id: OwnerId,
    image_id: Option<ImageId>,
}

/// The subject of a message of this queue: `uploads`, `webhooks` or `erasures`. `None` means that the queue's function
/// does not know such a body, so that it would become a dead letter again.
pub fn subject(queue: &str, body: &str) -> Option<Subject> {
    match queue {
        "uploads" => {
            // S3 sends one event in a message.
            let Some(key) = event::keys(body).ok()?.into_iter().next() else { return Some(Subject::default()) };
            let (owner, image) = key::read_original(&key).unzip();
            let key = Some(key).filter(|_| owner.as_ref().is_some_and(|owner| *owner == OwnerId::operator()));
            Some(Subject { owner, image, key, event: None })
        }
        "webhooks" => {
            let Announced { detail_type, detail } = serde_json::from_str(body).ok()?;
            Some(Subject { owner: Some(detail.owner_id), image: detail.image_id, key: None, event: Some(detail_type) })
        }
        _ => {
            let Erasure { owner_id, .. } = serde_json::from_str(body).ok()?;
            Some(Subject { owner: Some(owner_id), ..Subject::default() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::Source;

    const IMAGE: &str = "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10";

    fn upload(key: &str) -> String {
        let (bucket, version_id) = ("originals".into(), "v1".into());
        event::notification(&Source { bucket, key: key.into(), version_id, sequencer: "0".into(), size_bytes: 7 })
    }

    #[test]
    fn r35_the_key_of_an_upload_is_not_told_since_it_names_the_owner() {
        let found = subject("uploads", &upload(&format!("uploads/ada/{IMAGE}"))).unwrap();
        assert_eq!((found.owner, found.key), (Some(OwnerId::parse("ada").unwrap()), None));
        assert_eq!(found.image, Some(ImageId::parse(IMAGE).unwrap()));
        let found = subject("uploads", &upload("imports/a b+c.jpg")).unwrap();
        assert_eq!((found.owner, found.key.as_deref()), (Some(OwnerId::operator()), Some("imports/a b+c.jpg")));
        assert_eq!(subject("uploads", r#"{"Event":"s3:TestEvent"}"#), Some(Subject::default()));
    }

    #[test]
    fn announcements_and_erasures_name_their_owner() {
        let body = format!(r#"{{"detail-type":"Image Ready","detail":{{"owner_id":"ada","image_id":"{IMAGE}"}}}}"#);
        let found = subject("webhooks", &body).unwrap();
        assert_eq!((found.event.as_deref(), found.image.is_some()), (Some("Image Ready"), true));
        let found = subject("erasures", r#"{"owner_id":"ada","asked_at":1}"#).unwrap();
        assert_eq!(found.owner, Some(OwnerId::parse("ada").unwrap()));
    }

    #[test]
    fn what_no_function_reads_has_no_subject() {
        for queue in ["uploads", "webhooks", "erasures"] {
            for body in ["", "no JSON", "{}", "[]", r#"{"owner_id":"../a"}"#] {
                assert_eq!(subject(queue, body), None, "{queue}: {body}");
            }
        }
    }
}
