//! The name under which a browser saves a variant (RFC 6266): the client's own file name, made harmless.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Characters that RFC 8187 leaves unencoded.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// The header travels in a URL, encoded once more, so a name in a script that takes many bytes must not exceed it.
const STEM_MAX: usize = 100;
/// A longer extension says nothing about a file.
const ENDING_MAX: usize = 10;

/// `inline`, since variants are pictures of our own making, with a name for those who save them.
pub fn of(filename: &str, variant: &str, content_type: &str) -> String {
    let stem = filename.rsplit_once('.').map_or(filename, |(stem, _)| stem);
    let stem: String = stem.chars().take(STEM_MAX).collect();
    let extension = match content_type {
        "image/jpeg" => "jpg",
        other => other.rsplit('/').next().unwrap_or("bin"),
    };
    header("inline", &format!("{stem}-{variant}.{extension}"))
}

/// `attachment`, since an original is a user's file and not made by us, under the name that it came with.
pub fn to_keep(filename: &str) -> String {
    let (stem, ending) = match filename.rsplit_once('.') {
        Some((stem, ending)) if ending.chars().count() <= ENDING_MAX => (stem, format!(".{ending}")),
        _ => (filename, String::new()),
    };
    let stem: String = stem.chars().take(STEM_MAX).collect();
    header("attachment", &format!("{stem}{ending}"))
}

fn header(kind: &str, name: &str) -> String {
    let simple = |c: char| if c.is_ascii_graphic() || c == ' ' { c } else { '_' };
    let ascii: String = name.chars().map(simple).map(|c| if matches!(c, '"' | '\\' | '%') { '_' } else { c }).collect();
    format!("{kind}; filename=\"{ascii}\"; filename*=UTF-8''{}", utf8_percent_encode(name, PLAIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r31_names_are_encoded() {
        let cases = [
            ("beach.png", "inline; filename=\"beach-small.jpg\"; filename*=UTF-8''beach-small.jpg"),
            ("a b.c.jpg", "inline; filename=\"a b.c-small.jpg\"; filename*=UTF-8''a%20b.c-small.jpg"),
            ("Zoë.jpg", "inline; filename=\"Zo_-small.jpg\"; filename*=UTF-8''Zo%C3%AB-small.jpg"),
            (
                "x\"; y=\\1%41.jpg",
                "inline; filename=\"x_; y=_1_41-small.jpg\"; filename*=UTF-8''x%22%3B%20y%3D%5C1%2541-small.jpg",
            ),
            (
                "\r\nset-cookie: a",
                "inline; filename=\"__set-cookie: a-small.jpg\"; filename*=UTF-8''%0D%0Aset-cookie%3A%20a-small.jpg",
            ),
            ("'(*).jpg", "inline; filename=\"'(*)-small.jpg\"; filename*=UTF-8''%27%28%2A%29-small.jpg"),
            (".jpg", "inline; filename=\"-small.jpg\"; filename*=UTF-8''-small.jpg"),
        ];
        for (filename, expected) in cases {
            assert_eq!(of(filename, "small", "image/jpeg"), expected);
        }
    }

    #[test]
    fn r31_an_original_keeps_its_name_and_is_never_shown_in_the_page() {
        assert_eq!(
            to_keep("Zoë.tar\".png"),
            "attachment; filename=\"Zo_.tar_.png\"; filename*=UTF-8''Zo%C3%AB.tar%22.png"
        );
        let long = to_keep(&format!("{}.heic", "🌅".repeat(250)));
        assert!(
            long.len() < 1500 && long.rsplit_once('.').is_some_and(|(_, ending)| ending == "heic"),
            "the end says what a file is: {long}"
        );
        assert!(to_keep(&format!("a.{}", "🌅".repeat(250))).len() < 1500);
    }

    #[test]
    fn a_long_name_is_cut() {
        let header = of(&"🌅".repeat(255), "small", "image/png");
        assert!(header.len() < 1500 && header.ends_with("-small.png"), "{header}");
    }
}
