//! The rules for an address, a code and a password, checked before Cognito is called: Cognito might judge a password
//! only for an unknown address, and the answer would tell whether the address has an account (R35).

use darkroom_domain::settings::IDENTITY;
use darkroom_runtime::api::Fields;

const PASSWORD_MAX: usize = 256;
const EMAIL_MAX: usize = 128;

/// Notes an invalid address.
pub fn email(fields: &mut Fields, email: &str) {
    let label = |label: &str| {
        !label.is_empty() && !label.starts_with('-') && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let fits = email.len() <= EMAIL_MAX
        && email.rsplit_once('@').is_some_and(|(local, domain)| {
            let local_fits =
                (1..=64).contains(&local.len()) && local.bytes().all(|b| b.is_ascii_graphic() && b != b'@');
            let top = domain.rsplit_once('.').map_or("", |(_, top)| top);
            local_fits && domain.split('.').all(label) && top.len() > 1 && top.as_bytes()[0].is_ascii_alphabetic()
        });
    fields.check(fits, "email", || "must be an e-mail address".into());
}

/// Notes a code that Cognito cannot have sent.
pub fn code(fields: &mut Fields, code: &str) {
    fields.check(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()), "code", || "must be six digits".into());
}

/// Notes a new password that the API does not take.
pub fn new_password(fields: &mut Fields, name: &str, password: &str) {
    let min = IDENTITY.password.minimum_length;
    let length_fits = (min..=PASSWORD_MAX).contains(&password.chars().count());
    let text_fits = !password.contains(char::is_control) && !password.starts_with(' ') && !password.ends_with(' ');
    fields.check(length_fits && text_fits, name, || {
        format!("must have {min} to {PASSWORD_MAX} characters, no control characters, and no space at either end")
    });
}

/// Notes a password that no account can have.
pub fn password(fields: &mut Fields, name: &str, password: &str) {
    let fits = (1..=PASSWORD_MAX).contains(&password.chars().count());
    fields.check(fits, name, || format!("must have 1 to {PASSWORD_MAX} characters"));
}

/// Notes a refresh token that Cognito cannot have made.
pub fn token(fields: &mut Fields, token: &str) {
    let fits =
        !token.is_empty() && token.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'=' | b'.'));
    fields.check(fits, "refresh_token", || "must be as it was handed out".into());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(rule: fn(&mut Fields, &str), text: &str) -> bool {
        let mut fields = Fields::default();
        rule(&mut fields, text);
        fields.done().is_ok()
    }

    #[test]
    fn addresses() {
        let longest = format!("{}@{}.de", "x".repeat(64), "y".repeat(128 - 64 - 4));
        for good in ["ada@example.com", "a+b@x.co.uk", "a@b-c.de", "o'hara!#@x.museum", &longest] {
            assert!(passes(email, good), "{good}");
        }
        let too_long = format!("x{longest}");
        let bads =
            ["", "ada", "a@b", "a@@b.de", "a@b@c.de", "@b.de", "a b@c.de", "ä@c.de", "a@ä.de", "a@b..de", "a@.b.de"];
        for bad in bads.into_iter().chain(["a@-b.de", "a@b.d", "a@b.1e", "a@b.de\n", "a@b.de ", &too_long]) {
            assert!(!passes(email, bad), "{bad}");
        }
    }

    #[test]
    fn codes() {
        assert!(passes(code, "012345"));
        for bad in ["", "12345", "1234567", "12345a", "12345６", " 12345"] {
            assert!(!passes(code, bad), "{bad}");
        }
    }

    #[test]
    fn tokens() {
        assert!(passes(token, "eyJjdHkiOi.a-b_c=.9"));
        for bad in ["", "a b", "a+b", "a/b", "a\n", "ä"] {
            assert!(!passes(token, bad), "{bad}");
        }
    }

    #[test]
    fn passwords() {
        let new = |fields: &mut Fields, text: &str| new_password(fields, "password", text);
        assert!(passes(new, "Twelve chars") && passes(new, &"ß".repeat(256)));
        for bad in ["Eleven char", " Twelve chars", "Twelve chars ", "Twelve\tcharacters", &"x".repeat(257)] {
            assert!(!passes(new, bad), "{bad:?}");
        }
        let any = |fields: &mut Fields, text: &str| password(fields, "password", text);
        assert!(passes(any, "x") && !passes(any, "") && !passes(any, &"x".repeat(257)));
    }
}
