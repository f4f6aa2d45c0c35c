//! GET /image/{image_id}: status, facts and short-lived links
fn main() {}
