//! What people may write about their photos: anything that can be shown anywhere.

/// Characters of a caption.
const CAPTION_MAX: usize = 500;
/// Characters of a title.
const TITLE_MAX: usize = 100;

/// Is this a caption?
pub fn is_caption(text: &str) -> bool {
    (1..=CAPTION_MAX).contains(&text.chars().count()) && !text.contains(|c| c != '\n' && unfit(c))
}

/// What a caption must be.
pub fn caption_rule() -> String {
    format!("must have 1 to {CAPTION_MAX} characters, no control or direction marks but line breaks")
}

/// Is this a title?
pub fn is_title(text: &str) -> bool {
    (1..=TITLE_MAX).contains(&text.chars().count()) && !text.contains(unfit) && !text.trim().is_empty()
}

/// What a title must be.
pub fn title_rule() -> String {
    format!("must have 1 to {TITLE_MAX} characters, not only spaces, no control or direction marks")
}

/// What would turn the direction of the writing around it, or do something else than be shown.
fn unfit(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_shown_may_be_written() {
        for good in ["a", "Zoë am See 🌅", "a/b\\c <b>", &"ü".repeat(CAPTION_MAX), "two\nlines"] {
            assert!(is_caption(good), "{good}");
        }
        for bad in ["", "\t", "a\r\nb", "\u{202e}gpj", "\u{7f}", "\u{85}", &"ü".repeat(CAPTION_MAX + 1)] {
            assert!(!is_caption(bad), "{bad:?}");
        }
        assert!(is_title(&"ü".repeat(TITLE_MAX)));
        for bad in ["", "  ", "\u{a0}", "two\nlines", &"ü".repeat(TITLE_MAX + 1)] {
            assert!(!is_title(bad), "{bad:?}");
        }
    }
}
