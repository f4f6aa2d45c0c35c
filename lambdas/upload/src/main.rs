//! POST /upload: a record and a sealed presigned PUT
fn main() {}
