//! The acts of the function `auth` on accounts, one trait each.

use super::refusal::Refused;
use darkroom_domain::id::OwnerId;

/// The proof of a sign-in. Not `Debug`: these are secrets. Cognito's access token is not among them: with it a user could
/// call Cognito's own API, past ours (docs/adr/0029-cognito-behind-our-door.md).
pub struct Tokens {
    /// Who it is; what our API takes.
    pub id: String,
    /// Buys new tokens.
    pub refresh: String,
    /// Seconds until the id token expires.
    pub expires_in: i32,
}

/// The answer to a refresh token. Not `Debug`: this is a secret.
pub struct FreshToken {
    /// Who it is.
    pub id: String,
    /// Seconds until it expires.
    pub expires_in: i32,
}

/// May open accounts.
pub trait OpenAccount {
    /// Opens an account and mails a code.
    fn open_account(&self, email: &str, password: &str) -> impl Future<Output = Result<(), Refused>>;
}

/// May confirm addresses.
pub trait ConfirmAddress {
    /// Confirms the address with the mailed code.
    fn confirm_address(&self, email: &str, code: &str) -> impl Future<Output = Result<(), Refused>>;
}

/// May sign in.
pub trait SignIn {
    /// Trades a password for tokens.
    fn sign_in(&self, email: &str, password: &str) -> impl Future<Output = Result<Tokens, Refused>>;
}

/// May trade refresh tokens for new tokens.
pub trait RefreshTokens {
    /// A new id token, as long as the sign-in of the refresh token lasts.
    fn refresh_tokens(&self, refresh: &str) -> impl Future<Output = Result<FreshToken, Refused>>;
}

/// May end sign-ins.
pub trait RevokeToken {
    /// Revokes the refresh token.
    fn revoke_token(&self, refresh: &str) -> impl Future<Output = Result<(), Refused>>;
}

/// May have confirmation codes mailed once more.
pub trait ResendCode {
    /// Mails a code that confirms the address.
    fn resend_code(&self, email: &str) -> impl Future<Output = Result<(), Refused>>;
}

/// May have reset codes mailed.
pub trait MailResetCode {
    /// Mails a code that sets a new password.
    fn mail_reset_code(&self, email: &str) -> impl Future<Output = Result<(), Refused>>;
}

/// May set new passwords.
pub trait ResetPassword {
    /// Sets a new password with the mailed code.
    fn reset_password(&self, email: &str, code: &str, password: &str) -> impl Future<Output = Result<(), Refused>>;
}

/// May change passwords.
pub trait ChangePassword {
    /// Ends every sign-in of the account and gives it a new password, if the old one is right. Returns the account's
    /// only sign-in.
    fn change_password(
        &self,
        owner: &OwnerId,
        password: &str,
        new_password: &str,
    ) -> impl Future<Output = Result<Tokens, Refused>>;
}
