//! The names of executions: `{image}-{version}`, and `…-2`, `…-3` for restarts by an operator.

use crate::id::ImageId;

/// The length of an image's id, and of the hash of a version that follows it behind a hyphen.
const IMAGE: usize = 36;
const VERSION: usize = 16;
/// Step Functions takes 80 characters; some are left for the number of a restart.
const LONGEST_BASE: usize = 74;

/// A parsed name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExecutionName<'a> {
    /// The name that the orchestrator gave to the first execution.
    pub base: &'a str,
    /// The first is 1, its first restart 2.
    pub number: u32,
    /// The image that it develops, if the name tells.
    pub image_id: Option<ImageId>,
}

impl<'a> ExecutionName<'a> {
    /// Accepts any name that is safe in a URL: ASCII letters, digits, hyphens and underscores, 1 to 80.
    pub fn parse(name: &'a str) -> Option<Self> {
        let fits = (1..=80).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        fits.then(|| Self::read(name))
    }

    fn read(name: &'a str) -> Self {
        let image_id = name.get(..IMAGE).and_then(|id| ImageId::parse(id).ok());
        let split = name.split_at_checked(IMAGE + 1 + VERSION).filter(|(base, _)| {
            let version = &base[IMAGE..];
            image_id.is_some() && version.starts_with('-') && version[1..].bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        match split {
            Some((base, "")) => Self { base, number: 1, image_id },
            Some((base, rest)) => match rest.strip_prefix('-').and_then(|number| number.parse().ok()) {
                Some(number) => Self { base, number, image_id },
                None => Self { base: name, number: 1, image_id },
            },
            None => Self { base: name, number: 1, image_id },
        }
    }

    /// The name of the next start of the same version.
    pub fn numbered(&self, number: u32) -> String {
        let base = self.base.get(..LONGEST_BASE).unwrap_or(self.base);
        format!("{base}-{number}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key;

    #[test]
    fn the_orchestrators_names_and_their_restarts_are_taken_apart() {
        let image = ImageId::new();
        let first = key::execution_name(image, "v1");
        let name = ExecutionName::parse(&first).unwrap();
        assert_eq!((name.base, name.number, name.image_id), (first.as_str(), 1, Some(image)));
        let third = name.numbered(3);
        let again = ExecutionName::parse(&third).unwrap();
        assert_eq!((again.base, again.number, again.image_id), (first.as_str(), 3, Some(image)));
        assert_eq!(again.numbered(4), format!("{first}-4"));
    }

    #[test]
    fn a_name_that_a_person_chose_is_its_own_base() {
        for odd in ["by-hand-2", &format!("{}-xyz", ImageId::new()), &"x".repeat(80)] {
            let name = ExecutionName::parse(odd).unwrap();
            assert_eq!((name.base, name.number), (odd, 1), "{odd}");
            assert!(name.numbered(99_999).len() <= 80, "{odd}");
        }
    }

    #[test]
    fn what_cannot_be_a_name_is_none() {
        for bad in ["", "a b", "a/b", "ä", "tomorrow!", &"x".repeat(81)] {
            assert_eq!(ExecutionName::parse(bad), None, "{bad}");
        }
    }
}
