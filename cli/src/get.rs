//! `darkroom show`, `get`, `open`: an image's facts, its files, its link.

use crate::client::Client;
use crate::each::each;
use crate::error::Error;
use crate::image::{self, Image, Variant};
use crate::{args, http, text};
use serde_json::{Value, json};
use std::io::{IsTerminal, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Status, facts and variants.
pub fn show(wanted: &args::Show, api: Option<&str>, as_json: bool) -> Result<(), Error> {
    let client = Client::signed_in(api)?;
    each(&wanted.ids, as_json, |image_id| {
        let answer = client.get(&image::path(image_id)?)?;
        if as_json {
            println!("{}", answer.json::<Value>()?);
            return Ok(());
        }
        let image: Image = answer.json()?;
        let name = image.filename.as_deref().unwrap_or_default();
        println!("{image_id}  {}  {}  {}", text::plain(image.day()), text::plain(name), image.summary());
        let alternatives = image.sources.iter().flat_map(|source| &source.variants);
        for (size, Variant { width, height, bytes, content_type, .. }) in image.variants.iter().chain(alternatives) {
            let pixels = format!("{width} × {height}");
            println!("  {size:<12} {pixels:<12} {:>8}  {}", text::bytes(*bytes), text::plain(content_type));
        }
        Ok(())
    })
}

/// One variant of each image as a file.
pub fn get(wanted: &args::Get, api: Option<&str>, as_json: bool) -> Result<(), Error> {
    let client = Client::signed_in(api)?;
    let to_stdout = wanted.out == Path::new("-");
    let mut files = Vec::new();
    let done = each(&wanted.ids, as_json, |image_id| {
        let image = ready(&client, image_id, wanted.format.as_deref())?;
        let variant = variant(&image, &wanted.size)?;
        let content = http::download(client.agent(), &variant.url, variant.bytes)?;
        if to_stdout {
            return stdout().write_all(&content).map_err(|why| Error::Refused(format!("standard output: {why}")));
        }
        let path = destination(&wanted.out, &image, &wanted.size, variant);
        write(&path, &content, wanted.force)?;
        if as_json {
            files.push(json!({ "image_id": image_id, "size": wanted.size, "path": path, "bytes": variant.bytes }));
        } else {
            println!("{}", text::plain(&path.display().to_string()));
        }
        Ok(())
    });
    // With `-o -`, standard output holds the picture and nothing else.
    if as_json && !to_stdout {
        println!("{}", json!({ "files": files }));
    }
    done
}

/// Opens the link in a browser, or prints it if standard output is not a terminal or no browser opens.
pub fn open(wanted: &args::Open, api: Option<&str>, as_json: bool) -> Result<(), Error> {
    let client = Client::signed_in(api)?;
    let image = ready(&client, &wanted.id, None)?;
    let url = &variant(&image, &wanted.size)?.url;
    if as_json {
        println!("{}", json!({ "url": url }));
    } else if wanted.print || !stdout().is_terminal() || !browse(url) {
        println!("{}", text::plain(url));
    }
    Ok(())
}

/// The longest name that file systems take, less the ending that `write` adds until the file is whole.
const NAME_BYTES: usize = 255 - PART.len();
const PART: &str = ".part";

fn browse(url: &str) -> bool {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let mut command = Command::new(opener);
    command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn ready(client: &Client, image_id: &str, format: Option<&str>) -> Result<Image, Error> {
    let format = format.map(|format| format!("?format={format}")).unwrap_or_default();
    let image: Image = client.get(&(image::path(image_id)? + &format))?.json()?;
    if image.status == "ready" { Ok(image) } else { Err(Error::Refused(format!("{image_id} is {}", image.summary()))) }
}

fn variant<'a>(image: &'a Image, size: &str) -> Result<&'a Variant, Error> {
    image.variants.get(size).ok_or_else(|| {
        let sizes: Vec<_> = image.variants.keys().map(String::as_str).collect();
        Error::Usage(format!("the image has no size {size:?}\nhint: its sizes are {}", sizes.join(", ")))
    })
}

/// In an existing folder, a file named after the photo; otherwise the path as it stands.
fn destination(out: &Path, image: &Image, size: &str, variant: &Variant) -> PathBuf {
    if !out.is_dir() {
        return out.into();
    }
    let ending = match variant.content_type.as_str() {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/webp" => "webp",
        "image/avif" => "avif",
        _ => "bin",
    };
    // The name came with the upload: nothing in it may lead out of the folder, or hide the file.
    let name = image.filename.as_deref().map(|name| text::plain(name).replace(['/', '\\'], "_")).unwrap_or_default();
    let stem = Path::new(&name).file_stem().map(|stem| stem.to_string_lossy().trim_start_matches('.').to_owned());
    let stem = stem.filter(|stem| !stem.is_empty()).unwrap_or_else(|| image.id.clone());
    let end = format!("-{size}.{ending}");
    out.join(shortened(&stem, NAME_BYTES - end.len()) + &end)
}

/// As many whole characters as fit: file systems count bytes.
fn shortened(name: &str, most: usize) -> String {
    let fits = name.char_indices().map(|(at, letter)| at + letter.len_utf8()).take_while(|end| *end <= most);
    name[..fits.last().unwrap_or_default()].to_owned()
}

/// Writes the whole file or nothing, and overwrites an existing file only if `force` says so.
fn write(path: &Path, content: &[u8], force: bool) -> Result<(), Error> {
    if !force && path.exists() {
        return Err(Error::Refused(format!("{} exists already\nhint: --force overwrites it", path.display())));
    }
    let mut part = path.as_os_str().to_owned();
    part.push(PART);
    let part = PathBuf::from(part);
    std::fs::write(&part, content)
        .and_then(|()| std::fs::rename(&part, path))
        .inspect_err(|_| drop(std::fs::remove_file(&part)))
        .map_err(|why| Error::file(path, &why))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(filename: Option<&str>) -> Image {
        let variant = json!({ "url": "https://x", "width": 1, "height": 1, "bytes": 1, "content_type": "image/jpeg" });
        let json =
            json!({ "image_id": "id-1", "status": "ready", "filename": filename, "variants": { "small": variant } });
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn a_strangers_name_stays_in_its_folder() {
        let folder = std::env::temp_dir();
        for (filename, file) in [
            (Some("Sunset.jpg"), "Sunset-small.jpg"),
            (Some("../../etc/passwd"), "_.-small.jpg"),
            (Some(".bashrc"), "bashrc-small.jpg"),
            (Some(".."), "id-1-small.jpg"),
            (None, "id-1-small.jpg"),
        ] {
            let image = image(filename);
            let path = destination(&folder, &image, "small", &image.variants["small"]);
            assert_eq!(path, folder.join(file), "{filename:?}");
        }
        let image = image(Some(&format!("{}.jpg", "ü".repeat(250))));
        let name = destination(&folder, &image, "small", &image.variants["small"]);
        let name = name.file_name().unwrap().to_str().unwrap();
        assert!((248..=250).contains(&name.len()) && name.ends_with("ü-small.jpg"), "{name}");

        let image = self::image(None);
        assert_eq!(
            destination(Path::new("no/x.jpg"), &image, "small", &image.variants["small"]),
            Path::new("no/x.jpg")
        );
    }

    #[test]
    fn a_size_that_is_not_there_names_those_that_are() {
        let Err(Error::Usage(why)) = variant(&image(None), "huge").map(|_| ()) else { panic!("no such size") };
        assert_eq!(why, "the image has no size \"huge\"\nhint: its sizes are small");
    }
}
