//! S3 events from SQS become executions, exactly one each
fn main() {}
