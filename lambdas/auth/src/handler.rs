//! What the /auth routes answer. The rule of them all: an answer may depend on what the client sent and on what it
//! proved to know (password, code), never on whether there is an account (R35).

use crate::rules;
use darkroom_aws::identity::{ConfirmAddress, MailResetCode, OpenAccount, Refused, ResetPassword, SignIn};
use darkroom_aws::identity::{RefreshTokens, ResendCode, RevokeToken};
use darkroom_domain::ErrorCode;
use darkroom_runtime::api::{Answer, Fields, Problem, Request};
use serde::Deserialize;
use serde_json::json;

/// The routes and what they need.
pub struct Auth<C> {
    pub accounts: C,
    pub client_id: String,
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

impl<C> Auth<C>
where
    C: OpenAccount + ConfirmAddress + ResendCode,
    C: SignIn + RefreshTokens + RevokeToken,
    C: MailResetCode + ResetPassword,
{
    /// Answers one request.
    pub async fn handle(&self, request: &Request) -> Result<Answer, Problem> {
        let (accounts, client) = (&self.accounts, self.client_id.as_str());
        match request.route() {
            ("POST", "/auth/signup") => sign_up(accounts, client, &request.json()?).await,
            ("POST", "/auth/verify") => verify(accounts, client, &request.json()?).await,
            ("POST", "/auth/resend-code") => resend_code(accounts, client, &request.json()?).await,
            ("POST", "/auth/signin") => sign_in(accounts, client, &request.json()?).await,
            ("POST", "/auth/refresh") => refresh(accounts, client, &request.json()?).await,
            ("POST", "/auth/signout") => sign_out(accounts, client, &request.json()?).await,
            ("POST", "/auth/forgot-password") => forgot_password(accounts, client, &request.json()?).await,
            ("POST", "/auth/confirm-forgot-password") => confirm_forgot(accounts, client, &request.json()?).await,
            _ => Err(ErrorCode::RequestNotFound.into()),
        }
    }
}

async fn sign_up(accounts: &impl OpenAccount, client: &str, new: &Credentials) -> Result<Answer, Problem> {
    let mut fields = Fields::default();
    rules::email(&mut fields, &new.email);
    rules::new_password(&mut fields, &new.password);
    fields.done()?;
    match accounts.open_account(client, &new.email, &new.password).await {
        Ok(()) | Err(Refused::Account) => accepted(),
        Err(Refused::Closed) => Err(Problem::from(ErrorCode::RequestNotFound).detail("Accounts are not opened here.")),
        Err(Refused::Parameter) => Err(Problem::field("email", "must be an e-mail address")),
        Err(other) => Err(problem_of(other)),
    }
}

async fn verify(accounts: &impl ConfirmAddress, client: &str, proof: &Verification) -> Result<Answer, Problem> {
    let mut fields = Fields::default();
    rules::email(&mut fields, &proof.email);
    rules::code(&mut fields, &proof.code);
    fields.done()?;
    match accounts.confirm_address(client, &proof.email, &proof.code).await {
        Ok(()) => done("The address is confirmed. You can sign in."),
        Err(other) => Err(problem_of(other)),
    }
}

async fn resend_code(accounts: &impl ResendCode, client: &str, who: &Address) -> Result<Answer, Problem> {
    let mut fields = Fields::default();
    rules::email(&mut fields, &who.email);
    fields.done()?;
    match accounts.resend_code(client, &who.email).await {
        Err(Refused::Error(error)) => Err(error.into()),
        // An address that is confirmed already is refused as a wrong parameter: that, too, tells of an account.
        Ok(()) | Err(_) => accepted(),
    }
}

async fn sign_in(accounts: &impl SignIn, client: &str, who: &Credentials) -> Result<Answer, Problem> {
    let mut fields = Fields::default();
    rules::email(&mut fields, &who.email);
    rules::password(&mut fields, &who.password);
    fields.done()?;
    let tokens = match accounts.sign_in(client, &who.email, &who.password).await {
        Ok(tokens) => tokens,
        Err(Refused::Error(error)) => return Err(error.into()),
        Err(_) => {
            let hint = "If the account is new, confirm its address first.";
            return Err(Problem::from(ErrorCode::AuthInvalidCredentials).detail(hint));
        }
    };
    let body = json!({
        "id_token": tokens.id,
        "access_token": tokens.access,
        "refresh_token": tokens.refresh,
        "expires_in": tokens.expires_in,
        "token_type": "Bearer",
    });
    Ok(Answer::json(200, &body)?)
}

async fn refresh(accounts: &impl RefreshTokens, client: &str, session: &Session) -> Result<Answer, Problem> {
    let mut fields = Fields::default();
    rules::token(&mut fields, &session.refresh_token);
    fields.done()?;
    let tokens = match accounts.refresh_tokens(client, &session.refresh_token).await {
        Ok(tokens) => tokens,
        Err(Refused::Error(error)) => return Err(error.into()),
        // Revoked, too old, of another client, of an account that is gone: no answer tells which.
        Err(_) => return Err(ErrorCode::AuthSessionEnded.into()),
    };
    let body = json!({
        "id_token": tokens.id,
        "access_token": tokens.access,
        "expires_in": tokens.expires_in,
        "token_type": "Bearer",
    });
    Ok(Answer::json(200, &body)?)
}

async fn sign_out(accounts: &impl RevokeToken, client: &str, session: &Session) -> Result<Answer, Problem> {
    let mut fields = Fields::default();
    rules::token(&mut fields, &session.refresh_token);
    fields.done()?;
    match accounts.revoke_token(client, &session.refresh_token).await {
        Ok(()) => Ok(Answer::empty(204)),
        Err(Refused::Error(error)) => Err(error.into()),
        // Whoever hands over another token by mistake must not believe that the sign-in has ended.
        Err(_) => Err(Problem::field("refresh_token", "must be a refresh token of this API")),
    }
}

async fn forgot_password(accounts: &impl MailResetCode, client: &str, who: &Address) -> Result<Answer, Problem> {
    let mut fields = Fields::default();
    rules::email(&mut fields, &who.email);
    fields.done()?;
    match accounts.mail_reset_code(client, &who.email).await {
        Err(Refused::Error(error)) => Err(error.into()),
        // An account whose address was never confirmed is refused as a wrong parameter: that, too, tells of one.
        Ok(()) | Err(_) => accepted(),
    }
}

async fn confirm_forgot(accounts: &impl ResetPassword, client: &str, new: &NewPassword) -> Result<Answer, Problem> {
    let mut fields = Fields::default();
    rules::email(&mut fields, &new.email);
    rules::code(&mut fields, &new.code);
    rules::new_password(&mut fields, &new.password);
    fields.done()?;
    match accounts.reset_password(client, &new.email, &new.code, &new.password).await {
        Ok(()) => done("The password is changed. You can sign in."),
        Err(other) => Err(problem_of(other)),
    }
}

/// A refusal where a code was asked for: every reason that tells of an account looks like a wrong code.
fn problem_of(refused: Refused) -> Problem {
    match refused {
        Refused::Account | Refused::Code | Refused::Parameter | Refused::Closed | Refused::Token => {
            ErrorCode::AuthCodeInvalid.into()
        }
        Refused::Password => {
            Problem::from(ErrorCode::AuthPasswordPolicy).detail("Choose a longer one, and not one you had before.")
        }
        Refused::Error(error) => error.into(),
    }
}

fn accepted() -> Result<Answer, Problem> {
    Ok(Answer::json(202, &json!({ "message": "If the address can receive a code, it is on its way." }))?)
}

fn done(message: &str) -> Result<Answer, Problem> {
    Ok(Answer::json(200, &json!({ "message": message }))?)
}

#[cfg(test)]
mod tests;
