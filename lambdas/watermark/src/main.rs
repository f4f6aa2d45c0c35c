//! Third state: watermark, encode, and the facts for the record
fn main() {}
