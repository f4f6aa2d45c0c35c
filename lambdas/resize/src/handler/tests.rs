use super::*;
use aws_sdk_s3::operation::get_object::{GetObjectError, GetObjectOutput};
use aws_sdk_s3::operation::put_object::PutObjectOutput;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::ServerSideEncryption;
use darkroom_domain::hex;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::order::{Source, Stage, WorkOrder};
use darkroom_domain::record::SourceFacts;
use darkroom_mocks::{Rule, RuleMode, mock, mock_client};
use sha2::{Digest, Sha256};

/// 3 × 2 pixels, whole.
const PNG: &[u8] = include_bytes!("../../../../fixtures/images/tiny.png");

/// A PNG whose camera and time lie behind its pixels.
const EXIF_LAST: &[u8] = include_bytes!("../../../../fixtures/images/exif-last.png");

fn settings() -> Settings {
    Settings::from(&Config::with("resize", |name| Some(name.to_lowercase()))).unwrap()
}

fn validated() -> Validated {
    let source = Source {
        bucket: "originals_bucket".into(),
        key: "imports/a".into(),
        version_id: "v1".into(),
        sequencer: "1".into(),
        size_bytes: PNG.len() as u64,
    };
    let image = SourceFacts {
        format: "png".into(),
        width: 3,
        height: 2,
        orientation: 1,
        bytes: source.size_bytes,
        animated: false,
        camera: None,
        taken_at: None,
    };
    WorkOrder::new(OwnerId::operator(), ImageId::of_import("imports/a"), source).validated(image)
}

fn holds(bytes: &'static [u8]) -> Rule {
    mock!(aws_sdk_s3::Client::get_object)
        .match_requests(|request| request.version_id() == Some("v1"))
        .then_output(move || GetObjectOutput::builder().body(ByteStream::from_static(bytes)).build())
}

fn takes() -> Rule {
    mock!(aws_sdk_s3::Client::put_object)
        .match_requests(|request| {
            request.key().unwrap().starts_with("work/")
                && request.server_side_encryption() == Some(&ServerSideEncryption::AwsKms)
                && request.ssekms_key_id() == Some("storage_key_arn")
        })
        .then_output(|| PutObjectOutput::builder().build())
}

async fn outcome(get: &Rule, put: &Rule) -> Result<Developed, Error> {
    let s3 = mock_client!(aws_sdk_s3, RuleMode::MatchAny, [get, put]);
    handle(&s3, &settings(), validated()).await.map(|(developed, _)| developed)
}

#[tokio::test]
async fn every_variant_of_the_recipe_goes_on() {
    let put = takes();
    let developed = outcome(&holds(PNG), &put).await.unwrap();
    assert_eq!(put.num_calls(), 1);
    assert!(developed.work_key.starts_with("work/"));
    assert_eq!(developed.validated.order.stage, Stage::Watermark);
    assert_eq!(developed.facts.sha256, hex(&Sha256::digest(PNG)));
}

#[tokio::test]
async fn what_the_file_says_behind_its_pixels_is_on_record_too() {
    let developed = outcome(&holds(EXIF_LAST), &takes()).await.unwrap();
    let image = developed.validated.image;
    assert_eq!(image.camera.as_deref(), Some("Darkroom Fixture One"));
    assert_eq!(image.taken_at.as_deref(), Some("2018-05-06T19:42:10"));
    assert_eq!((image.width, image.height, image.bytes), (60, 34, EXIF_LAST.len() as u64));
}

#[tokio::test]
async fn r16_again_is_the_same() {
    assert_eq!(outcome(&holds(PNG), &takes()).await.unwrap(), outcome(&holds(PNG), &takes()).await.unwrap());
}

#[tokio::test]
async fn a_truncated_picture_is_rejected_and_writes_nothing() {
    let put = takes();
    assert_eq!(outcome(&holds(&PNG[..PNG.len() - 20]), &put).await.unwrap_err().code, ErrorCode::ImageCorrupt);
    assert_eq!(put.num_calls(), 0);
}

#[tokio::test]
async fn storage_that_throttles_is_tried_again_by_the_state_machine() {
    let get = mock!(aws_sdk_s3::Client::get_object).then_error(|| {
        let slow = aws_sdk_s3::error::ErrorMetadata::builder().code("SlowDown").build();
        GetObjectError::generic(slow)
    });
    assert_eq!(outcome(&get, &takes()).await.unwrap_err().code, ErrorCode::TransientStorage);
}
