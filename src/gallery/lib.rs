//! Shows photos, for the Lambdas `images` and `albums`. A list is one page of records and a link for each; the audience
//! decides what is shown.

pub mod disposition;
pub mod ids;
pub mod merge;
pub mod page;
pub mod show;
pub mod text;
