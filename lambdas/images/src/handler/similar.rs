//! Photos of the same owner that look alike, by the distance of their perceptual hashes.

use super::Images;
use darkroom_aws::ready::{Glimpse, GlimpseReady, Seen};
use darkroom_aws::records::{Consistency, ReadRecord, ReadRecords};
use darkroom_aws::signing::SignDownload;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::range::IdRange;
use darkroom_domain::record::{Record, Status};
use darkroom_domain::{Error, ErrorCode};
use darkroom_gallery::show::{Audience, ImageView, in_lists};
use darkroom_runtime::api::{Answer, Problem, Request};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;

/// Bits of 64 in which alike pictures may differ. Unrelated pictures differ in 32, give or take 4 (the standard deviation
/// of 64 coin tosses); 10 is more than five of those away, and room for another crop, size, quality or tint.
const ALIKE: u32 = 10;
/// The number of newest photos that are compared: one query, since the index has some 350 bytes of each.
const COMPARED: i32 = 1000;
/// The most items of the answer.
const ITEMS: usize = 20;

#[derive(Serialize)]
struct Similar<'a> {
    distance: u32,
    image: ImageView<'a>,
}

impl<T: ReadRecord + ReadRecords + GlimpseReady, S: SignDownload, K> Images<T, S, K> {
    pub(super) async fn similar(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let (image, now) = (ImageId::parse(request.path("image_id"))?, request.arrived());
        let record = self.table.read_record(&owner, image).await?;
        let record = super::there(record, now)?;
        let Some(hash) = hash(&record) else {
            let undecided = Problem::from(ErrorCode::RequestConflict);
            return Err(undecided.detail("Only a photo that is ready can be compared."));
        };
        let near = self.near(&owner, image, hash).await?;
        let mut items = Vec::with_capacity(near.len());
        for (distance, record) in &near {
            let image = self.showcase.show(record, Audience::Owner, in_lists(), now).await?;
            items.push(Similar { distance: *distance, image });
        }
        Ok(Answer::json(200, &json!({ "items": items }))?)
    }

    /// The nearest first, and of equally near ones the newest. The comparison reads the index; only shown photos are
    /// read from the table.
    async fn near(&self, owner: &OwnerId, image: ImageId, hash: u64) -> Result<Vec<(u32, Record)>, Error> {
        let (others, _) = self.table.glimpse_ready(owner, IdRange::ALL, Seen::Looks, Some(COMPARED)).await?;
        let distance = |other: &Glimpse| {
            let other_hash = u64::from_str_radix(other.facts.phash.as_deref()?, 16).ok()?;
            Some(((other_hash ^ hash).count_ones(), other.image_id))
        };
        let alike = |(distance, id): &(u32, ImageId)| *distance <= ALIKE && *id != image;
        let mut near: Vec<_> = others.iter().filter_map(distance).filter(alike).collect();
        near.sort_by_key(|(distance, _)| *distance);
        near.truncate(ITEMS);
        let ids: Vec<_> = near.iter().map(|(_, id)| *id).collect();
        let records = self.table.read_records(owner, &ids, Consistency::Eventual).await?;
        // The index is some moments behind: a photo may be deleted by now, or be in development again.
        let shown = records.into_iter().filter(|record| record.status == Status::Ready);
        let distances: BTreeMap<_, _> = near.into_iter().map(|(distance, id)| (id, distance)).collect();
        Ok(shown.filter_map(|record| Some((*distances.get(&record.image_id)?, record))).collect())
    }
}

fn hash(record: &Record) -> Option<u64> {
    let facts = record.facts.as_ref().filter(|_| record.status == Status::Ready)?;
    u64::from_str_radix(&facts.phash, 16).ok()
}
