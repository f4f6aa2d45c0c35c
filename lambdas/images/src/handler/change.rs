//! The changes of an owner to a photo: caption, visibility, album and focal point.

use super::Images;
use darkroom_aws::edit_record::{EditOutcome, EditRecords, RecordEdit};
use darkroom_aws::records::{Consistency, ReadRecord, ReadRecords};
use darkroom_aws::signing::SignDownload;
use darkroom_domain::ErrorCode;
use darkroom_domain::focus::{Focus, Outside, Shares};
use darkroom_domain::id::{AlbumId, ImageId};
use darkroom_domain::record::Visibility;
use darkroom_gallery::page::{self, Page};
use darkroom_gallery::show::{Audience, Links, in_lists};
use darkroom_gallery::{ids, text};
use darkroom_runtime::api::{Answer, Fields, Problem, Request, no_null};
use serde::Deserialize;

/// A null removes the value (the inner `None`), a missing field leaves it as it is (the outer).
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
    #[serde(default, deserialize_with = "no_null")]
    focus: Option<Option<Shares>>,
}

/// The same for some photos at once, but for the focal point, which is another in each.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "missing, null and given are three things")]
struct ImagesChange {
    image_ids: Vec<ImageId>,
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

impl<T: ReadRecords + EditRecords, S: SignDownload, K> Images<T, S, K> {
    /// All of them or none.
    pub(super) async fn change_some(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let ImagesChange { image_ids, caption, visibility, album_id } = request.json()?;
        let mut fields = Fields::default();
        ids::check(&mut fields, "image_ids", &image_ids);
        let change = ImageChange { caption, visibility, album_id, focus: None }.checked_with(fields)?;
        let now = request.arrived();
        match self.table.edit_records(&owner, &image_ids, &change, now).await? {
            EditOutcome::NoImage(at) => {
                return Err(Problem::field(&format!("image_ids[{at}]"), "is not one of your images"));
            }
            EditOutcome::NoAlbum => return Err(Problem::field("album_id", "is not one of your albums")),
            EditOutcome::Done => {}
        }
        tracing::info!(images = image_ids.len(), "changed");
        let records = self.table.read_records(&owner, &image_ids, Consistency::Strong).await?;
        let items = page::views(&self.showcase, &records, |_| Audience::Owner, in_lists(), now).await?;
        Ok(Answer::json(200, &Page { items, next_cursor: None })?)
    }
}

impl ImageChange {
    fn checked(self) -> Result<RecordEdit, Problem> {
        self.checked_with(Fields::default())
    }

    fn checked_with(self, mut fields: Fields) -> Result<RecordEdit, Problem> {
        let caption_fits = self.caption.iter().flatten().all(|caption| text::is_caption(caption));
        fields.check(caption_fits, "caption", text::caption_rule);
        let Self { caption, visibility, album_id: album, focus } = self;
        let focus = focus.map(|point| point.map(Focus::try_from).transpose()).transpose();
        fields.check(focus.is_ok(), "focus", || Outside.to_string());
        let something = caption.is_some() || visibility.is_some() || album.is_some() || !matches!(focus, Ok(None));
        fields.check(something, "caption", || "or another field must be given".into());
        fields.done()?;
        Ok(RecordEdit { caption, visibility, album, focus: focus.unwrap_or_default(), lies_in: None })
    }
}
