//! Cognito, as a public client sees it: none of these calls is signed, so the function needs no permission and holds no
//! secret. What Cognito refuses is sorted by what an answer may depend on (R35).

use super::error::sdk_error;
use aws_config::SdkConfig;
use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::config::Builder;
use aws_sdk_cognitoidentityprovider::types::AuthFlowType;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use darkroom_domain::{Error, ErrorCode};
use std::fmt::Debug;

/// Why Cognito did not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// For a reason that tells something about the account: whether there is one, whether it is confirmed, how often
    /// its owner tried. No answer may depend on which.
    Account,
    /// The code is wrong or old.
    Code,
    /// The password does not satisfy the pool's policy.
    Password,
    /// This is no refresh token, or not one of this client.
    Token,
    /// Cognito does not take the address, or a value, as one.
    Parameter,
    /// Nobody may open an account here.
    Closed,
    /// Nothing to do with what was asked.
    Error(Error),
}

/// The proof of a sign-in. Not `Debug`: these are secrets.
pub struct Tokens {
    /// Who it is; what our API takes.
    pub id: String,
    /// For Cognito's own API.
    pub access: String,
    /// Buys new tokens.
    pub refresh: String,
    /// Seconds that the first two live.
    pub expires_in: i32,
}

/// What a refresh token buys. Not `Debug`: these are secrets.
pub struct FreshTokens {
    /// Who it is.
    pub id: String,
    /// For Cognito's own API.
    pub access: String,
    /// Seconds that they live.
    pub expires_in: i32,
}

/// May open accounts.
pub trait OpenAccount {
    /// Opens an account and mails a code.
    fn open_account(&self, client: &str, email: &str, password: &str) -> impl Future<Output = Result<(), Refused>>;
}

/// May confirm addresses.
pub trait ConfirmAddress {
    /// Confirms the address with the mailed code.
    fn confirm_address(&self, client: &str, email: &str, code: &str) -> impl Future<Output = Result<(), Refused>>;
}

/// May sign in.
pub trait SignIn {
    /// Trades a password for tokens.
    fn sign_in(&self, client: &str, email: &str, password: &str) -> impl Future<Output = Result<Tokens, Refused>>;
}

/// May trade refresh tokens for new tokens.
pub trait RefreshTokens {
    /// New tokens for as long as the sign-in lasts that the refresh token came from.
    fn refresh_tokens(&self, client: &str, refresh: &str) -> impl Future<Output = Result<FreshTokens, Refused>>;
}

/// May end sign-ins.
pub trait RevokeToken {
    /// From now on the refresh token, and every access token that came of it, is good for nothing.
    fn revoke_token(&self, client: &str, refresh: &str) -> impl Future<Output = Result<(), Refused>>;
}

/// May have confirmation codes mailed once more.
pub trait ResendCode {
    /// Mails a code that confirms the address.
    fn resend_code(&self, client: &str, email: &str) -> impl Future<Output = Result<(), Refused>>;
}

/// May have reset codes mailed.
pub trait MailResetCode {
    /// Mails a code that sets a new password.
    fn mail_reset_code(&self, client: &str, email: &str) -> impl Future<Output = Result<(), Refused>>;
}

/// May set new passwords.
pub trait ResetPassword {
    /// Sets a new password with the mailed code.
    fn reset_password(
        &self,
        client: &str,
        email: &str,
        code: &str,
        password: &str,
    ) -> impl Future<Output = Result<(), Refused>>;
}

/// A client of Cognito that asks once.
pub fn client(config: &SdkConfig) -> Client {
    Client::from_conf(asking_once(Builder::from(config)).build())
}

/// Without retries: a second try would count against an account that has few, only accounts that exist run out of
/// them, and the longer wait would tell (R35).
pub fn asking_once(client: Builder) -> Builder {
    client.retry_config(RetryConfig::disabled())
}

impl OpenAccount for Client {
    async fn open_account(&self, client: &str, email: &str, password: &str) -> Result<(), Refused> {
        let call = self.sign_up().client_id(client).username(email).password(password).send();
        match call.await {
            Ok(_) => Ok(()),
            // Here alone this says nothing about an account: the pool does not let people sign up themselves.
            Err(error) if error.code() == Some("NotAuthorizedException") => Err(Refused::Closed),
            Err(error) => Err(refused("open the account", &error)),
        }
    }
}

impl ConfirmAddress for Client {
    async fn confirm_address(&self, client: &str, email: &str, code: &str) -> Result<(), Refused> {
        let call = self.confirm_sign_up().client_id(client).username(email).confirmation_code(code).send();
        call.await.map(drop).map_err(|error| refused("confirm the address", &error))
    }
}

impl SignIn for Client {
    async fn sign_in(&self, client: &str, email: &str, password: &str) -> Result<Tokens, Refused> {
        let call = self
            .initiate_auth()
            .client_id(client)
            .auth_flow(AuthFlowType::UserPasswordAuth)
            .auth_parameters("USERNAME", email)
            .auth_parameters("PASSWORD", password);
        let answer = call.send().await.map_err(|error| refused("sign in", &error))?;
        let tokens = answer.authentication_result.and_then(|result| {
            let (id, access, refresh) = (result.id_token?, result.access_token?, result.refresh_token?);
            Some(Tokens { id, access, refresh, expires_in: result.expires_in })
        });
        tokens.ok_or_else(|| {
            // A second factor, or a password that an operator set: this API has no route for either.
            let challenge = answer.challenge_name.as_ref().map(ToString::to_string);
            tracing::warn!(challenge, "Cognito asks for more than a password");
            Refused::Account
        })
    }
}

impl RefreshTokens for Client {
    async fn refresh_tokens(&self, client: &str, refresh: &str) -> Result<FreshTokens, Refused> {
        let call = self.initiate_auth().client_id(client).auth_flow(AuthFlowType::RefreshTokenAuth);
        let answer = call.auth_parameters("REFRESH_TOKEN", refresh).send().await;
        let result = answer.map_err(|error| refused("refresh tokens", &error))?.authentication_result;
        let tokens = result.and_then(|result| {
            Some(FreshTokens { id: result.id_token?, access: result.access_token?, expires_in: result.expires_in })
        });
        tokens.ok_or(Refused::Account)
    }
}

impl RevokeToken for Client {
    async fn revoke_token(&self, client: &str, refresh: &str) -> Result<(), Refused> {
        let answer = Client::revoke_token(self).client_id(client).token(refresh).send().await;
        answer.map(drop).map_err(|error| refused("revoke the token", &error))
    }
}

impl ResendCode for Client {
    async fn resend_code(&self, client: &str, email: &str) -> Result<(), Refused> {
        let call = self.resend_confirmation_code().client_id(client).username(email).send();
        call.await.map(drop).map_err(|error| refused("mail a confirmation code", &error))
    }
}

impl MailResetCode for Client {
    async fn mail_reset_code(&self, client: &str, email: &str) -> Result<(), Refused> {
        let call = self.forgot_password().client_id(client).username(email).send();
        call.await.map(drop).map_err(|error| refused("mail a reset code", &error))
    }
}

impl ResetPassword for Client {
    async fn reset_password(&self, client: &str, email: &str, code: &str, password: &str) -> Result<(), Refused> {
        let call = self.confirm_forgot_password().client_id(client).username(email);
        let call = call.confirmation_code(code).password(password).send();
        call.await.map(drop).map_err(|error| refused("reset the password", &error))
    }
}

fn refused<E>(doing: &str, error: &SdkError<E, HttpResponse>) -> Refused
where
    E: ProvideErrorMetadata + Debug,
{
    let code = error.as_service_error().and_then(ProvideErrorMetadata::code).unwrap_or_default();
    let refused = match code {
        "AliasExistsException"
        | "NotAuthorizedException"
        | "PasswordResetRequiredException"
        | "TooManyFailedAttemptsException"
        | "UsernameExistsException"
        | "UserNotConfirmedException"
        | "UserNotFoundException" => Refused::Account,
        // Only an account that exists is sent mail, so even a mail that could not be sent tells of one. The operator
        // must hear of it, since no answer will say so.
        "CodeDeliveryFailureException" | "LimitExceededException" => {
            tracing::warn!(doing, reason = code, "Cognito sent no mail, or takes no more tries");
            return Refused::Account;
        }
        "CodeMismatchException" | "ExpiredCodeException" => Refused::Code,
        "InvalidPasswordException" | "PasswordHistoryPolicyViolationException" => Refused::Password,
        "InvalidParameterException" => Refused::Parameter,
        "UnauthorizedException" | "UnsupportedTokenTypeException" => Refused::Token,
        "TooManyRequestsException" => Refused::Error(Error::new(ErrorCode::RequestThrottled, code)),
        "InvalidUserPoolConfigurationException"
        | "OperationNotEnabledException"
        | "ResourceNotFoundException"
        | "UnsupportedOperationException" => {
            Refused::Error(Error::new(ErrorCode::WorkerMisconfigured, format!("{doing}: {code}")))
        }
        _ => Refused::Error(sdk_error(doing, ErrorCode::TransientUnavailable, error)),
    };
    tracing::info!(doing, reason = code, "Cognito refused");
    refused
}
