//! `darkroom operate` and its commands.

use super::rerender::Rerender;
use super::since::{Since, age, since};
use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use darkroom_domain::error::{ErrorCode, Kind};
use std::num::NonZero;
use std::time::Duration;

/// The sign-in must be an operator's: `make operator` makes one.
#[derive(Args)]
pub struct Operate {
    #[command(subcommand)]
    pub command: OperateCommand,
}

#[derive(Subcommand)]
pub enum OperateCommand {
    /// Tell what happened to a photo, where it is stuck, and what to do
    Trace(Trace),
    /// Show queues, executions, failures and the slowest states
    Status(Status),
    /// Show the failures of some days, by code and state
    Failures(Failures),
    /// List photos that were rejected, with the reasons
    Rejected(Rejected),
    /// Try rejected photos again; without --yes, tell which
    Retry(Retry),
    /// Send dead letters back to their queue, all or chosen ones; without --yes, tell which
    Redrive(Redrive),
    /// Start an execution again under a new name; without --yes, tell what it is
    Restart(Restart),
    /// Bring the photos of a bucket in, for a user; without --yes, tell how many, how long and what it costs
    Import(Import),
    /// Look for what is undone and what storage and table do not have in common; without --yes, tell what would be done
    Sweep(Sweep),
    /// Move photos to the recipe of the deployed release; without --yes, tell how many, how long and for how much
    Rerender(Rerender),
}

#[derive(Args)]
pub struct Trace {
    /// The id of an image, the key of an original (uploads/… or imports/…), or the name of an execution
    pub photo: String,
    /// Go on while it happens, until it is decided
    #[arg(long)]
    pub follow: bool,
}

#[derive(Args)]
pub struct Status {
    /// Look again every five seconds, until Ctrl-C
    #[arg(long)]
    pub watch: bool,
}

#[derive(Args)]
pub struct Failures {
    /// How many days back, today (UTC) included
    #[arg(long, default_value = "7", value_parser = clap::value_parser!(u8).range(1..=30))]
    pub days: u8,
}

#[derive(Args)]
pub struct Rejected {
    /// Only those of this code, such as Image.Corrupt
    #[arg(long, value_parser = rejection)]
    pub code: Option<String>,
    /// Only those since then: an age such as 2h or 7d, a day, or a time
    #[arg(long, value_name = "WHEN", value_parser = since)]
    pub since: Option<Since>,
}

#[derive(Args)]
pub struct Retry {
    /// The code of the rejections, such as Image.Corrupt
    #[arg(long, value_parser = rejection)]
    pub code: String,
    /// Only those since then: an age such as 2h or 7d, a day, or a time
    #[arg(long, value_name = "WHEN", value_parser = since)]
    pub since: Option<Since>,
    /// Try this many, the newest first; by default, all
    #[arg(long, value_name = "NUMBER")]
    pub count: Option<NonZero<usize>>,
    /// Do it, and do not ask
    #[arg(short, long)]
    pub yes: bool,
}

/// The name of a rejection.
fn rejection(text: &str) -> Result<String, String> {
    let code = ErrorCode::from_name(text).filter(|code| code.kind() == Kind::Rejection);
    code.map(|code| code.name().to_owned()).ok_or_else(|| "give the name of a rejection, such as Image.Corrupt".into())
}

#[derive(Args)]
pub struct Redrive {
    pub queue: Queue,
    /// Send back this many; by default, all
    #[arg(long, value_name = "NUMBER")]
    pub count: Option<NonZero<u64>>,
    /// Only letters of this code: that of the photo's outcome, Worker.BadInput for what is not a message of ours
    #[arg(long)]
    pub code: Option<String>,
    /// Only letters about this user's photos, by the user's id
    #[arg(long, value_name = "ID")]
    pub owner: Option<String>,
    /// Only letters that were sent so long ago, such as 1h or 2d
    #[arg(long, value_name = "AGE", value_parser = age)]
    pub older_than: Option<Duration>,
    /// Do it, and do not ask
    #[arg(short, long)]
    pub yes: bool,
}

/// The queues whose dead letters can be sent back.
#[derive(Clone, Copy, ValueEnum)]
pub enum Queue {
    Uploads,
    Webhooks,
    Erasures,
}

impl Queue {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Uploads => "uploads",
            Self::Webhooks => "webhooks",
            Self::Erasures => "erasures",
        }
    }
}

#[derive(Args)]
pub struct Restart {
    /// The name of an execution that has ended
    pub name: String,
    /// Do it, and do not ask
    #[arg(short, long)]
    pub yes: bool,
}

#[derive(Args)]
#[command(group = ArgGroup::new("what").required(true).args(["source", "report", "stop"]))]
pub struct Import {
    #[arg(
        value_name = "s3://BUCKET/PREFIX",
        value_parser = bucket_and_prefix,
        requires = "owner",
        help = "The bucket and the beginning of the keys, such as s3://holiday-photos/2019/"
    )]
    pub source: Option<Source>,
    /// Who gets the photos: the user's id or e-mail address
    #[arg(long, value_name = "USER", conflicts_with_all = ["report", "stop"])]
    pub owner: Option<String>,
    /// A name for the import; by default, made of bucket, prefix and user
    #[arg(long, conflicts_with_all = ["report", "stop"])]
    pub name: Option<String>,
    /// Tell what an import brought, and what it did not and why
    #[arg(long, value_name = "NAME")]
    pub report: Option<String>,
    /// Stop an import; the same command goes on later
    #[arg(long, value_name = "NAME")]
    pub stop: Option<String>,
    /// Start it, and do not wait for its end
    #[arg(long, conflicts_with_all = ["report", "stop"])]
    pub detach: bool,
    /// Do it, and do not ask
    #[arg(short, long)]
    pub yes: bool,
}

/// A bucket, and the beginning of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub bucket: String,
    pub prefix: String,
}

fn bucket_and_prefix(text: &str) -> Result<Source, String> {
    let path = text.strip_prefix("s3://").filter(|path| !path.is_empty() && !path.starts_with('/'));
    let path = path.ok_or("give a bucket and a prefix, such as s3://holiday-photos/2019/")?;
    let (bucket, prefix) = path.split_once('/').unwrap_or((path, ""));
    Ok(Source { bucket: bucket.into(), prefix: prefix.into() })
}

#[derive(Args)]
pub struct Sweep {
    /// Tell what would be done, and do not ask
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
    /// Do it, and do not ask
    #[arg(short, long)]
    pub yes: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_a_bucket_and_the_beginning_of_keys() {
        let source = |bucket: &str, prefix: &str| Ok(Source { bucket: bucket.into(), prefix: prefix.into() });
        assert_eq!(bucket_and_prefix("s3://b/2019/a b"), source("b", "2019/a b"));
        assert_eq!(bucket_and_prefix("s3://b"), source("b", ""));
        for bad in ["b/2019", "s3://", "s3:///a", "https://b"] {
            assert!(bucket_and_prefix(bad).is_err(), "{bad}");
        }
    }
}
