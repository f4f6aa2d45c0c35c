//! Routes that take the owner's token and password: the change of the password, and the erasure of the account.

use crate::answers::signed_in;
use crate::rules;
use darkroom_aws::erasures::AskForErasure;
use darkroom_aws::identity::{ChangePassword, Refused};
use darkroom_domain::ErrorCode;
use darkroom_domain::erasure::Erasure;
use darkroom_domain::settings::IDENTITY;
use darkroom_runtime::api::{Answer, Fields, Problem, Request};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PasswordChange {
    password: String,
    new_password: String,
}

/// Asks for the password although the token proves the caller, because a token may have been left behind or stolen.
pub async fn change_password(
    accounts: &impl ChangePassword,
    client_id: &str,
    request: &Request,
) -> Result<Answer, Problem> {
    let owner = request.owner(client_id)?;
    let PasswordChange { password, new_password } = request.json()?;
    let mut fields = Fields::default();
    rules::password(&mut fields, "password", &password);
    rules::new_password(&mut fields, "new_password", &new_password);
    fields.done()?;
    match accounts.change_password(&owner, &password, &new_password).await {
        Ok(tokens) => {
            tracing::info!("password changed");
            signed_in(&tokens)
        }
        Err(Refused::Error(error)) => Err(error.into()),
        Err(Refused::Password) => {
            Err(Problem::from(ErrorCode::AuthPasswordPolicy).detail("Choose a longer one, and not one you had before."))
        }
        // The owner may be told about the account; Cognito does not say whether it is the password or too many tries.
        Err(_) => Err(Problem::field("password", "is not the password of this account, or was tried too often")),
    }
}

/// Queues the erasure of the account, which `erase` does. The token says when the password was given, so a token that
/// was left behind or stolen, and refreshed for weeks, cannot end an account.
pub async fn erase(erasures: &impl AskForErasure, client_id: &str, request: &Request) -> Result<Answer, Problem> {
    let owner_id = request.owner(client_id)?;
    let age = request.signed_in_at().map(|at| (request.arrived() - at).whole_seconds());
    let is_fresh = age.is_some_and(|age| age <= i64::try_from(IDENTITY.fresh_sign_in_s).unwrap_or_default());
    if !is_fresh {
        return Err(ErrorCode::AuthSignInAgain.into());
    }
    let erasure = Erasure { owner_id, asked_at: request.arrived().unix_timestamp() };
    erasures.ask_for_erasure(&erasure).await?;
    tracing::info!(owner_id = %erasure.owner_id, "erasure asked for");
    Ok(Answer::json(202, &json!({ "message": "The account is closed, and everything in it is being erased." }))?)
}
