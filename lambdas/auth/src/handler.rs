//! The /auth routes. Their rule: an answer may depend on the client's input and on what it proved to know (password,
//! code), never on whether there is an account (R35).

mod account;

use crate::answers::{accepted, done, signed_in};
use crate::rules;
use darkroom_aws::erasures::AskForErasure;
use darkroom_aws::identity::{ChangePassword, ConfirmAddress, MailResetCode, OpenAccount, Refused, ResetPassword};
use darkroom_aws::identity::{RefreshTokens, ResendCode, RevokeToken, SignIn};
use darkroom_domain::ErrorCode;
use darkroom_runtime::api::{Answer, Fields, Problem, Request};
use serde::Deserialize;
use serde_json::json;

/// The routes and what they need.
pub struct Auth<C, E> {
    pub accounts: C,
    pub erasures: E,
    pub client_id: String,
    /// Counts a mail that Cognito did not send.
    pub mail_refused: fn(),
}

// Not `Debug`, so that no password can slip into a log.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Credentials {
    email: String,
    password: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verification {
    email: String,
    code: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Address {
    email: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    email: String,
    code: String,
    password: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Session {
    refresh_token: String,
}

impl<C, E> Auth<C, E>
where
    C: OpenAccount + ConfirmAddress + ResendCode,
    C: SignIn + RefreshTokens + RevokeToken,
    C: MailResetCode + ResetPassword + ChangePassword,
    E: AskForErasure,
{
    /// Answers one request.
    pub async fn handle(&self, request: &Request) -> Result<Answer, Problem> {
        let accounts = &self.accounts;
        match request.route() {
            ("POST", "/auth/signup") => sign_up(accounts, &request.json()?, self.mail_refused).await,
            ("POST", "/auth/verify") => verify(accounts, &request.json()?).await,
            ("POST", "/auth/resend-code") => resend_code(accounts, &request.json()?, self.mail_refused).await,
            ("POST", "/auth/signin") => sign_in(accounts, &request.json()?).await,
            ("POST", "/auth/refresh") => refresh(accounts, &request.json()?).await,
            ("POST", "/auth/signout") => sign_out(accounts, &request.json()?).await,
            ("POST", "/auth/forgot-password") => forgot_password(accounts, &request.json()?, self.mail_refused).await,
            ("POST", "/auth/confirm-forgot-password") => confirm_forgot(accounts, &request.json()?).await,
            ("POST", "/auth/change-password") => account::change_password(accounts, &self.client_id, request).await,
            ("DELETE", "/me") => account::erase(&self.erasures, &self.client_id, request).await,
            _ => Err(ErrorCode::RequestNotFound.into()),
        }
    }
}

async fn sign_up(accounts: &impl OpenAccount, new: &Credentials, mail_refused: fn()) -> Result<Answer, Problem> {
    let mut fields = Fields::default();
    rules::email(&mut fields, &new.email);
    rules::new_password(&mut fields, "password", &new.password);
    fields.done()?;
    match counted(accounts.open_account(&new.email, &new.password).await, mail_refused) {
        Ok(()) | Err(Refused::Account | Refused::Mail) => accepted(),
        Err(Refused::Closed) => Err(Problem::from(ErrorCode::RequestNotFound).detail("Accounts are not opened here.")),
        Err(Refused::Parameter) => Err(Problem::field("email", "must be an e-mail address")),
        Err(other) => Err(problem_of(other)),
    }
}

async fn verify(accounts: &impl ConfirmAddress, proof: &Verification) -> Result<Answer, Problem> {
    let mut fields = Fields::default();
    rules::email(&mut fields, &proof.email);
    rules::code(&mut fields, &proof.code);
    fields.done()?;
    match accounts.confirm_address(&proof.email, &proof.code).await {
        Ok(()) => done("The address is confirmed. You can sign in."),
        Err(other) => Err(problem_of(other)),
    }
}

async fn resend_code(accounts: &impl ResendCode, who: &Address, mail_refused: fn()) -> Result<Answer, Problem> {
    let mut fields = Fields::default();
    rules::email(&mut fields, &who.email);
    fields.done()?;
    match counted(accounts.resend_code(&who.email).await, mail_refused) {
        Err(Refused::Error(error)) => Err(error.into()),
        // Cognito refuses an address that is already confirmed as a wrong parameter: that, too, tells of an account.
        Ok(()) | Err(_) => accepted(),
    }
}

async fn sign_in(accounts: &impl SignIn, who: &Credentials) -> Result<Answer, Problem> {
    let mut fields = Fields::default();
    rules::email(&mut fields, &who.email);
    rules::password(&mut fields, "password", &who.password);
    fields.done()?;
    let tokens = match accounts.sign_in(&who.email, &who.password).await {
        Ok(tokens) => tokens,
        Err(Refused::Error(error)) => return Err(error.into()),
        Err(_) => {
            let hint = "If the account is new, confirm its address first.";
            return Err(Problem::from(ErrorCode::AuthInvalidCredentials).detail(hint));
        }
    };
    signed_in(&tokens)
}

async fn refresh(accounts: &impl RefreshTokens, session: &Session) -> Result<Answer, Problem> {
    let mut fields = Fields::default();
    rules::token(&mut fields, &session.refresh_token);
    fields.done()?;
    let token = match accounts.refresh_tokens(&session.refresh_token).await {
        Ok(token) => token,
        Err(Refused::Error(error)) => return Err(error.into()),
        // A token may be revoked, too old, of another client or of a deleted account: no answer tells which.
        Err(_) => return Err(ErrorCode::AuthSessionEnded.into()),
    };
    Ok(Answer::json(200, &json!({ "id_token": token.id, "expires_in": token.expires_in, "token_type": "Bearer" }))?)
}

async fn sign_out(accounts: &impl RevokeToken, session: &Session) -> Result<Answer, Problem> {
    let mut fields = Fields::default();
    rules::token(&mut fields, &session.refresh_token);
    fields.done()?;
    match accounts.revoke_token(&session.refresh_token).await {
        Ok(()) => Ok(Answer::empty(204)),
        Err(Refused::Error(error)) => Err(error.into()),
        // A client that sends another token by mistake must not believe that the sign-in has ended.
        Err(_) => Err(Problem::field("refresh_token", "must be a refresh token of this API")),
    }
}

async fn forgot_password(accounts: &impl MailResetCode, who: &Address, mail_refused: fn()) -> Result<Answer, Problem> {
    let mut fields = Fields::default();
    rules::email(&mut fields, &who.email);
    fields.done()?;
    match counted(accounts.mail_reset_code(&who.email).await, mail_refused) {
        Err(Refused::Error(error)) => Err(error.into()),
        // Cognito refuses an account whose address was never confirmed as a wrong parameter: that, too, tells of an
        // account.
        Ok(()) | Err(_) => accepted(),
    }
}

async fn confirm_forgot(accounts: &impl ResetPassword, new: &NewPassword) -> Result<Answer, Problem> {
    let mut fields = Fields::default();
    rules::email(&mut fields, &new.email);
    rules::code(&mut fields, &new.code);
    rules::new_password(&mut fields, "password", &new.password);
    fields.done()?;
    match accounts.reset_password(&new.email, &new.code, &new.password).await {
        Ok(()) => done("The password is changed. You can sign in."),
        Err(other) => Err(problem_of(other)),
    }
}

/// A refusal of a route that takes a code: every reason that tells of an account looks like a wrong code.
fn problem_of(refused: Refused) -> Problem {
    match refused {
        Refused::Account | Refused::Mail | Refused::Code | Refused::Parameter | Refused::Closed | Refused::Token => {
            ErrorCode::AuthCodeInvalid.into()
        }
        Refused::Password => {
            Problem::from(ErrorCode::AuthPasswordPolicy).detail("Choose a longer one, and not one you had before.")
        }
        Refused::Error(error) => error.into(),
    }
}

/// A mail that was not sent is counted, since no answer tells of it.
fn counted(done: Result<(), Refused>, mail_refused: fn()) -> Result<(), Refused> {
    if done == Err(Refused::Mail) {
        mail_refused();
    }
    done
}

#[cfg(test)]
mod tests;
