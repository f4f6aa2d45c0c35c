use super::fixtures::*;
use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_smithy_types::body::SdkBody;
use darkroom_gallery::show::SIZES;
use darkroom_mocks::mock;
use darkroom_runtime::api::testing::{ARRIVED, CLIENT_ID, Call, OWNER};
use serde_json::{Value, json};

fn get() -> Call {
    call("GET", "/image/{image_id}")
}

#[tokio::test]
async fn a_ready_image_shows_its_facts_and_a_link_to_each_variant() {
    let reply = send(&holds(&ready()), get()).await;
    let image = reply.json();
    assert_eq!((reply.status, image["status"].as_str()), (200, Some("ready")));
    assert_eq!(image["source"]["format"], "png");
    assert_eq!(image["facts"]["dominant_color"], "#112233");
    assert_eq!(image["filename"], "Sünset.png");
    assert_eq!(image["outcome"], Value::Null);
    assert_eq!(image["variants"].as_object().unwrap().len(), SIZES.len());
    let medium = &image["variants"]["medium"];
    let url = medium["url"].as_str().unwrap();
    let address =
        format!("https://pictures.s3.eu-central-1.amazonaws.com/variants/{IMAGE}/0123456789abcdef/medium.jpg?");
    assert!(url.starts_with(&address), "{url}");
    assert!(url.contains("response-content-disposition=inline%3B%20filename%3D%22S_nset-medium.jpg%22"), "{url}");
    assert!(url.contains("response-cache-control=private%2C%20max-age%3D900%2C%20immutable"), "{url}");
    assert!(url.contains("X-Amz-Expires=900") && url.contains("X-Amz-Date=20260131T120000Z"), "{url}");
    assert_eq!(medium["expires_at"], "2026-01-31T12:15:00.000Z");
    assert_eq!((&medium["width"], &medium["bytes"], medium.get("key")), (&json!(40), &json!(99), None));
}

#[tokio::test]
async fn nothing_of_the_inside_is_shown() {
    for item in [ready(), ended("failed", "Worker.Denied"), ended("failed", "States.Timeout"), record("processing")] {
        let body = send(&holds(&item), get()).await.body;
        for inside in ["sequencer", "object_key", "owner_id", "arn:aws", "USER#", "uploads/"] {
            assert!(!body.contains(inside), "{inside} in {body}");
        }
    }
}

#[tokio::test]
async fn one_size_may_be_asked_for() {
    let image = send(&holds(&ready()), get().query("size", &["small"])).await.json();
    let names: Vec<_> = image["variants"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["small"]);
}

#[tokio::test]
async fn an_unknown_size_is_refused_before_the_table_is_asked() {
    for size in ["huge", "", "Small", "../small", "originals"] {
        let rule = holds(&ready());
        let reply = send(&rule, get().query("size", &[size])).await;
        assert_eq!((reply.problem(), reply.fields()), ((400, "Request.Invalid".into()), vec!["size".to_owned()]));
        assert_eq!(rule.num_calls(), 0);
    }
}

#[tokio::test]
async fn a_size_that_this_image_lacks_is_not_found() {
    let mut item = ready();
    item["variants"].as_object_mut().unwrap().remove("large");
    let reply = send(&holds(&item), get().query("size", &["large"])).await;
    assert_eq!(reply.problem(), (404, "Request.NotFound".into()));
}

#[tokio::test]
async fn while_nothing_is_decided_the_client_is_told_when_to_ask_again() {
    for status in ["awaiting_upload", "processing"] {
        let reply = send(&holds(&record(status)), get()).await;
        assert_eq!((reply.status, reply.json()["status"].as_str()), (202, Some(status)));
        assert!(reply.header("retry-after").unwrap().parse::<u32>().unwrap() >= 1);
        assert_eq!((reply.header("cache-control"), reply.header("etag")), (Some("no-store"), None));
    }
}

#[tokio::test]
async fn a_newer_version_on_its_way_hides_the_older_ones_variants() {
    let mut item = ready();
    item["status"] = json!("processing");
    let reply = send(&holds(&item), get()).await;
    assert_eq!((reply.status, reply.json().get("variants")), (202, None));
}

#[tokio::test]
async fn r14_an_image_that_did_not_become_one_says_why() {
    for (status, code, message) in [
        ("rejected", "Image.Unsupported", "The file is not a picture in a format that Darkroom reads."),
        ("failed", "States.Timeout", "Something went wrong inside Darkroom."),
    ] {
        let reply = send(&holds(&ended(status, code)), get()).await;
        assert_eq!((reply.status, reply.json()["status"].as_str()), (200, Some(status)));
        let outcome = json!({
            "code": code,
            "message": message,
            "stage": "validate",
            "execution": format!("{IMAGE}-0123456789abcdef"),
            "docs": format!("docs/ERRORS.md#{code}"),
        });
        assert_eq!(reply.json()["outcome"], outcome);
    }
}

#[tokio::test]
async fn r39_an_answer_that_the_client_has_is_not_sent_again() {
    let first = send(&holds(&ready()), get()).await;
    let etag = first.header("etag").unwrap().to_owned();
    assert_eq!(first.header("cache-control"), Some("private, no-cache"));

    // Four minutes later the links are the same, and so is the answer.
    let later = |minutes: i64| {
        get().event(move |event| event["requestContext"]["requestTimeEpoch"] = json!(ARRIVED + minutes * 60_000))
    };
    let again = send(&holds(&ready()), later(4).header("if-none-match", &format!("W/{etag}"))).await;
    assert_eq!((again.status, again.body.as_str(), again.header("etag")), (304, "", Some(etag.as_str())));
    assert_eq!(again.header("cache-control"), Some("private, no-cache"));

    let fresh_links = send(&holds(&ready()), later(5).header("if-none-match", &etag)).await;
    assert_eq!(fresh_links.status, 200);
    let mut changed = ready();
    changed["updated_at"] = json!("2026-01-31T13:00:00Z");
    assert_eq!(send(&holds(&changed), get().header("if-none-match", &etag)).await.status, 200);
    assert_eq!(
        send(&holds(&ready()), get().query("size", &["small"]).header("if-none-match", &etag)).await.status,
        200
    );
}

#[tokio::test]
async fn r33_what_is_not_theirs_does_not_exist() {
    // The key names the owner, so the table finds nothing for another user.
    let rule = mock!(aws_sdk_dynamodb::Client::get_item)
        .match_requests(|call| call.key().unwrap()["pk"] == text("USER#somebody-else"))
        .then_output(|| GetItemOutput::builder().build());
    let stranger = get().claims(&stranger());
    let theirs = send(&rule, stranger).await;
    assert_eq!((theirs.problem(), rule.num_calls()), ((404, "Request.NotFound".into()), 1));
    let missing = send(&holds_nothing(), get()).await;
    assert_eq!(theirs.body, missing.body);
}

#[tokio::test]
async fn r33_a_photo_is_shown_to_signed_in_users_only() {
    let rule = holds(&ready());
    let unsigned = Call::new("GET", "/image/{image_id}").path("image_id", IMAGE);
    assert_eq!(send(&rule, unsigned).await.problem(), (401, "Auth.Unauthorized".into()));
    let access_token = get().claims(&json!({ "sub": OWNER, "token_use": "access", "client_id": CLIENT_ID }));
    assert_eq!(send(&rule, access_token).await.problem(), (401, "Auth.Unauthorized".into()));
    assert_eq!(rule.num_calls(), 0);
}

#[tokio::test]
async fn what_is_no_id_is_not_found_without_asking_the_table() {
    for id in ["", "x", "../../etc", "0198C7B2-5A51-7C3E-9F0E-2B1D4C6A8E10", "0198c7b25a517c3e9f0e2b1d4c6a8e10"] {
        let rule = holds(&ready());
        let reply = send(&rule, get().path("image_id", id)).await;
        assert_eq!((reply.problem(), rule.num_calls()), ((404, "Request.NotFound".into()), 0), "{id}");
    }
}

#[tokio::test]
async fn an_unused_ticket_is_forgotten_on_time() {
    for (seconds, status) in [(1, 202), (0, 404), (-1, 404)] {
        let mut item = record("awaiting_upload");
        item["expires_at"] = json!(ARRIVED / 1000 + seconds);
        assert_eq!(send(&holds(&item), get()).await.status, status, "{seconds}, of an earlier release");
        item["awaited_until"] = item["expires_at"].take();
        item["expires_at"] = json!(ARRIVED / 1000 + 2_592_000);
        assert_eq!(send(&holds(&item), get()).await.status, status, "{seconds}");
    }
}

#[tokio::test]
async fn an_unreadable_record_is_named() {
    let mut item = record("ready");
    item["status"] = json!("unheard-of");
    assert_eq!(send(&holds(&item), get()).await.problem(), (500, "Worker.BadInput".into()));
}

#[tokio::test]
async fn a_table_that_is_busy_can_be_asked_again() {
    let busy = mock!(aws_sdk_dynamodb::Client::get_item).then_http_response(|| {
        let body = json!({ "__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException" });
        HttpResponse::new(400.try_into().expect("a status"), SdkBody::from(body.to_string()))
    });
    let reply = send(&busy, get()).await;
    assert_eq!(reply.problem(), (503, "Transient.Unavailable".into()));
    assert!(reply.header("retry-after").is_some());
}

#[tokio::test]
async fn a_link_to_the_original_is_for_saving_and_of_the_version_that_was_developed() {
    let image = send(&holds(&ready()), get().query("size", &["original"])).await.json();
    let variants = image["variants"].as_object().unwrap();
    assert_eq!(variants.keys().collect::<Vec<_>>(), ["original"]);
    let original = &variants["original"];
    let url = original["url"].as_str().unwrap();
    let address = format!("https://originals.s3.eu-central-1.amazonaws.com/uploads/{OWNER}/{IMAGE}?");
    assert!(url.starts_with(&address) && url.contains("versionId=v1"), "{url}");
    assert!(url.contains("response-content-disposition=attachment%3B%20filename%3D%22S_nset.png%22"), "{url}");
    assert_eq!(
        (&original["content_type"], &original["width"], &original["bytes"]),
        (&json!("image/png"), &json!(40), &json!(4))
    );
}

#[tokio::test]
async fn an_original_that_was_refused_has_no_link() {
    let reply = send(&holds(&ended("rejected", "Image.Corrupt")), get().query("size", &["original"])).await;
    assert_eq!((reply.status, reply.json().get("variants")), (200, None));
}

#[tokio::test]
async fn a_redirect_leads_to_the_bytes() {
    let call = || get().query("size", &["small"]).query("redirect", &["true"]);
    let reply = send(&holds(&ready()), call()).await;
    assert_eq!((reply.status, reply.body.as_str()), (302, ""));
    let address =
        format!("https://pictures.s3.eu-central-1.amazonaws.com/variants/{IMAGE}/0123456789abcdef/small.jpg?");
    assert!(reply.header("location").unwrap().starts_with(&address));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    // There is no link yet, or never: the same answer as without `redirect`.
    assert_eq!(send(&holds(&record("processing")), call()).await.status, 202);
    assert_eq!(send(&holds(&ended("rejected", "Image.Heic")), call()).await.status, 200);
    let plain = send(&holds(&ready()), get().query("size", &["small"]).query("redirect", &["false"])).await;
    assert_eq!(plain.status, 200);
}

#[tokio::test]
async fn a_redirect_must_know_where_to() {
    for (name, value, field) in
        [("redirect", "true", "size"), ("redirect", "yes", "redirect"), ("redirect", "", "redirect")]
    {
        let rule = holds(&ready());
        let reply = send(&rule, get().query(name, &[value])).await;
        assert_eq!((reply.problem().0, reply.fields()), (400, vec![field.to_owned()]), "{value}");
        assert_eq!(rule.num_calls(), 0);
    }
}

#[tokio::test]
async fn only_formats_that_exist_can_be_asked_for() {
    let ask = async |size: &str, format: &str| {
        send(&holds(&ready()), get().query("size", &[size]).query("format", &[format])).await
    };
    assert_eq!(ask("small", "jpeg").await.status, 200);
    assert_eq!(ask("original", "png").await.status, 200);
    let none = [
        ("small", "png"),
        ("original", "jpeg"),
        ("small", "avif"),
        ("small", "heic"),
        ("small", ""),
        ("small", "JPEG"),
    ];
    for (size, format) in none {
        let reply = ask(size, format).await;
        assert_eq!((reply.problem().0, reply.fields()), (400, vec!["format".to_owned()]), "{size} {format}");
    }
}

#[tokio::test]
async fn each_format_is_a_source_with_links_by_size() {
    let image = send(&holds(&ready_in_formats()), get()).await.json();
    let sources = image["sources"].as_array().unwrap();
    let told: Vec<_> = sources.iter().map(|source| source["content_type"].as_str().unwrap()).collect();
    assert_eq!(told, ["image/webp", "image/avif"], "a format of all sizes comes first");
    assert_eq!(sources[0]["variants"].as_object().unwrap().len(), SIZES.len());
    let avif = &sources[1]["variants"];
    assert_eq!(avif.as_object().unwrap().keys().collect::<Vec<_>>(), ["small"]);
    let small = &avif["small"];
    let url = small["url"].as_str().unwrap();
    assert!(url.contains("/small.avif?") && url.contains("nset-small.avif"), "{url}");
    assert_eq!(
        (&small["width"], &small["height"], &small["bytes"], &small["content_type"]),
        (&json!(40), &json!(30), &json!(55), &json!("image/avif"))
    );
    assert_eq!(small["expires_at"], image["variants"]["small"]["expires_at"]);
    assert_eq!(image["variants"]["small"]["content_type"], "image/jpeg", "what every program reads");
    let small = send(&holds(&ready_in_formats()), get().query("size", &["large"])).await.json();
    assert_eq!(small["sources"].as_array().unwrap().len(), 1, "only of this size");
    assert_eq!(send(&holds(&ready()), get()).await.json().get("sources"), None, "of one format there is no choice");
    let original = send(&holds(&ready_in_formats()), get().query("size", &["original"])).await.json();
    assert_eq!(original.get("sources"), None);
}

#[tokio::test]
async fn accept_decides_what_a_client_gets_that_leaves_the_choice() {
    let ask = async |size: &str, accept: &str| {
        let call = get().query("size", &[size]).query("format", &["auto"]);
        let call = if accept.is_empty() { call } else { call.header("accept", accept) };
        send(&holds(&ready_in_formats()), call).await
    };
    for (size, accept, format) in [
        ("small", "image/avif,image/webp,*/*;q=0.8", "image/avif"),
        ("large", "image/avif,image/webp,*/*;q=0.8", "image/webp"),
        ("small", "image/avif;q=0,image/*", "image/jpeg"),
        ("small", "*/*", "image/jpeg"),
        ("small", "application/json", "image/jpeg"),
        ("small", "", "image/jpeg"),
        ("original", "image/avif", "image/png"),
    ] {
        let reply = ask(size, accept).await;
        let image = reply.json();
        assert_eq!((reply.status, &image["variants"][size]["content_type"]), (200, &json!(format)), "{size} {accept}");
        assert_eq!((image.get("sources"), reply.header("vary")), (None, Some("accept, origin")), "{size} {accept}");
    }
    let all = send(&holds(&ready_in_formats()), get().query("format", &["auto"]).header("accept", "image/avif")).await;
    let kinds: Vec<_> =
        all.json()["variants"].as_object().unwrap().values().map(|v| v["content_type"].clone()).collect();
    assert_eq!(kinds, ["image/jpeg", "image/jpeg", "image/avif", "image/jpeg"], "each size by itself");
    let redirect = get().query("size", &["small"]).query("format", &["auto"]).query("redirect", &["true"]);
    let reply = send(&holds(&ready_in_formats()), redirect.header("accept", "image/webp")).await;
    assert_eq!((reply.status, reply.header("vary")), (302, Some("accept, origin")));
    assert!(reply.header("location").unwrap().contains("/small.webp?"));
}

#[tokio::test]
async fn an_answer_that_is_known_varies_like_the_one_it_stands_for() {
    let call = || get().query("format", &["auto"]).header("accept", "image/webp");
    let first = send(&holds(&ready_in_formats()), call()).await;
    let again = send(&holds(&ready_in_formats()), call().header("if-none-match", first.header("etag").unwrap())).await;
    assert_eq!((again.status, again.header("vary")), (304, Some("accept, origin")));
    let plain = send(&holds(&ready_in_formats()), get().header("accept", "image/webp")).await;
    assert_eq!(plain.header("vary"), Some("origin"), "Accept decides only where it is asked to");
}

#[tokio::test]
async fn a_format_is_chosen_by_its_name() {
    let ask = async |query: &[(&str, &str)]| {
        let call = query.iter().fold(get(), |call, (name, value)| call.query(name, &[*value]));
        send(&holds(&ready_in_formats()), call).await
    };
    let one = ask(&[("size", "small"), ("format", "avif")]).await.json();
    assert_eq!((one["variants"].as_object().unwrap().len(), one.get("sources")), (1, None));
    assert_eq!(one["variants"]["small"]["content_type"], "image/avif");
    let where_there_is = ask(&[("format", "avif")]).await.json();
    assert_eq!(where_there_is["variants"].as_object().unwrap().keys().collect::<Vec<_>>(), ["small"]);
    let redirect = ask(&[("size", "small"), ("format", "webp"), ("redirect", "true")]).await;
    assert!(redirect.header("location").unwrap().contains("/small.webp?"));
    let none = ask(&[("size", "large"), ("format", "avif")]).await;
    assert_eq!((none.problem().0, none.fields()), (400, vec!["format".to_owned()]));
    assert!(none.body.contains("there is only image/webp, image/jpeg"), "{}", none.body);
}

#[tokio::test]
async fn its_owner_sees_what_they_said_about_it() {
    let mut item = ready();
    item["caption"] = json!("Sunset");
    item["visibility"] = json!("public");
    item["album_id"] = json!(ALBUM);
    let image = send(&holds(&item), get()).await.json();
    assert_eq!(
        (&image["caption"], &image["visibility"], &image["album_id"]),
        (&json!("Sunset"), &json!("public"), &json!(ALBUM))
    );
    let plain = send(&holds(&ready()), get()).await.json();
    assert_eq!((&plain["visibility"], plain.get("caption"), plain.get("album_id")), (&json!("private"), None, None));
}

#[tokio::test]
async fn while_it_is_processed_it_says_by_which_execution() {
    let mut item = record("processing");
    item["execution"] = json!("an-execution");
    assert_eq!(send(&holds(&item), get()).await.json()["execution"], "an-execution");
    assert_eq!(send(&holds(&ready()), get()).await.json().get("execution"), None);
}

#[tokio::test]
async fn what_is_public_is_shown_to_everybody_but_not_its_owners_business() {
    let visit =
        async |call: Call| send_to(&[&holds_nothing(), &shows_publicly(&[strangers_public()])], signer(), call).await;
    let reply = visit(get()).await;
    let image = reply.json();
    assert_eq!((reply.status, &image["caption"], &image["visibility"]), (200, &json!("Look!"), &json!("public")));
    assert_eq!(image["variants"].as_object().unwrap().len(), SIZES.len());
    assert_eq!(image["facts"], json!({ "thumbhash": "AA==", "dominant_color": "#112233" }));
    for business in ["a-stranger", "S%C3%BCnset", "nset", "Sünset", ALBUM, "source", "sha256", "phash", "originals"] {
        assert!(!reply.body.contains(business), "{business} in {}", reply.body);
    }
    let original = visit(get().query("size", &["original"])).await;
    assert_eq!(original.problem(), (404, "Request.NotFound".into()));
    assert_eq!(visit(get().query("size", &["small"]).query("redirect", &["true"])).await.status, 302);
}

#[tokio::test]
async fn a_public_photo_that_is_not_ready_is_hidden_from_others() {
    for status in ["awaiting_upload", "processing", "rejected", "failed", "deleting"] {
        let mut item = strangers_public();
        item["status"] = json!(status);
        let reply = send_to(&[&holds_nothing(), &shows_publicly(&[item])], signer(), get()).await;
        assert_eq!(reply.problem(), (404, "Request.NotFound".into()), "{status}");
    }
}

#[tokio::test]
async fn r40_what_is_being_deleted_is_gone() {
    let mut item = ready();
    item["status"] = json!("deleting");
    for route in ["/image/{image_id}", "/image/{image_id}/events", "/image/{image_id}/similar"] {
        assert_eq!(
            send(&holds(&item), call("GET", route)).await.problem(),
            (404, "Request.NotFound".into()),
            "{route}"
        );
    }
}

#[tokio::test]
async fn other_routes_do_not_exist() {
    let rule = holds(&ready());
    for (method, route) in [("POST", "/image/{image_id}"), ("DELETE", "/images"), ("GET", "/albums")] {
        assert_eq!(send(&rule, call(method, route)).await.problem(), (404, "Request.NotFound".into()));
    }
    assert_eq!(rule.num_calls(), 0);
}

#[tokio::test]
async fn r33_no_route_works_without_signing_in() {
    for (method, route) in [
        ("PATCH", "/image/{image_id}"),
        ("DELETE", "/image/{image_id}"),
        ("GET", "/image/{image_id}/events"),
        ("GET", "/image/{image_id}/similar"),
        ("GET", "/images"),
        ("GET", "/images/public"),
        ("GET", "/users/{user_id}"),
        ("GET", "/users/{user_id}/images"),
    ] {
        let rule = holds(&ready());
        let unsigned = Call::new(method, route).path("image_id", IMAGE).json(&json!({ "caption": "x" }));
        assert_eq!(send(&rule, unsigned).await.problem(), (401, "Auth.Unauthorized".into()), "{method} {route}");
        assert_eq!(rule.num_calls(), 0);
    }
}
