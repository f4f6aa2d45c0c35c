//! The photos of this machine that an account has already, by checksum: a second run continues where the first one
//! ended. The journal is only a hint: before a photo is skipped, the service is asked whether it still has it.

use crate::config;
use crate::error::Error;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

#[derive(Serialize, Deserialize)]
struct Line {
    api: String,
    email: String,
    sha256: String,
    image_id: String,
}

/// The journal of one account.
pub struct Journal {
    file: PathBuf,
    api: String,
    email: String,
    known: Mutex<HashMap<String, String>>,
}

impl Journal {
    pub fn open(api: &str, email: &str) -> Result<Self, Error> {
        Ok(Self::read(config::state_folder()?.join("uploads.jsonl"), api, email))
    }

    fn read(file: PathBuf, api: &str, email: &str) -> Self {
        // No journal, or a line that was cut off: some photos are asked for or sent once more.
        let content = std::fs::read_to_string(&file).unwrap_or_default();
        let lines = content.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
        let ours = lines.filter(|line| line.api == api && line.email == email);
        let known = Mutex::new(ours.map(|line| (line.sha256, line.image_id)).collect());
        Self { file, api: api.into(), email: email.into(), known }
    }

    /// The image that these bytes became, the last time they were sent.
    pub fn image_of(&self, sha256: &str) -> Option<String> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(sha256).cloned()
    }

    /// Notes it before the bytes are sent, so that an upload whose answer is lost is found again.
    pub fn note(&self, sha256: &str, image_id: &str) -> Result<(), Error> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(sha256.into(), image_id.into());
        let (api, email) = (self.api.clone(), self.email.clone());
        let line = Line { api, email, sha256: sha256.into(), image_id: image_id.into() };
        let line = serde_json::to_string(&line).map_err(|why| Error::Refused(why.to_string()))?;
        config::append_private(&self.file, &line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_of_this_account_counts() {
        let folder = std::env::temp_dir().join(format!("darkroom-journal-{}", std::process::id()));
        let file = folder.join("uploads.jsonl");
        let journal = |email: &str| Journal::read(file.clone(), "https://x", email);
        let ada = journal("ada@example.com");
        assert_eq!(ada.image_of("aa"), None);
        ada.note("aa", "1").unwrap();
        journal("eve@example.com").note("aa", "2").unwrap();
        ada.note("aa", "3").unwrap();
        config::append_private(&file, "{\"api\": \"cut o").unwrap();
        assert_eq!(ada.image_of("aa").as_deref(), Some("3"));
        assert_eq!(journal("ada@example.com").image_of("aa").as_deref(), Some("3"));
        assert_eq!(journal("eve@example.com").image_of("aa").as_deref(), Some("2"));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
