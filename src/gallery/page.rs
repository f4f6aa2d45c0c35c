//! One page of a list: what the client asks for, where it goes on, and how many questions the table is asked for it.

use darkroom_aws::derived_key::{DeriveKey, DerivedKey};
use darkroom_aws::listing::{Found, ListRecords, Listing};
use darkroom_domain::Error;
use darkroom_domain::range::{IdRange, ListScope};
use darkroom_domain::record::{Record, Status};
use darkroom_runtime::api::{Fields, Problem, Request};
use serde::Serialize;

/// Items of a page, unless the client says otherwise.
const LIMIT: usize = 50;
/// Items of a page at most.
const LIMIT_MAX: usize = 100;
/// Questions to the table for one page. A filter that finds little gives a short page, and a cursor to go on with.
const QUESTIONS: usize = 4;
/// Records that one filtered question looks at: with 2 KB each, half of what the table reads in one go.
const LOOKED_AT: i32 = 250;

/// A page as the API shows it.
#[derive(Debug, Serialize)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// There is more, or there may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// What follows the last page.
    pub const fn empty() -> Self {
        Self { items: Vec::new(), next_cursor: None }
    }
}

/// Which page of which list.
pub struct PageRequest {
    /// How many items.
    pub limit: usize,
    /// What the page may be made of; nothing is left of a list that was read to its end.
    pub range: Option<IdRange>,
    context: String,
}

impl PageRequest {
    /// The page that the request asks for. The cursor is good only for the list that it was given for: the context
    /// names owner and filters (R37).
    pub async fn of<K: DeriveKey>(
        request: &Request,
        key: &DerivedKey<K>,
        range: IdRange,
        context: String,
    ) -> Result<Self, Problem> {
        let mut fields = Fields::default();
        let limit = request.query("limit")?.map_or(Some(LIMIT), whole);
        let limit = limit.filter(|limit| (1..=LIMIT_MAX).contains(limit));
        fields.check(limit.is_some(), "limit", || format!("must be 1 to {LIMIT_MAX}"));
        let range = match request.query("cursor")? {
            None => Some(range),
            Some(cursor) => {
                let payload = key.key().await?.open(cursor, context.as_bytes());
                let last = payload.and_then(|bytes| bytes.try_into().ok()).map(u128::from_be_bytes);
                fields.check(last.is_some(), "cursor", || "is not one that this list gave".into());
                range.below(last.unwrap_or_default())
            }
        };
        fields.done()?;
        Ok(Self { limit: limit.unwrap_or(LIMIT), range, context })
    }

    /// The cursor of what follows this id.
    pub async fn cursor<K: DeriveKey>(&self, key: &DerivedKey<K>, last: u128) -> Result<String, Error> {
        Ok(key.key().await?.seal(&last.to_be_bytes(), self.context.as_bytes()))
    }
}

/// The records of one page, and the id below which the next begins.
pub async fn records<T: ListRecords>(
    table: &T,
    scope: ListScope<'_>,
    status: Option<Status>,
    asked: &PageRequest,
    now: i64,
) -> Result<(Vec<Record>, Option<u128>), Error> {
    let mut records: Vec<Record> = Vec::new();
    let mut rest = asked.range;
    for _ in 0..QUESTIONS {
        // One more than the page holds tells whether there is a next one.
        let missing = asked.limit + 1 - records.len();
        let Some(range) = rest.filter(|_| missing > 0) else { break };
        let look_at = if status.is_some() { LOOKED_AT } else { i32::try_from(missing).unwrap_or(LOOKED_AT) };
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

/// Digits and nothing else: `+5` and ` 5` are no numbers to the API.
fn whole(text: &str) -> Option<usize> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}
