//! What an owner may say about a photo: caption, who may see it, and the album it lies in.

use super::Images;
use darkroom_aws::edit_record::{EditOutcome, EditRecords, RecordEdit};
use darkroom_aws::records::ReadRecord;
use darkroom_aws::signing::SignDownload;
use darkroom_domain::ErrorCode;
use darkroom_domain::id::{AlbumId, ImageId};
use darkroom_domain::record::Visibility;
use darkroom_gallery::show::{Audience, Links};
use darkroom_gallery::text;
use darkroom_runtime::api::{Answer, Fields, Problem, Request, no_null};
use serde::Deserialize;

/// A field that is null is taken away (the inner `None`), one that is missing stays as it is (the outer).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "missing, null and given are three things")]
struct ImageChange {
    #[serde(default, deserialize_with = "no_null")]
    caption: Option<Option<String>>,
    #[serde(default, deserialize_with = "no_null")]
    visibility: Option<Visibility>,
    #[serde(default, deserialize_with = "no_null")]
    album_id: Option<Option<AlbumId>>,
}

impl<T: ReadRecord + EditRecords, S: SignDownload, K> Images<T, S, K> {
    pub(super) async fn change(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let image = ImageId::parse(request.path("image_id"))?;
        let change = request.json::<ImageChange>()?.checked()?;
        let now = request.arrived();
        match self.table.edit_records(&owner, &[image], &change, now).await? {
            EditOutcome::NoImage(_) => return Err(ErrorCode::RequestNotFound.into()),
            EditOutcome::NoAlbum => return Err(Problem::field("album_id", "is not one of your albums")),
            EditOutcome::Done => {}
        }
        tracing::info!(image_id = %image, "changed");
        let record = super::there(self.table.read_record(&owner, image).await?, now)?;
        Ok(Answer::json(200, &self.showcase.show(&record, Audience::Owner, Links::All, now).await?)?)
    }
}

impl ImageChange {
    fn checked(self) -> Result<RecordEdit, Problem> {
        let mut fields = Fields::default();
        let caption_fits = self.caption.iter().flatten().all(|caption| text::is_caption(caption));
        fields.check(caption_fits, "caption", text::caption_rule);
        let something = self.caption.is_some() || self.visibility.is_some() || self.album_id.is_some();
        fields.check(something, "caption", || "or visibility or album_id must be given".into());
        fields.done()?;
        Ok(RecordEdit { caption: self.caption, visibility: self.visibility, album: self.album_id, lies_in: None })
    }
}
