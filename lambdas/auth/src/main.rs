//! The /auth routes: sign-up, sign-in and passwords, by Cognito
fn main() {}
