//! The few safe facts of EXIF. A picture with a damaged EXIF block is not refused, and GPS is never read.

use exif::{In, Tag, Value};

/// EXIF of more bytes than this is not read. JPEG cannot hold more than 64 KiB anyway.
const LARGEST: usize = 1 << 20;

/// The facts of EXIF that are kept.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) orientation: Option<u8>,
    pub(super) camera: Option<String>,
    pub(super) taken_at: Option<String>,
}

/// Reads a TIFF structure (`II*` or `MM*` first, without the `Exif\0\0` of JPEG).
pub(super) fn read(tiff: &[u8]) -> Facts {
    if tiff.len() > LARGEST {
        return Facts::default();
    }
    let parsed = exif::Reader::new().continue_on_error(true).read_raw(tiff.to_vec());
    let fields = match parsed {
        Ok(fields) => fields,
        Err(exif::Error::PartialResult(partial)) => partial.into_inner().0,
        Err(_) => return Facts::default(),
    };
    let text = |tag| fields.get_field(tag, In::PRIMARY).and_then(|field| ascii(&field.value));
    Facts {
        orientation: fields
            .get_field(Tag::Orientation, In::PRIMARY)
            .and_then(|field| field.value.get_uint(0))
            .and_then(|value| u8::try_from(value).ok())
            .filter(|value| (1..=8).contains(value)),
        camera: camera(text(Tag::Make), text(Tag::Model)),
        taken_at: text(Tag::DateTimeOriginal).and_then(|stamp| taken_at(&stamp, text(Tag::OffsetTimeOriginal))),
    }
}

/// Printable text of bounded length: it goes into records and pages.
fn ascii(value: &Value) -> Option<String> {
    let Value::Ascii(parts) = value else { return None };
    let printable = parts.first()?.iter().filter(|byte| matches!(byte, 0x20..=0x7E)).take(64);
    let text: String = printable.map(|byte| char::from(*byte)).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Maker and model, without the maker twice: most models repeat it ("Canon" "Canon EOS R6").
fn camera(make: Option<String>, model: Option<String>) -> Option<String> {
    match (make, model) {
        (Some(make), Some(model)) => {
            let first = make.split(' ').next().unwrap_or_default().to_ascii_lowercase();
            let repeated = model.to_ascii_lowercase().starts_with(&first);
            Some(if repeated { model } else { format!("{make} {model}") })
        }
        (make, model) => model.or(make),
    }
}

/// `2024:06:30 18:05:01` becomes `2024-06-30T18:05:01`; any other form is ignored.
fn taken_at(stamp: &str, offset: Option<String>) -> Option<String> {
    let shape_holds = |text: &str, shape: &[u8]| {
        text.len() == shape.len()
            && text
                .bytes()
                .zip(shape)
                .all(|(byte, want)| if *want == b'0' { byte.is_ascii_digit() } else { byte == *want })
    };
    if !shape_holds(stamp, b"0000:00:00 00:00:00") || stamp.starts_with("0000") {
        return None;
    }
    let (date, time) = stamp.split_once(' ')?;
    let offset = offset.filter(|text| shape_holds(text, b"+00:00") || shape_holds(text, b"-00:00")).unwrap_or_default();
    Some(format!("{}T{time}{offset}", date.replace(':', "-")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_exif_is_no_exif() {
        assert_eq!(read(b""), Facts::default());
        assert_eq!(read(b"II*\0\xFF\xFF\xFF\xFF"), Facts::default());
        assert_eq!(read(&[0x49; 64]), Facts::default());
    }

    #[test]
    fn the_maker_is_said_once() {
        let camera = |make: &str, model: &str| camera(Some(make.into()), Some(model.into())).unwrap();
        assert_eq!(camera("Canon", "Canon EOS R6"), "Canon EOS R6");
        assert_eq!(camera("NIKON CORPORATION", "NIKON Z 6"), "NIKON Z 6");
        assert_eq!(camera("Google", "Pixel 8"), "Google Pixel 8");
    }

    #[test]
    fn times_are_times() {
        assert_eq!(taken_at("2024:06:30 18:05:01", None).as_deref(), Some("2024-06-30T18:05:01"));
        assert_eq!(
            taken_at("2024:06:30 18:05:01", Some("+02:00".into())).as_deref(),
            Some("2024-06-30T18:05:01+02:00")
        );
        assert_eq!(taken_at("2024:06:30 18:05:01", Some("<b>".into())).as_deref(), Some("2024-06-30T18:05:01"));
        assert_eq!(taken_at("0000:00:00 00:00:00", None), None);
        assert_eq!(taken_at("yesterday", None), None);
    }
}
