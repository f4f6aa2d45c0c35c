//! First state: is it an image we can process, by its header alone
fn main() {}
