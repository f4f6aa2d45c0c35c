use super::Auth;
use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::config::http::HttpResponse;
use aws_sdk_cognitoidentityprovider::operation::admin_initiate_auth::AdminInitiateAuthOutput;
use aws_sdk_cognitoidentityprovider::operation::confirm_forgot_password::ConfirmForgotPasswordOutput;
use aws_sdk_cognitoidentityprovider::operation::confirm_sign_up::ConfirmSignUpOutput;
use aws_sdk_cognitoidentityprovider::operation::describe_user_pool_client::DescribeUserPoolClientOutput;
use aws_sdk_cognitoidentityprovider::operation::forgot_password::ForgotPasswordOutput;
use aws_sdk_cognitoidentityprovider::operation::get_tokens_from_refresh_token::GetTokensFromRefreshTokenOutput;
use aws_sdk_cognitoidentityprovider::operation::resend_confirmation_code::ResendConfirmationCodeOutput;
use aws_sdk_cognitoidentityprovider::operation::revoke_token::RevokeTokenOutput;
use aws_sdk_cognitoidentityprovider::operation::sign_up::SignUpOutput;
use aws_sdk_cognitoidentityprovider::types::{AuthFlowType, AuthenticationResultType, UserPoolClientType};
use aws_smithy_types::body::SdkBody;
use darkroom_aws::erasures::AskForErasure;
use darkroom_aws::identity::{UserPool, asking_once};
use darkroom_domain::Error;
use darkroom_domain::erasure::Erasure;
use darkroom_mocks::{Rule, RuleMode, mock, mock_client};
use darkroom_runtime::api::testing::{CLIENT_ID, Call, OWNER, Reply};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};

mod account;
mod mail;
mod refusals;
mod secret;

const EMAIL: &str = "ada@example.com";
const PASSWORD: &str = "A good long password, 1st";
/// HMAC-SHA256 of "ada@example.comclient-1" with the key "secret-1", in base64.
const HASH: &str = "DfMN4w/CYI7mqr0PBwfAERq2gnkpZKFZpc5SlAueY2E=";

thread_local! {
    /// Mails that this test's Cognito did not send, as the handler counted them.
    static MAILS_REFUSED: Cell<u32> = const { Cell::new(0) };
}

/// Every route, with a valid body.
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

fn pool(rules: &[&Rule]) -> UserPool {
    let cognito = mock_client!(aws_sdk_cognitoidentityprovider, RuleMode::MatchAny, rules, asking_once);
    UserPool::new(cognito, "pool-1", "client-1")
}

/// The erasures that were asked for, for tests that look at them.
#[derive(Default)]
struct Asked(RefCell<Vec<Erasure>>);

impl AskForErasure for Asked {
    async fn ask_for_erasure(&self, erasure: &Erasure) -> Result<(), Error> {
        self.0.borrow_mut().push(erasure.clone());
        Ok(())
    }
}

fn auth(rules: &[&Rule]) -> Auth<UserPool, Asked> {
    Auth {
        accounts: pool(rules),
        erasures: Asked::default(),
        client_id: CLIENT_ID.into(),
        mail_refused: || MAILS_REFUSED.set(MAILS_REFUSED.get() + 1),
    }
}

async fn answer(auth: &Auth<UserPool, Asked>, call: Call) -> Reply {
    call.send(async |request| auth.handle(request).await).await
}

/// The answer of a function that must read the client's secret first.
async fn send(rules: &[&Rule], call: Call) -> Reply {
    let secret = secret_is("secret-1");
    answer(&auth(&[&[&secret], rules].concat()), call).await
}

async fn post(rules: &[&Rule], route: &str, body: &Value) -> Reply {
    send(rules, Call::new("POST", route).json(body)).await
}

/// Cognito, asked for the client's secret.
fn secret_is(secret: &'static str) -> Rule {
    mock!(Client::describe_user_pool_client)
        .match_requests(|call| call.user_pool_id() == Some("pool-1") && call.client_id() == Some("client-1"))
        .then_output(move || {
            let client = UserPoolClientType::builder().client_id("client-1").client_secret(secret).build();
            DescribeUserPoolClientOutput::builder().user_pool_client(client).build()
        })
}

fn refusal(status: u16, code: &'static str, said: &'static str) -> impl Fn() -> HttpResponse + Copy + Send + Sync {
    move || {
        let body = json!({ "__type": code, "message": said }).to_string();
        HttpResponse::new(status.try_into().expect("a status"), SdkBody::from(body))
    }
}

/// A Cognito that refuses every call, in Cognito's own words.
fn refusing(status: u16, code: &'static str, said: &'static str) -> [Rule; 8] {
    let answer = refusal(status, code, said);
    [
        mock!(Client::sign_up).then_http_response(answer),
        mock!(Client::confirm_sign_up).then_http_response(answer),
        mock!(Client::admin_initiate_auth).then_http_response(answer),
        mock!(Client::get_tokens_from_refresh_token).then_http_response(answer),
        mock!(Client::forgot_password).then_http_response(answer),
        mock!(Client::confirm_forgot_password).then_http_response(answer),
        mock!(Client::resend_confirmation_code).then_http_response(answer),
        mock!(Client::revoke_token).then_http_response(answer),
    ]
}

fn body_of(route: &str) -> Value {
    routes().into_iter().find(|(known, _)| *known == route).expect("a route").1
}

/// The answer of a route when Cognito refuses with this code.
async fn refused(route: &str, code: &'static str) -> Reply {
    let rules = refusing(400, code, "told by Cognito");
    let reply = post(&rules.each_ref(), route, &body_of(route)).await;
    assert_eq!(rules.iter().map(Rule::num_calls).sum::<usize>(), 1);
    assert!(!reply.body.contains("told by Cognito"), "{}", reply.body);
    reply
}

fn proof() -> AuthenticationResultType {
    let tokens = AuthenticationResultType::builder().id_token("id").access_token("access");
    tokens.refresh_token("refresh").expires_in(3600).token_type("Bearer").build()
}

#[tokio::test]
async fn sign_up_asks_cognito() {
    let rule = mock!(Client::sign_up)
        .match_requests(|call| {
            call.client_id() == Some("client-1")
                && call.username() == Some(EMAIL)
                && call.password() == Some(PASSWORD)
                && call.secret_hash() == Some(HASH)
        })
        .then_output(|| SignUpOutput::builder().user_confirmed(false).user_sub("sub").build().unwrap());
    let reply = post(&[&rule], routes()[0].0, &routes()[0].1).await;
    assert_eq!((reply.status, rule.num_calls()), (202, 1));
    assert!(!reply.body.contains("sub"));
}

#[tokio::test]
async fn verify_asks_cognito() {
    let rule = mock!(Client::confirm_sign_up)
        .match_requests(|call| {
            call.username() == Some(EMAIL)
                && call.confirmation_code() == Some("123456")
                && call.secret_hash() == Some(HASH)
        })
        .then_output(|| ConfirmSignUpOutput::builder().build());
    let reply = post(&[&rule], routes()[1].0, &routes()[1].1).await;
    assert_eq!((reply.status, rule.num_calls()), (200, 1));
}

#[tokio::test]
async fn sign_in_hands_the_tokens_over_but_for_the_one_that_opens_cognito() {
    let rule = mock!(Client::admin_initiate_auth)
        .match_requests(|call| {
            let parameter = |name: &str| call.auth_parameters().and_then(|all| all.get(name)).map(String::as_str);
            call.auth_flow() == Some(&AuthFlowType::AdminUserPasswordAuth)
                && (call.user_pool_id(), call.client_id()) == (Some("pool-1"), Some("client-1"))
                && parameter("USERNAME") == Some(EMAIL)
                && parameter("PASSWORD") == Some(PASSWORD)
                && parameter("SECRET_HASH") == Some(HASH)
        })
        .then_output(|| AdminInitiateAuthOutput::builder().authentication_result(proof()).build());
    let reply = post(&[&rule], routes()[2].0, &routes()[2].1).await;
    assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")));
    let tokens = json!({ "id_token": "id", "refresh_token": "refresh", "expires_in": 3600, "token_type": "Bearer" });
    assert_eq!(reply.json(), tokens);
}

#[tokio::test]
async fn forgot_password_asks_cognito() {
    let rule = mock!(Client::forgot_password)
        .match_requests(|call| call.username() == Some(EMAIL) && call.secret_hash() == Some(HASH))
        .then_output(|| ForgotPasswordOutput::builder().build());
    let reply = post(&[&rule], routes()[3].0, &routes()[3].1).await;
    assert_eq!((reply.status, rule.num_calls()), (202, 1));
}

#[tokio::test]
async fn a_new_password_is_set() {
    let rule = mock!(Client::confirm_forgot_password)
        .match_requests(|call| {
            call.confirmation_code() == Some("654321")
                && call.password() == Some(PASSWORD)
                && call.secret_hash() == Some(HASH)
        })
        .then_output(|| ConfirmForgotPasswordOutput::builder().build());
    let reply = post(&[&rule], routes()[4].0, &routes()[4].1).await;
    assert_eq!((reply.status, rule.num_calls()), (200, 1));
}

#[tokio::test]
async fn a_code_is_mailed_once_more() {
    let rule = mock!(Client::resend_confirmation_code)
        .match_requests(|call| {
            call.client_id() == Some("client-1") && call.username() == Some(EMAIL) && call.secret_hash() == Some(HASH)
        })
        .then_output(|| ResendConfirmationCodeOutput::builder().build());
    let reply = post(&[&rule], routes()[5].0, &routes()[5].1).await;
    assert_eq!((reply.status, rule.num_calls()), (202, 1));
}

#[tokio::test]
async fn a_refresh_token_buys_a_new_token() {
    let rule = mock!(Client::get_tokens_from_refresh_token)
        .match_requests(|call| {
            call.client_id() == Some("client-1")
                && call.client_secret() == Some("secret-1")
                && call.refresh_token() == Some("refresh-1")
        })
        .then_output(|| {
            let tokens = AuthenticationResultType::builder().id_token("id").access_token("access").expires_in(3600);
            GetTokensFromRefreshTokenOutput::builder().authentication_result(tokens.build()).build()
        });
    let reply = post(&[&rule], routes()[6].0, &routes()[6].1).await;
    assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")));
    assert_eq!(reply.json(), json!({ "id_token": "id", "expires_in": 3600, "token_type": "Bearer" }));
}

#[tokio::test]
async fn signing_out_revokes_the_token() {
    let rule = mock!(Client::revoke_token)
        .match_requests(|call| {
            call.client_id() == Some("client-1")
                && call.token() == Some("refresh-1")
                && call.client_secret() == Some("secret-1")
        })
        .then_output(|| RevokeTokenOutput::builder().build());
    let reply = post(&[&rule], routes()[7].0, &routes()[7].1).await;
    assert_eq!((reply.status, reply.body.as_str(), rule.num_calls()), (204, "", 1));
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
        let rules = refusing(500, "InternalErrorException", "");
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
