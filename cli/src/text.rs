//! Numbers and words as people read them.

use darkroom_domain::text::steers_text;

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

/// `250 ms`, `7.2 s`, `41 s`, `7 min 3 s`, `2 h 5 min`, `3 d 4 h`.
pub fn duration(millis: u64) -> String {
    let seconds = millis / 1000;
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    match seconds {
        0 => format!("{millis} ms"),
        1..10 => format!("{seconds}.{} s", millis % 1000 / 100),
        10..60 => format!("{seconds} s"),
        60..3600 => format!("{minutes} min {} s", seconds % 60),
        3600..86_400 => format!("{hours} h {} min", minutes % 60),
        _ => format!("{} d {} h", hours / 24, hours % 24),
    }
}

/// The first line of a text, and no more of it than fits into a sentence.
pub fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let short: String = line.chars().take(200).collect();
    if short.len() < text.trim_end().len() { format!("{short}…") } else { short }
}

/// `1 photo`, `2 photos`.
pub fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// [`plain`], but for line breaks.
pub fn lines(text: &str) -> String {
    text.split('\n').map(plain).collect::<Vec<_>>().join("\n")
}

/// Replaces control characters, so that a text cannot steer the terminal that shows it.
pub fn plain(text: &str) -> String {
    text.chars().map(|letter| if steers_text(letter) { '\u{fffd}' } else { letter }).collect()
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
    fn a_duration_has_two_units_at_most() {
        for (millis, shown) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (7_250, "7.2 s"),
            (41_900, "41 s"),
            (423_000, "7 min 3 s"),
            (7_500_000, "2 h 5 min"),
            (273_600_000, "3 d 4 h"),
        ] {
            assert_eq!(duration(millis), shown);
        }
    }

    #[test]
    fn a_cause_is_cut_to_a_sentence() {
        assert_eq!((first_line("one"), first_line("one\ntwo")), ("one".into(), "one…".into()));
        assert_eq!(first_line(&"ä".repeat(300)), format!("{}…", "ä".repeat(200)));
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
