//! One page of public photos, merged from the shards of the index, newest first. Each shard is newest first by itself,
//! so the newest photo of all is the newest of the shards' next ones, once the next one of each shard is known, or that
//! it has none.

use super::page::PageRequest;
use darkroom_aws::listing::{Found, ListRecords, Listing};
use darkroom_domain::Error;
use darkroom_domain::range::{IdRange, ListScope};
use darkroom_domain::record::Record;
use darkroom_domain::shard::Shard;
use futures::future::try_join_all;
use std::collections::VecDeque;

/// The number of rounds of a page; a round queries the shards at once. A page that is not full by then is short and has
/// a cursor.
const ROUNDS: usize = 4;

/// The state of one shard.
struct Lane {
    shard: Shard,
    /// Its next photos.
    known: VecDeque<Record>,
    /// The range that is not read yet.
    rest: Option<IdRange>,
}

impl Lane {
    fn must_be_asked(&self) -> bool {
        self.known.is_empty() && self.rest.is_some()
    }

    async fn ask<T: ListRecords>(&mut self, table: &T, look_at: i32, now: i64) -> Result<(), Error> {
        let Some(range) = self.rest.filter(|_| self.must_be_asked()) else { return Ok(()) };
        let listing = Listing { scope: ListScope::Public(self.shard), range, status: None, now, look_at };
        let Found { records, rest } = table.list_records(listing).await?;
        self.known.extend(records);
        self.rest = rest;
        Ok(())
    }
}

/// The public records of one page, and the id below which the next begins.
pub async fn public_records<T: ListRecords>(
    table: &T,
    asked: &PageRequest<'_>,
    now: i64,
) -> Result<(Vec<Record>, Option<u128>), Error> {
    let lane = |shard| Lane { shard, known: VecDeque::new(), rest: asked.range };
    let mut lanes: Vec<_> = Shard::all().map(lane).collect();
    let mut records = Vec::new();
    for _ in 0..ROUNDS {
        // One more than the page holds, to know whether there is a next page.
        let missing = asked.limit + 1 - records.len();
        let look_at = share(missing);
        try_join_all(lanes.iter_mut().map(|lane| lane.ask(table, look_at, now))).await?;
        while records.len() <= asked.limit && !lanes.iter().any(Lane::must_be_asked) {
            match newest(&mut lanes) {
                Some(record) => records.push(record),
                None => return Ok((records, None)),
            }
        }
        if records.len() > asked.limit {
            records.truncate(asked.limit);
            break;
        }
    }
    let last = records.last().map(|record| record.image_id.number());
    // If no photo could be chosen, the next page begins where this one did.
    Ok((records, last.or_else(|| asked.range.map(IdRange::above))))
}

/// How many photos one shard is queried for: its part of the page, and twice the standard deviation of a fair draw, so
/// that one round is mostly enough.
fn share(missing: usize) -> i32 {
    let part = missing.div_ceil(usize::from(Shard::COUNT));
    i32::try_from(missing.min(part + 2 * part.isqrt())).unwrap_or(i32::MAX)
}

/// Takes the newest of the next photos.
fn newest(lanes: &mut [Lane]) -> Option<Record> {
    let next = |lane: &Lane| lane.known.front().map(|record| record.image_id);
    lanes.iter_mut().max_by_key(|lane| next(lane))?.known.pop_front()
}

#[cfg(test)]
mod tests;
