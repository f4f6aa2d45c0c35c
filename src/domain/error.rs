//! The error catalogue: every error name that Darkroom shows, in one table.
//!
//! The state machine catches these names, the API answers with them, the record keeps them, the docs explain them
//! (`docs/ERRORS.md`, one anchor per name) and the alarms count them. Tests compare all of those with this file.

use serde::{Deserialize, Serialize};

/// Who has to act, which decides what the workflow does with the error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The upload cannot be developed. A normal outcome: recorded, never retried, no alarm.
    Rejection,
    /// It will pass. Retried by the state machine or the queue.
    Transient,
    /// An operator must act: configuration, permissions, a bug.
    Fault,
    /// The client's request is at fault, and the answer says how to fix it.
    Request,
}

macro_rules! catalogue {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $kind:ident, $status:literal, $message:literal;)*) => {
        /// A stable error name. See the [module](self) for where it travels.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $($(#[$doc])* $variant,)* }

        impl ErrorCode {
            /// Every name, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name as clients and operators see it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Who has to act.
            pub const fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$kind,)* }
            }

            /// The HTTP status of an API answer that carries it.
            pub const fn http_status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// The public message: what happened and what to do, nothing internal.
            pub const fn message(self) -> &'static str {
                match self { $(Self::$variant => $message,)* }
            }
        }
    };
}

catalogue! {
    /// Zero bytes.
    ImageEmpty = "Image.Empty", Rejection, 422, "The file is empty.";
    /// More bytes than the limit.
    ImageTooLarge = "Image.TooLarge", Rejection, 422, "The file has more bytes than the limit allows.";
    /// Sides or area beyond the limit.
    ImageTooManyPixels = "Image.TooManyPixels", Rejection, 422, "The picture is wider, higher or larger in area than the limit allows.";
    /// Frames, or the pixels of all frames, beyond the limit.
    ImageTooManyFrames = "Image.TooManyFrames", Rejection, 422, "The animation has more frames than the limit allows.";
    /// Not a format that Darkroom reads: text, SVG, a document, a video.
    ImageUnsupported = "Image.Unsupported", Rejection, 422, "The file is not a picture in a format that Darkroom reads.";
    /// HEIC is recognised, so that the answer can help.
    ImageHeic = "Image.Heic", Rejection, 422, "This Darkroom does not read HEIC: export the photo as JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible).";
    /// AVIF is recognised, so that the answer can help.
    ImageAvif = "Image.Avif", Rejection, 422, "Darkroom does not read AVIF: export the picture as JPEG or PNG.";
    /// The bytes are another format than the upload declared.
    ImageTypeMismatch = "Image.TypeMismatch", Rejection, 422, "The file is not of the type that the upload declared.";
    /// Truncated or damaged.
    ImageCorrupt = "Image.Corrupt", Rejection, 422, "The file is damaged or ends early, so the picture cannot be shown whole.";
    /// Decoding took more time than a picture may.
    ImageTooComplex = "Image.TooComplex", Rejection, 422, "The picture takes too long to decode.";
    /// The object was deleted before it was processed.
    ImageGone = "Image.Gone", Rejection, 404, "The upload was deleted before it was processed.";

    /// S3 was slow, throttled or failed.
    TransientStorage = "Transient.Storage", Transient, 503, "The storage did not answer in time. Try again.";
    /// Any other service was slow, throttled or failed.
    TransientUnavailable = "Transient.Unavailable", Transient, 503, "A service did not answer in time. Try again.";
    /// The pixels between two workers are of another release, or have expired: they are made again.
    TransientStaleWork = "Transient.StaleWork", Transient, 503, "The picture is being made again. Try again.";

    /// A setting is missing or wrong.
    WorkerMisconfigured = "Worker.Misconfigured", Fault, 500, "Darkroom is misconfigured. Its operator has been told.";
    /// The role lacks a permission, or a key refuses.
    WorkerDenied = "Worker.Denied", Fault, 500, "Darkroom lacks a permission. Its operator has been told.";
    /// A worker was handed something that no other part of Darkroom writes.
    WorkerBadInput = "Worker.BadInput", Fault, 500, "A part of Darkroom received input that it does not know.";
    /// A case that must not happen.
    WorkerBug = "Worker.Bug", Fault, 500, "Something went wrong inside Darkroom.";
    /// Its execution ended without an outcome in the record.
    WorkerStuck = "Worker.Stuck", Fault, 500, "Processing stopped before it was done. Darkroom's operator has been told.";

    /// A body or parameter is not as the API describes it.
    RequestInvalid = "Request.Invalid", Request, 400, "The request does not match the API's description.";
    /// The body is larger than the API reads.
    RequestTooLarge = "Request.TooLarge", Request, 413, "The request body is too large.";
    /// No such route or thing, or not yours.
    RequestNotFound = "Request.NotFound", Request, 404, "This does not exist, or it is not yours.";
    /// Something else must happen first.
    RequestConflict = "Request.Conflict", Request, 409, "The state of the photo, album or execution does not allow this.";
    /// The `Idempotency-Key` was used with another body.
    RequestIdempotencyMismatch = "Request.IdempotencyMismatch", Request, 422, "This Idempotency-Key was used for another request.";
    /// The day's images or bytes are used up.
    RequestQuotaExceeded = "Request.QuotaExceeded", Request, 429, "This would exceed your quota for today. Come back tomorrow.";
    /// Too many requests.
    RequestThrottled = "Request.Throttled", Request, 429, "Too many requests. Wait a little and try again.";

    /// No token, or not one of ours.
    AuthUnauthorized = "Auth.Unauthorized", Request, 401, "Sign in and send the id token as a bearer token.";
    /// The sign-in is too old for a request that cannot be undone.
    AuthSignInAgain = "Auth.SignInAgain", Request, 403, "This needs a sign-in within the last five minutes. Sign in again.";
    /// The address and the password do not match.
    AuthInvalidCredentials = "Auth.InvalidCredentials", Request, 401, "The address and the password do not match.";
    /// The refresh token was revoked, has expired, or is not one of ours.
    AuthSessionEnded = "Auth.SessionEnded", Request, 401, "This sign-in has ended. Sign in again.";
    /// The code is wrong or has expired.
    AuthCodeInvalid = "Auth.CodeInvalid", Request, 400, "The code is wrong or has expired.";
    /// The password is too simple.
    AuthPasswordPolicy = "Auth.PasswordPolicy", Request, 400, "The password is too short or too simple.";
}

impl ErrorCode {
    /// The code of this name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// Where the docs explain this code.
    pub fn docs_link(self, docs_url: &str) -> String {
        format!("{docs_url}#{}", self.name())
    }

    /// May the same call succeed later?
    pub const fn is_retryable(self) -> bool {
        matches!(self.kind(), Kind::Transient)
    }
}

impl std::fmt::Display for ErrorCode {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.name())
    }
}

impl Serialize for ErrorCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::from_name(&name).ok_or_else(|| serde::de::Error::custom(format!("no error is called {name}")))
    }
}

/// An error with its name and a detail for the operator. `detail` is for logs, records and the console; the public
/// reads [`ErrorCode::message`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Error {
    /// The stable name.
    pub code: ErrorCode,
    /// What happened, for the operator: never a secret, never a signed URL.
    pub detail: String,
}

impl Error {
    /// An error of this name with a detail for the operator.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Self {
        Self::new(code, code.message())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found_again() {
        for code in ErrorCode::ALL {
            assert_eq!(ErrorCode::from_name(code.name()), Some(*code));
        }
    }

    #[test]
    fn the_prefix_says_who_must_act() {
        for code in ErrorCode::ALL {
            let expected = match code.name().split_once('.').expect("a name is Area.What").0 {
                "Image" => Kind::Rejection,
                "Transient" => Kind::Transient,
                "Worker" => Kind::Fault,
                "Request" | "Auth" => Kind::Request,
                other => panic!("{other} is not an area"),
            };
            assert_eq!(code.kind(), expected, "{code}");
        }
    }

    #[test]
    fn it_travels_as_its_name() {
        assert_eq!(serde_json::to_string(&ErrorCode::ImageHeic).unwrap(), "\"Image.Heic\"");
        assert_eq!(serde_json::from_str::<ErrorCode>("\"Worker.Bug\"").unwrap(), ErrorCode::WorkerBug);
        assert!(serde_json::from_str::<ErrorCode>("\"Worker.Unheard\"").is_err());
    }
}
