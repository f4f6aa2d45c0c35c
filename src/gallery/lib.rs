//! Showing photos: what the Lambdas `images` and `albums` have in common. A list is one page of records and a link for
//! each; who looks decides what is shown.

pub mod disposition;
pub mod page;
pub mod show;
pub mod text;
