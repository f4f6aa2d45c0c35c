//! The address of the API, and the folder where this machine keeps the sign-in.

use crate::error::Error;
use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The address of an API, without a slash at the end. Passwords go there: with plain http it must be this machine.
pub fn api(url: &str) -> Result<String, Error> {
    let url = url.trim().trim_end_matches('/');
    let safe = url.starts_with("https://") || (url.starts_with("http://") && is_local(url));
    let sound = url.parse::<ureq::http::Uri>().is_ok_and(|uri| uri.host().is_some() && uri.query().is_none());
    if safe && sound && !url.contains('@') {
        return Ok(url.into());
    }
    let hint = "hint: give a URL that starts with https:// (or http:// on this machine)";
    Err(Error::Usage(format!("{url:?} is not the address of an API\n{hint}")))
}

/// Does it lead back to this machine?
pub fn is_local(url: &str) -> bool {
    let host = url.parse::<ureq::http::Uri>().ok().and_then(|uri| uri.host().map(ToOwned::to_owned));
    host.is_some_and(|host| {
        let host = host.trim_matches(['[', ']']);
        host == "localhost"
            || host.ends_with(".localhost")
            || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
    })
}

/// `$XDG_STATE_HOME/darkroom`, or `~/.local/state/darkroom`.
pub fn state_folder() -> Result<PathBuf, Error> {
    folder(std::env::var_os("XDG_STATE_HOME"), std::env::home_dir())
        .ok_or_else(|| Error::Refused("there is no home folder\nhint: set XDG_STATE_HOME".into()))
}

fn folder(state: Option<OsString>, home: Option<PathBuf>) -> Option<PathBuf> {
    // The XDG specification: a path that is not absolute does not count.
    let state = state.map(PathBuf::from).filter(|path| path.is_absolute());
    Some(state.or_else(|| home.map(|home| home.join(".local/state")))?.join("darkroom"))
}

/// Writes a file that only its owner may read, whole or not at all.
pub fn write_private(path: &Path, content: &[u8]) -> Result<(), Error> {
    let failed = |why: io::Error| Error::file(path, &why);
    if let Some(folder) = path.parent() {
        private_folder(folder).map_err(failed)?;
    }
    let new = path.with_extension(format!("new-{}", std::process::id()));
    let written = private(OpenOptions::new().write(true).create(true).truncate(true))
        .open(&new)
        .and_then(|mut file| file.write_all(content))
        .and_then(|()| fs::rename(&new, path));
    written.inspect_err(|_| drop(fs::remove_file(&new))).map_err(failed)
}

/// Appends a line to such a file.
pub fn append_private(path: &Path, line: &str) -> Result<(), Error> {
    let failed = |why: io::Error| Error::file(path, &why);
    if let Some(folder) = path.parent() {
        private_folder(folder).map_err(failed)?;
    }
    let mut file = private(OpenOptions::new().append(true).create(true)).open(path).map_err(failed)?;
    // One write: lines of two processes do not mix.
    file.write_all(format!("{line}\n").as_bytes()).map_err(failed)
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_https_or_this_machine() {
        assert_eq!(api("https://x.example/prod/").unwrap(), "https://x.example/prod");
        for local in ["http://127.0.0.1:4566/a", "http://localhost", "http://[::1]:80/x", "http://api.localhost:1"] {
            assert!(api(local).is_ok(), "{local}");
        }
        for wrong in [
            "",
            "x.example",
            "ftp://x",
            "http://x.example",
            "http://127.0.0.1.example",
            "https://",
            "file:///x",
            "https://me:secret@x.example",
            "http://localhost@x.example",
        ] {
            assert!(matches!(api(wrong), Err(Error::Usage(_))), "{wrong}");
        }
    }

    #[test]
    fn the_state_folder_is_where_xdg_says() {
        let home = Some(PathBuf::from("/home/ada"));
        assert_eq!(folder(Some("/state".into()), home.clone()).unwrap(), Path::new("/state/darkroom"));
        assert_eq!(folder(Some("relative".into()), home).unwrap(), Path::new("/home/ada/.local/state/darkroom"));
        assert_eq!(folder(None, None), None);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_private_is_0600() {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::env::temp_dir().join(format!("darkroom-cli-{}", std::process::id()));
        let path = folder.join("deep/session.json");
        fs::create_dir_all(&folder).unwrap();
        for content in ["one", "two"] {
            write_private(&path, content.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
        }
        append_private(&path, "!").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two!\n");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(folder.join("deep")).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(fs::read_dir(folder.join("deep")).unwrap().count(), 1, "no file is left half-written");
        fs::remove_dir_all(folder).unwrap();
    }
}
