//! The name of an embedded colour profile.

use moxcms::{ColorProfile, ProfileText};

/// The profile's own name for itself, for the record: printable, of bounded length.
pub(crate) fn profile_name(icc: &[u8]) -> String {
    let text = match parse(icc).and_then(|profile| profile.description) {
        Some(ProfileText::PlainString(text)) => text,
        Some(ProfileText::Localizable(texts)) => texts.into_iter().next().map(|text| text.value).unwrap_or_default(),
        Some(ProfileText::Description(text)) => text.ascii_string,
        None => String::new(),
    };
    let text: String = text.chars().filter(|c| matches!(c, ' '..='~')).take(64).collect();
    if text.trim().is_empty() { "ICC".into() } else { text.trim().into() }
}

/// A profile comes from the upload: if a reader panics on it, the profile is ignored.
pub(crate) fn parse(icc: &[u8]) -> Option<ColorProfile> {
    std::panic::catch_unwind(|| ColorProfile::new_from_slice(icc).ok()).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_profile_has_no_name() {
        assert_eq!(profile_name(b"not a profile"), "ICC");
    }
}
