//! Captions and titles: any text that is safe to show.

use darkroom_domain::text::steers_text;

/// Characters of a caption.
const CAPTION_MAX: usize = 500;
/// Characters of a title.
const TITLE_MAX: usize = 100;

/// Is this a caption?
pub fn is_caption(text: &str) -> bool {
    (1..=CAPTION_MAX).contains(&text.chars().count()) && !text.contains(|c| c != '\n' && steers_text(c))
}

/// The rule for a caption.
pub fn caption_rule() -> String {
    format!("must have 1 to {CAPTION_MAX} characters, no control or direction marks but line breaks")
}

/// Is this a title?
pub fn is_title(text: &str) -> bool {
    (1..=TITLE_MAX).contains(&text.chars().count()) && !text.contains(steers_text) && !text.trim().is_empty()
}

/// The rule for a title.
pub fn title_rule() -> String {
    format!("must have 1 to {TITLE_MAX} characters, not only spaces, no control or direction marks")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_shown_may_be_written() {
        for good in ["a", "Zoë am See 🌅", "a/b\\c <b>", &"ü".repeat(CAPTION_MAX), "two\nlines"] {
            assert!(is_caption(good), "{good}");
        }
        for bad in ["", "\t", "a\r\nb", "\u{202e}gpj", "\u{61c}a", "\u{7f}", "\u{85}", &"ü".repeat(CAPTION_MAX + 1)] {
            assert!(!is_caption(bad), "{bad:?}");
        }
        assert!(is_title(&"ü".repeat(TITLE_MAX)));
        for bad in ["", "  ", "\u{a0}", "two\nlines", &"ü".repeat(TITLE_MAX + 1)] {
            assert!(!is_title(bad), "{bad:?}");
        }
    }
}
