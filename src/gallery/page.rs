//! One page of a list: the client's parameters, the next cursor, and the number of queries for it.

use super::show::{Audience, ImageView, Links, SIZES, Showcase};
use darkroom_aws::derived_key::{DeriveKey, DerivedKey};
use darkroom_aws::listing::{Found, ListRecords, Listing};
use darkroom_aws::signing::SignDownload;
use darkroom_domain::Error;
use darkroom_domain::cursor::CursorScope;
use darkroom_domain::range::{IdRange, ListScope};
use darkroom_domain::record::{Record, Status};
use darkroom_runtime::api::{Fields, Problem, Request};
use serde::Serialize;
use time::OffsetDateTime;

/// Items of a page, unless the client says otherwise.
const LIMIT: usize = 50;
/// The most items of a page.
const LIMIT_MAX: usize = 100;
/// The most queries for one page. A filter that finds little gives a short page, and a cursor to go on with.
const QUESTIONS: usize = 4;
/// Records that a filtered query reads after the first query, which reads few, has found too little: with 2 KB each,
/// half of the most that the table reads at once.
const LOOKED_AT: i32 = 250;

/// The value of `size` that asks for every variant.
const ALL_SIZES: &str = "all";

/// The links of a list's photos: to one variant or all, as `size` says.
pub fn links<'a>(request: &'a Request, otherwise: Links<'a>) -> Result<Links<'a>, Problem> {
    match request.query("size")? {
        None => Ok(otherwise),
        Some(ALL_SIZES) => Ok(Links::All),
        Some(size) if SIZES.iter().any(|known| known == size) => Ok(Links::Only(size)),
        Some(_) => Err(Problem::field("size", format!("must be one of {}, {ALL_SIZES}", SIZES.join(", ")))),
    }
}

/// A page as the API shows it.
#[derive(Debug, Serialize)]
pub struct Page<T> {
    /// Its items.
    pub items: Vec<T>,
    /// There is more, or there may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// The cursor of the next page.
    pub const fn empty() -> Self {
        Self { items: Vec::new(), next_cursor: None }
    }
}

/// Which page of which list.
pub struct PageRequest<'a> {
    /// How many items.
    pub limit: usize,
    /// The range of ids that is left; none for a list that was read to its end.
    pub range: Option<IdRange>,
    list: CursorScope<'a>,
}

impl<'a> PageRequest<'a> {
    /// The page that the request asks for. A cursor is valid only for the list that it was given for (R37).
    pub async fn of<K: DeriveKey>(
        request: &Request,
        key: &DerivedKey<K>,
        range: IdRange,
        list: CursorScope<'a>,
    ) -> Result<Self, Problem> {
        let mut fields = Fields::default();
        let limit = request.query("limit")?.map_or(Some(LIMIT), whole);
        let limit = limit.filter(|limit| (1..=LIMIT_MAX).contains(limit));
        fields.check(limit.is_some(), "limit", || format!("must be 1 to {LIMIT_MAX}"));
        let range = match request.query("cursor")? {
            None => Some(range),
            Some(cursor) => {
                let last = list.open(key.key().await?, cursor);
                fields.check(last.is_some(), "cursor", || "is not one that this list gave".into());
                range.below(last.unwrap_or_default())
            }
        };
        fields.done()?;
        Ok(Self { limit: limit.unwrap_or(LIMIT), range, list })
    }

    /// Any page of a list without filters.
    #[cfg(test)]
    pub(crate) fn plain(limit: usize, range: Option<IdRange>) -> Self {
        use darkroom_domain::id::{AlbumId, LinkId};
        let list = CursorScope::Shared(AlbumId::from_number(1), LinkId::from_number(1));
        Self { limit, range, list }
    }

    /// The cursor of the page behind this id.
    pub async fn cursor<K: DeriveKey>(&self, key: &DerivedKey<K>, last: u128) -> Result<String, Error> {
        Ok(self.list.seal(key.key().await?, last))
    }
}

/// The records of one page, and the id below which the next begins.
pub async fn records<T: ListRecords>(
    table: &T,
    scope: ListScope<'_>,
    status: Option<Status>,
    asked: &PageRequest<'_>,
    now: i64,
) -> Result<(Vec<Record>, Option<u128>), Error> {
    let mut records: Vec<Record> = Vec::new();
    let mut rest = asked.range;
    for question in 0..QUESTIONS {
        // One more than the page holds, to know whether there is a next page.
        let missing = asked.limit + 1 - records.len();
        let Some(range) = rest.filter(|_| missing > 0) else { break };
        let looks_again = status.is_some() && question > 0;
        let look_at = if looks_again { LOOKED_AT } else { i32::try_from(missing).unwrap_or(LOOKED_AT) };
        let listing = Listing { scope, range, status, now, look_at };
        let Found { records: found, rest: left } = table.list_records(listing).await?;
        records.extend(found.into_iter().take(missing));
        rest = left;
    }
    if records.len() > asked.limit {
        records.truncate(asked.limit);
        let last = records.last().map(|record| record.image_id.number());
        return Ok((records, last));
    }
    Ok((records, rest.map(IdRange::above)))
}

/// The records as their audience may see them, with these links.
pub async fn views<'a, S: SignDownload>(
    showcase: &Showcase<S>,
    records: &'a [Record],
    audience: impl Fn(&Record) -> Audience,
    links: Links<'a>,
    now: OffsetDateTime,
) -> Result<Vec<ImageView<'a>>, Problem> {
    let mut items = Vec::with_capacity(records.len());
    for record in records {
        items.push(showcase.show(record, audience(record), links, now).await?);
    }
    Ok(items)
}

/// Only digits: the API refuses `+5` and ` 5`.
fn whole(text: &str) -> Option<usize> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}
