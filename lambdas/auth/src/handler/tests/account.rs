//! The routes that only the owner of an account may use.

use super::*;
use aws_sdk_cognitoidentityprovider::operation::admin_user_global_sign_out::AdminUserGlobalSignOutOutput;
use aws_sdk_cognitoidentityprovider::operation::change_password::ChangePasswordOutput;
use darkroom_runtime::api::testing::ARRIVED;
use std::sync::{Arc, Mutex};

const NEW_PASSWORD: &str = "Another long password, 2nd";
/// When the call arrives, in seconds.
const NOW: i64 = ARRIVED / 1000;

fn changing(body: &Value) -> Call {
    Call::new("POST", "/auth/change-password").signed_in().json(body)
}

fn change() -> Value {
    json!({ "password": PASSWORD, "new_password": NEW_PASSWORD })
}

type Log = Arc<Mutex<Vec<&'static str>>>;

/// A Cognito that accepts everything, and the calls in their order.
fn willing(log: &Log) -> [Rule; 3] {
    let noted = |what: &'static str| {
        let log = log.clone();
        move || {
            log.lock().unwrap().push(what);
            true
        }
    };
    let (signs_in, signs_out, changes) = (noted("sign in"), noted("sign out"), noted("change"));
    [
        mock!(Client::admin_initiate_auth)
            .match_requests(move |call| {
                let parameters = call.auth_parameters().expect("parameters");
                parameters["USERNAME"] == OWNER && parameters["PASSWORD"] == PASSWORD && signs_in()
            })
            .then_output(|| AdminInitiateAuthOutput::builder().authentication_result(proof()).build()),
        mock!(Client::admin_user_global_sign_out)
            .match_requests(move |call| {
                (call.user_pool_id(), call.username()) == (Some("pool-1"), Some(OWNER)) && signs_out()
            })
            .then_output(|| AdminUserGlobalSignOutOutput::builder().build()),
        mock!(Client::change_password)
            .match_requests(move |call| {
                call.access_token() == Some("access")
                    && call.previous_password() == Some(PASSWORD)
                    && call.proposed_password() == Some(NEW_PASSWORD)
                    && changes()
            })
            .then_output(|| ChangePasswordOutput::builder().build()),
    ]
}

#[tokio::test]
async fn a_password_is_changed_and_every_other_sign_in_ends() {
    let log = Log::default();
    let reply = send(&willing(&log).each_ref(), changing(&change())).await;
    assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")));
    let tokens = json!({ "id_token": "id", "refresh_token": "refresh", "expires_in": 3600, "token_type": "Bearer" });
    assert_eq!(reply.json(), tokens);
    assert_eq!(*log.lock().unwrap(), ["sign in", "sign out", "sign in", "change"]);
}

#[tokio::test]
async fn a_wrong_password_changes_nothing_and_ends_no_sign_in() {
    for code in ["NotAuthorizedException", "LimitExceededException", "TooManyFailedAttemptsException"] {
        let log = Log::default();
        let [_, sign_out, changed] = willing(&log);
        let wrong = mock!(Client::admin_initiate_auth).then_http_response(refusal(400, code, "told by Cognito"));
        let reply = send(&[&wrong, &sign_out, &changed], changing(&change())).await;
        assert_eq!((reply.problem(), reply.fields()), ((400, "Request.Invalid".into()), vec!["password".into()]));
        assert!(!reply.body.contains("told by Cognito") && log.lock().unwrap().is_empty(), "{code}");
    }
}

#[tokio::test]
async fn a_new_password_that_cognito_dislikes_is_named() {
    for code in ["InvalidPasswordException", "PasswordHistoryPolicyViolationException"] {
        let log = Log::default();
        let [sign_in, sign_out, _] = willing(&log);
        let dislikes = mock!(Client::change_password).then_http_response(refusal(400, code, ""));
        let reply = send(&[&sign_in, &sign_out, &dislikes], changing(&change())).await;
        assert_eq!(reply.problem(), (400, "Auth.PasswordPolicy".into()), "{code}");
    }
}

#[tokio::test]
async fn r36_what_cannot_be_a_password_never_reaches_cognito() {
    for (body, expected) in [
        (json!({ "password": "", "new_password": NEW_PASSWORD }), "password"),
        (json!({ "password": PASSWORD, "new_password": "short" }), "new_password"),
        (json!({ "password": "", "new_password": "short" }), "password,new_password"),
        (json!({ "password": PASSWORD }), "new_password"),
        (json!({ "password": PASSWORD, "new_password": NEW_PASSWORD, "email": EMAIL }), "email"),
    ] {
        let log = Log::default();
        let reply = send(&willing(&log).each_ref(), changing(&body)).await;
        assert_eq!((reply.problem().0, reply.fields().join(",")), (400, expected.into()), "{body}");
        assert!(log.lock().unwrap().is_empty(), "{body}");
    }
}

fn erasing(claims: &Value) -> Call {
    let mut all = json!({ "sub": OWNER, "token_use": "id", "aud": CLIENT_ID });
    all.as_object_mut().expect("an object").extend(claims.as_object().expect("an object").clone());
    Call::new("DELETE", "/me").claims(&all)
}

#[tokio::test]
async fn who_gave_the_password_just_now_can_have_the_account_erased() {
    for age in [0, 299, 300, -2] {
        let auth = auth(&[]);
        let reply = answer(&auth, erasing(&json!({ "auth_time": (NOW - age).to_string() }))).await;
        assert_eq!(reply.status, 202, "{age}");
        let asked = auth.erasures.0.take();
        assert_eq!((asked.len(), asked[0].owner_id.as_str(), asked[0].asked_at), (1, OWNER, NOW), "{age}");
    }
}

#[tokio::test]
async fn an_older_sign_in_ends_no_account() {
    let claims = [
        json!({ "auth_time": (NOW - 301).to_string() }),
        // The time of a token that was refreshed a second ago.
        json!({ "auth_time": (NOW - 86_400).to_string(), "iat": (NOW - 1).to_string() }),
        json!({ "auth_time": "" }),
        json!({ "auth_time": "just now" }),
        json!({}),
    ];
    for claims in claims {
        let auth = auth(&[]);
        let reply = answer(&auth, erasing(&claims)).await;
        assert_eq!(reply.problem(), (403, "Auth.SignInAgain".into()), "{claims}");
        assert!(auth.erasures.0.take().is_empty(), "{claims}");
    }
}

#[tokio::test]
async fn r34_only_a_signed_in_owner_changes_or_ends_an_account() {
    let fresh = json!({ "sub": OWNER, "token_use": "access", "client_id": CLIENT_ID, "auth_time": NOW.to_string() });
    for call in [
        Call::new("DELETE", "/me"),
        Call::new("DELETE", "/me").claims(&fresh),
        erasing(&json!({ "aud": "another-client", "auth_time": NOW.to_string() })),
        Call::new("POST", "/auth/change-password").json(&change()),
        Call::new("POST", "/auth/change-password").json(&change()).claims(&fresh),
    ] {
        let auth = auth(&[]);
        assert_eq!(answer(&auth, call).await.problem(), (401, "Auth.Unauthorized".into()));
        assert!(auth.erasures.0.take().is_empty());
    }
}
