//! `darkroom operate` and its commands.

use clap::{Args, Subcommand, ValueEnum};
use std::num::NonZero;

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
    /// Send dead letters back to their queue; without --yes, tell how many
    Redrive(Redrive),
    /// Start an execution again under a new name; without --yes, tell what it is
    Restart(Restart),
    /// Look for what is undone and what storage and table do not have in common; without --yes, tell what would be done
    Sweep(Sweep),
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
pub struct Redrive {
    pub queue: Queue,
    /// Send back this many; by default, all
    #[arg(long, value_name = "NUMBER")]
    pub count: Option<NonZero<u64>>,
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
pub struct Sweep {
    /// Tell what would be done, and do not ask
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
    /// Do it, and do not ask
    #[arg(short, long)]
    pub yes: bool,
}
