use super::Auth;
use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::config::http::HttpResponse;
use aws_sdk_cognitoidentityprovider::operation::confirm_forgot_password::ConfirmForgotPasswordOutput;
use aws_sdk_cognitoidentityprovider::operation::confirm_sign_up::ConfirmSignUpOutput;
use aws_sdk_cognitoidentityprovider::operation::forgot_password::ForgotPasswordOutput;
use aws_sdk_cognitoidentityprovider::operation::initiate_auth::InitiateAuthOutput;
use aws_sdk_cognitoidentityprovider::operation::resend_confirmation_code::ResendConfirmationCodeOutput;
use aws_sdk_cognitoidentityprovider::operation::revoke_token::RevokeTokenOutput;
use aws_sdk_cognitoidentityprovider::operation::sign_up::SignUpOutput;
use aws_sdk_cognitoidentityprovider::types::{AuthFlowType, AuthenticationResultType, ChallengeNameType};
use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};
use aws_smithy_types::body::SdkBody;
use darkroom_aws::identity::asking_once;
use darkroom_runtime::api::testing::{Call, Reply};
use serde_json::{Value, json};

const EMAIL: &str = "ada@example.com";
const PASSWORD: &str = "A good long password, 1st";

/// Every route with a good body.
fn routes() -> [(&'static str, Value); 8] {
    [
        ("/auth/signup", json!({ "email": EMAIL, "password": PASSWORD })),
        ("/auth/verify", json!({ "email": EMAIL, "code": "123456" })),
        ("/auth/signin", json!({ "email": EMAIL, "password": PASSWORD })),
        ("/auth/forgot-password", json!({ "email": EMAIL })),
        ("/auth/confirm-forgot-password", json!({ "email": EMAIL, "code": "654321", "password": PASSWORD })),
        ("/auth/resend-code", json!({ "email": EMAIL })),
        ("/auth/refresh", json!({ "refresh_token": "refresh-1" })),
        ("/auth/signout", json!({ "refresh_token": "refresh-1" })),
    ]
}

async fn send(rules: &[&Rule], call: Call) -> Reply {
    let accounts = mock_client!(aws_sdk_cognitoidentityprovider, RuleMode::MatchAny, rules, asking_once);
    let auth = Auth { accounts, client_id: "client-1".into() };
    call.send(async |request| auth.handle(request).await).await
}

async fn post(rules: &[&Rule], route: &str, body: &Value) -> Reply {
    send(rules, Call::new("POST", route).json(body)).await
}

/// Cognito as it refuses, word for word, whatever it is asked.
fn refusing(status: u16, code: &'static str) -> [Rule; 7] {
    let answer = move || {
        let body = json!({ "__type": code, "message": "told by Cognito" }).to_string();
        HttpResponse::new(status.try_into().expect("a status"), SdkBody::from(body))
    };
    [
        mock!(Client::sign_up).then_http_response(answer),
        mock!(Client::confirm_sign_up).then_http_response(answer),
        mock!(Client::initiate_auth).then_http_response(answer),
        mock!(Client::forgot_password).then_http_response(answer),
        mock!(Client::confirm_forgot_password).then_http_response(answer),
        mock!(Client::resend_confirmation_code).then_http_response(answer),
        mock!(Client::revoke_token).then_http_response(answer),
    ]
}

/// What a route answers when Cognito refuses with this code.
async fn refused(route: &str, code: &'static str) -> Reply {
    let (_, body) = routes().into_iter().find(|(known, _)| *known == route).expect("a route");
    let rules = refusing(400, code);
    let reply = post(&rules.each_ref(), route, &body).await;
    assert_eq!(rules.iter().map(Rule::num_calls).sum::<usize>(), 1);
    assert!(!reply.body.contains("told by Cognito"), "{}", reply.body);
    reply
}

#[tokio::test]
async fn sign_up_asks_cognito() {
    let rule = mock!(Client::sign_up)
        .match_requests(|call| {
            call.client_id() == Some("client-1")
                && call.username() == Some(EMAIL)
                && call.password() == Some(PASSWORD)
                && call.secret_hash().is_none()
        })
        .then_output(|| SignUpOutput::builder().user_confirmed(false).user_sub("sub").build().unwrap());
    let reply = post(&[&rule], routes()[0].0, &routes()[0].1).await;
    assert_eq!((reply.status, rule.num_calls()), (202, 1));
    assert!(!reply.body.contains("sub"));
}

#[tokio::test]
async fn verify_asks_cognito() {
    let rule = mock!(Client::confirm_sign_up)
        .match_requests(|call| call.username() == Some(EMAIL) && call.confirmation_code() == Some("123456"))
        .then_output(|| ConfirmSignUpOutput::builder().build());
    let reply = post(&[&rule], routes()[1].0, &routes()[1].1).await;
    assert_eq!((reply.status, rule.num_calls()), (200, 1));
}

#[tokio::test]
async fn sign_in_hands_the_tokens_over() {
    let rule = mock!(Client::initiate_auth)
        .match_requests(|call| {
            let parameters = call.auth_parameters().expect("parameters");
            call.auth_flow() == Some(&AuthFlowType::UserPasswordAuth)
                && parameters.get("USERNAME").map(String::as_str) == Some(EMAIL)
                && parameters.get("PASSWORD").map(String::as_str) == Some(PASSWORD)
        })
        .then_output(|| {
            let tokens = AuthenticationResultType::builder().id_token("id").access_token("access");
            let tokens = tokens.refresh_token("refresh").expires_in(3600).token_type("Bearer").build();
            InitiateAuthOutput::builder().authentication_result(tokens).build()
        });
    let reply = post(&[&rule], routes()[2].0, &routes()[2].1).await;
    assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")));
    let tokens = json!({
        "id_token": "id",
        "access_token": "access",
        "refresh_token": "refresh",
        "expires_in": 3600,
        "token_type": "Bearer",
    });
    assert_eq!(reply.json(), tokens);
}

#[tokio::test]
async fn forgot_password_asks_cognito() {
    let rule = mock!(Client::forgot_password)
        .match_requests(|call| call.username() == Some(EMAIL))
        .then_output(|| ForgotPasswordOutput::builder().build());
    let reply = post(&[&rule], routes()[3].0, &routes()[3].1).await;
    assert_eq!((reply.status, rule.num_calls()), (202, 1));
}

#[tokio::test]
async fn a_new_password_is_set() {
    let rule = mock!(Client::confirm_forgot_password)
        .match_requests(|call| call.confirmation_code() == Some("654321") && call.password() == Some(PASSWORD))
        .then_output(|| ConfirmForgotPasswordOutput::builder().build());
    let reply = post(&[&rule], routes()[4].0, &routes()[4].1).await;
    assert_eq!((reply.status, rule.num_calls()), (200, 1));
}

#[tokio::test]
async fn a_code_is_mailed_once_more() {
    let rule = mock!(Client::resend_confirmation_code)
        .match_requests(|call| call.client_id() == Some("client-1") && call.username() == Some(EMAIL))
        .then_output(|| ResendConfirmationCodeOutput::builder().build());
    let reply = post(&[&rule], routes()[5].0, &routes()[5].1).await;
    assert_eq!((reply.status, rule.num_calls()), (202, 1));
}

#[tokio::test]
async fn a_refresh_token_buys_new_tokens() {
    let rule = mock!(Client::initiate_auth)
        .match_requests(|call| {
            let parameters = call.auth_parameters().expect("parameters");
            call.auth_flow() == Some(&AuthFlowType::RefreshTokenAuth)
                && call.client_id() == Some("client-1")
                && parameters.get("REFRESH_TOKEN").map(String::as_str) == Some("refresh-1")
        })
        .then_output(|| {
            let tokens = AuthenticationResultType::builder().id_token("id").access_token("access").expires_in(3600);
            InitiateAuthOutput::builder().authentication_result(tokens.build()).build()
        });
    let reply = post(&[&rule], routes()[6].0, &routes()[6].1).await;
    assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")));
    let tokens = json!({ "id_token": "id", "access_token": "access", "expires_in": 3600, "token_type": "Bearer" });
    assert_eq!(reply.json(), tokens);
}

#[tokio::test]
async fn signing_out_revokes_the_token() {
    let rule = mock!(Client::revoke_token)
        .match_requests(|call| {
            call.client_id() == Some("client-1") && call.token() == Some("refresh-1") && call.client_secret().is_none()
        })
        .then_output(|| RevokeTokenOutput::builder().build());
    let reply = post(&[&rule], routes()[7].0, &routes()[7].1).await;
    assert_eq!((reply.status, reply.body.as_str(), rule.num_calls()), (204, "", 1));
}

#[tokio::test]
async fn a_token_of_another_kind_or_client_signs_nobody_out_and_says_so() {
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

/// Everything by which Cognito tells of an account, beside what it says when there is none.
const TELLTALES: [&str; 9] = [
    "AliasExistsException",
    "CodeDeliveryFailureException",
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
    let rule = mock!(Client::initiate_auth)
        .then_output(|| InitiateAuthOutput::builder().challenge_name(ChallengeNameType::NewPasswordRequired).build());
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
            (403, "ForbiddenException", (500, "Worker.Denied")),
            (500, "InternalErrorException", (503, "Transient.Unavailable")),
        ] {
            let rules = refusing(status, code);
            let problem = post(&rules.each_ref(), route, &body).await.problem();
            assert_eq!(problem, (expected.0, expected.1.into()), "{route} {code}");
        }
    }
}

#[tokio::test]
async fn r36_what_cannot_be_right_never_reaches_cognito() {
    for (route, body, expected) in [
        ("/auth/signup", json!({ "email": "ada", "password": PASSWORD }), "email"),
        ("/auth/signup", json!({ "email": EMAIL, "password": "short" }), "password"),
        ("/auth/signup", json!({ "email": EMAIL }), "password"),
        ("/auth/signup", json!({ "email": EMAIL, "password": PASSWORD, "admin": true }), "admin"),
        ("/auth/signup", json!({ "email": [EMAIL], "password": PASSWORD }), "email"),
        ("/auth/verify", json!({ "email": EMAIL, "code": "12345" }), "code"),
        ("/auth/verify", json!({ "email": "", "code": "123456" }), "email"),
        ("/auth/signin", json!({ "email": EMAIL, "password": "" }), "password"),
        ("/auth/signin", json!({ "email": "ada@", "password": PASSWORD }), "email"),
        ("/auth/forgot-password", json!({ "email": "x".repeat(200) }), "email"),
        ("/auth/confirm-forgot-password", json!({ "email": EMAIL, "code": "abc", "password": PASSWORD }), "code"),
        ("/auth/resend-code", json!({ "email": "ada" }), "email"),
        ("/auth/resend-code", json!({ "email": EMAIL, "code": "123456" }), "code"),
        ("/auth/refresh", json!({ "refresh_token": "" }), "refresh_token"),
        ("/auth/refresh", json!({}), "refresh_token"),
        ("/auth/signout", json!({ "refresh_token": "a b" }), "refresh_token"),
        ("/auth/signout", json!({ "refresh_token": "refresh-1", "everywhere": true }), "everywhere"),
    ] {
        let rules = refusing(500, "InternalErrorException");
        let reply = post(&rules.each_ref(), route, &body).await;
        assert_eq!(reply.problem(), (400, "Request.Invalid".into()), "{route} {body}");
        assert_eq!(reply.fields().join(","), expected, "{route} {body}");
        assert_eq!(rules.iter().map(Rule::num_calls).sum::<usize>(), 0, "{route} {body}");
    }
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    let body = json!({ "email": "x", "code": "y", "password": "z" });
    let reply = post(&[], "/auth/confirm-forgot-password", &body).await;
    assert_eq!(reply.fields(), ["email", "code", "password"]);
}

#[tokio::test]
async fn other_routes_do_not_exist() {
    for (method, route) in [("GET", "/auth/signup"), ("POST", "/auth/elsewhere"), ("POST", "/upload")] {
        let reply = send(&[], Call::new(method, route).json(&routes()[0].1)).await;
        assert_eq!(reply.problem(), (404, "Request.NotFound".into()), "{method} {route}");
    }
}
