//! A walk that finds nothing: the tests of photos that have not ended are not about drift.

use super::world::World;
use darkroom_aws::acts::WriteAct;
use darkroom_aws::audit::{AuditRecords, KeepWalks, KeptWalks, Owners};
use darkroom_aws::keys::{ListKeys, Page, Stored};
use darkroom_aws::removal::HideOriginal;
use darkroom_domain::Error;
use darkroom_domain::act::Act;
use darkroom_domain::drift::Holding;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::order::Source;
use time::OffsetDateTime;

const fn nothing<T>() -> Page<T> {
    Page { items: Vec::new(), next: None }
}

impl AuditRecords for World {
    async fn ready_behind(&self, _: Option<&str>, _: i32) -> Result<Page<(OwnerId, ImageId)>, Error> {
        self.reads("list what is ready")?;
        Ok(nothing())
    }

    async fn read_holding(&self, _: &OwnerId, _: ImageId) -> Result<Option<Holding>, Error> {
        panic!("nothing is listed")
    }

    async fn deletion_of(&self, _: &OwnerId, _: ImageId) -> Result<Option<String>, Error> {
        panic!("nothing is listed")
    }

    async fn owners_of(&self, _: ImageId) -> Result<Owners, Error> {
        panic!("nothing is listed")
    }
}

impl KeepWalks for World {
    async fn read_walks(&self) -> Result<KeptWalks, Error> {
        Ok(KeptWalks::default())
    }

    async fn save_walks(&self, _: &KeptWalks) -> Result<bool, Error> {
        Ok(true)
    }
}

impl ListKeys for World {
    async fn keys_behind(&self, _: &str, _: &str, _: Option<&str>, _: i32) -> Result<Page<Stored>, Error> {
        Ok(nothing())
    }

    async fn folders_behind(&self, _: &str, _: &str, _: Option<&str>, _: i32) -> Result<Page<String>, Error> {
        Ok(nothing())
    }
}

impl HideOriginal for World {
    async fn hide_original(&self, _: &Source) -> Result<(), Error> {
        panic!("nothing is listed")
    }

    async fn remove_version(&self, _: &Source) -> Result<(), Error> {
        panic!("the sweeper removes no single version")
    }
}

impl WriteAct for World {
    async fn write_act(&self, act: &Act, _: OffsetDateTime, request: &str) -> Result<(), Error> {
        self.acts(&format!("act {request} by {}", act.by))
    }
}
