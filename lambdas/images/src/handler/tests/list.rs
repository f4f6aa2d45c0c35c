use super::fixtures::*;
use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemOutput;
use aws_sdk_dynamodb::operation::query::{QueryInput, QueryOutput};
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use darkroom_domain::id::ImageId;
use darkroom_mocks::{Rule, mock};
use darkroom_runtime::api::testing::{ARRIVED, Call, OWNER};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

fn list() -> Call {
    Call::new("GET", "/images").signed_in()
}

/// One query, as it was asked.
#[derive(Clone, Debug, Default)]
struct Asked {
    index: Option<String>,
    keys: String,
    filter: String,
    limit: usize,
    values: BTreeMap<String, String>,
}

/// A table with these items and its index of public photos, sorted and cut as the real one does it. It applies filters
/// on the status only.
fn table(items: Vec<Value>) -> (Rule, Arc<Mutex<Vec<Asked>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = asked.clone();
    let rule = mock!(aws_sdk_dynamodb::Client::query).then_compute_output(move |call| {
        let ask = Asked::of(call);
        let (items, key) = match ask.index.as_deref() {
            Some("public") => (items.iter().filter_map(in_public_index).collect::<Vec<_>>(), "ready_id"),
            Some(_) => (items.clone(), "image_id"),
            None => (items.clone(), "sk"),
        };
        let scope = |item: &Value| key != "ready_id" || item["public_shard"] == ask.values[":scope"];
        let range = ask.values[":first"].as_str()..=ask.values[":last"].as_str();
        let mut within: Vec<&Value> =
            items.iter().filter(|item| scope(item) && range.contains(&item[key].as_str().unwrap())).collect();
        within.sort_by_key(|item| std::cmp::Reverse(item["sk"].as_str().unwrap().to_owned()));
        let more = within.len() > ask.limit;
        within.truncate(ask.limit);
        let stopped =
            within.last().filter(|_| more).map(|item| attributes(&json!({ "pk": item["pk"], "sk": item["sk"] })));
        let status = ask.values.get(":status");
        let kept = within.into_iter().filter(|item| status.is_none_or(|wanted| item["status"] == *wanted));
        let found = kept.map(attributes).collect();
        seen.lock().unwrap().push(ask);
        QueryOutput::builder().set_items(Some(found)).set_last_evaluated_key(stopped).build()
    });
    (rule, asked)
}

impl Asked {
    fn of(call: &QueryInput) -> Self {
        assert_eq!((call.table_name(), call.scan_index_forward()), (Some("images"), Some(false)));
        assert_eq!(call.consistent_read(), call.index_name().is_none().then_some(true));
        let values = call.expression_attribute_values().expect("values");
        let plain = |value: &AttributeValue| value.as_s().or(value.as_n()).expect("text or number").clone();
        Self {
            index: call.index_name().map(Into::into),
            keys: call.key_condition_expression().unwrap_or_default().into(),
            filter: call.filter_expression().unwrap_or_default().into(),
            limit: call.limit().and_then(|limit| limit.try_into().ok()).unwrap_or_default(),
            values: values.iter().map(|(name, value)| (name.clone(), plain(value))).collect(),
        }
    }
}

fn ids(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|item| item["image_id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn mine_are_listed_newest_first_each_with_its_thumbnail() {
    let (rule, asked) = table(vec![made_at(1, ready()), made_at(3, record("processing")), made_at(2, ready())]);
    let reply = send_to(&[&rule], signer(), list()).await;
    let page = reply.json();
    assert_eq!((reply.status, ids(&page)), (200, vec![uuid(3), uuid(2), uuid(1)]));
    assert_eq!(page.get("next_cursor"), None);
    let thumbnail = page["items"][1]["variants"].as_object().unwrap();
    assert_eq!(thumbnail.keys().collect::<Vec<_>>(), ["thumbnail"]);
    assert!(thumbnail["thumbnail"]["url"].as_str().unwrap().contains("X-Amz-Signature="));
    let asked = asked.lock().unwrap();
    assert_eq!((asked.len(), asked[0].values[":scope"].as_str()), (1, format!("USER#{OWNER}").as_str()));
    assert_eq!(asked[0].keys, "pk = :scope AND sk BETWEEN :first AND :last");
    assert!(asked[0].filter.contains("awaited_until > :seconds") && asked[0].filter.contains("#status <> :deleting"));
    assert_eq!(asked[0].values[":seconds"], (ARRIVED / 1000).to_string());
}

#[tokio::test]
async fn r37_pages_follow_each_other_without_gap_whatever_is_added() {
    let old: Vec<_> = (0..5).map(|n| made_at(n, ready())).collect();
    let (rule, _) = table(old.clone());
    let first = send_to(&[&rule], signer(), list().query("limit", &["2"])).await.json();
    assert_eq!(ids(&first), [uuid(4), uuid(3)]);

    let (rule, _) = table(old.into_iter().chain([made_at(9, ready())]).collect());
    let cursor = |page: &Value| page["next_cursor"].as_str().unwrap().to_owned();
    let next = async |cursor: &str| {
        send_to(&[&rule], signer(), list().query("limit", &["2"]).query("cursor", &[cursor])).await.json()
    };
    let second = next(&cursor(&first)).await;
    let third = next(&cursor(&second)).await;
    assert_eq!((ids(&second), ids(&third)), (vec![uuid(2), uuid(1)], vec![uuid(0)]));
    assert_eq!(third.get("next_cursor"), None);
}

#[tokio::test]
async fn r37_a_cursor_is_good_for_its_own_list_only() {
    let (rule, asked) = table((0..5).map(|n| made_at(n, ready())).collect());
    let page = send_to(&[&rule], signer(), list().query("limit", &["2"])).await.json();
    let cursor = page["next_cursor"].as_str().unwrap();
    let before = asked.lock().unwrap().len();
    let changed = format!("{}{}", if cursor.starts_with('A') { "B" } else { "A" }, &cursor[1..]);
    for (call, why) in [
        (list().query("cursor", &[&changed]), "tampered with"),
        (list().query("cursor", &["AQ"]), "made up"),
        (list().query("cursor", &[""]), "empty"),
        (list().query("cursor", &[cursor]).claims(&stranger()), "somebody else's"),
        (list().query("cursor", &[cursor]).query("status", &["ready"]), "of another filter"),
        (list().query("cursor", &[cursor]).query("from", &["2026-01-01"]), "of another time"),
        (list().query("cursor", &[cursor]).query("album_id", &[ALBUM]), "of another album"),
        (Call::new("GET", "/images/public").signed_in().query("cursor", &[cursor]), "of another list"),
    ] {
        let reply = send_to(&[&rule], signer(), call).await;
        assert_eq!((reply.problem().0, reply.fields()), (400, vec!["cursor".to_owned()]), "{why}");
    }
    assert_eq!(asked.lock().unwrap().len(), before, "the table was not asked");
}

#[tokio::test]
async fn a_filter_that_finds_little_ends_a_page_early_and_goes_on() {
    // The oldest of 1,300 photos is the only ready one. The first query reads 51, each of the three after it 250.
    let items = (0..1300).map(|n| made_at(n, if n == 0 { ready() } else { record("rejected") })).collect();
    let (rule, asked) = table(items);
    let first = send_to(&[&rule], signer(), list().query("status", &["ready"])).await.json();
    assert_eq!((ids(&first).len(), asked.lock().unwrap().len()), (0, 4));
    let cursor = first["next_cursor"].as_str().unwrap();
    let second =
        send_to(&[&rule], signer(), list().query("status", &["ready"]).query("cursor", &[cursor])).await.json();
    assert_eq!((ids(&second), second.get("next_cursor")), (vec![uuid(0)], None));
}

#[tokio::test]
async fn days_are_ranges_of_ids() {
    let (rule, asked) = table(vec![]);
    let call = list().query("from", &["2026-01-31"]).query("to", &["2026-01-31"]);
    assert_eq!(send_to(&[&rule], signer(), call).await.json(), json!({ "items": [] }));
    let asked = asked.lock().unwrap();
    // 2026-01-31T00:00:00Z and the last millisecond of that day.
    assert_eq!(asked[0].values[":first"], "IMAGE#019c1159-7000-0000-0000-000000000000");
    assert_eq!(asked[0].values[":last"], "IMAGE#019c167f-cbff-ffff-ffff-ffffffffffff");
}

#[tokio::test]
async fn an_album_is_asked_by_its_index_and_for_its_owners_photos_only() {
    let (rule, asked) = table(vec![made_at(1, ready())]);
    let page = send_to(&[&rule, &has_album()], signer(), list().query("album_id", &[ALBUM])).await.json();
    assert_eq!(ids(&page), [uuid(1)]);
    let asked = asked.lock().unwrap();
    assert_eq!((asked[0].index.as_deref(), asked[0].values[":scope"].as_str()), (Some("album"), ALBUM));
    assert!(asked[0].filter.contains("pk = :owner"));
    assert_eq!(asked[0].values[":owner"], format!("USER#{OWNER}"));
}

#[tokio::test]
async fn r59_an_album_of_others_is_not_there_and_no_photo_of_it_is_looked_at() {
    // Another owner's album or none: the owner's key finds neither. A closed album counts as gone.
    let closed = json!({ "deleting": true });
    for album in [holds_nothing(), holds_album(&closed)] {
        let (rule, asked) = table((0..5).map(|n| made_at(n, strangers_public())).collect());
        let call = list().query("album_id", &[ALBUM]).query("limit", &["1"]);
        let reply = send_to(&[&rule, &album], signer(), call).await;
        assert_eq!(reply.problem(), (404, "Request.NotFound".into()));
        assert_eq!((asked.lock().unwrap().len(), album.num_calls()), (0, 1));
    }
}

#[tokio::test]
async fn r39_a_page_that_is_known_is_not_sent_again() {
    let (rule, _) = table((0..3).map(|n| made_at(n, ready())).collect());
    let call = || list().query("limit", &["2"]);
    let first = send_to(&[&rule], signer(), call()).await;
    let (etag, kept) = (first.header("etag").unwrap(), first.header("cache-control"));
    assert_eq!((first.status, kept), (200, Some("private, no-cache")));
    // With a next page too, since the same position has the same cursor.
    assert!(first.json()["next_cursor"].is_string());
    let again = send_to(&[&rule], signer(), call().header("if-none-match", etag)).await;
    assert_eq!((again.status, again.body.as_str(), again.header("etag")), (304, "", Some(etag)));
    let (rule, _) = table((0..4).map(|n| made_at(n, ready())).collect());
    assert_eq!(send_to(&[&rule], signer(), call().header("if-none-match", etag)).await.status, 200);
}

#[tokio::test]
async fn a_list_has_links_to_the_size_that_is_asked_for() {
    let (rule, asked) = table(vec![made_at(1, strangers_public())]);
    for route in ["/images", "/images/public"] {
        let call = |size| Call::new("GET", route).signed_in().query("size", &[size]);
        let page = send_to(&[&rule], signer(), call("medium")).await.json();
        let names =
            |page: &Value| page["items"][0]["variants"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&page), ["medium"]);
        let page = send_to(&[&rule], signer(), call("all")).await.json();
        assert_eq!(names(&page), ["large", "medium", "small", "thumbnail"]);
        let before = asked.lock().unwrap().len();
        assert_eq!(send_to(&[&rule], signer(), call("original")).await.fields(), ["size"]);
        assert_eq!(asked.lock().unwrap().len(), before);
    }
}

#[tokio::test]
async fn photos_are_had_by_their_ids_in_their_order() {
    let mut gone = made_at(3, record("awaiting_upload"));
    gone["awaited_until"] = json!(ARRIVED / 1000);
    let many = [made_at(1, ready()), made_at(2, record("processing")), gone, made_at(4, record("deleting"))];
    let whole = holds_many(&many);
    // One is another owner's or does not exist: the owner's key finds neither.
    let ids_asked = [2, 9, 1, 3, 4].map(uuid).join(",");
    let call = || list().query("ids", &[&ids_asked]);
    let reply = send_to(&[&whole], signer(), call()).await;
    assert_eq!((reply.status, ids(&reply.json())), (200, vec![uuid(2), uuid(1)]));
    assert_eq!(reply.json()["items"][1]["variants"].as_object().unwrap().len(), 1);
    let known = call().header("if-none-match", reply.header("etag").unwrap());
    assert_eq!(send_to(&[&whole], signer(), known).await.status, 304);
    let all = send_to(&[&whole], signer(), call().query("size", &["all"])).await;
    assert_eq!(all.json()["items"][1]["variants"].as_object().unwrap().len(), 4);
}

#[tokio::test]
async fn ids_are_asked_for_alone_up_to_fifty_and_each_once() {
    let many = |count| (0..count).map(uuid).collect::<Vec<_>>().join(",");
    let whole = holds_many(&[]);
    assert_eq!(send_to(&[&whole], signer(), list().query("ids", &[&many(50)])).await.status, 200);
    for bad in [many(51), format!("{0},{0}", uuid(1)), String::new(), "x".into(), format!("{},", uuid(1))] {
        assert_eq!(send_to(&[&whole], signer(), list().query("ids", &[&bad])).await.fields(), ["ids"], "{bad}");
    }
    for (name, value) in
        [("status", "ready"), ("album_id", ALBUM), ("from", "2026-01-01"), ("limit", "5"), ("cursor", "x")]
    {
        let call = list().query("ids", &[&uuid(1)]).query(name, &[value]);
        assert_eq!(send_to(&[&whole], signer(), call).await.fields(), [name]);
    }
    assert_eq!(whole.num_calls(), 1);
}

#[tokio::test]
async fn a_table_that_leaves_some_out_is_asked_for_them_again() {
    let left = |count: usize| {
        let key = |n: u128| HashMap::from([("pk".into(), text("x")), ("sk".into(), text(&uuid(n)))]);
        let keys = (0..count as u128).map(key).collect();
        KeysAndAttributes::builder().set_keys(Some(keys)).build().unwrap()
    };
    let answer = move |found: Vec<Value>, missing: usize| {
        let items = found.iter().map(attributes).collect();
        let answer = BatchGetItemOutput::builder().responses("images", items);
        let missing = (missing > 0).then(|| HashMap::from([("images".to_owned(), left(missing))]));
        answer.set_unprocessed_keys(missing).build()
    };
    let call = || list().query("ids", &[&[1, 2].map(uuid).join(",")]);
    let late = mock!(aws_sdk_dynamodb::Client::batch_get_item)
        .sequence()
        .output(move || answer(vec![made_at(1, ready())], 1))
        .output(move || answer(vec![made_at(2, ready())], 0))
        .build();
    assert_eq!(ids(&send_to(&[&late], signer(), call()).await.json()), [uuid(1), uuid(2)]);
    let never = mock!(aws_sdk_dynamodb::Client::batch_get_item).then_output(move || answer(vec![], 2));
    assert_eq!(send_to(&[&never], signer(), call()).await.problem(), (503, "Transient.Unavailable".into()));
    assert_eq!(never.num_calls(), 4);
}

#[tokio::test]
async fn r59_a_cursor_names_nothing() {
    let (rule, _) = table((0..5).map(|n| made_at(n, ready())).collect());
    let page = send_to(&[&rule], signer(), list().query("limit", &["2"])).await.json();
    let cursor = URL_SAFE_NO_PAD.decode(page["next_cursor"].as_str().unwrap()).unwrap();
    for image in (0..5).map(uuid) {
        let bytes = ImageId::parse(&image).unwrap().number().to_be_bytes();
        // The end of an id, and the time at its beginning.
        for part in [&bytes[10..], &bytes[..6]] {
            assert!(!cursor.windows(part.len()).any(|some| some == part), "{image}");
        }
    }
}

#[tokio::test]
async fn what_is_not_as_described_is_refused_before_the_table_is_asked() {
    for (name, value) in [
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "-1"),
        ("limit", "+5"),
        ("limit", "ten"),
        ("limit", ""),
        ("status", "deleting"),
        ("status", ""),
        ("album_id", "x"),
        ("from", "yesterday"),
        ("from", "2026-02-30"),
        ("from", "2026-1-1"),
        ("to", "2026-01-31T00:00:00Z"),
    ] {
        let (rule, asked) = table(vec![]);
        let reply = send_to(&[&rule], signer(), list().query(name, &[value])).await;
        assert_eq!(
            (reply.problem(), reply.fields()),
            ((400, "Request.Invalid".into()), vec![name.to_owned()]),
            "{value}"
        );
        assert_eq!(asked.lock().unwrap().len(), 0);
    }
    let (rule, _) = table(vec![]);
    let backwards = list().query("from", &["2026-02-01"]).query("to", &["2026-01-31"]);
    assert_eq!(send_to(&[&rule], signer(), backwards).await.fields(), ["from"]);
    let twice = list().query("limit", &["5", "6"]);
    assert_eq!(send_to(&[&rule], signer(), twice).await.fields(), ["limit"]);
}

#[tokio::test]
async fn what_everybody_shares_is_listed_without_their_business() {
    let mut mine = strangers_public();
    mine["pk"] = json!(format!("USER#{OWNER}"));
    mine["owner_id"] = json!(OWNER);
    mine["album_id"] = json!(uuid(77));
    let (rule, asked) = table(vec![made_at(1, strangers_public()), made_at(2, mine)]);
    let reply = send_to(&[&rule], signer(), Call::new("GET", "/images/public").signed_in()).await;
    let page = reply.json();
    assert_eq!((reply.status, ids(&page)), (200, vec![uuid(2), uuid(1)]));
    assert_eq!((&page["items"][0]["filename"], page["items"][1].get("filename")), (&json!("Sünset.png"), None));
    assert!(!reply.body.contains("a-stranger") && !reply.body.contains(ALBUM), "{}", reply.body);
    let mut shards = BTreeSet::new();
    for ask in asked.lock().unwrap().iter() {
        assert_eq!(ask.index.as_deref(), Some("public"));
        assert_eq!(ask.keys, "public_shard = :scope AND ready_id BETWEEN :first AND :last");
        assert_eq!(ask.filter, "", "the index holds nothing else");
        shards.insert(ask.values[":scope"].clone());
    }
    assert_eq!(shards.into_iter().collect::<Vec<_>>(), ["shard-0", "shard-1", "shard-2", "shard-3"]);
}

#[tokio::test]
async fn unused_tickets_take_no_place_among_public_photos() {
    // Two thousand unused tickets, the quota of a day, newer than all photos; and photos that became private again.
    let ticket = || {
        let mut ticket = record("awaiting_upload");
        ticket["visibility"] = json!("public");
        ticket["public_shard"] = json!(shard(IMAGE));
        ticket
    };
    let private = |n| made_at(n, ready());
    let items = (0..60).map(|n| made_at(n, strangers_public())).chain((60..80).map(private));
    let (rule, asked) = table(items.chain((100..2_100).map(|n| made_at(n, ticket()))).collect());
    let public = || Call::new("GET", "/images/public").signed_in();
    let first = send_to(&[&rule], signer(), public()).await.json();
    let expected = |range: std::ops::Range<u128>| range.rev().map(uuid).collect::<Vec<_>>();
    assert_eq!(ids(&first), expected(10..60));
    let read: usize = asked.lock().unwrap().iter().map(|ask| ask.limit).sum();
    assert!(read <= 120, "{read} records for a page of 50");
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = send_to(&[&rule], signer(), public().query("cursor", &[cursor])).await.json();
    assert_eq!((ids(&second), second.get("next_cursor")), (expected(0..10), None));
}

#[tokio::test]
async fn a_table_that_is_busy_can_be_asked_again() {
    use aws_sdk_dynamodb::operation::query::QueryError;
    use aws_sdk_dynamodb::types::error::ProvisionedThroughputExceededException;
    use aws_smithy_types::error::ErrorMetadata;
    let busy = mock!(aws_sdk_dynamodb::Client::query).then_error(|| {
        let meta = ErrorMetadata::builder().code("ProvisionedThroughputExceededException").build();
        let error = ProvisionedThroughputExceededException::builder().meta(meta).build();
        QueryError::ProvisionedThroughputExceededException(error)
    });
    assert_eq!(send_to(&[&busy], signer(), list()).await.problem(), (503, "Transient.Unavailable".into()));
}
