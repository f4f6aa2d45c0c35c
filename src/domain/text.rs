//! Checks text that is shown beside other text.

/// True for a character that has another effect than to be shown: control characters, and the marks that turn the
/// direction of the writing around them. With such a mark, the end of a file's name can look like its middle.
pub fn steers_text(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_unicodes_direction_marks_steer() {
        // The property Bidi_Control, Unicode 17, and the two separators of lines.
        let marks = "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}";
        assert!(marks.chars().chain("\u{0}\t\n\u{7f}\u{85}\u{2028}\u{2029}".chars()).all(steers_text));
        assert!(!"Zoë am See, שלום 🌅 \u{200d}\u{a0}".chars().any(steers_text));
    }
}
