//! Second state: decode once, make every variant
fn main() {}
