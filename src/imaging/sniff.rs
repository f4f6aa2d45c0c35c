//! The format of the bytes, by their magic alone. A name or a declared type is only ever compared with it.

use crate::error::ImageError;
use crate::format::Format;

/// Bytes that [`sniff`] needs, fewer only if the file has fewer.
pub(crate) const SNIFF_BYTES: usize = 1024;

/// Signs of a page or a document near the start of a file. A browser may look for these despite the declared type, so a
/// file that is a picture *and* a page or a document is refused. XML alone is not on the list, because XMP is XML.
const OTHER_LIVES: &[&[u8]] = &[b"<!doctype", b"<html", b"<script", b"<svg", b"%pdf-"];

/// The format of a file that starts with these bytes.
pub(crate) fn sniff(head: &[u8]) -> Result<Format, ImageError> {
    let start = &head[..head.len().min(SNIFF_BYTES)];
    let format = match start {
        [0xFF, 0xD8, 0xFF, ..] => Format::Jpeg,
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Format::Png,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Format::WebP,
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Format::Gif,
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] if !is_raw(start) => Format::Tiff,
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Format::Bmp,
        [0xFF, 0x0A, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', b'\r', b'\n', 0x87, b'\n', ..] => Format::Jxl,
        [_, _, _, _, b'f', b't', b'y', b'p', brands @ ..] => iso_media(brands, start, cfg!(feature = "heic"))?,
        _ => return Err(ImageError::Unsupported(describe(start))),
    };
    let lower = start.to_ascii_lowercase();
    if OTHER_LIVES.iter().any(|life| lower.windows(life.len()).any(|window| window == *life)) {
        return Err(ImageError::Unsupported("it is a picture and a page or document at once"));
    }
    Ok(format)
}

/// HEIC and AVIF share a container with video: the brands tell.
fn iso_media(brands: &[u8], start: &[u8], reads_heic: bool) -> Result<Format, ImageError> {
    let box_end = u32::from_be_bytes([start[0], start[1], start[2], start[3]]) as usize;
    let brands = &brands[..brands.len().min(box_end.saturating_sub(8))];
    let has = |names: &[&[u8; 4]]| brands.chunks_exact(4).any(|brand| names.iter().any(|name| brand == *name));
    if has(&[b"avif", b"avis"]) {
        Err(ImageError::Avif)
    } else if has(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"]) {
        if reads_heic { Ok(Format::Heic) } else { Err(ImageError::Heic) }
    } else {
        Err(ImageError::Unsupported("it is a video"))
    }
}

/// A word for the kind of a refused file, which the client reads.
fn describe(start: &[u8]) -> &'static str {
    match start {
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => "it is a raw photo",
        [b'I', b'I', 43, 0, ..] | [b'M', b'M', 0, 43, ..] => "it is a BigTIFF",
        [b'%', b'P', b'D', b'F', ..] => "it is a PDF",
        [b'P', b'K', 3 | 5, ..] => "it is an archive or an office document",
        [0x1A, 0x45, 0xDF, 0xA3, ..] => "it is a video",
        [0, 0, 0, 12, b'j', b'P', b' ', b' ', ..] => "it is a JPEG 2000",
        [b'8', b'B', b'P', b'S', ..] => "it is a Photoshop file",
        [0x7F, b'E', b'L', b'F', ..] | [b'M', b'Z', ..] => "it is a program",
        _ if start.trim_ascii_start().first() == Some(&b'<') => "it is a page or a drawing in XML",
        _ if is_text(start) => "it is text",
        _ => "it is not a picture",
    }
}

/// Raw photos of cameras look like TIFF, with a small preview as the first page, which must not become the variant.
fn is_raw(start: &[u8]) -> bool {
    let makers: [&[u8]; 6] = [b"CR\x02", b"NIKON", b"SONY", b"PENTAX", b"SAMSUNG", b"\x12\xC6\x01\0"];
    makers.iter().any(|maker| start.windows(maker.len()).any(|window| window == *maker))
}

/// UTF-8 without control characters; a character may be cut at the end of the range.
fn is_text(start: &[u8]) -> bool {
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&start[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => "",
    };
    !text.is_empty() && !text.chars().any(|letter| letter.is_control() && !letter.is_ascii_whitespace())
}

/// Content types that say nothing about the content: tools send them when they do not know.
const UNDECLARED: &[&str] = &["", "application/octet-stream", "binary/octet-stream"];

/// Compares the declared type of an upload with its format.
pub(crate) fn check_declared(declared: Option<&str>, found: Format) -> Result<(), ImageError> {
    let declared = declared.unwrap_or("").split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    let alias = match declared.as_str() {
        "image/jpg" | "image/pjpeg" => "image/jpeg",
        "image/x-ms-bmp" | "image/x-bmp" => "image/bmp",
        "image/tif" => "image/tiff",
        "image/heif" => "image/heic",
        other => other,
    };
    let same = alias == found.content_type();
    if same || UNDECLARED.contains(&declared.as_str()) {
        return Ok(());
    }
    let declared = declared.chars().filter(char::is_ascii_graphic).take(64).collect();
    Err(ImageError::TypeMismatch { declared, found })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unsupported(head: &[u8]) -> &'static str {
        match sniff(head) {
            Err(ImageError::Unsupported(what)) => what,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn r20_magic_decides() {
        assert_eq!(sniff(b"\xFF\xD8\xFF\xE0\0\x10JFIF"), Ok(Format::Jpeg));
        assert_eq!(sniff(b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR"), Ok(Format::Png));
        assert_eq!(sniff(b"\xFF\x0A\xF8\xB7"), Ok(Format::Jxl));
        assert_eq!(sniff(b"\0\0\0\x0CJXL \r\n\x87\n\0\0\0\x14ftypjxl "), Ok(Format::Jxl));
        assert_eq!(unsupported(b"\0\0\0\x0CJXL \n\n\x87\n"), "it is not a picture", "changed as if it were text");
        assert_eq!(unsupported(b"hello, I am a photo"), "it is text");
        assert_eq!(unsupported("grüße".as_bytes()), "it is text");
        assert_eq!(unsupported(b"  <svg xmlns='http://www.w3.org/2000/svg'/>"), "it is a page or a drawing in XML");
        assert_eq!(unsupported(b"<!DOCTYPE html>"), "it is a page or a drawing in XML");
        assert_eq!(unsupported(b"%PDF-1.7"), "it is a PDF");
        assert_eq!(unsupported(b"\x00\x01\x02\x03"), "it is not a picture");
        assert_eq!(unsupported(b"\x89PNG"), "it is not a picture", "a cut magic is not a magic");
    }

    #[test]
    fn r20_heic_is_read_or_refused_by_its_name_as_the_build_says() {
        for brands in [b"heic\0\0\0\0mif1heic", b"mif1\0\0\0\0mif1heic", b"hevc\0\0\0\0msf1hevc"] {
            let start = [b"\0\0\0\x18ftyp", brands.as_slice()].concat();
            assert_eq!(iso_media(brands, &start, true), Ok(Format::Heic));
            assert_eq!(iso_media(brands, &start, false), Err(ImageError::Heic));
            assert_eq!(sniff(&start), iso_media(brands, &start, cfg!(feature = "heic")));
        }
    }

    #[test]
    fn r20_avif_and_videos_get_their_own_names() {
        assert_eq!(sniff(b"\0\0\0\x1Cftypmif1\0\0\0\0avifmif1miaf"), Err(ImageError::Avif), "mif1 is only the wrapper");
        assert_eq!(sniff(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"), Err(ImageError::Unsupported("it is a video")));
    }

    #[test]
    fn r20_polyglots_are_refused() {
        assert_eq!(
            sniff(b"\xFF\xD8\xFF\xFE\x00\x20<Script>alert(1)</script>"),
            Err(ImageError::Unsupported("it is a picture and a page or document at once"))
        );
    }

    #[test]
    fn r20_declared_must_be_sniffed() {
        assert!(check_declared(Some("image/png"), Format::Png).is_ok());
        assert!(check_declared(Some("IMAGE/JPG; q=1"), Format::Jpeg).is_ok());
        assert!(check_declared(Some("image/heif"), Format::Heic).is_ok());
        assert!(check_declared(Some("binary/octet-stream"), Format::Png).is_ok());
        assert!(check_declared(None, Format::Png).is_ok());
        assert_eq!(
            check_declared(Some("image/png"), Format::Jpeg),
            Err(ImageError::TypeMismatch { declared: "image/png".into(), found: Format::Jpeg })
        );
    }
}
