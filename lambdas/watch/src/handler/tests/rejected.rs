//! Rejected photos.

use super::*;
use darkroom_aws::rejected::{ListRejected, Rejected};
use darkroom_domain::shard::Shard;

impl ListRejected for &World {
    async fn list_rejected(
        &self,
        shard: Shard,
        from: &str,
        before: &str,
        at_most: i32,
    ) -> Result<(Vec<Rejected>, bool), Error> {
        assert!(from <= before, "DynamoDB refuses the query");
        let is_in = |one: &&Rejected| one.rejected_id.as_str() >= from && one.rejected_id.as_str() < before;
        let of_shard = |one: &&Rejected| one.parts().is_some_and(|(_, image)| Shard::of(image) == shard);
        let mut found: Vec<_> = self.rejected.iter().filter(is_in).filter(of_shard).cloned().collect();
        found.sort_by(|one, other| other.rejected_id.cmp(&one.rejected_id));
        let at_most = usize::try_from(at_most).unwrap();
        let has_more = found.len() > at_most;
        found.truncate(at_most);
        Ok((found, has_more))
    }
}

/// A photo that was rejected so many seconds ago.
fn rejected(number: i64, code: &str, ago: i64) -> Rejected {
    let low = u128::try_from(number).unwrap();
    let image = ImageId::from_number((0x0198_c7b2 << 96) | (7 << 76) | (0x8 << 60) | low);
    let time = at(-ago).format(&time::format_description::well_known::Rfc3339).unwrap();
    let outcome = Outcome {
        outcome: Status::Rejected,
        code: Some(code.into()),
        stage: Some("resize".into()),
        message: Some("ends early\nrelease: darkroom-dev-resize:7".into()),
        execution: Some(format!("x{number}")),
        docs: None,
        at: None,
    };
    Rejected { rejected_id: format!("{}.000Z#{image}", &time[..19]), outcome }
}

fn executions(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["execution"].as_str().unwrap()).collect()
}

async fn asked(world: &World, query: &[(&str, &str)]) -> Value {
    let call = Call::new("GET", "/ops/rejected");
    let reply = ask(world, query.iter().fold(call, |call, (name, value)| call.query(name, &[value]))).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()
}

#[tokio::test]
async fn r62_rejected_photos_of_all_shards_are_listed_newest_first_with_their_reason() {
    let nine = (0..9).map(|number| rejected(number, "Image.Corrupt", 9 - number));
    let world = World { rejected: nine.collect(), ..World::default() };
    let page = asked(&world, &[]).await;
    assert_eq!(executions(&page), ["x8", "x7", "x6", "x5", "x4", "x3", "x2", "x1", "x0"]);
    let first = &page["items"][0];
    assert_eq!((&first["code"], &first["stage"]), (&json!("Image.Corrupt"), &json!("resize")));
    assert_eq!((&first["message"], &first["release"]), (&json!("ends early"), &json!("darkroom-dev-resize:7")));
    assert!(first["rejected_at"].as_str().unwrap().contains(".000Z") && page.get("next_cursor").is_none());
}

#[tokio::test]
async fn r62_a_list_goes_on_behind_its_page_and_looks_at_a_bounded_number() {
    let other = (0..1500).map(|n| rejected(n, "Image.Heic", n));
    let wanted = (1500..1504).map(|n| rejected(n, "Image.Corrupt", 2000 + n));
    let world = World { rejected: other.chain(wanted).collect(), ..World::default() };
    let wanted = [("code", "Image.Corrupt"), ("limit", "3")];
    let (mut found, mut pages, mut page) = (Vec::new(), 1, asked(&world, &wanted).await);
    loop {
        found.extend(executions(&page).into_iter().map(ToOwned::to_owned));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        page = asked(&world, &[wanted[0], wanted[1], ("cursor", cursor)]).await;
        pages += 1;
    }
    assert_eq!(found, ["x1500", "x1501", "x1502", "x1503"]);
    assert_eq!(pages, 3, "a thousand, five hundred with a full page, the rest");
}

#[tokio::test]
async fn r62_what_has_left_quarantine_is_not_listed() {
    let kept = i64::try_from(darkroom_domain::settings::LIMITS.quarantine_s).unwrap();
    let all = [(1, 5), (2, 60), (3, kept - 60), (4, kept + 60)];
    let rejected = all.map(|(number, ago)| rejected(number, "Image.Corrupt", ago)).into();
    let world = World { rejected, ..World::default() };
    assert_eq!(executions(&asked(&world, &[]).await), ["x1", "x2", "x3"]);
    assert_eq!(executions(&asked(&world, &[("since", "2000-01-01T00:00:00Z")]).await), ["x1", "x2", "x3"]);
    let minute = at(-60).to_offset(time::macros::offset!(+1));
    let minute = minute.format(&time::format_description::well_known::Rfc3339).unwrap();
    assert_eq!(executions(&asked(&world, &[("since", &minute)]).await), ["x1", "x2"]);
    assert_eq!(executions(&asked(&world, &[("since", "2126-01-31T12:00:00Z")]).await), Vec::<&str>::new());
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_refused() {
    for (name, value) in [
        ("code", "Worker.Bug"),
        ("code", "Image.Unheard"),
        ("since", "yesterday"),
        ("limit", "101"),
        ("cursor", "AAAA"),
    ] {
        let reply = ask(&World::default(), Call::new("GET", "/ops/rejected").query(name, &[value])).await;
        assert_eq!((reply.problem().0, reply.fields()), (400, vec![name.to_owned()]), "{value}");
    }
}
