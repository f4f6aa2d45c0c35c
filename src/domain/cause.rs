//! What an operator reads of an error: the message of the function that failed, and which version of which function that
//! was. A function's error has a name and one text, and no place for more, so the last line of the text tells the version.

use serde_json::Value;

/// Before the version, on a line of its own.
const RELEASE: &str = "\nrelease: ";

/// An error's cause, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// In words.
    pub message: String,
    /// The function and its version, as AWS writes both: `darkroom-dev-resize:7`. None of an earlier release, and of an
    /// error that is AWS's own, such as a timeout.
    pub release: Option<String>,
}

impl Cause {
    /// Reads what Step Functions or a record has. A function's cause is JSON around the message; AWS's own is text.
    pub fn read(text: &str) -> Self {
        let opened = serde_json::from_str::<Value>(text).ok();
        let said = opened.as_ref().and_then(|opened| opened["errorMessage"].as_str()).unwrap_or(text);
        match said.rsplit_once(RELEASE).filter(|(_, release)| is_release(release)) {
            Some((message, release)) => Self { message: message.into(), release: Some(release.into()) },
            None => Self { message: said.into(), release: None },
        }
    }
}

/// The text of an error of this function and version.
pub fn signed(message: &str, function: &str, version: &str) -> String {
    format!("{message}{RELEASE}{function}:{version}")
}

/// A message may quote anything, so not every line that looks like one is a release.
fn is_release(text: &str) -> bool {
    let is_name = |name: &str| {
        (1..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let is_version = |version: &str| version == "$LATEST" || version.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once(':').is_some_and(|(name, version)| is_name(name) && !version.is_empty() && is_version(version))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn cause(message: &str, release: Option<&str>) -> Cause {
        Cause { message: message.into(), release: release.map(Into::into) }
    }

    #[test]
    fn what_a_function_signed_is_read_with_its_version_from_a_record_and_from_an_execution() {
        let said = signed("403 AccessDenied\nat line 7", "darkroom-dev-resize", "7");
        let expected = cause("403 AccessDenied\nat line 7", Some("darkroom-dev-resize:7"));
        assert_eq!(Cause::read(&said), expected);
        let execution = json!({ "errorType": "Worker.Denied", "errorMessage": said }).to_string();
        assert_eq!(Cause::read(&execution), expected);
        assert_eq!(Cause::read(&signed("", "resize", "$LATEST")), cause("", Some("resize:$LATEST")));
    }

    #[test]
    fn of_an_earlier_release_and_of_aws_no_version_is_known() {
        for text in ["403", "", "Task timed out after 60.00 seconds", "{", "[1]", "7"] {
            assert_eq!(Cause::read(text), cause(text, None));
        }
        assert_eq!(Cause::read(&json!({ "errorMessage": "403" }).to_string()), cause("403", None));
    }

    #[test]
    fn a_line_that_the_message_quotes_is_no_release() {
        for quoted in ["a b:7", "resize", "resize:", "resize:new", ":7", "resize:7 and more", "resize:7\n"] {
            let text = format!("said{RELEASE}{quoted}");
            assert_eq!(Cause::read(&text), cause(&text, None), "{quoted}");
        }
        let twice = signed(&format!("said{RELEASE}another:1"), "resize", "7");
        assert_eq!(Cause::read(&twice), cause(&format!("said{RELEASE}another:1"), Some("resize:7")));
    }
}
