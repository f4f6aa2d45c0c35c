//! What an operator asks about: an image, the key of an original, or an execution.

use crate::error::Error;
use darkroom_domain::execution_name::ExecutionName;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::key;

#[derive(Debug, PartialEq, Eq)]
pub enum Target {
    /// A photo whose record can be read.
    Photo(OwnerId, ImageId),
    /// A photo whose owner is not known: its executions tell.
    Image(ImageId),
    Execution(String),
}

impl Target {
    pub fn read(text: &str) -> Result<Self, Error> {
        let key = text.strip_prefix("s3://").and_then(|rest| rest.split_once('/')).map_or(text, |(_, key)| key);
        if let Some((owner, image)) = key::read_original(key) {
            return Ok(Self::Photo(owner, image));
        }
        if let Ok(image) = ImageId::parse(text) {
            // An import's id does not tell a time, and its owner is known.
            let is_import = image.given_at().is_none();
            return Ok(if is_import { Self::Photo(OwnerId::operator(), image) } else { Self::Image(image) });
        }
        if ExecutionName::parse(text).is_some() {
            return Ok(Self::Execution(text.into()));
        }
        let hint =
            "hint: give the id of an image, a key such as uploads/OWNER/ID or imports/NAME, or an execution's name";
        Err(Error::Usage(format!("{text:?} names no photo\n{hint}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_is_named_in_four_ways() {
        let (image, owner) = (ImageId::new(), OwnerId::parse("ada").unwrap());
        let import = ImageId::of_import("imports/a b.jpg");
        for (text, target) in [
            (image.to_string(), Target::Image(image)),
            (import.to_string(), Target::Photo(OwnerId::operator(), import)),
            (format!("uploads/ada/{image}"), Target::Photo(owner.clone(), image)),
            (format!("s3://originals/uploads/ada/{image}"), Target::Photo(owner, image)),
            ("imports/a b.jpg".into(), Target::Photo(OwnerId::operator(), import)),
            (key::execution_name(image, "v1"), Target::Execution(key::execution_name(image, "v1"))),
            ("by-hand".into(), Target::Execution("by-hand".into())),
        ] {
            assert_eq!(Target::read(&text).unwrap(), target, "{text}");
        }
    }

    #[test]
    fn a_name_that_cannot_be_one_is_told_before_the_service_is_asked() {
        for text in ["", "a b", "uploads/ada/no-id", "variants/x/y", "../me"] {
            assert!(matches!(Target::read(text), Err(Error::Usage(_))), "{text}");
        }
    }
}
