//! Cognito, as the functions `auth`, `erase` and `mend` use it: what each capability may do, and why Cognito may refuse.
//! Refusals are sorted by whether an answer may depend on them (R35).

mod capabilities;
mod client_secret;
mod directory;
mod refusal;
mod user_pool;

pub use capabilities::{
    ChangePassword, ConfirmAddress, FreshToken, MailResetCode, OpenAccount, RefreshTokens, ResendCode, ResetPassword,
    RevokeToken, SignIn, Tokens,
};
pub use directory::{CloseAccount, Directory, FindUser};
pub use refusal::Refused;
pub use user_pool::{UserPool, asking_once, client};
