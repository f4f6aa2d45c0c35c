//! Users who list their profile, and their public photos.

use super::Images;
use darkroom_aws::accounts::ReadListed;
use darkroom_aws::derived_key::DeriveKey;
use darkroom_aws::listing::ListRecords;
use darkroom_aws::signing::SignDownload;
use darkroom_domain::ErrorCode;
use darkroom_domain::cursor::CursorScope;
use darkroom_domain::id::OwnerId;
use darkroom_domain::range::{IdRange, ListScope};
use darkroom_domain::record::Status;
use darkroom_gallery::page::{self, PageRequest};
use darkroom_gallery::show::{Audience, OwnerView, in_lists};
use darkroom_runtime::api::{Answer, Problem, Request};
use std::collections::HashMap;

impl<T: ReadListed, S, K> Images<T, S, K> {
    pub(super) async fn user(&self, request: &Request) -> Result<Answer, Problem> {
        request.owner(&self.client_id)?;
        let user = user(request)?;
        let name = self.name_of(&user).await?;
        let view = OwnerView { user_id: &user, display_name: &name };
        Ok(Answer::json(200, &view)?)
    }

    /// A user who does not list their profile is not found, whether they exist or not.
    async fn name_of(&self, user: &OwnerId) -> Result<String, Problem> {
        Ok(self.table.read_listed(&[user].into()).await?.remove(user).ok_or(ErrorCode::RequestNotFound)?)
    }
}

fn user(request: &Request) -> Result<OwnerId, Problem> {
    Ok(OwnerId::parse(request.path("user_id")).map_err(|_| ErrorCode::RequestNotFound)?)
}

impl<T: ReadListed + ListRecords, S: SignDownload, K: DeriveKey> Images<T, S, K> {
    /// What anybody may see of one user, from the user's own partition (ADR 60).
    pub(super) async fn public_of(&self, request: &Request) -> Result<Answer, Problem> {
        let me = request.owner(&self.client_id)?;
        let user = user(request)?;
        let links = page::links(request, in_lists())?;
        let asked = PageRequest::of(request, &self.cursors, IdRange::ALL, CursorScope::Of(&me, &user)).await?;
        let names = HashMap::from([(user.clone(), self.name_of(&user).await?)]);
        let (scope, now) = (ListScope::PublicOf(&user), request.arrived().unix_timestamp());
        let found = page::records(&self.table, scope, Some(Status::Ready), &asked, now).await?;
        let audience = if user == me { Audience::Owner } else { Audience::Visitor };
        self.page(request, found, &asked, links, |_| audience, &names).await
    }
}
