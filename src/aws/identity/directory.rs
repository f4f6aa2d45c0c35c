//! The users of the pool: found for operators; for the erasure of accounts disabled first, deleted last.

use crate::error::sdk_error;
use aws_sdk_cognitoidentityprovider::Client;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use darkroom_domain::id::OwnerId;
use darkroom_domain::{Error, ErrorCode};
use std::fmt::Debug;

/// May find users.
pub trait FindUser {
    /// The user of this id or address, if there is one.
    fn find_user(&self, id_or_address: &str) -> impl Future<Output = Result<Option<OwnerId>, Error>>;
}

/// May close accounts for good.
pub trait CloseAccount {
    /// Disables sign-ins to the account and its refresh tokens. A deleted account counts as closed.
    fn close_account(&self, owner: &OwnerId) -> impl Future<Output = Result<(), Error>>;

    /// Deletes the user; the address is free again. May be repeated.
    fn delete_account(&self, owner: &OwnerId) -> impl Future<Output = Result<(), Error>>;
}

/// The users of one pool.
pub struct Directory {
    cognito: Client,
    pool_id: String,
}

impl Directory {
    /// Those of this pool.
    pub fn new(cognito: Client, pool_id: impl Into<String>) -> Self {
        Self { cognito, pool_id: pool_id.into() }
    }
}

impl FindUser for Directory {
    async fn find_user(&self, id_or_address: &str) -> Result<Option<OwnerId>, Error> {
        let call = self.cognito.admin_get_user().user_pool_id(&self.pool_id).username(id_or_address);
        match call.send().await {
            Ok(user) => {
                let sub = user.user_attributes().iter().find(|attribute| attribute.name() == "sub");
                sub.and_then(|sub| sub.value()).map(OwnerId::parse).transpose()
            }
            Err(error) if error.code() == Some("UserNotFoundException") => Ok(None),
            Err(error) => Err(sdk_error("find the user", ErrorCode::TransientUnavailable, &error)),
        }
    }
}

impl CloseAccount for Directory {
    async fn close_account(&self, owner: &OwnerId) -> Result<(), Error> {
        let call = self.cognito.admin_disable_user().user_pool_id(&self.pool_id).username(owner.as_str());
        or_gone("close the account", call.send().await)?;
        let call = self.cognito.admin_user_global_sign_out().user_pool_id(&self.pool_id).username(owner.as_str());
        or_gone("end all sign-ins", call.send().await)
    }

    async fn delete_account(&self, owner: &OwnerId) -> Result<(), Error> {
        let call = self.cognito.admin_delete_user().user_pool_id(&self.pool_id).username(owner.as_str());
        or_gone("delete the account", call.send().await)
    }
}

fn or_gone<T, E>(doing: &str, answer: Result<T, SdkError<E, HttpResponse>>) -> Result<(), Error>
where
    E: ProvideErrorMetadata + Debug,
{
    match answer {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Some("UserNotFoundException") => Ok(()),
        Err(error) => Err(sdk_error(doing, ErrorCode::TransientUnavailable, &error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_cognitoidentityprovider::operation::admin_delete_user::{AdminDeleteUserError, AdminDeleteUserOutput};
    use aws_sdk_cognitoidentityprovider::operation::admin_disable_user::{
        AdminDisableUserError, AdminDisableUserOutput,
    };
    use aws_sdk_cognitoidentityprovider::operation::admin_user_global_sign_out::{
        AdminUserGlobalSignOutError, AdminUserGlobalSignOutOutput,
    };
    use aws_sdk_cognitoidentityprovider::types::error::{NotAuthorizedException, UserNotFoundException};
    use aws_smithy_types::error::ErrorMetadata;
    use darkroom_mocks::{Rule, RuleMode, mock, mock_client};

    fn directory(rules: &[&Rule]) -> Directory {
        Directory::new(mock_client!(aws_sdk_cognitoidentityprovider, RuleMode::MatchAny, rules), "pool-1")
    }

    fn ada() -> OwnerId {
        OwnerId::parse("ada").unwrap()
    }

    fn named(code: &str) -> ErrorMetadata {
        ErrorMetadata::builder().code(code).build()
    }

    fn gone() -> UserNotFoundException {
        UserNotFoundException::builder().meta(named("UserNotFoundException")).build()
    }

    #[tokio::test]
    async fn an_account_is_disabled_and_its_sign_ins_end() {
        let disable = mock!(Client::admin_disable_user)
            .match_requests(|call| (call.user_pool_id(), call.username()) == (Some("pool-1"), Some("ada")))
            .then_output(|| AdminDisableUserOutput::builder().build());
        let sign_out = mock!(Client::admin_user_global_sign_out)
            .match_requests(|call| (call.user_pool_id(), call.username()) == (Some("pool-1"), Some("ada")))
            .then_output(|| AdminUserGlobalSignOutOutput::builder().build());
        directory(&[&disable, &sign_out]).close_account(&ada()).await.unwrap();
        assert_eq!((disable.num_calls(), sign_out.num_calls()), (1, 1));
    }

    #[tokio::test]
    async fn a_user_is_deleted_by_their_name() {
        let delete = mock!(Client::admin_delete_user)
            .match_requests(|call| (call.user_pool_id(), call.username()) == (Some("pool-1"), Some("ada")))
            .then_output(|| AdminDeleteUserOutput::builder().build());
        directory(&[&delete]).delete_account(&ada()).await.unwrap();
        assert_eq!(delete.num_calls(), 1);
    }

    #[tokio::test]
    async fn a_user_is_found_by_id_or_address_and_a_stranger_is_not() {
        use aws_sdk_cognitoidentityprovider::operation::admin_get_user::{AdminGetUserError, AdminGetUserOutput};
        use aws_sdk_cognitoidentityprovider::types::AttributeType;
        let found = mock!(Client::admin_get_user)
            .match_requests(|call| (call.user_pool_id(), call.username()) == (Some("pool-1"), Some("a@example.com")))
            .then_output(|| {
                let sub = AttributeType::builder().name("sub").value("ada").build().unwrap();
                AdminGetUserOutput::builder().username("ada").user_attributes(sub).build().unwrap()
            });
        assert_eq!(directory(&[&found]).find_user("a@example.com").await, Ok(Some(ada())));
        let none = mock!(Client::admin_get_user).then_error(|| AdminGetUserError::UserNotFoundException(gone()));
        assert_eq!(directory(&[&none]).find_user("x").await, Ok(None));
        let broken = mock!(Client::admin_get_user).then_error(|| AdminGetUserError::unhandled("no answer"));
        assert!(directory(&[&broken]).find_user("x").await.is_err());
    }

    #[tokio::test]
    async fn a_user_who_is_gone_is_as_good_as_closed_and_deleted() {
        let disable =
            mock!(Client::admin_disable_user).then_error(|| AdminDisableUserError::UserNotFoundException(gone()));
        let sign_out = mock!(Client::admin_user_global_sign_out)
            .then_error(|| AdminUserGlobalSignOutError::UserNotFoundException(gone()));
        let delete =
            mock!(Client::admin_delete_user).then_error(|| AdminDeleteUserError::UserNotFoundException(gone()));
        let directory = directory(&[&disable, &sign_out, &delete]);
        directory.close_account(&ada()).await.unwrap();
        directory.delete_account(&ada()).await.unwrap();
    }

    #[tokio::test]
    async fn whatever_else_fails_is_told() {
        let refused = || NotAuthorizedException::builder().meta(named("NotAuthorizedException")).build();
        let disable = mock!(Client::admin_disable_user)
            .then_error(move || AdminDisableUserError::NotAuthorizedException(refused()));
        let delete = mock!(Client::admin_delete_user).then_error(|| AdminDeleteUserError::unhandled("no answer"));
        let directory = directory(&[&disable, &delete]);
        assert!(directory.close_account(&ada()).await.is_err());
        assert!(directory.delete_account(&ada()).await.is_err());
    }
}
