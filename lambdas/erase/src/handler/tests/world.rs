//! A table, a storage, a directory and a queue in memory, which can fail at any call.

use super::super::Eraser;
use darkroom_aws::edit_record::DeleteRecord;
use darkroom_aws::identity::CloseAccount;
use darkroom_aws::memory::RememberErasure;
use darkroom_aws::owners::ForgetOwner;
use darkroom_aws::removal::RemoveObjects;
use darkroom_aws::visibility::ChangeVisibility;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::protocol::DeletionStart;
use darkroom_domain::{Error, ErrorCode, key};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use time::OffsetDateTime;

/// Eve's name begins with Ada's; her keys do not.
pub const ADA: &str = "ada";
pub const EVE: &str = "ada-and-eve";

#[derive(Clone, Default)]
pub struct World(Arc<Mutex<Inside>>);

#[derive(Default)]
struct Inside {
    /// Statuses by owner and image; `expired` is a ticket that ran out.
    photos: BTreeMap<(String, ImageId), String>,
    names: BTreeMap<String, ImageId>,
    /// Owner and sort key.
    items: BTreeSet<(String, String)>,
    /// Bucket and key.
    objects: BTreeSet<(String, String)>,
    /// Whether the user is enabled.
    users: BTreeMap<String, bool>,
    /// The memory of an owner's deletions, which outlives the account.
    remembered: BTreeSet<(String, String)>,
    hidden: Vec<u64>,
    done: Vec<String>,
    calls: usize,
    broken: Option<usize>,
}

impl World {
    pub fn with_ada_and_eve() -> Self {
        let world = Self::default();
        for owner in [ADA, EVE] {
            world.inside().users.insert(owner.into(), true);
            for sk in ["ALBUM#1", "IDEMPOTENCY#1", "LINK#1#1", "PROFILE", "USAGE#2026-01-31", "WEBHOOK"] {
                world.item(owner, sk);
            }
            for (name, status) in [("1", "ready"), ("2", "rejected"), ("3", "awaiting_upload"), ("4", "deleting")] {
                world.photo(owner, &format!("{owner} {name}"), status);
            }
            // A photo that arrived under a ticket that was given back.
            world.inside().objects.insert(("originals".into(), format!("uploads/{owner}/{}", ImageId::new())));
        }
        world
    }

    pub fn eraser(&self) -> Eraser<Self, Self, Self, Self> {
        Eraser {
            table: self.clone(),
            objects: self.clone(),
            accounts: self.clone(),
            queue: self.clone(),
            queue_url: "queue-1".into(),
            originals_bucket: "originals".into(),
            images_bucket: "images".into(),
            work_time: Duration::from_mins(1),
        }
    }

    pub fn photo(&self, owner: &str, name: &str, status: &str) {
        let (image, mut inside) = (ImageId::new(), self.inside());
        inside.photos.insert((owner.into(), image), status.into());
        inside.names.insert(name.into(), image);
        inside.objects.insert(("originals".into(), key::upload(&OwnerId::parse(owner).expect("an owner"), image)));
        if !["awaiting_upload", "expired"].contains(&status) {
            inside.objects.insert(("images".into(), key::variant(image, "b", "small", "jpg")));
            inside.objects.insert(("images".into(), key::work(image, "b", 1)));
        }
    }

    pub fn finish_development(&self, name: &str) {
        let mut inside = self.inside();
        let image = inside.names[name];
        inside.photos.insert((ADA.into(), image), "ready".into());
    }

    pub fn item(&self, owner: &str, sk: &str) {
        self.inside().items.insert((owner.into(), sk.into()));
    }

    /// Everything that any store holds of an owner.
    pub fn left_of(&self, owner: &str) -> BTreeSet<String> {
        let inside = self.inside();
        let mine: Vec<_> = inside.photos.keys().filter(|(of, _)| of == owner).map(|(_, image)| *image).collect();
        let photos = mine.iter().map(|image| format!("IMAGE#{image}"));
        let items = inside.items.iter().filter(|(of, _)| of == owner).map(|(_, sk)| sk.clone());
        let others: BTreeSet<_> =
            inside.photos.keys().filter(|(of, _)| of != owner).map(|(_, i)| i.to_string()).collect();
        let objects = inside.objects.iter().filter(|(_, key)| {
            if key.starts_with("uploads/") {
                key.starts_with(&format!("uploads/{owner}/"))
            } else {
                // Variants of a photo that no other owner's record names.
                !others.iter().any(|image| key.contains(image.as_str()))
            }
        });
        let objects = objects.map(|(bucket, key)| format!("{bucket}/{key}"));
        let user = inside.users.contains_key(owner).then(|| format!("user {owner}"));
        photos.chain(items).chain(objects).chain(user).collect()
    }

    pub fn remembers(&self, owner: &str, what: &str) -> bool {
        self.inside().remembered.contains(&(owner.into(), what.into()))
    }

    pub fn is_closed(&self, owner: &str) -> bool {
        self.inside().users.get(owner) == Some(&false)
    }

    /// The delays that messages were given.
    pub fn hidden(&self) -> Vec<u64> {
        self.inside().hidden.clone()
    }

    pub fn done(&self) -> Vec<String> {
        self.inside().done.clone()
    }

    pub fn calls(&self) -> usize {
        self.inside().calls
    }

    /// Only the call of this number fails.
    pub fn break_at(&self, call: usize) {
        self.inside().broken = Some(call);
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().expect("no test panics in here")
    }

    fn call(&self, what: String) -> Result<MutexGuard<'_, Inside>, Error> {
        let mut inside = self.inside();
        inside.calls += 1;
        if inside.broken == Some(inside.calls - 1) {
            return Err(Error::new(ErrorCode::TransientUnavailable, what));
        }
        inside.done.push(what);
        Ok(inside)
    }
}

impl DeleteRecord for World {
    async fn begin_deletion(&self, owner: &OwnerId, image: ImageId, _: OffsetDateTime) -> Result<DeletionStart, Error> {
        let mut inside = self.call(format!("begin {image}"))?;
        match inside.photos.get_mut(&(owner.to_string(), image)) {
            Some(status) if status == "processing" => Ok(DeletionStart::Busy),
            Some(status) if status != "expired" => {
                *status = "deleting".into();
                Ok(DeletionStart::Started)
            }
            _ => Ok(DeletionStart::NoImage),
        }
    }

    async fn remember_deletion(&self, owner: &OwnerId, image: ImageId, _: OffsetDateTime) -> Result<(), Error> {
        let mut inside = self.call(format!("remember {image}"))?;
        inside.remembered.insert((owner.to_string(), format!("DELETED#{image}")));
        Ok(())
    }

    async fn finish_deletion(&self, owner: &OwnerId, image: ImageId) -> Result<(), Error> {
        let mut inside = self.call(format!("finish {image}"))?;
        inside.photos.remove(&(owner.to_string(), image));
        Ok(())
    }
}

impl RememberErasure for World {
    async fn remember_erasure(&self, owner: &OwnerId, _: OffsetDateTime) -> Result<(), Error> {
        let mut inside = self.call(format!("remember {owner}"))?;
        inside.remembered.insert((owner.to_string(), "ERASED".into()));
        Ok(())
    }
}

impl ForgetOwner for World {
    async fn forget_all_but_photos(&self, owner: &OwnerId) -> Result<(), Error> {
        let mut inside = self.call(format!("forget all but photos of {owner}"))?;
        inside.items.retain(|(of, _)| of != owner.as_str());
        Ok(())
    }

    async fn photos_behind(&self, owner: &OwnerId, behind: Option<ImageId>) -> Result<Vec<ImageId>, Error> {
        let inside = self.call(format!("list photos of {owner}"))?;
        let mine =
            inside.photos.keys().filter(|(of, image)| of == owner.as_str() && behind.is_none_or(|it| *image > it));
        Ok(mine.map(|(_, image)| *image).take(3).collect())
    }

    async fn forget_expired(&self, owner: &OwnerId, image: ImageId, _: OffsetDateTime) -> Result<(), Error> {
        let mut inside = self.call(format!("forget {image}"))?;
        let found = (owner.to_string(), image);
        if inside.photos.get(&found).is_some_and(|status| status == "expired") {
            inside.photos.remove(&found);
        }
        Ok(())
    }
}

impl RemoveObjects for World {
    async fn remove_objects(&self, bucket: &str, prefix: &str) -> Result<(), Error> {
        let mut inside = self.call(format!("remove {bucket}/{prefix}"))?;
        inside.objects.retain(|(of, key)| of != bucket || !key.starts_with(prefix));
        Ok(())
    }
}

impl CloseAccount for World {
    async fn close_account(&self, owner: &OwnerId) -> Result<(), Error> {
        let mut inside = self.call(format!("close {owner}"))?;
        if let Some(is_enabled) = inside.users.get_mut(owner.as_str()) {
            *is_enabled = false;
        }
        Ok(())
    }

    async fn delete_account(&self, owner: &OwnerId) -> Result<(), Error> {
        let mut inside = self.call(format!("delete {owner}"))?;
        inside.users.remove(owner.as_str());
        Ok(())
    }
}

impl ChangeVisibility for World {
    async fn change_visibility(&self, queue_url: &str, receipt: &str, delay: Duration) -> Result<(), Error> {
        assert_eq!((queue_url, receipt), ("queue-1", "receipt-1"));
        let mut inside = self.call("hide".into())?;
        inside.hidden.push(delay.as_secs());
        Ok(())
    }
}
