//! Photos of the same owner that look alike, by the distance of their perceptual hashes.

use super::Images;
use darkroom_aws::listing::{ListRecords, Listing};
use darkroom_aws::records::ReadRecord;
use darkroom_aws::signing::SignDownload;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::range::{IdRange, ListScope};
use darkroom_domain::record::{Record, Status};
use darkroom_domain::{Error, ErrorCode};
use darkroom_gallery::show::{Audience, ImageView, in_lists};
use darkroom_runtime::api::{Answer, Problem, Request};
use serde::Serialize;
use serde_json::json;

/// Bits of 64 in which alike pictures may differ. Unrelated pictures differ in 32, give or take 4 (the standard deviation
/// of 64 coin tosses); 10 is more than five of those away, and room for another crop, size, quality or tint.
const ALIKE: u32 = 10;
/// Questions to the table, and records that each looks at: the newest thousand images are compared.
const QUESTIONS: usize = 4;
const LOOKED_AT: i32 = 250;
/// Items of the answer.
const ITEMS: usize = 20;

#[derive(Serialize)]
struct Similar<'a> {
    distance: u32,
    image: ImageView<'a>,
}

impl<T: ReadRecord + ListRecords, S: SignDownload, K> Images<T, S, K> {
    pub(super) async fn similar(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let (image, now) = (ImageId::parse(request.path("image_id"))?, request.arrived());
        let record = self.table.read_record(&owner, image).await?;
        let record = super::there(record, now)?;
        let Some(hash) = hash(&record) else {
            let undecided = Problem::from(ErrorCode::RequestConflict);
            return Err(undecided.detail("Only a photo that is ready can be compared."));
        };
        let near = self.near(&owner, image, hash, now.unix_timestamp()).await?;
        let mut items = Vec::with_capacity(near.len());
        for (distance, record) in &near {
            let image = self.showcase.show(record, Audience::Owner, in_lists(), now).await?;
            items.push(Similar { distance: *distance, image });
        }
        Ok(Answer::json(200, &json!({ "items": items }))?)
    }

    /// The nearest first, and of those that are equally near the newest.
    async fn near(&self, owner: &OwnerId, image: ImageId, hash: u64, now: i64) -> Result<Vec<(u32, Record)>, Error> {
        let (mut near, mut rest) = (Vec::new(), Some(IdRange::ALL));
        for _ in 0..QUESTIONS {
            let Some(range) = rest else { break };
            let listing =
                Listing { scope: ListScope::Owner(owner), range, status: Some(Status::Ready), now, look_at: LOOKED_AT };
            let found = self.table.list_records(listing).await?;
            near.extend(found.records.into_iter().filter(|other| other.image_id != image).filter_map(|other| {
                let distance = (self::hash(&other)? ^ hash).count_ones();
                (distance <= ALIKE).then_some((distance, other))
            }));
            rest = found.rest;
        }
        near.sort_by_key(|(distance, _)| *distance);
        near.truncate(ITEMS);
        Ok(near)
    }
}

fn hash(record: &Record) -> Option<u64> {
    let facts = record.facts.as_ref().filter(|_| record.status == Status::Ready)?;
    u64::from_str_radix(&facts.phash, 16).ok()
}
