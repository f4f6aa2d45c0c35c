//! The partitions of the indexes `public` and `unfinished`. With one key for all photos of an index, all readers and
//! writers would meet in one partition of DynamoDB. An image's shard is computed from its id, so that it is known
//! wherever the id is (ADR 37).

use crate::id::ImageId;
use std::fmt;

/// One of the partitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard(u8);

impl Shard {
    /// The number of shards. Another number needs `make reindex`, since existing records keep the shards of this one.
    pub const COUNT: u8 = 4;

    /// The shard of this image: computed from the low end of its id, which is random.
    pub fn of(image: ImageId) -> Self {
        let shard = image.number() % u128::from(Self::COUNT);
        Self(u8::try_from(shard).expect("less than the count"))
    }

    /// All shards.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        (0..Self::COUNT).map(Self)
    }
}

/// The value in the record.
impl fmt::Display for Shard {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "shard-{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photos_spread_evenly() {
        let mut counts = [0; Shard::COUNT as usize];
        for _ in 0..4000 {
            counts[usize::from(Shard::of(ImageId::new()).0)] += 1;
        }
        // Five standard deviations of a fair draw are 137.
        assert!(counts.iter().all(|count| (850..=1150).contains(count)), "{counts:?}");
    }

    #[test]
    fn an_image_has_one_shard_and_shards_have_their_names() {
        let names: Vec<_> = Shard::all().map(|shard| shard.to_string()).collect();
        assert_eq!(names, ["shard-0", "shard-1", "shard-2", "shard-3"]);
        for number in 0..8 {
            let shard = Shard::of(ImageId::from_number(0xabc0 + number));
            assert_eq!(shard.to_string(), format!("shard-{}", number % 4));
        }
    }
}
