//! What the Lambdas share on top of the domain: [`aws`], small capabilities implemented on the SDK's clients, and
//! [`runtime`], what every Lambda does the same around its handler; and [`gallery`], how photos are shown.

pub mod aws;
#[cfg(feature = "gallery")]
pub mod gallery;
pub mod runtime;
