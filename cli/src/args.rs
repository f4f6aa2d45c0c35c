//! Commands and their arguments. The doc comments are the help texts.

pub mod operate;
pub mod rerender;
pub mod since;

use clap::{Args, Parser, Subcommand, ValueEnum};
use darkroom_domain::focus::{Focus, Outside, Shares};
use darkroom_imaging::FocalPoint;
use std::path::PathBuf;

/// Develop photos here, or send them to a Darkroom that develops and keeps them.
#[derive(Parser)]
#[command(name = "darkroom", version, propagate_version = true)]
pub struct Arguments {
    /// Print JSON, for scripts
    #[arg(long, global = true)]
    pub json: bool,
    /// The API of a Darkroom; by default, where you signed in last
    #[arg(long, global = true, value_name = "URL", env = "DARKROOM_API")]
    pub api: Option<String>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Develop photos on this machine, as the service would
    Process(Process),
    /// Print the built-in recipe, or check one of yours
    Recipe(Recipe),
    /// Make an account; the service mails a code
    Signup(Signup),
    /// Have the code mailed once more
    ResendCode(Resend),
    /// Confirm the address with the code
    Verify(Verify),
    /// Sign in on this machine
    Login(Login),
    /// Sign out
    Logout,
    /// Tell who is signed in, where, and what is left of the day's quota
    #[command(alias = "status")]
    Whoami,
    /// Change the password, or erase the account
    Account(Account),
    /// Send photos to the service
    Upload(Upload),
    /// List images, newest first
    Ls(Ls),
    /// Show status and variants of images
    Show(Show),
    /// Download a variant of images
    Get(Get),
    /// Open the link to a variant in a browser
    Open(Open),
    /// Delete images for good
    Rm(Rm),
    /// Manage albums, and links to them
    Album(Album),
    /// Manage the webhook: the URL that is called with each event of your photos
    Webhook(Webhook),
    /// For operators: tell what happened to photos, and repair
    Operate(operate::Operate),
}

#[derive(Args)]
pub struct Process {
    /// Photos, and folders of photos
    #[arg(required = true, value_name = "PHOTO")]
    pub photos: Vec<PathBuf>,
    /// Write the variants to FOLDER/<photo>/<variant>.<ending>
    #[arg(short, long, value_name = "FOLDER", required_unless_present = "contact_sheet")]
    pub out: Option<PathBuf>,
    /// The recipe of the variants; by default, the service's
    #[arg(long, value_name = "FILE")]
    pub recipe: Option<PathBuf>,
    /// The focal point, which crops keep: shares of width and height, such as 0.3,0.6
    #[arg(long, value_name = "X,Y", value_parser = focal_point)]
    pub focus: Option<FocalPoint>,
    /// Draw all variants into one PNG, to look at
    #[arg(long, value_name = "FILE")]
    pub contact_sheet: Option<PathBuf>,
    /// Develop again whenever the recipe file changes, until Ctrl-C
    #[arg(long, requires = "recipe")]
    pub watch: bool,
    /// Photos at a time; by default, as many as there are cores
    #[arg(short, long, value_name = "NUMBER")]
    pub jobs: Option<std::num::NonZero<usize>>,
}

/// As the service keeps it: to the thousandth.
fn focal_point(text: &str) -> Result<FocalPoint, String> {
    let shares = text.split_once(',').and_then(|(x, y)| Some(Shares { x: x.parse().ok()?, y: y.parse().ok()? }));
    let focus = shares.and_then(|shares| Focus::try_from(shares).ok()).ok_or_else(|| Outside.to_string())?;
    let Shares { x, y } = focus.into();
    Ok(FocalPoint { x, y })
}

#[derive(Args)]
pub struct Recipe {
    /// A recipe to check; it is printed with every default spelled out
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
pub struct Account {
    #[command(subcommand)]
    pub command: AccountCommand,
}

/// The command asks for passwords, or reads them from standard input, a line each.
#[derive(Subcommand)]
pub enum AccountCommand {
    /// Change the password; every other sign-in ends
    Password,
    /// Erase the account and everything in it, for good
    Delete,
}

#[derive(Args)]
pub struct Upload {
    /// Photos, and folders of photos
    #[arg(required = true, value_name = "PHOTO")]
    pub photos: Vec<PathBuf>,
    /// Put the photos into this album of yours: its title or id
    #[arg(long, value_name = "ALBUM")]
    pub album: Option<String>,
    /// Wait until each is ready, rejected or failed
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
    /// Ids that `upload` or `ls` printed
    #[arg(required = true, value_name = "ID")]
    pub ids: Vec<String>,
}

#[derive(Args)]
pub struct Get {
    /// Ids that `upload` or `ls` printed
    #[arg(required = true, value_name = "ID")]
    pub ids: Vec<String>,
    /// Which variant
    #[arg(long, value_name = "NAME", default_value = "large")]
    pub size: String,
    /// In this format; by default, in the one that every program reads
    #[arg(long, value_parser = ["jpeg", "png", "webp", "avif"])]
    pub format: Option<String>,
    /// A folder, or the file itself; - is standard output
    #[arg(short, long, value_name = "PATH", default_value = ".")]
    pub out: PathBuf,
    /// Overwrite a file that exists
    #[arg(long)]
    pub force: bool,
}

#[derive(Args)]
pub struct Open {
    /// An id that `upload` or `ls` printed
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
    /// List only images in this album of yours: its title or id
    #[arg(long)]
    pub album: Option<String>,
    /// List only images with this status
    #[arg(long)]
    pub status: Option<Status>,
    /// List this many at most
    #[arg(long, value_name = "NUMBER", default_value = "50")]
    pub limit: usize,
    /// List all of them
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
    /// Ids that `upload` or `ls` printed
    #[arg(required = true, value_name = "ID")]
    pub ids: Vec<String>,
    /// Do not ask first
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
    /// Make an album; prints its id
    Create {
        title: String,
        /// Who sees it
        #[arg(long, default_value = "private")]
        visibility: Visibility,
    },
    /// Put photos into an album; a photo lies in one album at most
    Add {
        album: String,
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
    /// Take photos out of an album; without photos, remove the album and keep its photos
    Rm {
        album: String,
        #[arg(value_name = "ID")]
        ids: Vec<String>,
    },
    /// Print a link that anyone can open; a private album becomes visible by link
    Share {
        album: String,
        /// Days that the link is valid
        #[arg(long, default_value = "7", value_parser = clap::value_parser!(u64).range(1..=30))]
        days: u64,
    },
    /// Revoke all links to an album
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
    /// Show the URL, and how deliveries fare
    Show,
    /// Set the URL; prints the secret that signs the events
    Set { url: String },
    /// Make a new secret, and print it; the one before stays valid for a day
    Rotate,
    /// Send a test event now
    Test,
    /// Remove the webhook
    Rm,
}
