//! The ticket as a curl configuration file, so that a shell needs nothing but curl to upload a photo:
//! `ID=$(curl -sSK ticket -T photo.jpg)`.

use darkroom_aws::signing::SignedRequest;
use darkroom_domain::id::ImageId;
use std::fmt::Write;

/// The media type of the file.
pub const MEDIA_TYPE: &str = "text/x-curl";

/// True if the client asks for it.
pub fn is_wanted(accept: &str) -> bool {
    accept.split(',').any(|range| {
        let media_type = range.split(';').next().unwrap_or_default().trim();
        media_type.eq_ignore_ascii_case(MEDIA_TYPE)
    })
}

/// The file. curl sets the length, since it knows the file: with a wrong one S3 refuses the upload, and curl does not
/// hang.
pub fn config(image: ImageId, signed: &SignedRequest) -> String {
    let mut file = String::new();
    let mut line = |option: &str, value: &str| {
        writeln!(file, "{option} = \"{}\"", escaped(value)).expect("a string takes every line");
    };
    line("url", &signed.url);
    line("request", "PUT");
    for (name, value) in signed.headers.iter().filter(|(name, _)| *name != "content-length") {
        line("header", &format!("{name}: {value}"));
    }
    line("write-out", &format!("{image}\n"));
    file.push_str("fail-with-body\n");
    file
}

/// As curl reads it between quotation marks.
fn escaped(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_given_to_who_asks() {
        for accept in ["text/x-curl", "Text/X-Curl;q=0.9", "application/json;q=0.5, text/x-curl"] {
            assert!(is_wanted(accept), "{accept}");
        }
        for accept in ["", "*/*", "text/*", "application/json", "text/x-curlish"] {
            assert!(!is_wanted(accept), "{accept}");
        }
    }

    #[test]
    fn nothing_can_break_out_of_its_line() {
        let signed = SignedRequest {
            url: "https://x/\"\nproxy = \"evil".into(),
            headers: [("content-length".into(), "3".into()), ("a".into(), "b\\\r\t".into())].into(),
        };
        let image = ImageId::of_import("imports/x");
        let expected = format!(
            "url = \"https://x/\\\"\\nproxy = \\\"evil\"\nrequest = \"PUT\"\nheader = \"a: b\\\\\\r\\t\"\n\
             write-out = \"{image}\\n\"\nfail-with-body\n"
        );
        assert_eq!(config(image, &signed), expected);
    }
}
