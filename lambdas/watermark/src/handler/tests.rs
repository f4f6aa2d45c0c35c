use super::*;
use aws_sdk_s3::operation::get_object::{GetObjectError, GetObjectOutput};
use aws_sdk_s3::operation::put_object::PutObjectOutput;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::error::NoSuchKey;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::order::{Source, WorkOrder};
use darkroom_domain::record::{PictureFacts, SourceFacts};
use darkroom_mocks::{Rule, RuleMode, mock, mock_client};
use serde_json::Value;

/// 3 × 2 pixels, whole.
const PNG: &[u8] = include_bytes!("../../../../fixtures/images/tiny.png");

fn settings() -> Settings {
    Settings::from(&Config::with("watermark", |name| Some(name.to_lowercase()))).unwrap()
}

/// A work order as `resize` hands it on.
fn developed() -> Developed {
    let source = Source {
        bucket: "originals".into(),
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
    let facts = PictureFacts {
        sha256: "00".into(),
        thumbhash: "AA==".into(),
        dominant_color: "#000000".into(),
        phash: "0".into(),
    };
    let order = WorkOrder::new(OwnerId::operator(), ImageId::of_import("imports/a"), source);
    let build = key::build("v1", &settings().recipe.hash());
    let work_key = key::work(order.image_id, &build, handover::VERSION);
    order.validated(image).developed(work_key, facts)
}

fn holds(bytes: Vec<u8>) -> Rule {
    mock!(aws_sdk_s3::Client::get_object)
        .match_requests(|request| {
            request.bucket() == Some("images_bucket") && request.key() == Some(&developed().work_key)
        })
        .then_output(move || GetObjectOutput::builder().body(ByteStream::from(bytes.clone())).build())
}

fn takes() -> Rule {
    mock!(aws_sdk_s3::Client::put_object)
        .match_requests(|request| {
            request.key().is_some_and(|key| key.starts_with("variants/") && key.ends_with("/small.jpg"))
                && request.content_type() == Some("image/jpeg")
                && request.cache_control() == Some(FOR_EVER)
                && request.ssekms_key_id() == Some("storage_key_arn")
        })
        .then_output(|| PutObjectOutput::builder().build())
}

fn work_file() -> Vec<u8> {
    let developed = darkroom_imaging::develop(PNG, &settings().recipe, &darkroom_develop::limits()).unwrap();
    let small: Vec<_> = developed.pictures.into_iter().filter(|picture| picture.name() == "small").collect();
    handover::pack(&small)
}

async fn outcome(get: &Rule, put: &Rule) -> Result<Value, Error> {
    finished(get, put, developed()).await
}

async fn finished(get: &Rule, put: &Rule, developed: Developed) -> Result<Value, Error> {
    let s3 = mock_client!(aws_sdk_s3, RuleMode::MatchAny, [get, put]);
    handle(&s3, &settings(), developed).await.map(|(output, _)| serde_json::to_value(output).unwrap())
}

#[tokio::test]
async fn a_variant_is_stored_and_told_to_the_record() {
    let put = takes();
    let output = outcome(&holds(work_file()), &put).await.unwrap();
    assert_eq!((put.num_calls(), &output["stage"]), (1, &"publish".into()));
    assert_eq!(output["record"]["source"]["M"]["width"]["N"], "3");
    let small = &output["record"]["variants"]["M"]["small"]["M"];
    assert_eq!((&small["width"]["N"], &small["height"]["N"]), (&"3".into(), &"2".into()));
    assert!(small["key"]["S"].as_str().unwrap().starts_with("variants/"));
    let (facts, made) = (&output["record"]["facts"]["M"], small["bytes"]["N"].as_str().unwrap());
    let stored = PNG.len() as u64 + made.parse::<u64>().unwrap();
    assert_eq!((&facts["phash"]["S"], &facts["stored_bytes"]["N"]), (&"0".into(), &stored.to_string().into()));
}

#[tokio::test]
async fn each_format_is_stored_and_the_record_names_all_of_them() {
    let json = r#"{"variants":[{"name":"small","longest_side":3,"formats":["jpeg","webp","png"]}]}"#;
    let settings = Settings { recipe: Recipe::from_json(json).unwrap(), ..settings() };
    let pictures = darkroom_imaging::develop(PNG, &settings.recipe, &darkroom_develop::limits()).unwrap().pictures;
    let mut developed = developed();
    let build = darkroom_develop::build(&developed.validated.order, &settings.recipe);
    developed.work_key = key::work(developed.validated.order.image_id, &build, handover::VERSION);
    let packed = handover::pack(&pictures);
    let get = mock!(aws_sdk_s3::Client::get_object)
        .then_output(move || GetObjectOutput::builder().body(ByteStream::from(packed.clone())).build());
    let put = mock!(aws_sdk_s3::Client::put_object)
        .match_requests(|request| {
            let kind = request.content_type().expect("a type").replace("image/jpeg", "image/jpg");
            request.key().expect("a key").ends_with(&format!("/small.{}", &kind["image/".len()..]))
        })
        .then_output(|| PutObjectOutput::builder().build());
    let s3 = mock_client!(aws_sdk_s3, RuleMode::MatchAny, [&get, &put]);
    let (output, stats) = handle(&s3, &settings, developed).await.unwrap();
    let output = serde_json::to_value(output).unwrap();
    let small = &output["record"]["variants"]["M"]["small"]["M"];
    let told = |file: &Value| {
        let key = file["key"]["S"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        (key, file["content_type"]["S"].as_str().unwrap().to_owned())
    };
    let (webp, png) = (&small["alternatives"]["L"][0]["M"], &small["alternatives"]["L"][1]["M"]);
    let pair = |key: &str, kind: &str| (key.to_owned(), kind.to_owned());
    assert_eq!(told(small), pair("small.jpg", "image/jpeg"), "what every program reads");
    assert_eq!([told(webp), told(png)], [pair("small.webp", "image/webp"), pair("small.png", "image/png")]);
    let bytes = |file: &Value| file["bytes"]["N"].as_str().unwrap().parse::<u64>().unwrap();
    let made = bytes(small) + bytes(webp) + bytes(png);
    assert_eq!((put.num_calls(), stats.bytes_out), (3, made));
    let stored = output["record"]["facts"]["M"]["stored_bytes"]["N"].as_str().unwrap();
    assert_eq!(stored, (PNG.len() as u64 + made).to_string(), "each format counts for its owner's storage");
}

#[tokio::test]
async fn r16_again_is_the_same() {
    assert_eq!(
        outcome(&holds(work_file()), &takes()).await.unwrap(),
        outcome(&holds(work_file()), &takes()).await.unwrap()
    );
}

#[tokio::test]
async fn a_work_file_that_is_none_is_our_fault_not_the_uploads() {
    let put = takes();
    assert_eq!(outcome(&holds(b"nonsense".to_vec()), &put).await.unwrap_err().code, ErrorCode::WorkerBug);
    assert_eq!(put.num_calls(), 0);
}

/// A work order as a `resize` of another release hands it on.
fn of_another_release(work_key: String, rounds: u8) -> Developed {
    let mut developed = developed();
    developed.work_key = work_key;
    developed.validated.rounds = rounds;
    developed
}

#[tokio::test]
async fn r57_what_another_release_made_goes_back_unread() {
    let image = developed().validated.order.image_id;
    let build = key::build("v1", &settings().recipe.hash());
    for work_key in [
        key::work(image, &key::build("v1", "another recipe"), handover::VERSION),
        key::work(image, &build, handover::VERSION + 1),
    ] {
        let (get, put) = (holds(work_file()), takes());
        let error = finished(&get, &put, of_another_release(work_key, 1)).await.unwrap_err();
        assert_eq!((error.code, get.num_calls(), put.num_calls()), (ErrorCode::TransientStaleWork, 0, 0));
    }
}

#[tokio::test]
async fn r57_a_work_file_that_expired_is_made_again_and_the_upload_is_not_called_gone() {
    let get =
        mock!(aws_sdk_s3::Client::get_object).then_error(|| GetObjectError::NoSuchKey(NoSuchKey::builder().build()));
    assert_eq!(outcome(&get, &takes()).await.unwrap_err().code, ErrorCode::TransientStaleWork);
}

#[tokio::test]
async fn r57_workers_that_never_come_together_are_for_an_operator() {
    let stale = of_another_release("work/x/y".into(), MOST_ROUNDS);
    let error = finished(&holds(work_file()), &takes(), stale).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::WorkerMisconfigured);
    assert!(error.detail.contains("6 rounds"), "{}", error.detail);
}
