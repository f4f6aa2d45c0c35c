//! Answers of several routes.

use darkroom_aws::identity::Tokens;
use darkroom_runtime::api::{Answer, Problem};
use serde_json::json;

/// The tokens of a sign-in.
pub fn signed_in(tokens: &Tokens) -> Result<Answer, Problem> {
    let body = json!({
        "id_token": tokens.id,
        "refresh_token": tokens.refresh,
        "expires_in": tokens.expires_in,
        "token_type": "Bearer",
    });
    Ok(Answer::json(200, &body)?)
}

/// The same with and without an account (R35).
pub fn accepted() -> Result<Answer, Problem> {
    Ok(Answer::json(202, &json!({ "message": "If the address can receive a code, it is on its way." }))?)
}

/// The request is done.
pub fn done(message: &str) -> Result<Answer, Problem> {
    Ok(Answer::json(200, &json!({ "message": message }))?)
}
