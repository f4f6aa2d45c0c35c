//! The outcome of a photo, for people and for scripts. The JSON uses the words of the record.

use super::develop::Ended;
use crate::text;
use darkroom_domain::error::Kind;
use darkroom_domain::order::Stage;
use darkroom_domain::record::{PictureFacts, SourceFacts, Status};
use darkroom_imaging::Encoded;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where the codes are explained.
const DOCS: &str = "docs/ERRORS.md";

/// One photo's entry in the JSON.
#[derive(Debug, Serialize)]
pub struct Report {
    pub file: PathBuf,
    pub status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceFacts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts: Option<PictureFacts>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub variants: BTreeMap<String, Variant>,
}

/// Why there is no picture.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// Absent if the photo's file could not be read or written: the catalogue has no code for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Option<String>,
}

/// One variant's entry: the file that every program reads.
#[derive(Debug, Serialize)]
pub struct Variant {
    #[serde(flatten)]
    pub file: File,
    pub width: u32,
    pub height: u32,
    /// The same picture in other formats, the one first that a browser prefers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<File>,
}

/// One file.
#[derive(Debug, Serialize)]
pub struct File {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
    pub bytes: u64,
    pub content_type: &'static str,
}

impl Variant {
    pub fn of(made: &Encoded, path: Option<PathBuf>) -> Self {
        let Encoded { width, height, content_type, bytes, .. } = made;
        let file = File { path, bytes: bytes.len() as u64, content_type };
        Self { file, width: *width, height: *height, alternatives: Vec::new() }
    }

    /// The file that a browser takes first becomes an alternative of the one that is read by more programs.
    pub fn before(self, compatible: Self) -> Self {
        let Self { file, mut alternatives, .. } = self;
        alternatives.push(file);
        Self { alternatives, ..compatible }
    }

    fn files(&self) -> impl Iterator<Item = &File> {
        self.alternatives.iter().chain([&self.file])
    }
}

impl Report {
    /// Of a photo that became its variants.
    pub fn ready(file: &Path, source: SourceFacts, facts: PictureFacts, variants: BTreeMap<String, Variant>) -> Self {
        let (source, facts) = (Some(source), Some(facts));
        Self { file: file.into(), status: Status::Ready, outcome: None, source, facts, variants }
    }

    /// Of a photo that ended on its way.
    pub fn ended(file: &Path, ended: &Ended) -> Self {
        let Ended { stage, error } = ended;
        let status = if error.code.kind() == Kind::Rejection { Status::Rejected } else { Status::Failed };
        let outcome = Outcome {
            code: Some(error.code.name()),
            message: error.detail.clone(),
            stage: Some(*stage),
            docs: Some(error.code.docs_link(DOCS)),
        };
        Self::without_picture(file, status, outcome)
    }

    /// Of a file that could not be read, or whose variants could not be written.
    pub fn unreadable(file: &Path, why: &std::io::Error) -> Self {
        let outcome = Outcome { code: None, message: why.to_string(), stage: None, docs: None };
        Self::without_picture(file, Status::Failed, outcome)
    }

    fn without_picture(file: &Path, status: Status, outcome: Outcome) -> Self {
        let (outcome, variants) = (Some(outcome), BTreeMap::new());
        Self { file: file.into(), status, outcome, source: None, facts: None, variants }
    }

    /// One line: the name, then the format and size, or the error.
    pub fn headline(&self) -> String {
        format!("{}  {}", text::plain(&self.file.display().to_string()), self.summary())
    }

    /// The format and size, or the error.
    pub fn summary(&self) -> String {
        match (&self.source, &self.outcome) {
            (Some(source), _) => {
                let SourceFacts { format, width, height, bytes, animated, .. } = source;
                let moves = if *animated { ", animated" } else { "" };
                format!("{width} × {height} {format}{moves}, {}", text::bytes(*bytes))
            }
            (None, Some(Outcome { code, message, .. })) => {
                let code = code.map(|code| format!("{code}: ")).unwrap_or_default();
                text::plain(&format!("{code}{message}"))
            }
            (None, None) => self.status.as_str().into(),
        }
    }

    /// One line for each file, the variants in this order.
    pub fn lines<'a>(&'a self, order: impl Iterator<Item = &'a str> + 'a) -> impl Iterator<Item = String> + 'a {
        let variants = order.filter_map(|name| self.variants.get_key_value(name));
        variants.flat_map(|(name, variant)| variant.files().map(move |file| (name, variant, file))).map(
            |(name, Variant { width, height, .. }, File { path, bytes, .. })| {
                let size = format!("{width} × {height}");
                let path = path.as_ref().map(|path| text::plain(&path.display().to_string())).unwrap_or_default();
                format!("  {name:<12} {size:<12} {:>8}  {path}", text::bytes(*bytes)).trim_end().to_owned()
            },
        )
    }
}
