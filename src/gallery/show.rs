//! An image as the API shows it. Its owner sees everything; another user sees the picture and its caption, and never
//! the original, which may say where it was taken.

use super::disposition;
use darkroom_aws::signing::{Download, Lifetime, SignDownload};
use darkroom_domain::focus::Focus;
use darkroom_domain::id::{AlbumId, ImageId, OwnerId};
use darkroom_domain::record::{PictureFacts, Record, SourceFacts, Status, VariantFile, Visibility};
use darkroom_domain::settings::{LIMITS, RECIPE};
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{Error, ErrorCode};
use darkroom_runtime::api::Problem;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Duration;
use time::OffsetDateTime;

/// The audience.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The owner of the image.
    Owner,
    /// Anybody else.
    Visitor,
}

/// The links to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links<'a> {
    /// To every variant.
    All,
    /// To one of them.
    Only(&'a str),
    /// To the original.
    Original,
}

/// The sizes that can be asked for: the names of the recipe's variants, the smallest first.
pub static SIZES: LazyLock<Vec<String>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Named {
        name: String,
    }
    #[derive(Deserialize)]
    struct Recipe {
        variants: Vec<Named>,
    }
    let recipe: Recipe = serde_json::from_str(RECIPE).expect("tested below");
    recipe.variants.into_iter().map(|variant| variant.name).collect()
});

/// The `size` that stands for the original.
pub const ORIGINAL: &str = "original";

/// The size of the links in a list.
pub fn in_lists() -> Links<'static> {
    SIZES.first().map_or(Links::All, |smallest| Links::Only(smallest))
}

/// Makes links, and so can show images.
pub struct Showcase<S> {
    /// Signs.
    pub objects: S,
    /// The bucket of variants.
    pub images_bucket: String,
    /// The bucket of originals; without it no link to an original is made.
    pub originals_bucket: Option<String>,
    /// Where errors are explained.
    pub docs_url: String,
}

/// An image as the API shows it.
#[derive(Debug, Serialize)]
pub struct ImageView<'a> {
    image_id: ImageId,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    filename: Option<&'a str>,
    /// The owner of a public photo, if they list their profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<OwnerView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<&'a str>,
    visibility: Visibility,
    #[serde(skip_serializing_if = "Option::is_none")]
    album_id: Option<AlbumId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    focus: Option<Focus>,
    created_at: &'a str,
    updated_at: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    execution: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<OutcomeView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a SourceFacts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    facts: Option<FactsView<'a>>,
    /// By size; present once the image is ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variants: Option<Sizes<'a>>,
    /// The same pictures in formats that not every program reads, in the order in which a browser takes one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sources: Vec<SourceView<'a>>,
}

/// Pictures by size.
pub type Sizes<'a> = BTreeMap<&'a str, VariantView<'a>>;

/// The pictures in one format: a `<source>` of a `<picture>`.
#[derive(Debug, Serialize)]
struct SourceView<'a> {
    content_type: &'a str,
    variants: Sizes<'a>,
}

/// A user whose profile is listed.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct OwnerView<'a> {
    /// The user.
    pub user_id: &'a OwnerId,
    /// Their name.
    pub display_name: &'a str,
}

#[derive(Debug, Serialize)]
struct OutcomeView<'a> {
    code: &'a str,
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    execution: Option<&'a str>,
    docs: String,
}

#[derive(Debug, Serialize)]
struct FactsView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phash: Option<&'a str>,
    thumbhash: &'a str,
    dominant_color: &'a str,
}

/// A picture and the link to it.
#[derive(Debug, Serialize)]
pub struct VariantView<'a> {
    /// The link.
    pub url: String,
    expires_at: String,
    width: u32,
    height: u32,
    bytes: u64,
    /// Its media type.
    pub content_type: std::borrow::Cow<'a, str>,
}

impl<S: SignDownload> Showcase<S> {
    /// The image as this audience may see it, with these links.
    pub async fn show<'a>(
        &self,
        record: &'a Record,
        audience: Audience,
        links: Links<'a>,
        now: OffsetDateTime,
    ) -> Result<ImageView<'a>, Problem> {
        let own = audience == Audience::Owner;
        let ready = record.status == Status::Ready;
        let (variants, sources) =
            if ready { self.links(record, audience, links, now).await? } else { Default::default() };
        Ok(ImageView {
            image_id: record.image_id,
            status: record.status,
            filename: record.filename.as_deref().filter(|_| own),
            owner: None,
            caption: record.caption.as_deref(),
            visibility: record.visibility,
            album_id: record.album_id.filter(|_| own),
            focus: record.focus.filter(|_| own),
            created_at: &record.created_at,
            updated_at: &record.updated_at,
            execution: record.execution.as_deref().filter(|_| record.status == Status::Processing),
            outcome: self.outcome(record),
            // Facts and variants of an earlier version are not those of the version that is being developed.
            source: record.source.as_ref().filter(|_| ready && own),
            facts: record.facts.as_ref().filter(|_| ready).map(|facts| FactsView::of(facts, own)),
            variants: ready.then_some(variants),
            sources,
        })
    }

    fn outcome<'a>(&self, record: &'a Record) -> Option<OutcomeView<'a>> {
        let outcome = record.outcome.as_ref()?;
        let code = outcome.code.as_deref()?;
        let docs = || format!("{}#{code}", self.docs_url);
        matches!(record.status, Status::Rejected | Status::Failed).then(|| OutcomeView {
            code,
            message: outcome.public_message().unwrap_or(ErrorCode::WorkerBug.message()),
            stage: outcome.stage.as_deref(),
            execution: outcome.execution.as_deref(),
            docs: outcome.docs.clone().unwrap_or_else(docs),
        })
    }

    async fn links<'a>(
        &self,
        record: &'a Record,
        audience: Audience,
        links: Links<'a>,
        now: OffsetDateTime,
    ) -> Result<(Sizes<'a>, Vec<SourceView<'a>>), Error> {
        let life = lifetime(now);
        let id = record.image_id.to_string();
        let filename = record.filename.as_deref().filter(|_| audience == Audience::Owner).unwrap_or(&id);
        let (mut found, mut sources) = (BTreeMap::new(), Vec::<SourceView>::new());
        if links == Links::Original && audience == Audience::Owner {
            found.extend(self.original(record, filename, life).await?.map(|link| (ORIGINAL, link)));
        }
        let wanted = |name: &str| links == Links::All || links == Links::Only(name);
        for (name, variant) in record.variants.iter().filter(|(name, _)| wanted(name)) {
            let alternatives = variant.alternatives.len();
            for (at, VariantFile { key, bytes, content_type }) in variant.files().enumerate() {
                let disposition = disposition::of(filename, name, content_type);
                let link = VariantView {
                    url: self.sign(&self.images_bucket, key, None, &disposition, life).await?,
                    expires_at: rfc3339(life.end()),
                    width: variant.width,
                    height: variant.height,
                    bytes,
                    content_type: content_type.into(),
                };
                let sizes = if at == alternatives { &mut found } else { sizes_in(&mut sources, content_type) };
                sizes.insert(name.as_str(), link);
            }
        }
        // A browser takes the first format that it reads, with no look at the sizes: those of all sizes come first.
        sources.sort_by_key(|source| Reverse(source.variants.len()));
        Ok((found, sources))
    }

    /// Of exactly the version that was developed.
    async fn original<'a>(
        &self,
        record: &'a Record,
        filename: &str,
        life: Lifetime,
    ) -> Result<Option<VariantView<'a>>, Error> {
        let developed = record.source.as_ref().zip(record.version_id.as_deref());
        let Some(((source, version), bucket)) = developed.zip(self.originals_bucket.as_deref()) else {
            return Ok(None);
        };
        let disposition = disposition::to_keep(filename);
        let url = self.sign(bucket, &record.object_key, Some(version), &disposition, life).await?;
        Ok(Some(VariantView {
            url,
            expires_at: rfc3339(life.end()),
            width: source.width,
            height: source.height,
            bytes: source.bytes,
            content_type: format!("image/{}", source.format).into(),
        }))
    }

    async fn sign(
        &self,
        bucket: &str,
        key: &str,
        version: Option<&str>,
        disposition: &str,
        life: Lifetime,
    ) -> Result<String, Error> {
        // The object never changes under its key or version, but only the caller's browser may cache it.
        let cache_control = &format!("private, max-age={}, immutable", LIMITS.download_url_s);
        self.objects.sign_download(Download { bucket, key, version, disposition, cache_control }, life).await
    }
}

/// The pictures in this format. The formats keep the order in which records name them.
fn sizes_in<'a, 's>(sources: &'s mut Vec<SourceView<'a>>, content_type: &'a str) -> &'s mut Sizes<'a> {
    let known = sources.iter().position(|source| source.content_type == content_type);
    let at = known.unwrap_or_else(|| {
        sources.push(SourceView { content_type, variants: BTreeMap::new() });
        sources.len() - 1
    });
    &mut sources[at].variants
}

impl<'a> ImageView<'a> {
    /// The media types of its pictures, each once.
    pub fn formats(&self) -> Vec<String> {
        let compatible = self.variants.iter().flat_map(BTreeMap::values).map(|variant| &*variant.content_type);
        let mut formats: Vec<String> = Vec::new();
        for format in self.sources.iter().map(|source| source.content_type).chain(compatible) {
            if !formats.iter().any(|known| known == format) {
                formats.push(format.into());
            }
        }
        formats
    }

    /// Keeps one file of each size, the one at the place that is chosen among its formats: those first that a browser
    /// prefers, and last the one that every program reads. A size of which none is chosen is left out.
    pub fn choose(&mut self, chosen: impl Fn(&[&str]) -> Option<usize>) {
        let Some(compatible) = self.variants.take() else { return };
        let mut files = BTreeMap::<_, Vec<VariantView<'a>>>::new();
        for (size, file) in self.sources.drain(..).flat_map(|source| source.variants).chain(compatible) {
            files.entry(size).or_default().push(file);
        }
        let choose = |(size, mut files): (&'a str, Vec<VariantView<'a>>)| {
            let formats: Vec<_> = files.iter().map(|file| &*file.content_type).collect();
            let at = chosen(&formats)?;
            Some((size, files.swap_remove(at)))
        };
        self.variants = Some(files.into_iter().filter_map(choose).collect());
    }
}

impl<'a> FactsView<'a> {
    /// The digests are of the original, which only its owner may see.
    fn of(facts: &'a PictureFacts, own: bool) -> Self {
        Self {
            sha256: own.then_some(&facts.sha256),
            phash: own.then_some(&facts.phash),
            thumbhash: &facts.thumbhash,
            dominant_color: &facts.dominant_color,
        }
    }
}

/// Links are signed with the time at which the current third of their life began. Within that third they, and so the
/// whole answer, stay the same byte for byte, and a browser that asks again finds picture and answer in its cache. They
/// are valid for at least two thirds of the set time, and never for more than all of it (R32).
fn lifetime(now: OffsetDateTime) -> Lifetime {
    let length = LIMITS.download_url_s;
    let third = i64::try_from(length / 3).unwrap_or(1).max(1);
    let start = now.unix_timestamp() - now.unix_timestamp().rem_euclid(third);
    let from = OffsetDateTime::from_unix_timestamp(start).unwrap_or(now);
    Lifetime { from, length: Duration::from_secs(length) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recipe_names_its_sizes() {
        assert!(SIZES.len() > 1 && matches!(in_lists(), Links::Only(_)));
        assert!(!SIZES.iter().any(|name| name == ORIGINAL));
    }

    #[test]
    fn r32_links_are_good_for_ten_to_fifteen_minutes() {
        for second in 0..1000 {
            let now = OffsetDateTime::from_unix_timestamp(1_769_860_807 + second).expect("in range");
            let left = (lifetime(now).end() - now).whole_seconds();
            assert!((600..=900).contains(&left), "{left}");
            assert!(lifetime(now).from <= now);
        }
    }
}
