//! Ranges of time as ranges of ids. A UUIDv7 begins with its millisecond, so "newest first", "of that week" and "where
//! the page before ended" are the same query: between these two ids.

use crate::id::{ImageId, OwnerId};
use crate::shard::Shard;
use time::{Date, Time};

/// From the first to the last id, both included; never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdRange {
    first: u128,
    last: u128,
}

impl IdRange {
    /// Every id.
    pub const ALL: Self = Self { first: 0, last: u128::MAX };

    /// Ids made from the first to the last of these days (UTC); nothing if the first is later than the last.
    pub fn of_days(from: Option<Date>, to: Option<Date>) -> Option<Self> {
        let first = from.map_or(0, start_of);
        let last = to.and_then(Date::next_day).map_or(u128::MAX, |day| start_of(day).saturating_sub(1));
        (first <= last).then_some(Self { first, last })
    }

    /// The part of it below this id.
    pub fn below(self, id: u128) -> Option<Self> {
        let last = id.checked_sub(1)?.min(self.last);
        (self.first <= last).then_some(Self { last, ..self })
    }

    /// The id right above it, so that [`IdRange::below`] gives the range back.
    pub fn above(self) -> u128 {
        self.last.saturating_add(1)
    }

    /// First and last, as text that sorts as the ids do.
    pub fn ends(self) -> (String, String) {
        (ImageId::from_number(self.first).to_string(), ImageId::from_number(self.last).to_string())
    }
}

/// The lowest id of a day.
fn start_of(day: Date) -> u128 {
    let seconds = day.with_time(Time::MIDNIGHT).assume_utc().unix_timestamp();
    // A UUIDv7 begins with 48 bits of milliseconds since 1970.
    (u128::try_from(seconds).unwrap_or(0) * 1000) << 80
}

/// The images of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListScope<'a> {
    /// All of one owner.
    Owner(&'a OwnerId),
    /// Those of one owner in one album.
    Album(&'a OwnerId, crate::id::AlbumId),
    /// The public ones of one owner, for others.
    PublicOf(&'a OwnerId),
    /// All users' ready public ones, of one shard.
    Public(Shard),
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::date;

    fn made_at(millis: u64) -> u128 {
        (u128::from(millis) << 80) | (7 << 76) | 0x8000_0000_0000_1234
    }

    #[test]
    fn a_day_has_its_first_and_its_last_millisecond() {
        let day = IdRange::of_days(Some(date!(2026 - 01 - 31)), Some(date!(2026 - 01 - 31))).unwrap();
        let midnight = 1_769_817_600_000;
        for (millis, within) in
            [(midnight - 1, false), (midnight, true), (midnight + 86_399_999, true), (midnight + 86_400_000, false)]
        {
            let id = made_at(millis);
            assert_eq!((day.first..=day.last).contains(&id), within, "{millis}");
        }
    }

    #[test]
    fn days_may_be_open_absurd_or_the_wrong_way_round() {
        assert_eq!(IdRange::of_days(None, None), Some(IdRange::ALL));
        assert_eq!(IdRange::of_days(Some(date!(0001 - 01 - 01)), Some(date!(9999 - 12 - 31))), Some(IdRange::ALL));
        assert_eq!(IdRange::of_days(Some(date!(2026 - 02 - 01)), Some(date!(2026 - 01 - 31))), None);
        assert_eq!(IdRange::of_days(None, Some(date!(1960 - 01 - 01))), Some(IdRange { first: 0, last: 0 }));
    }

    proptest! {
        #[test]
        fn r37_pages_are_without_gap_and_overlap(mut ids in proptest::collection::vec(any::<u128>(), 0..50), size in 1_usize..7) {
            ids.sort_unstable();
            ids.dedup();
            let (mut seen, mut range) = (Vec::new(), Some(IdRange::ALL));
            while let Some(open) = range {
                let page: Vec<_> = ids.iter().rev().filter(|id| (open.first..=open.last).contains(*id)).take(size).copied().collect();
                range = page.last().and_then(|last| open.below(*last));
                seen.extend(page);
            }
            ids.reverse();
            prop_assert_eq!(seen, ids);
        }

        #[test]
        fn text_sorts_as_ids_do(one: u128, other: u128) {
            let text = |number| ImageId::from_number(number).to_string();
            prop_assert_eq!(one.cmp(&other), text(one).cmp(&text(other)));
        }
    }
}
