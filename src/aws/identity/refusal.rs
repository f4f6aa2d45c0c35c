//! The meaning of Cognito's error names.

use crate::error::sdk_error;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use darkroom_domain::{Error, ErrorCode};
use std::fmt::Debug;

/// Why Cognito refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The reason tells something about the account: whether there is one, whether it is confirmed, how often its owner
    /// tried. No answer may depend on it.
    Account,
    /// Cognito could not send the mail with a code. Cognito mails only to existing accounts, so no answer may depend on
    /// this either; an alarm tells the operator.
    Mail,
    /// The code is wrong or old.
    Code,
    /// The password does not satisfy the pool's policy.
    Password,
    /// This is not a refresh token, or not one of this client.
    Token,
    /// Cognito does not accept the address, or a value, as valid.
    Parameter,
    /// The pool lets users open no accounts.
    Closed,
    /// The reason has nothing to do with the request.
    Error(Error),
}

/// Sorts a refusal.
pub(super) fn refused<E>(doing: &str, error: &SdkError<E, HttpResponse>) -> Refused
where
    E: ProvideErrorMetadata + Debug,
{
    let meta = error.as_service_error().map(ProvideErrorMetadata::meta);
    let (code, said) =
        meta.map_or(("", ""), |meta| (meta.code().unwrap_or_default(), meta.message().unwrap_or_default()));
    let refused = match code {
        // One name for two cases: the pool sends no more mail today, or this user asked too often (below).
        "LimitExceededException" if said.contains("email") => Refused::Mail,
        "AliasExistsException"
        | "LimitExceededException"
        | "NotAuthorizedException"
        | "PasswordResetRequiredException"
        | "TooManyFailedAttemptsException"
        | "UsernameExistsException"
        | "UserNotConfirmedException"
        | "UserNotFoundException" => Refused::Account,
        "CodeDeliveryFailureException" | "InvalidEmailRoleAccessPolicyException" => Refused::Mail,
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
        // The firewall before the pool, whatever the status.
        "ForbiddenException" => Refused::Error(Error::new(ErrorCode::WorkerDenied, format!("{doing}: {code}"))),
        _ => Refused::Error(sdk_error(doing, ErrorCode::TransientUnavailable, error)),
    };
    if refused == Refused::Mail {
        tracing::warn!(doing, reason = code, "Cognito sent no mail");
    } else {
        tracing::info!(doing, reason = code, "Cognito refused");
    }
    refused
}

/// True if Cognito refused our secret, which it reports under the name of a wrong password.
pub(super) fn doubts_the_secret<E>(error: &SdkError<E, HttpResponse>) -> bool
where
    E: ProvideErrorMetadata,
{
    let said = error.as_service_error().and_then(ProvideErrorMetadata::message).unwrap_or_default();
    let said = said.to_ascii_lowercase();
    said.contains("secret hash") || said.contains("secret_hash") || said.contains("client secret")
}
