//! Records, originals and variants in memory, any call of which can fail.

use crate::sweeper::{Sweeper, WORK_TIME};
use darkroom_aws::audit::{AuditRecords, KeepWalks, KeptWalks, Owners};
use darkroom_aws::keys::{ListKeys, Page, Stored};
use darkroom_aws::removal::{HideOriginal, RemoveObjects, RemoveSuperseded};
use darkroom_domain::drift::Holding;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::order::Source;
use darkroom_domain::record::Status;
use darkroom_domain::{Error, ErrorCode, key};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use time::OffsetDateTime;

/// For how long superseded variants stay.
pub const GRACE: Duration = Duration::from_hours(24);

#[derive(Clone, Default)]
pub struct World(Arc<Mutex<Inside>>);

#[derive(Default)]
pub struct Inside {
    pub records: BTreeMap<ImageId, (OwnerId, Holding)>,
    pub deletions: BTreeMap<ImageId, (OwnerId, String)>,
    pub originals: BTreeMap<String, OffsetDateTime>,
    pub images: BTreeSet<String>,
    pub walks: KeptWalks,
    pub writes: Vec<String>,
    /// The beginning of the calls that fail, and how.
    pub broken: Option<String>,
    pub breaks_as: Option<ErrorCode>,
    /// The photo whose record is gone when it is read for the second time.
    pub deleted_at_second_look: Option<ImageId>,
    /// Another run saves the walk first.
    pub is_overtaken: bool,
    reads: u32,
}

pub fn ada() -> OwnerId {
    OwnerId::parse("ada").unwrap()
}

pub fn id(number: u128) -> ImageId {
    ImageId::from_number((1 << 80) | (7 << 76) | (0x8 << 60) | number)
}

pub fn in_bucket(world: &World, key: &str) {
    world.inside().images.insert(key.into());
}

impl World {
    pub fn sweeper(&self) -> Sweeper<Self, Self, (), ()> {
        Sweeper {
            table: self.clone(),
            objects: self.clone(),
            executions: (),
            queue: (),
            machine: String::new(),
            queue_url: String::new(),
            originals_bucket: "originals".into(),
            images_bucket: "images".into(),
            work_time: WORK_TIME,
            grace: GRACE,
            client_id: String::new(),
        }
    }

    /// A ready photo with its original and two variants.
    pub fn ready(&self, image: ImageId) -> ImageId {
        self.original(image, OffsetDateTime::UNIX_EPOCH);
        self.variants(image);
        let variants = ["small", "large"].map(|name| key::variant(image, "b", name, "jpg")).into();
        let (version_id, original) = (Some("v1".into()), key::upload(&ada(), image));
        let holding = Holding { status: Status::Ready, version_id, original, variants, published_at: None };
        self.inside().records.insert(image, (ada(), holding));
        image
    }

    pub fn original(&self, image: ImageId, stored_at: OffsetDateTime) -> ImageId {
        self.inside().originals.insert(key::upload(&ada(), image), stored_at);
        image
    }

    pub fn variants(&self, image: ImageId) -> ImageId {
        for name in ["small", "large"] {
            in_bucket(self, &key::variant(image, "b", name, "jpg"));
        }
        image
    }

    pub fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().expect("no call panics while it holds the lock")
    }

    fn call(&self, call: &str) -> Result<MutexGuard<'_, Inside>, Error> {
        let inside = self.inside();
        let is_broken = inside.broken.as_ref().is_some_and(|broken| call.starts_with(broken.as_str()));
        let code = inside.breaks_as.unwrap_or(ErrorCode::TransientUnavailable);
        if is_broken { Err(Error::new(code, call)) } else { Ok(inside) }
    }
}

/// So many of the sorted names behind that one.
fn page(names: impl Iterator<Item = String>, behind: Option<&str>, at_most: i32) -> Page<String> {
    let mut rest = names.filter(|name| behind.is_none_or(|behind| name.as_str() > behind));
    let items: Vec<_> = rest.by_ref().take(usize::try_from(at_most).unwrap()).collect();
    let next = rest.next().and_then(|_| items.last().cloned());
    Page { items, next }
}

impl AuditRecords for World {
    async fn ready_behind(&self, behind: Option<&str>, at_most: i32) -> Result<Page<(OwnerId, ImageId)>, Error> {
        let inside = self.call(&format!("scan behind {}", behind.unwrap_or_default()))?;
        let names = inside.records.iter().map(|(image, (owner, _))| format!("{owner}/{image}"));
        let Page { items, next } = page(names, behind, at_most);
        let read = |name: String| {
            let (owner, image) = name.split_once('/').unwrap();
            (OwnerId::parse(owner).unwrap(), ImageId::parse(image).unwrap())
        };
        Ok(Page { items: items.into_iter().map(read).collect(), next })
    }

    async fn read_holding(&self, owner: &OwnerId, image: ImageId) -> Result<Option<Holding>, Error> {
        let mut inside = self.call(&format!("read {image}"))?;
        if inside.deleted_at_second_look == Some(image) {
            inside.reads += 1;
            if inside.reads == 2 {
                inside.records.remove(&image);
            }
        }
        Ok(inside.records.get(&image).filter(|(its, _)| its == owner).map(|(_, holding)| holding.clone()))
    }

    async fn deletion_of(&self, owner: &OwnerId, image: ImageId) -> Result<Option<String>, Error> {
        let inside = self.call(&format!("recall {image}"))?;
        Ok(inside.deletions.get(&image).filter(|(its, _)| its == owner).map(|(_, at)| at.clone()))
    }

    async fn owners_of(&self, image: ImageId) -> Result<Owners, Error> {
        let inside = self.call(&format!("owners of {image}"))?;
        let has = inside.records.get(&image).map(|(owner, _)| owner.clone());
        Ok(Owners { has, had: inside.deletions.get(&image).map(|(owner, _)| owner.clone()) })
    }
}

impl KeepWalks for World {
    async fn read_walks(&self) -> Result<KeptWalks, Error> {
        Ok(self.call("read the walk")?.walks.clone())
    }

    async fn save_walks(&self, walks: &KeptWalks) -> Result<bool, Error> {
        let mut inside = self.call("save the walk")?;
        let is_first = !inside.is_overtaken && inside.walks.saved == walks.saved;
        if is_first {
            inside.walks = KeptWalks { saved: walks.saved + 1, ..walks.clone() };
        }
        Ok(is_first)
    }
}

impl ListKeys for World {
    async fn keys_behind(
        &self,
        bucket: &str,
        prefix: &str,
        behind: Option<&str>,
        at_most: i32,
    ) -> Result<Page<Stored>, Error> {
        let inside = self.call(&format!("list {bucket}/{prefix}"))?;
        let stored = |key: &String| *inside.originals.get(key).unwrap_or(&OffsetDateTime::UNIX_EPOCH);
        let keys: Vec<_> = match bucket {
            "originals" => inside.originals.keys().cloned().collect(),
            _ => inside.images.iter().cloned().collect(),
        };
        let Page { items, next } = page(keys.into_iter().filter(|key| key.starts_with(prefix)), behind, at_most);
        Ok(Page { items: items.into_iter().map(|key| Stored { at: stored(&key), key }).collect(), next })
    }

    async fn folders_behind(
        &self,
        bucket: &str,
        prefix: &str,
        behind: Option<&str>,
        at_most: i32,
    ) -> Result<Page<String>, Error> {
        assert_eq!(bucket, "images");
        let inside = self.call("list folders")?;
        let folder = |key: &String| Some(format!("{prefix}{}/", key.strip_prefix(prefix)?.split_once('/')?.0));
        let folders: BTreeSet<_> = inside.images.iter().filter_map(folder).collect();
        Ok(page(folders.into_iter(), behind, at_most))
    }
}

impl HideOriginal for World {
    async fn hide_original(&self, source: &Source) -> Result<(), Error> {
        self.call("hide")?.writes.push(format!("hide {}/{}", source.bucket, source.key));
        Ok(())
    }

    async fn remove_version(&self, _: &Source) -> Result<(), Error> {
        panic!("the walk removes no single version")
    }
}

impl RemoveObjects for World {
    async fn remove_objects(&self, bucket: &str, prefix: &str) -> Result<(), Error> {
        self.call("remove")?.writes.push(format!("remove {bucket}/{prefix}"));
        Ok(())
    }
}

impl RemoveSuperseded for World {
    async fn remove_superseded(
        &self,
        bucket: &str,
        prefix: &str,
        kept: &BTreeSet<String>,
        before: OffsetDateTime,
    ) -> Result<(), Error> {
        let kept = kept.len();
        self.call("remove")?
            .writes
            .push(format!("remove {bucket}/{prefix} but {kept} before {}", before.unix_timestamp()));
        Ok(())
    }
}
