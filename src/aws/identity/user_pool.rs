//! The environment's user pool, through its one client. Cognito refuses strangers who know the client's id but not the
//! client's secret, which the function's role reads once for each sandbox and stores nowhere; only a signed call checks
//! passwords (docs/adr/0029-cognito-behind-our-door.md).

use super::capabilities::{
    ChangePassword, ConfirmAddress, FreshToken, MailResetCode, OpenAccount, RefreshTokens, ResendCode, ResetPassword,
    RevokeToken, SignIn, Tokens,
};
use super::client_secret::ClientSecret;
use super::refusal::{Refused, doubts_the_secret, refused};
use crate::error::sdk_error;
use aws_config::SdkConfig;
use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::config::Builder;
use aws_sdk_cognitoidentityprovider::types::{AuthFlowType, AuthenticationResultType};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use darkroom_domain::id::OwnerId;
use darkroom_domain::{Error, ErrorCode};
use std::fmt::Debug;
use std::sync::{Mutex, PoisonError};

/// A user pool and its client.
pub struct UserPool {
    cognito: Client,
    pool_id: String,
    client_id: String,
    secret: Mutex<Option<ClientSecret>>,
}

/// A client of Cognito without retries.
pub fn client(config: &SdkConfig) -> Client {
    Client::from_conf(asking_once(Builder::from(config)).build())
}

/// A retry would use up one of an account's few attempts. Only existing accounts run out of attempts, and the longer
/// wait would tell that (R35).
pub fn asking_once(client: Builder) -> Builder {
    client.retry_config(RetryConfig::disabled())
}

impl UserPool {
    /// The pool and its client, whose secret is read later, so that a start makes no call.
    pub fn new(cognito: Client, pool_id: impl Into<String>, client_id: impl Into<String>) -> Self {
        Self { cognito, pool_id: pool_id.into(), client_id: client_id.into(), secret: Mutex::new(None) }
    }

    async fn secret(&self) -> Result<ClientSecret, Refused> {
        let known = self.secret.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(secret) = known {
            return Ok(secret);
        }
        let call = self.cognito.describe_user_pool_client().user_pool_id(&self.pool_id).client_id(&self.client_id);
        let answer = call.send().await;
        let answer = answer
            .map_err(|error| sdk_error("read the client's secret", ErrorCode::TransientUnavailable, &error))
            .map_err(Refused::Error)?;
        let secret = answer.user_pool_client.and_then(|client| client.client_secret).map(ClientSecret::new);
        let none = || Refused::Error(Error::new(ErrorCode::WorkerMisconfigured, "the pool's client has no secret"));
        let secret = secret.ok_or_else(none)?;
        // If two requests asked at once, both got the same secret.
        *self.secret.lock().unwrap_or_else(PoisonError::into_inner) = Some(secret.clone());
        Ok(secret)
    }

    /// A refusal. If Cognito refused the secret, the client has another one by now, which the next request reads.
    fn refused<E>(&self, doing: &str, error: &SdkError<E, HttpResponse>) -> Refused
    where
        E: ProvideErrorMetadata + Debug,
    {
        if doubts_the_secret(error) {
            *self.secret.lock().unwrap_or_else(PoisonError::into_inner) = None;
            let why = format!("{doing}: Cognito does not take the client's secret");
            return Refused::Error(Error::new(ErrorCode::TransientUnavailable, why));
        }
        refused(doing, error)
    }

    /// Checks a password. The call is signed, so a stranger who has the secret still cannot try passwords.
    async fn authenticate(&self, username: &str, password: &str) -> Result<AuthenticationResultType, Refused> {
        let hash = self.secret().await?.hash(username, &self.client_id);
        let call = self
            .cognito
            .admin_initiate_auth()
            .user_pool_id(&self.pool_id)
            .client_id(&self.client_id)
            .auth_flow(AuthFlowType::AdminUserPasswordAuth)
            .auth_parameters("USERNAME", username)
            .auth_parameters("PASSWORD", password)
            .auth_parameters("SECRET_HASH", hash);
        let answer = call.send().await.map_err(|error| self.refused("sign in", &error))?;
        answer.authentication_result.ok_or_else(|| {
            // A password that an operator set: this API has no route for the answer. A second factor cannot be set up.
            let challenge = answer.challenge_name.as_ref().map(ToString::to_string);
            tracing::warn!(challenge, "Cognito asks for more than a password");
            Refused::Account
        })
    }
}

impl OpenAccount for UserPool {
    async fn open_account(&self, email: &str, password: &str) -> Result<(), Refused> {
        let hash = self.secret().await?.hash(email, &self.client_id);
        let call = self.cognito.sign_up().client_id(&self.client_id).secret_hash(hash);
        match call.username(email).password(password).send().await {
            Ok(_) => Ok(()),
            Err(error) => match self.refused("open the account", &error) {
                // Only here this says nothing about an account: the pool does not let people sign up themselves.
                Refused::Account if error.code() == Some("NotAuthorizedException") => Err(Refused::Closed),
                other => Err(other),
            },
        }
    }
}

impl ConfirmAddress for UserPool {
    async fn confirm_address(&self, email: &str, code: &str) -> Result<(), Refused> {
        let hash = self.secret().await?.hash(email, &self.client_id);
        let call = self.cognito.confirm_sign_up().client_id(&self.client_id).secret_hash(hash);
        let answer = call.username(email).confirmation_code(code).send().await;
        answer.map(drop).map_err(|error| self.refused("confirm the address", &error))
    }
}

impl SignIn for UserPool {
    async fn sign_in(&self, email: &str, password: &str) -> Result<Tokens, Refused> {
        tokens(self.authenticate(email, password).await?)
    }
}

impl RefreshTokens for UserPool {
    async fn refresh_tokens(&self, refresh: &str) -> Result<FreshToken, Refused> {
        // InitiateAuth would need a hash of the user's name, which a refresh token does not tell.
        let secret = self.secret().await?;
        let call = self.cognito.get_tokens_from_refresh_token().client_id(&self.client_id);
        let answer = call.client_secret(secret.plain()).refresh_token(refresh).send().await;
        let result = answer.map_err(|error| self.refused("refresh tokens", &error))?.authentication_result;
        let token = result.and_then(|result| Some(FreshToken { id: result.id_token?, expires_in: result.expires_in }));
        token.ok_or(Refused::Account)
    }
}

impl RevokeToken for UserPool {
    async fn revoke_token(&self, refresh: &str) -> Result<(), Refused> {
        let secret = self.secret().await?;
        let call = self.cognito.revoke_token().client_id(&self.client_id).client_secret(secret.plain());
        let answer = call.token(refresh).send().await;
        answer.map(drop).map_err(|error| self.refused("revoke the token", &error))
    }
}

impl ResendCode for UserPool {
    async fn resend_code(&self, email: &str) -> Result<(), Refused> {
        let hash = self.secret().await?.hash(email, &self.client_id);
        let call = self.cognito.resend_confirmation_code().client_id(&self.client_id).secret_hash(hash);
        let answer = call.username(email).send().await;
        answer.map(drop).map_err(|error| self.refused("mail a confirmation code", &error))
    }
}

impl MailResetCode for UserPool {
    async fn mail_reset_code(&self, email: &str) -> Result<(), Refused> {
        let hash = self.secret().await?.hash(email, &self.client_id);
        let call = self.cognito.forgot_password().client_id(&self.client_id).secret_hash(hash);
        let answer = call.username(email).send().await;
        answer.map(drop).map_err(|error| self.refused("mail a reset code", &error))
    }
}

impl ResetPassword for UserPool {
    async fn reset_password(&self, email: &str, code: &str, password: &str) -> Result<(), Refused> {
        let hash = self.secret().await?.hash(email, &self.client_id);
        let call = self.cognito.confirm_forgot_password().client_id(&self.client_id).secret_hash(hash);
        let answer = call.username(email).confirmation_code(code).password(password).send().await;
        answer.map(drop).map_err(|error| self.refused("reset the password", &error))
    }
}

impl ChangePassword for UserPool {
    async fn change_password(&self, owner: &OwnerId, password: &str, new_password: &str) -> Result<Tokens, Refused> {
        let username = owner.as_str();
        self.authenticate(username, password).await?;
        // Sign-ins end before the password changes: if the second half fails, all are signed out, and the user can ask
        // again.
        let call = self.cognito.admin_user_global_sign_out().user_pool_id(&self.pool_id).username(username);
        call.send().await.map_err(|error| self.refused("end all sign-ins", &error))?;
        let proof = self.authenticate(username, password).await?;
        let call = self.cognito.change_password().set_access_token(proof.access_token.clone());
        let answer = call.previous_password(password).proposed_password(new_password).send().await;
        answer.map_err(|error| self.refused("change the password", &error))?;
        tokens(proof)
    }
}

fn tokens(proof: AuthenticationResultType) -> Result<Tokens, Refused> {
    let expires_in = proof.expires_in;
    let tokens = proof.id_token.zip(proof.refresh_token).map(|(id, refresh)| Tokens { id, refresh, expires_in });
    tokens.ok_or_else(|| Refused::Error(Error::new(ErrorCode::WorkerBug, "sign in: Cognito left tokens out")))
}
