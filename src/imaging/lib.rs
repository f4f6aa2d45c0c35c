//! The imaging engine: an upload's bytes go in, upright, colour-true, watermarked variants come out.
//!
//! No AWS, no I/O, no async, and no clock except the one that ends a decode that takes too long. The same bytes and the
//! same recipe give the same bytes. No C library parses an uploaded byte.
//!
//! # The way of a picture
//! ```text
//! validate   inspect(head, total, declared, limits)      → Inspection::{Header, NeedMore}
//! resize     develop_around(bytes, recipe, limits, focus) → Developed { facts, pictures }
//!              handover::pack(&pictures)                 → bytes for the work file, lossless
//! watermark    handover::unpack(&bytes)                  → pictures
//!            finish(picture, recipe)                     → [Encoded { bytes, content_type, extension, … }]
//! ```
//! [`finish`] is [`marked`] (watermarked, if the recipe's variant has a mark) and [`encode`], once for each format.
//!
//! - [`inspect`] needs only the first bytes of a file ([`HEAD_BYTES`] is a good first range); it answers
//!   [`Inspection::NeedMore`] when the header goes on, and it never allocates by a header's claims.
//! - [`develop`], which is [`develop_around`] without a focal point, reads the header again, because it trusts no caller, then decodes once and makes every size.
//! - [`ImageError`] is the upload's fault, [`RecipeError`] the operator's, [`WorkError`] ours.
//! - Header readers and decoders, which read an upload, run under limits, a time budget and `catch_unwind`. Code that
//!   works on decoded pixels does not: its panic is a bug of ours.

// In layers, the lowest first: a file knows files of its own layer and of those above it in this list, never in a
// circle (tests/contract/test_file_circles.py). `header::model` alone is below `header`, beside `color` and `resize`.
mod format;
mod icc;
mod orient;
mod style;

mod gravity;

mod error;
mod limits;
mod raster;
mod sandbox;
mod sniff;

mod color;
mod resize;

mod header;
mod picture;
mod sharpen;
mod ycc;

mod decode;
pub mod handover;
mod watermark;

mod encode;
mod output;
mod plan;
mod recipe;

mod canvas;

mod attention;
mod fingerprint;

mod develop;

pub use develop::{Developed, Facts, develop, develop_around};
pub use encode::{Encoded, encode, finish, finish_with, marked};
pub use error::{ImageError, RecipeError, WorkError};
pub use format::Format;
pub use gravity::Gravity;
pub use header::model::{ColorModel, Header};
pub use header::{HEAD_BYTES, Inspection, inspect};
pub use limits::Limits;
pub use output::OutputFormat;
pub use picture::Picture;
pub use plan::FocalPoint;
pub use recipe::{Fit, Recipe, Variant};
pub use style::{Color, Place};
pub use watermark::{Logo, Position, Watermark, watermark};
