//! Numbers and words as people read them.

/// `7.2 KB`, `812 KB`, `4.0 MB`: thousands, as file managers count.
pub fn bytes(count: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "shown with two digits")]
    let count_f = count as f64;
    match count {
        0..1_000 => format!("{count} B"),
        1_000..9_950 => format!("{:.1} KB", count_f / 1e3),
        9_950..999_500 => format!("{:.0} KB", count_f / 1e3),
        999_500..999_950_000 => format!("{:.1} MB", count_f / 1e6),
        _ => format!("{:.1} GB", count_f / 1e9),
    }
}

/// `1 photo`, `2 photos`.
pub fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// [`plain`], but for line breaks.
pub fn lines(text: &str) -> String {
    text.split('\n').map(plain).collect::<Vec<_>>().join("\n")
}

/// What is shown on a terminal must not be able to steer it: control characters are made visible.
pub fn plain(text: &str) -> String {
    let steers = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|letter| if steers(letter) { '\u{fffd}' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_two_or_three_digits() {
        for (count, shown) in [
            (0, "0 B"),
            (999, "999 B"),
            (7_249, "7.2 KB"),
            (9_950, "10 KB"),
            (811_900, "812 KB"),
            (999_500, "1.0 MB"),
            (21_474_836_480, "21.5 GB"),
        ] {
            assert_eq!(bytes(count), shown);
        }
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!((counted(1, "photo"), counted(0, "photo")), ("1 photo".into(), "0 photos".into()));
    }

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\r\u{202e}gpj.é"), "a\u{fffd}[2Jb\u{fffd}\u{fffd}gpj.é");
    }
}
