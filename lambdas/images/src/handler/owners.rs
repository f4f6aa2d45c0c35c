//! The owners of public photos, for those who list their profile.

use darkroom_aws::accounts::ReadListed;
use darkroom_domain::Error;
use darkroom_domain::id::OwnerId;
use darkroom_domain::record::Record;
use darkroom_gallery::show::{ImageView, OwnerView};
use std::collections::HashMap;

/// The names of those who list their profile, by one read of all.
pub async fn names<'a, T: ReadListed>(
    table: &T,
    records: impl IntoIterator<Item = &'a Record>,
) -> Result<HashMap<OwnerId, String>, Error> {
    table.read_listed(&records.into_iter().map(|record| &record.owner_id).collect()).await
}

/// Writes the owner's name onto a photo, if it is among these.
pub fn sign<'a>(view: &mut ImageView<'a>, owner: &'a OwnerId, names: &'a HashMap<OwnerId, String>) {
    view.owner = names.get(owner).map(|display_name| OwnerView { user_id: owner, display_name });
}
