//! Cognito's refusals, and how much of them an answer may show.

use super::*;
use aws_sdk_cognitoidentityprovider::types::ChallengeNameType;

#[tokio::test]
async fn a_token_of_another_kind_or_client_ends_no_sign_in_and_says_so() {
    for code in ["UnsupportedTokenTypeException", "UnauthorizedException", "InvalidParameterException"] {
        let reply = refused("/auth/signout", code).await;
        assert_eq!(reply.problem(), (400, "Request.Invalid".into()), "{code}");
        assert_eq!(reply.fields(), ["refresh_token"], "{code}");
    }
}

#[tokio::test]
async fn a_pool_that_cannot_revoke_is_misconfigured() {
    let reply = refused("/auth/signout", "UnsupportedOperationException").await;
    assert_eq!(reply.problem(), (500, "Worker.Misconfigured".into()));
}

/// Each refusal that reveals an account, beside the refusal for an account that does not exist.
const TELLTALES: [&str; 10] = [
    "AliasExistsException",
    "CodeDeliveryFailureException",
    "InvalidEmailRoleAccessPolicyException",
    "LimitExceededException",
    "NotAuthorizedException",
    "PasswordResetRequiredException",
    "TooManyFailedAttemptsException",
    "UserNotConfirmedException",
    "UserNotFoundException",
    "UsernameExistsException",
];

#[tokio::test]
async fn r35_sign_up_does_not_tell_who_has_an_account() {
    let fresh = mock!(Client::sign_up)
        .then_output(|| SignUpOutput::builder().user_confirmed(false).user_sub("sub").build().unwrap());
    let fresh = post(&[&fresh], routes()[0].0, &routes()[0].1).await;
    for code in TELLTALES.into_iter().filter(|code| *code != "NotAuthorizedException") {
        let reply = refused("/auth/signup", code).await;
        assert_eq!((reply.status, &reply.body), (fresh.status, &fresh.body), "{code}");
    }
}

#[tokio::test]
async fn r35_forgot_password_does_not_tell_who_has_an_account() {
    let known = mock!(Client::forgot_password).then_output(|| ForgotPasswordOutput::builder().build());
    let known = post(&[&known], routes()[3].0, &routes()[3].1).await;
    for code in TELLTALES.into_iter().chain(["InvalidParameterException"]) {
        let reply = refused("/auth/forgot-password", code).await;
        assert_eq!((reply.status, &reply.body), (known.status, &known.body), "{code}");
    }
}

#[tokio::test]
async fn r35_a_resent_code_does_not_tell_who_has_an_account() {
    let known = mock!(Client::resend_confirmation_code).then_output(|| ResendConfirmationCodeOutput::builder().build());
    let known = post(&[&known], routes()[5].0, &routes()[5].1).await;
    for code in TELLTALES.into_iter().chain(["InvalidParameterException"]) {
        let reply = refused("/auth/resend-code", code).await;
        assert_eq!((reply.status, &reply.body), (known.status, &known.body), "{code}");
    }
}

#[tokio::test]
async fn r35_a_refresh_token_is_refused_without_a_reason() {
    let revoked = refused("/auth/refresh", "NotAuthorizedException").await;
    assert_eq!(revoked.problem(), (401, "Auth.SessionEnded".into()));
    for code in TELLTALES.into_iter().chain(["InvalidParameterException"]) {
        assert_eq!(refused("/auth/refresh", code).await.body, revoked.body, "{code}");
    }
}

#[tokio::test]
async fn r35_a_wrong_password_looks_like_an_unknown_address() {
    let unknown = refused("/auth/signin", "UserNotFoundException").await;
    assert_eq!(unknown.problem(), (401, "Auth.InvalidCredentials".into()));
    for code in TELLTALES.into_iter().chain(["InvalidParameterException"]) {
        assert_eq!(refused("/auth/signin", code).await.body, unknown.body, "{code}");
    }
}

#[tokio::test]
async fn r35_a_wrong_code_looks_like_an_unknown_address() {
    for route in ["/auth/verify", "/auth/confirm-forgot-password"] {
        let wrong = refused(route, "CodeMismatchException").await;
        assert_eq!(wrong.problem(), (400, "Auth.CodeInvalid".into()));
        for code in TELLTALES.into_iter().chain(["ExpiredCodeException", "InvalidParameterException"]) {
            assert_eq!(refused(route, code).await.body, wrong.body, "{route} {code}");
        }
    }
}

#[tokio::test]
async fn a_challenge_is_no_sign_in() {
    let challenge = ChallengeNameType::NewPasswordRequired;
    let rule = mock!(Client::admin_initiate_auth)
        .then_output(move || AdminInitiateAuthOutput::builder().challenge_name(challenge.clone()).build());
    let reply = post(&[&rule], routes()[2].0, &routes()[2].1).await;
    assert_eq!(reply.problem(), (401, "Auth.InvalidCredentials".into()));
}

#[tokio::test]
async fn a_password_that_cognito_finds_too_simple_is_named() {
    for route in ["/auth/signup", "/auth/confirm-forgot-password"] {
        for code in ["InvalidPasswordException", "PasswordHistoryPolicyViolationException"] {
            assert_eq!(refused(route, code).await.problem(), (400, "Auth.PasswordPolicy".into()));
        }
    }
}

#[tokio::test]
async fn sign_up_says_when_it_is_closed_and_when_cognito_dislikes_the_address() {
    let closed = refused("/auth/signup", "NotAuthorizedException").await;
    assert_eq!(closed.problem(), (404, "Request.NotFound".into()));
    let disliked = refused("/auth/signup", "InvalidParameterException").await;
    assert_eq!((disliked.problem().0, disliked.fields()), (400, vec!["email".to_owned()]));
}

#[tokio::test]
async fn trouble_that_has_nothing_to_do_with_the_account_is_shown_as_what_it_is() {
    for (route, body) in routes() {
        for (status, code, expected) in [
            (400, "TooManyRequestsException", (429, "Request.Throttled")),
            (400, "ResourceNotFoundException", (500, "Worker.Misconfigured")),
            (400, "InvalidUserPoolConfigurationException", (500, "Worker.Misconfigured")),
            (400, "UserLambdaValidationException", (500, "Worker.Bug")),
            (400, "ForbiddenException", (500, "Worker.Denied")),
            (403, "ForbiddenException", (500, "Worker.Denied")),
            (500, "InternalErrorException", (503, "Transient.Unavailable")),
        ] {
            let rules = refusing(status, code, "");
            let problem = post(&rules.each_ref(), route, &body).await.problem();
            assert_eq!(problem, (expected.0, expected.1.into()), "{route} {code}");
        }
    }
}
