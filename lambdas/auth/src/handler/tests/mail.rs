//! Mails that Cognito does not send: the client is not told, the operator is.

use super::*;

/// Cognito's answers when it cannot send a mail, in its words.
const MAIL_REFUSED: [(&str, &str); 3] = [
    ("CodeDeliveryFailureException", "Email address is not verified."),
    ("InvalidEmailRoleAccessPolicyException", "Cognito is not allowed to use your email identity"),
    (
        "LimitExceededException",
        "Exceeded daily email limit for the operation or the account. If a higher limit is required, please configure \
         your user pool to use your own Amazon SES configuration for sending email.",
    ),
];
/// The routes that send a mail.
const MAILING: [&str; 3] = ["/auth/signup", "/auth/resend-code", "/auth/forgot-password"];

#[tokio::test]
async fn a_mail_that_cognito_refuses_is_counted_and_the_client_is_not_told() {
    let mut counted = 0;
    for route in MAILING {
        for (code, said) in MAIL_REFUSED {
            let rules = refusing(400, code, said);
            let reply = post(&rules.each_ref(), route, &body_of(route)).await;
            counted += 1;
            assert_eq!((reply.status, MAILS_REFUSED.get()), (202, counted), "{route} {code}");
        }
    }
}

#[tokio::test]
async fn what_is_no_matter_of_mail_is_not_counted() {
    for route in MAILING {
        for (code, said) in [
            ("LimitExceededException", "Attempt limit exceeded, please try after some time."),
            ("UserNotFoundException", "Username/client id combination not found."),
            ("InvalidParameterException", "User is already confirmed."),
            ("TooManyRequestsException", "Rate exceeded"),
        ] {
            let rules = refusing(400, code, said);
            post(&rules.each_ref(), route, &body_of(route)).await;
            assert_eq!(MAILS_REFUSED.get(), 0, "{route} {code}");
        }
    }
}
