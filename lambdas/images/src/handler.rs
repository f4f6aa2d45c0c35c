//! The routes of photos: each reads the client's request, and leaves the calls to the capabilities of table and
//! storage.

mod change;
mod delete;
mod events;
mod list;
mod months;
mod owners;
mod similar;
mod users;

use darkroom_aws::accounts::ReadListed;
use darkroom_aws::albums::ReadAlbum;
use darkroom_aws::derived_key::{DeriveKey, DerivedKey};
use darkroom_aws::edit_record::{DeleteRecord, EditRecords};
use darkroom_aws::listing::{ListRecords, ReadPublic};
use darkroom_aws::ready::GlimpseReady;
use darkroom_aws::records::{ReadRecord, ReadRecords};
use darkroom_aws::removal::RemoveObjects;
use darkroom_aws::signing::SignDownload;
use darkroom_domain::ErrorCode;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::record::{Record, Status};
use darkroom_domain::settings::LIMITS;
use darkroom_gallery::show::{Audience, ImageView, Links, ORIGINAL, SIZES, Showcase};
use darkroom_runtime::api::{Answer, Problem, Request};
use std::collections::HashMap;
use std::sync::LazyLock;
use time::OffsetDateTime;

/// The routes and what they need.
pub struct Images<T, S, K> {
    pub table: T,
    pub showcase: Showcase<S>,
    pub cursors: DerivedKey<K>,
    pub originals_bucket: String,
    pub client_id: String,
}

impl<T, S, K> Images<T, S, K>
where
    T: ReadRecord + ReadRecords + ReadPublic + ReadAlbum + ReadListed + ListRecords,
    T: GlimpseReady + EditRecords + DeleteRecord,
    S: SignDownload + RemoveObjects,
    K: DeriveKey,
{
    /// Answers one request.
    pub async fn handle(&self, request: &Request) -> Result<Answer, Problem> {
        match request.route() {
            ("GET", "/image/{image_id}") => self.image(request).await,
            ("PATCH", "/image/{image_id}") => self.change(request).await,
            ("DELETE", "/image/{image_id}") => self.delete(request).await,
            ("GET", "/image/{image_id}/events") => self.events(request).await,
            ("GET", "/image/{image_id}/similar") => self.similar(request).await,
            ("GET", "/images") => self.mine(request).await,
            ("PATCH", "/images") => self.change_some(request).await,
            ("POST", "/images/delete") => self.delete_some(request).await,
            ("GET", "/images/months") => self.months(request).await,
            ("GET", "/images/public") => self.public(request).await,
            ("GET", "/users/{user_id}") => self.user(request).await,
            ("GET", "/users/{user_id}/images") => self.public_of(request).await,
            _ => Err(ErrorCode::RequestNotFound.into()),
        }
    }

    async fn image(&self, request: &Request) -> Result<Answer, Problem> {
        let me = request.owner(&self.client_id)?;
        let query = PictureQuery::of(request)?;
        let image = ImageId::parse(request.path("image_id"))?;
        let (record, audience) = self.find_for(&me, image, request.arrived()).await?;
        tracing::info!(image_id = %image, state = record.status.as_str(), "found");
        let names = match audience {
            Audience::Owner => HashMap::new(),
            Audience::Visitor => owners::names(&self.table, [&record]).await?,
        };
        let mut view = self.showcase.show(&record, audience, query.links(), request.arrived()).await?;
        owners::sign(&mut view, &record.owner_id, &names);
        query.narrow(&mut view, request)?;
        let answer = match (query.redirect(&view), record.status) {
            (Some(link), _) => Answer::empty(302).with("location", link),
            (None, Status::AwaitingUpload) => Answer::json(202, &view)?.with("retry-after", "5"),
            (None, Status::Processing) => Answer::json(202, &view)?.with("retry-after", "1"),
            (None, _) => Answer::json(200, &view)?.kept("private, no-cache", request),
        };
        Ok(if query.format == Some(AUTO) { answer.varies_by("accept") } else { answer })
    }

    /// The caller's image, or a public one.
    async fn find_for(&self, me: &OwnerId, image: ImageId, now: OffsetDateTime) -> Result<(Record, Audience), Problem> {
        let own = self.table.read_record(me, image).await?;
        if let Some(own) = own.filter(|record| record.is_there(now)) {
            return Ok((own, Audience::Owner));
        }
        let public = self.table.read_public(image).await?;
        public.map(|record| (record, Audience::Visitor)).ok_or_else(|| ErrorCode::RequestNotFound.into())
    }
}

/// The owner's record, if there is one. By the table's key, another user's record is not found either.
fn there(record: Option<Record>, now: OffsetDateTime) -> Result<Record, Problem> {
    record.filter(|record| record.is_there(now)).ok_or_else(|| ErrorCode::RequestNotFound.into())
}

/// All formats: those that can be uploaded, and AVIF, which is only made. HEIF is HEIC by another name.
static FORMATS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let taken = LIMITS.content_types.iter().filter_map(|known| known.strip_prefix("image/"));
    taken.filter(|format| *format != "heif").chain(["avif", AUTO]).collect()
});

/// The `format` that leaves the choice to the client's `Accept`.
const AUTO: &str = "auto";

/// Which of an image's pictures the client asks for, and how.
struct PictureQuery<'a> {
    size: Option<&'a str>,
    format: Option<&'a str>,
    redirect: bool,
}

impl<'a> PictureQuery<'a> {
    fn of(request: &'a Request) -> Result<Self, Problem> {
        let size = request.query("size")?;
        if size.is_some_and(|size| size != ORIGINAL && !SIZES.iter().any(|known| known == size)) {
            return Err(Problem::field("size", format!("must be one of {}, {ORIGINAL}", SIZES.join(", "))));
        }
        let format = request.query("format")?;
        if format.is_some_and(|format| !FORMATS.contains(&format)) {
            return Err(Problem::field("format", format!("must be one of {}", FORMATS.join(", "))));
        }
        let redirect = match request.query("redirect")? {
            None | Some("false") => false,
            Some("true") if size.is_some() => true,
            Some("true") => {
                return Err(Problem::field("size", "is required with redirect: a link leads to one picture"));
            }
            Some(_) => return Err(Problem::field("redirect", "must be true or false")),
        };
        Ok(Self { size, format, redirect })
    }

    fn links(&self) -> Links<'a> {
        match self.size {
            None => Links::All,
            Some(ORIGINAL) => Links::Original,
            Some(size) => Links::Only(size),
        }
    }

    /// Keeps only the variants that were asked for; a ready image must have at least one of them.
    fn narrow(&self, view: &mut ImageView<'_>, request: &Request) -> Result<(), Problem> {
        let Some(variants) = &view.variants else { return Ok(()) };
        if self.size.is_some() && variants.is_empty() {
            return Err(Problem::from(ErrorCode::RequestNotFound).detail("This image has no variant of that size."));
        }
        let Some(format) = self.format else { return Ok(()) };
        if format == AUTO {
            // A client that takes none of the formats gets the one that every program reads.
            view.choose(|formats| request.preferred(formats).or(formats.len().checked_sub(1)));
            return Ok(());
        }
        let made = view.formats().join(", ");
        view.choose(|formats| formats.iter().position(|made| made.strip_prefix("image/") == Some(format)));
        let is_there = view.variants.as_ref().is_some_and(|variants| !variants.is_empty());
        if is_there { Ok(()) } else { Err(Problem::field("format", format!("there is only {made}"))) }
    }

    fn redirect<'s>(&self, view: &'s ImageView<'_>) -> Option<&'s str> {
        let link = view.variants.as_ref()?.values().next()?;
        self.redirect.then_some(&link.url)
    }
}

#[cfg(test)]
mod tests;
