//! The number of photos in each month, for the scrubber beside the gallery.

use super::Images;
use darkroom_aws::ready::{GlimpseReady, Seen};
use darkroom_aws::survey::{Survey, survey};
use darkroom_runtime::api::{Answer, Problem, Request};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Months {
    items: Vec<Month>,
    complete: bool,
}

#[derive(Serialize)]
struct Month {
    month: String,
    count: u64,
}

impl<T: GlimpseReady, S, K> Images<T, S, K> {
    pub(super) async fn months(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let Survey { photos, is_complete } = survey(&self.table, &owner, Seen::Albums).await?;
        let mut counts = BTreeMap::new();
        for day in photos.iter().filter_map(|photo| photo.image_id.day()) {
            *counts.entry((day.year(), u8::from(day.month()))).or_default() += 1;
        }
        let month = |((year, month), count)| Month { month: format!("{year:04}-{month:02}"), count };
        let items = counts.into_iter().rev().map(month).collect();
        Ok(Answer::json(200, &Months { items, complete: is_complete })?.kept("private, no-cache", request))
    }
}
