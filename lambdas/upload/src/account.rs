//! The caller's profile, their usage of the day, the quota of a day, and what they have stored.

use crate::ticket::file_limits;
use darkroom_aws::accounts::{ChangeProfile, Profile, ReadProfile, ReadUsage};
use darkroom_aws::ready::{GlimpseReady, Seen};
use darkroom_aws::survey::{Survey, survey};
use darkroom_aws::tickets::{Usage, midnight};
use darkroom_domain::Error;
use darkroom_domain::id::OwnerId;
use darkroom_domain::settings::LIMITS;
use darkroom_domain::text::steers_text;
use darkroom_domain::timestamp::rfc3339;
use darkroom_runtime::api::{Answer, Fields, Problem, Request, no_null};
use serde::Deserialize;
use serde_json::json;

const NAME_MAX: usize = 80;

/// The fields that may be changed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileChange {
    display_name: String,
    /// If it is not given, it stays as it is.
    #[serde(default, deserialize_with = "no_null")]
    listed: Option<bool>,
}

/// The account.
pub async fn show<T>(table: &T, owner: &OwnerId, request: &Request) -> Result<Answer, Problem>
where
    T: ReadProfile + ReadUsage + GlimpseReady,
{
    let now = request.arrived();
    let (profile, usage, stored) =
        tokio::join!(table.read_profile(owner), table.read_usage(owner, now), survey(table, owner, Seen::Sizes));
    Ok(account_answer(owner, &profile?, usage?, &stored?, request)?)
}

/// The account with another profile.
pub async fn change<T>(table: &T, owner: &OwnerId, request: &Request) -> Result<Answer, Problem>
where
    T: ChangeProfile + ReadUsage + GlimpseReady,
{
    let (now, ProfileChange { display_name, listed }) = (request.arrived(), request.json()?);
    let display_name = display_name.as_str();
    let mut fields = Fields::default();
    fields.check(is_name(display_name), "display_name", || {
        format!("must have 1 to {NAME_MAX} characters, no control or direction marks, and no space at either end")
    });
    fields.done()?;
    let changed = table.change_profile(owner, display_name, listed, now);
    let (profile, usage, stored) =
        tokio::join!(changed, table.read_usage(owner, now), survey(table, owner, Seen::Sizes));
    Ok(account_answer(owner, &profile?, usage?, &stored?, request)?)
}

fn account_answer(
    owner: &OwnerId,
    profile: &Profile,
    usage: Usage,
    stored: &Survey,
    request: &Request,
) -> Result<Answer, Error> {
    let resets_at = rfc3339(midnight(request.arrived()));
    let Survey { photos, is_complete } = stored;
    let bytes: u64 = photos.iter().filter_map(|photo| photo.facts.stored_bytes).sum();
    let mut body = json!({
        "user_id": owner,
        "listed": profile.listed,
        "roles": request.groups(),
        "usage": { "images": usage.images, "bytes": usage.bytes, "resets_at": resets_at },
        "stored": { "images": photos.len(), "bytes": bytes, "complete": is_complete },
        "limits": {
            "images_per_day": LIMITS.images_per_day,
            "bytes_per_day": LIMITS.bytes_per_day,
            "file": file_limits(),
        },
    });
    if let Some(name) = &profile.display_name {
        body["display_name"] = name.as_str().into();
    }
    Answer::json(200, &body)
}

/// A name that can be shown anywhere, beside other text.
fn is_name(name: &str) -> bool {
    (1..=NAME_MAX).contains(&name.chars().count()) && name.trim() == name && !name.contains(steers_text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_name_may_be() {
        for good in ["A", "Ada Lovelace", "Ärzte & Söhne/3 🌅", &"ä".repeat(80)] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", " ", " Ada", "Ada ", "A\nda", "Ada\u{202e}", &"ä".repeat(81)] {
            assert!(!is_name(bad), "{bad:?}");
        }
    }
}
