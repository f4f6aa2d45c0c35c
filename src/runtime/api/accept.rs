//! Chooses among formats by the client's `Accept` (RFC 9110, section 12.5.1).

use super::Request;

impl Request {
    /// The place of the media type that the client takes most gladly; `None` if it takes none of them. The types are
    /// in the order of preference among those that the client names. A type that only a wildcard allows comes behind
    /// them, and of several such types the last is the safest: `*/*` is also what a program says that has never heard
    /// of AVIF.
    pub fn preferred(&self, types: &[&str]) -> Option<usize> {
        preferred(&self.list("accept"), types)
    }
}

/// How well a range of types fits: by its weight in thousandths, then by whether it names the type.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    weight: u16,
    is_named: bool,
}

fn preferred(accept: &str, types: &[&str]) -> Option<usize> {
    if accept.trim().is_empty() {
        return types.len().checked_sub(1);
    }
    let ranges: Vec<_> = accept.split(',').filter_map(range).collect();
    let fits = types.iter().map(|media_type| fit(&ranges, media_type)).enumerate();
    let taken = fits.filter(|(_, fit)| fit.weight > 0);
    taken.max_by_key(|(at, fit)| (*fit, if fit.is_named { types.len() - at } else { *at })).map(|(at, _)| at)
}

/// The most specific range that the type is in decides, whatever its weight.
fn fit(ranges: &[(&str, u16)], media_type: &str) -> Fit {
    let kind = media_type.split('/').next().unwrap_or_default();
    let specificity = |range: &str| match range.split_once('/') {
        Some(("*", "*")) => Some(1),
        Some((of, "*")) if of.eq_ignore_ascii_case(kind) => Some(2),
        _ if range.eq_ignore_ascii_case(media_type) => Some(3),
        _ => None,
    };
    let found = ranges.iter().filter_map(|(range, weight)| Some((specificity(range)?, *weight))).max();
    found.map_or(Fit { weight: 0, is_named: false }, |(specificity, weight)| Fit { weight, is_named: specificity == 3 })
}

/// A range and its weight; `None` for what is not one. Other parameters mean nothing for pictures.
fn range(text: &str) -> Option<(&str, u16)> {
    let mut parts = text.split(';').map(str::trim);
    let range = parts.next().filter(|range| range.contains('/'))?;
    let weight = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
    Some((range, weight.map_or(Some(1000), thousandths)?))
}

/// `0.8` is 800. At most three digits follow the dot.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    if !matches!(whole, "0" | "1") || rest.len() > 3 || !rest.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let weight = format!("{whole}{rest:0<3}").parse().ok()?;
    (weight <= 1000).then_some(weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPES: [&str; 3] = ["image/avif", "image/webp", "image/jpeg"];

    fn chosen(accept: &str) -> Option<&'static str> {
        preferred(accept, &TYPES).map(|at| TYPES[at].strip_prefix("image/").unwrap())
    }

    #[test]
    fn browsers_get_what_they_name_and_others_what_everybody_reads() {
        for (accept, format) in [
            // Chrome, Firefox and Safari, for pictures.
            ("image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", "avif"),
            ("image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", "avif"),
            ("image/webp,image/avif,image/jxl,image/heic,video/*;q=0.8,image/png,image/*;q=0.8,*/*;q=0.5", "avif"),
            // Older ones.
            ("image/webp,image/*,*/*;q=0.8", "webp"),
            ("image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5", "jpeg"),
            // curl, fetch, and programs that say nothing.
            ("*/*", "jpeg"),
            ("", "jpeg"),
            (" ", "jpeg"),
        ] {
            assert_eq!(chosen(accept), Some(format), "{accept}");
        }
    }

    #[test]
    fn weights_count_before_names_and_names_before_wildcards() {
        for (accept, format) in [
            ("image/avif;q=0.5, image/webp;q=0.9, image/jpeg;q=0.7", Some("webp")),
            ("image/avif;q=0.5,*/*", Some("jpeg")),
            ("image/webp;q=0.9,image/*", Some("jpeg")),
            ("image/webp,image/*", Some("webp")),
            ("image/*;q=0.5,image/jpeg;q=0", Some("webp")),
            ("*/*;q=0.9,image/*;q=0.1,image/avif;q=0.2", Some("avif")),
            ("image/jpeg;q=0,image/webp;q=0,image/avif;q=0.001", Some("avif")),
            ("IMAGE/WebP ; Q=1.000 , image/jpeg;q=0.999", Some("webp")),
            ("image/webp;level=2;q=0.3,image/jpeg;q=0.2", Some("webp")),
            ("*/*;q=0", None),
            ("application/json", None),
            ("image/gif", None),
        ] {
            assert_eq!(chosen(accept), format, "{accept}");
        }
    }

    #[test]
    fn nonsense_is_passed_over() {
        for accept in
            ["image/avif;q=2", "image/avif;q=-1", "image/avif;q=0.1234", "image/avif;q=1.001", "image/avif;q="]
        {
            assert_eq!(chosen(&format!("{accept},image/webp;q=0.1")), Some("webp"), "{accept}");
        }
        for accept in ["avif", ",,;", "*", "text/html;q=1,é"] {
            assert_eq!(chosen(accept), None, "{accept}");
        }
        assert_eq!(preferred("*/*", &[]), None);
    }
}
