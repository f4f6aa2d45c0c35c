//! What can be typed. The doc comments are the help texts.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Develop photos here, or have a Darkroom develop and keep them.
#[derive(Parser)]
#[command(name = "darkroom", version, propagate_version = true)]
pub struct Arguments {
    /// Answer in JSON, for scripts
    #[arg(long, global = true)]
    pub json: bool,
    /// Which Darkroom; without it, where you signed in last
    #[arg(long, global = true, value_name = "URL", env = "DARKROOM_API")]
    pub api: Option<String>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Develop photos on this machine, as the service would
    Process(Process),
    /// Print the recipe that is built in, or check one
    Recipe(Recipe),
    /// Make an account; a code comes by mail
    Signup(Signup),
    /// Have the code mailed once more
    ResendCode(Resend),
    /// Confirm the address with the code
    Verify(Verify),
    /// Sign in on this machine
    Login(Login),
    /// Sign out
    Logout,
    /// Tell who is signed in, where, and what is left of the day
    #[command(alias = "status")]
    Whoami,
    /// Have photos developed and kept
    Upload(Upload),
    /// List images, newest first
    Ls(Ls),
    /// Show what became of images
    Show(Show),
    /// Download a variant of images
    Get(Get),
    /// Open the link to a variant in a browser
    Open(Open),
    /// Delete images for good
    Rm(Rm),
    /// Albums, and links to them
    Album(Album),
    /// Be called when something became of a photo
    Webhook(Webhook),
}

#[derive(Args)]
pub struct Process {
    /// Photos, and folders of photos
    #[arg(required = true, value_name = "PHOTO")]
    pub photos: Vec<PathBuf>,
    /// Where the variants go: FOLDER/<photo>/<variant>.<ending>
    #[arg(short, long, value_name = "FOLDER", required_unless_present = "contact_sheet")]
    pub out: Option<PathBuf>,
    /// What to make; without it, what the service makes
    #[arg(long, value_name = "FILE")]
    pub recipe: Option<PathBuf>,
    /// Draw all variants into one PNG, to look at
    #[arg(long, value_name = "FILE")]
    pub contact_sheet: Option<PathBuf>,
    /// Do it again whenever the recipe file changes, until Ctrl-C
    #[arg(long, requires = "recipe")]
    pub watch: bool,
    /// Photos at a time; without it, as many as there are cores
    #[arg(short, long, value_name = "NUMBER")]
    pub jobs: Option<std::num::NonZero<usize>>,
}

#[derive(Args)]
pub struct Recipe {
    /// A recipe to check; it is printed as it is understood, every default spelled out
    pub file: Option<PathBuf>,
}

#[derive(Args)]
pub struct Signup {
    /// Your address; the password is asked for, or read from standard input
    pub email: String,
}

#[derive(Args)]
pub struct Resend {
    /// The address of the account
    pub email: String,
}

#[derive(Args)]
pub struct Verify {
    pub email: String,
    /// The six digits of the mail
    pub code: String,
}

#[derive(Args)]
pub struct Login {
    /// Your address; the password is asked for, or read from standard input
    pub email: Option<String>,
}

#[derive(Args)]
pub struct Upload {
    /// Photos, and folders of photos
    #[arg(required = true, value_name = "PHOTO")]
    pub photos: Vec<PathBuf>,
    /// Put them into this album of yours: its title or id
    #[arg(long, value_name = "ALBUM")]
    pub album: Option<String>,
    /// Wait until it is decided what became of each
    #[arg(long)]
    pub wait: bool,
    /// Send photos that the account has already, too
    #[arg(long)]
    pub again: bool,
    /// Photos at a time
    #[arg(short, long, value_name = "NUMBER", default_value = "4")]
    pub jobs: std::num::NonZero<usize>,
}

#[derive(Args)]
pub struct Show {
    /// What `upload` printed
    #[arg(required = true, value_name = "ID")]
    pub ids: Vec<String>,
}

#[derive(Args)]
pub struct Get {
    /// What `upload` printed
    #[arg(required = true, value_name = "ID")]
    pub ids: Vec<String>,
    /// Which variant
    #[arg(long, value_name = "NAME", default_value = "large")]
    pub size: String,
    /// A folder, or the file itself; - is standard output
    #[arg(short, long, value_name = "PATH", default_value = ".")]
    pub out: PathBuf,
    /// Write over a file that is there
    #[arg(long)]
    pub force: bool,
}

#[derive(Args)]
pub struct Open {
    /// What `upload` printed
    pub id: String,
    /// Which variant
    #[arg(long, value_name = "NAME", default_value = "large")]
    pub size: String,
    /// Print the link instead
    #[arg(long)]
    pub print: bool,
}

#[derive(Args)]
pub struct Ls {
    /// Only what lies in this album of yours: its title or id
    #[arg(long)]
    pub album: Option<String>,
    /// Only those that fared so
    #[arg(long)]
    pub status: Option<Status>,
    /// So many at most
    #[arg(long, value_name = "NUMBER", default_value = "50")]
    pub limit: usize,
    /// All of them
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Status {
    AwaitingUpload,
    Processing,
    Ready,
    Rejected,
    Failed,
}

impl Status {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingUpload => "awaiting_upload",
            Self::Processing => "processing",
            Self::Ready => "ready",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
        }
    }
}

#[derive(Args)]
pub struct Rm {
    /// What `upload` and `ls` print
    #[arg(required = true, value_name = "ID")]
    pub ids: Vec<String>,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
}

#[derive(Args)]
pub struct Album {
    #[command(subcommand)]
    pub command: AlbumCommand,
}

/// ALBUM is a title or an id.
#[derive(Subcommand)]
pub enum AlbumCommand {
    /// List your albums
    Ls,
    /// Make one; prints its id
    Create {
        title: String,
        /// Who sees it
        #[arg(long, default_value = "private")]
        visibility: Visibility,
    },
    /// Put photos into it; a photo lies in one album at most
    Add {
        album: String,
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
    /// Take photos out of it; without photos, remove the album and keep what lies in it
    Rm {
        album: String,
        #[arg(value_name = "ID")]
        ids: Vec<String>,
    },
    /// Print a link for whoever gets it; a private album becomes visible by link
    Share {
        album: String,
        /// How long the link is good
        #[arg(long, default_value = "7", value_parser = clap::value_parser!(u64).range(1..=30))]
        days: u64,
    },
    /// Revoke all links to it
    Unshare { album: String },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Visibility {
    Private,
    Link,
    Public,
}

impl Visibility {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Link => "link",
            Self::Public => "public",
        }
    }
}

#[derive(Args)]
pub struct Webhook {
    #[command(subcommand)]
    pub command: WebhookCommand,
}

#[derive(Subcommand)]
pub enum WebhookCommand {
    /// Show where you are called, and how that fares
    Show,
    /// Be called there; prints the secret that events are signed with
    Set { url: String },
    /// Have another secret made, and print it; the one before stays good for a day
    Rotate,
    /// Be called now, to try it out
    Test,
    /// Be called no more
    Rm,
}
