//! Files made to hurt: each with what must become of it.

mod heif;
mod jpeg;
mod jxl;
mod png;
mod rare;
mod strangers;

use super::{Case, Expect};

/// All of them.
pub fn all() -> Vec<Case> {
    [strangers::all(), jpeg::all(), png::all(), rare::all(), heif::all(), jxl::all()].into_iter().flatten().collect()
}

fn case(name: impl Into<String>, bytes: Vec<u8>, expect: Expect) -> Case {
    Case { name: name.into(), bytes, expect, whole: None }
}

fn refused(name: impl Into<String>, bytes: Vec<u8>, variant: &'static str) -> Case {
    case(name, bytes, Expect::Error(variant))
}

/// Bytes without a pattern, the same every time.
pub fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    std::iter::repeat_with(next).take(length).collect()
}
