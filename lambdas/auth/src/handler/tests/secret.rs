//! The client's secret is read once, when it is first needed, and again when Cognito refuses it.

use super::*;

fn signs_up() -> Rule {
    mock!(Client::sign_up)
        .then_output(|| SignUpOutput::builder().user_confirmed(false).user_sub("sub").build().expect("complete"))
}

async fn answers(auth: &Auth<UserPool, Asked>, route: &str) -> Reply {
    answer(auth, Call::new("POST", route).json(&body_of(route))).await
}

#[tokio::test]
async fn the_secret_is_read_once_and_only_when_needed() {
    let (secret, signs_up) = (secret_is("secret-1"), signs_up());
    let auth = auth(&[&secret, &signs_up]);
    assert_eq!(secret.num_calls(), 0);
    for _ in 0..3 {
        assert_eq!(answers(&auth, "/auth/signup").await.status, 202);
    }
    assert_eq!((secret.num_calls(), signs_up.num_calls()), (1, 3));
}

#[tokio::test]
async fn a_secret_that_cognito_does_not_take_is_read_again_and_is_no_wrong_password() {
    for (code, said) in [
        ("NotAuthorizedException", "Unable to verify secret hash for client client-1"),
        ("NotAuthorizedException", "Client client-1 is configured with secret but SECRET_HASH was not received"),
        ("NotAuthorizedException", "Invalid client secret"),
    ] {
        for (route, _) in routes() {
            let rules = refusing(400, code, said);
            let secret = secret_is("secret-0");
            let auth = auth(&[&[&secret], rules.each_ref().as_slice()].concat());
            for reads in [1, 2] {
                let reply = answers(&auth, route).await;
                assert_eq!(reply.problem(), (503, "Transient.Unavailable".into()), "{route} {said}");
                assert_eq!(secret.num_calls(), reads, "{route} {said}");
            }
        }
    }
}

#[tokio::test]
async fn without_the_secret_nothing_is_asked() {
    let none = mock!(Client::describe_user_pool_client).then_output(|| {
        let client = UserPoolClientType::builder().client_id("client-1").build();
        DescribeUserPoolClientOutput::builder().user_pool_client(client).build()
    });
    let gone = mock!(Client::describe_user_pool_client).then_http_response(refusal(
        500,
        "InternalErrorException",
        "told by Cognito",
    ));
    for (secret, code) in [(none, "Worker.Misconfigured"), (gone, "Transient.Unavailable")] {
        for (route, _) in routes() {
            let rules = refusing(400, "NotAuthorizedException", "");
            let auth = auth(&[&[&secret], rules.each_ref().as_slice()].concat());
            assert_eq!(answers(&auth, route).await.problem().1, code, "{route}");
            assert_eq!(rules.iter().map(Rule::num_calls).sum::<usize>(), 0, "{route}");
        }
    }
}
