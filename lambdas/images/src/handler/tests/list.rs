use super::fixtures::*;
use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_mocks::{Rule, mock};
use darkroom_runtime::api::testing::{ARRIVED, Call, OWNER};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

fn list() -> Call {
    Call::new("GET", "/images").signed_in()
}

/// What one query asked.
#[derive(Clone, Debug, Default)]
struct Asked {
    index: Option<String>,
    keys: String,
    filter: String,
    limit: usize,
    values: BTreeMap<String, String>,
}

/// A table with these items, ordered and cut as the real one does it; filters on the status are applied, others not.
fn table(items: Vec<Value>) -> (Rule, Arc<Mutex<Vec<Asked>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = asked.clone();
    let last = Arc::new(Mutex::new(Asked::default()));
    let noted = last.clone();
    let rule = mock!(aws_sdk_dynamodb::Client::query)
        .match_requests(move |call| {
            assert_eq!((call.table_name(), call.scan_index_forward()), (Some("images"), Some(false)));
            let values = call.expression_attribute_values().expect("values");
            let plain = |value: &AttributeValue| value.as_s().or(value.as_n()).expect("text or number").clone();
            let ask = Asked {
                index: call.index_name().map(Into::into),
                keys: call.key_condition_expression().unwrap_or_default().into(),
                filter: call.filter_expression().unwrap_or_default().into(),
                limit: call.limit().and_then(|limit| limit.try_into().ok()).unwrap_or_default(),
                values: values.iter().map(|(name, value)| (name.clone(), plain(value))).collect(),
            };
            assert_eq!(call.consistent_read(), ask.index.is_none().then_some(true));
            *noted.lock().unwrap() = ask.clone();
            seen.lock().unwrap().push(ask);
            true
        })
        .then_output(move || {
            let ask = last.lock().unwrap().clone();
            let key = if ask.index.is_some() { "image_id" } else { "sk" };
            let mut within: Vec<&Value> = items
                .iter()
                .filter(|item| {
                    (ask.values[":first"].as_str()..=ask.values[":last"].as_str())
                        .contains(&item[key].as_str().unwrap())
                })
                .collect();
            within.sort_by_key(|item| std::cmp::Reverse(item["sk"].as_str().unwrap().to_owned()));
            let more = within.len() > ask.limit;
            within.truncate(ask.limit);
            let stopped =
                within.last().filter(|_| more).map(|item| attributes(&json!({ "pk": item["pk"], "sk": item["sk"] })));
            let status = ask.values.get(":status");
            let kept = within.into_iter().filter(|item| status.is_none_or(|wanted| item["status"] == *wanted));
            QueryOutput::builder()
                .set_items(Some(kept.map(attributes).collect()))
                .set_last_evaluated_key(stopped)
                .build()
        });
    (rule, asked)
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
    assert!(asked[0].filter.contains("expires_at > :now") && asked[0].filter.contains("#status <> :deleting"));
    assert_eq!(asked[0].values[":now"], (ARRIVED / 1000).to_string());
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
    // One of 1,500 is ready, and it is the oldest.
    let items = (0..1500).map(|n| made_at(n, if n == 0 { ready() } else { record("rejected") })).collect();
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
    let page = send_to(&[&rule], signer(), list().query("album_id", &[ALBUM])).await.json();
    assert_eq!(ids(&page), [uuid(1)]);
    let asked = asked.lock().unwrap();
    assert_eq!((asked[0].index.as_deref(), asked[0].values[":scope"].as_str()), (Some("album"), ALBUM));
    assert!(asked[0].filter.contains("pk = :owner"));
    assert_eq!(asked[0].values[":owner"], format!("USER#{OWNER}"));
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
    let mut mine = made_at(2, ready());
    mine["visibility"] = json!("public");
    let (rule, asked) = table(vec![
        made_at(1, strangers_public()),
        mine,
        made_at(3, {
            let mut unfinished = strangers_public();
            unfinished["status"] = json!("rejected");
            unfinished
        }),
    ]);
    let reply = send_to(&[&rule], signer(), Call::new("GET", "/images/public").signed_in()).await;
    let page = reply.json();
    assert_eq!((reply.status, ids(&page)), (200, vec![uuid(2), uuid(1)]));
    assert_eq!((&page["items"][0]["filename"], page["items"][1].get("filename")), (&json!("Sünset.png"), None));
    assert!(!reply.body.contains("a-stranger") && !reply.body.contains(ALBUM), "{}", reply.body);
    let asked = asked.lock().unwrap();
    assert_eq!((asked[0].index.as_deref(), asked[0].values[":scope"].as_str()), (Some("public"), "public"));
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
