//! Reads ranges from the front, each byte once, until the header is whole.

use darkroom_aws::storage::ReadPart;
use darkroom_domain::order::{Validated, WorkOrder};
use darkroom_domain::{Error, ErrorCode};
use darkroom_imaging::{HEAD_BYTES, ImageError, Inspection, Limits, inspect};
use darkroom_runtime::worker::WorkStats;

/// Carries out one work order: checks the original and adds the facts of its header.
pub async fn handle(
    s3: &impl ReadPart,
    limits: &Limits,
    originals_bucket: &str,
    order: WorkOrder,
) -> Result<(Validated, WorkStats), Error> {
    if order.source.bucket != originals_bucket {
        return Err(Error::new(ErrorCode::WorkerBadInput, "the order names another bucket"));
    }
    order.check()?;
    let total = order.source.size_bytes;
    refuse_by_size(total, limits)?;
    let mut stats = WorkStats::default();
    let (mut head, mut wanted) = (Vec::new(), HEAD_BYTES);
    let header = loop {
        let part = s3.read_part(&order.source, head.len() as u64..wanted).await?;
        stats.bytes_in += part.bytes.len() as u64;
        head.extend_from_slice(&part.bytes);
        let declared = part.content_type.as_deref();
        let seen = inspect(&head, total, declared, limits).map_err(|error| darkroom_develop::rejection(&error))?;
        match seen {
            Inspection::Header(header) => break header,
            Inspection::NeedMore { bytes } if bytes > wanted => wanted = bytes,
            Inspection::NeedMore { .. } => {
                return Err(darkroom_develop::rejection(&ImageError::Corrupt("the header never ends")));
            }
        }
    };
    Ok((order.validated(darkroom_develop::source_facts(header, total)), stats))
}

/// Before any call, since the event has the size.
fn refuse_by_size(bytes: u64, limits: &Limits) -> Result<(), Error> {
    let refused = match bytes {
        0 => ImageError::Empty,
        _ if bytes > limits.max_bytes => ImageError::TooLarge { bytes, limit: limits.max_bytes },
        _ => return Ok(()),
    };
    Err(darkroom_develop::rejection(&refused))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_s3::operation::get_object::{GetObjectError, GetObjectOutput};
    use aws_sdk_s3::primitives::ByteStream;
    use aws_sdk_s3::types::error::NoSuchKey;
    use darkroom_domain::id::{ImageId, OwnerId};
    use darkroom_domain::order::{Source, Stage};
    use darkroom_mocks::{Rule, RuleMode, mock, mock_client};

    /// 3 × 2 pixels, whole.
    const PNG: &[u8] = include_bytes!("../../../fixtures/images/tiny.png");

    fn order(size_bytes: u64) -> WorkOrder {
        let source = Source {
            bucket: "originals".into(),
            key: "imports/a".into(),
            version_id: "v1".into(),
            sequencer: "1".into(),
            size_bytes,
        };
        WorkOrder::new(OwnerId::operator(), ImageId::of_import("imports/a"), source)
    }

    fn holds(bytes: &'static [u8], content_type: &'static str) -> Rule {
        mock!(aws_sdk_s3::Client::get_object)
            .match_requests(|request| request.version_id() == Some("v1") && request.range().is_some())
            .then_output(move || {
                GetObjectOutput::builder().body(ByteStream::from_static(bytes)).content_type(content_type).build()
            })
    }

    async fn outcome(rule: &Rule, size: u64) -> Result<Validated, Error> {
        let s3 = mock_client!(aws_sdk_s3, RuleMode::MatchAny, [rule]);
        handle(&s3, &darkroom_develop::limits(), "originals", order(size)).await.map(|(validated, _)| validated)
    }

    #[tokio::test]
    async fn a_picture_goes_on_with_its_facts() {
        let validated = outcome(&holds(PNG, "image/png"), PNG.len() as u64).await.unwrap();
        assert_eq!((validated.image.format.as_str(), validated.image.width, validated.image.height), ("png", 3, 2));
        assert_eq!(validated.order.stage, Stage::Resize);
    }

    #[tokio::test]
    async fn r21_what_the_size_refuses_is_never_asked_for() {
        let rule = holds(PNG, "image/png");
        assert_eq!(outcome(&rule, 0).await.unwrap_err().code, ErrorCode::ImageEmpty);
        let limit = darkroom_develop::limits().max_bytes;
        assert_eq!(outcome(&rule, limit + 1).await.unwrap_err().code, ErrorCode::ImageTooLarge);
        assert_eq!(rule.num_calls(), 0);
        assert!(refuse_by_size(limit, &darkroom_develop::limits()).is_ok());
    }

    #[tokio::test]
    async fn r20_the_bytes_decide_not_the_declaration() {
        assert_eq!(
            outcome(&holds(PNG, "image/jpeg"), PNG.len() as u64).await.unwrap_err().code,
            ErrorCode::ImageTypeMismatch
        );
        assert_eq!(outcome(&holds(b"hello", "image/jpeg"), 5).await.unwrap_err().code, ErrorCode::ImageUnsupported);
        assert!(outcome(&holds(PNG, "binary/octet-stream"), PNG.len() as u64).await.is_ok(), "undeclared is not a lie");
    }

    #[tokio::test]
    async fn a_header_that_ends_early_is_corrupt() {
        assert_eq!(outcome(&holds(&PNG[..20], "image/png"), 20).await.unwrap_err().code, ErrorCode::ImageCorrupt);
    }

    #[tokio::test]
    async fn each_byte_of_a_long_header_is_read_once() {
        let small = include_bytes!("../../../fixtures/images/gray.jpg");
        let comment = [&[0xFF, 0xFE, 0xFF, 0xFF][..], &vec![0; 65_533]].concat();
        let original = [&small[..2], &comment.repeat(5), &small[2..]].concat();
        let total = original.len();
        let parts = [0..131_072, 131_072..262_144, 262_144..total].map(|part| {
            let (asked, bytes) = (format!("bytes={}-{}", part.start, part.end - 1), original[part].to_vec());
            mock!(aws_sdk_s3::Client::get_object)
                .match_requests(move |request| request.range() == Some(&asked))
                .then_output(move || GetObjectOutput::builder().body(ByteStream::from(bytes.clone())).build())
        });
        let s3 = mock_client!(aws_sdk_s3, RuleMode::MatchAny, &parts);
        let (_, stats) =
            handle(&s3, &darkroom_develop::limits(), "originals", order(total as u64)).await.expect("a picture");
        assert_eq!(stats.bytes_in, total as u64);
    }

    #[tokio::test]
    async fn what_was_deleted_meanwhile_is_gone() {
        let rule = mock!(aws_sdk_s3::Client::get_object)
            .then_error(|| GetObjectError::NoSuchKey(NoSuchKey::builder().build()));
        assert_eq!(outcome(&rule, 5).await.unwrap_err().code, ErrorCode::ImageGone);
    }

    #[tokio::test]
    async fn an_order_for_another_photo_than_its_keys_is_refused_unread() {
        let rule = holds(PNG, "image/png");
        let s3 = mock_client!(aws_sdk_s3, RuleMode::MatchAny, [&rule]);
        let wrong = WorkOrder { image_id: ImageId::from_number(7), ..order(PNG.len() as u64) };
        let refused = handle(&s3, &darkroom_develop::limits(), "originals", wrong).await.unwrap_err();
        assert_eq!((refused.code, rule.num_calls()), (ErrorCode::WorkerBadInput, 0));
    }

    #[tokio::test]
    async fn an_order_for_another_bucket_is_refused_unread() {
        let rule = holds(PNG, "image/png");
        let s3 = mock_client!(aws_sdk_s3, RuleMode::MatchAny, [&rule]);
        let refused = handle(&s3, &darkroom_develop::limits(), "another", order(5)).await.unwrap_err();
        assert_eq!((refused.code, rule.num_calls()), (ErrorCode::WorkerBadInput, 0));
    }
}
