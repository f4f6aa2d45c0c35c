use super::*;
use darkroom_domain::id::ImageId;
use proptest::prelude::*;
use serde_json::json;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// The index in memory, and how many records it was asked to look at, in which rounds.
#[derive(Default)]
struct Index {
    ids: BTreeSet<u128>,
    looked_at: RefCell<Vec<usize>>,
}

impl Index {
    fn of(ids: impl IntoIterator<Item = u128>) -> Self {
        Self { ids: ids.into_iter().collect(), ..Self::default() }
    }

    fn newest_first(&self) -> Vec<u128> {
        self.ids.iter().rev().copied().collect()
    }

    /// One page of at most so many.
    fn page(&self, limit: usize, range: Option<IdRange>) -> (Vec<u128>, Option<u128>) {
        let asked = PageRequest::plain(limit, range);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (records, next) = runtime.block_on(public_records(self, &asked, 0)).unwrap();
        (records.iter().map(|record| record.image_id.number()).collect(), next)
    }

    /// Every page from the first to the last.
    fn pages(&self, limit: usize) -> Vec<Vec<u128>> {
        let (mut pages, mut range) = (Vec::new(), Some(IdRange::ALL));
        while let Some(open) = range {
            let (page, next) = self.page(limit, Some(open));
            range = next.and_then(|last| open.below(last));
            assert_ne!(range, Some(open), "a page that leads nowhere");
            pages.push(page);
        }
        pages
    }
}

impl ListRecords for Index {
    async fn list_records(&self, listing: Listing<'_>) -> Result<Found, Error> {
        let ListScope::Public(shard) = listing.scope else { panic!("of what is public") };
        let (first, last) = listing.range.ends();
        let [first, last] = [first, last].map(|end| ImageId::parse(&end).unwrap());
        let mut found: Vec<_> = (self.ids.iter().rev())
            .map(|id| ImageId::from_number(*id))
            .filter(|id| Shard::of(*id) == shard && (first..=last).contains(id))
            .collect();
        let limit = usize::try_from(listing.look_at).unwrap();
        assert!(limit > 0, "the table refuses to look at nothing");
        self.looked_at.borrow_mut().push(found.len().min(limit));
        // As the table does: it stopped because of the limit, whether there is more or not.
        let stopped = found.len() >= limit;
        found.truncate(limit);
        let rest = found.last().filter(|_| stopped).and_then(|id| listing.range.below(id.number()));
        Ok(Found { records: found.into_iter().map(record).collect(), rest })
    }
}

fn record(id: ImageId) -> Record {
    let record = json!({
        "image_id": id, "owner_id": "ada", "status": "ready", "created_at": "now", "updated_at": "now",
    });
    serde_json::from_value(record).unwrap()
}

#[test]
fn r37_shards_that_are_empty_are_passed_over() {
    // All of one shard, then of two that lie far from each other.
    for step in [4, 8, 6] {
        let index = Index::of((0..100).map(|n| 1_000 + n * step));
        assert_eq!(index.pages(7).concat(), index.newest_first(), "{step}");
    }
    assert_eq!(Index::default().page(50, Some(IdRange::ALL)), (vec![], None));
}

#[test]
fn a_list_that_was_read_to_its_end_has_no_more() {
    let index = Index::of(0..10);
    assert_eq!(index.page(50, None), (vec![], None));
    assert_eq!(index.looked_at.borrow().len(), 0, "the table was not asked");
}

#[test]
fn a_page_is_full_unless_it_is_the_last() {
    let index = Index::of((0..500).map(|n| n * 7 % 4099));
    let sizes: Vec<_> = index.pages(50).iter().map(Vec::len).collect();
    assert_eq!(sizes, [50; 10]);
}

#[test]
fn a_page_reads_little_more_than_it_shows() {
    let ids = (0..4_000).map(|_| ImageId::new().number());
    let index = Index::of(ids);
    for limit in [1, 10, 50, 100] {
        index.looked_at.borrow_mut().clear();
        let (page, _) = index.page(limit, Some(IdRange::ALL));
        let read: usize = index.looked_at.borrow().iter().sum();
        assert!(page.len() == limit && read <= 2 * limit + 16, "{read} for {limit}");
    }
}

#[test]
fn a_shard_that_has_them_all_is_asked_again_and_then_the_page_ends() {
    let index = Index::of((0..1_000).map(|n| n * 4));
    let (page, next) = index.page(100, Some(IdRange::ALL));
    assert_eq!((&page[..], next), (&index.newest_first()[..page.len()], page.last().copied()));
    assert!((50..100).contains(&page.len()) && index.looked_at.borrow().len() < 10, "{}", page.len());
}

proptest! {
    #[test]
    fn r37_pages_are_without_gap_and_overlap(
        ids in proptest::collection::btree_set(any::<u128>(), 0..200), same_shard in any::<bool>(), limit in 1_usize..30,
    ) {
        let ids = ids.into_iter().map(|id| if same_shard { id / 4 * 4 } else { id });
        let index = Index::of(ids);
        prop_assert_eq!(index.pages(limit).concat(), index.newest_first());
    }

    #[test]
    fn r37_what_is_added_meanwhile_moves_nothing(
        old in proptest::collection::btree_set(0..u128::MAX / 2, 2..100), new in proptest::collection::btree_set(u128::MAX / 2.., 0..100),
    ) {
        let index = Index::of(old);
        let (first, next) = index.page(1, Some(IdRange::ALL));
        let more = Index::of(index.ids.iter().copied().chain(new));
        let (second, _) = more.page(99, next.and_then(|last| IdRange::ALL.below(last)));
        prop_assert_eq!([first, second].concat(), index.newest_first()[..].to_vec());
    }
}
