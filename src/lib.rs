//! What the Lambdas share on top of the domain: [`aws`], small capabilities implemented on the SDK's clients, and
//! [`runtime`], what every Lambda does the same around its handler.

pub mod aws;
pub mod runtime;
