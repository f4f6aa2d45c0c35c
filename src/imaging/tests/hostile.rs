//! R22: whatever is uploaded ends in a named error or a right picture, within a ceiling of memory and time.
//!
//! One test in this file on purpose: it counts what the whole process allocates.

#[path = "hostile/bombs.rs"]
mod bombs;
#[path = "hostile/case.rs"]
mod case;
mod common;

use std::time::{Duration, Instant};

use case::{Case, Expect};
use common::{cells, difference, fixture, folder, limits, one};
use darkroom_imaging::{Format, ImageError, Inspection, develop, inspect};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// A header alone never takes more than this, whatever it claims.
const HEADER_CEILING: usize = 8 << 20;
/// A decode never takes more than this and the pixels that its header honestly has, four bytes each, twice.
const DECODE_CEILING: usize = 72 << 20;
/// The decoder of JPEG XL sets aside what a part claims to have, 2^30 bytes at most, before it finds them missing
/// (docs/adr/0018-jpeg-xl.md).
const JXL_CEILING: usize = 1100 << 20;
/// On a busy machine, unoptimised tests included. A worker has longer.
const TIME_CEILING: Duration = Duration::from_secs(20);

#[test]
fn r22_hostile_files_end_in_a_named_error_or_a_right_picture() {
    let mut cases = bombs::all();
    cases.extend(cuts());
    cases.extend(flips());
    assert!(cases.len() >= 200, "{} cases", cases.len());
    // A decoder's panic is expected and caught; its words are not wanted here.
    std::panic::set_hook(Box::new(|_| {}));
    let wrong: Vec<String> =
        cases.iter().filter_map(|case| judge(case).err().map(|why| format!("{}: {why}", case.name))).collect();
    let _ = std::panic::take_hook();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

fn judge(case: &Case) -> Result<(), String> {
    let total = case.bytes.len() as u64;
    let head = &case.bytes[..case.bytes.len().min(128 * 1024)];
    let (looked, memory, time) = measure(|| inspect(head, total, None, &limits()));
    if memory > HEADER_CEILING || time > TIME_CEILING {
        return Err(format!("its header took {} KB and {time:?}", memory >> 10));
    }
    let (made, memory, time) = measure(|| develop(&case.bytes, &one(160), &limits()));
    let area = match &looked {
        Ok(Inspection::Header(header)) => header.width as usize * header.height as usize,
        _ => 0,
    };
    let is_jxl = matches!(&looked, Ok(Inspection::Header(header)) if header.format == Format::Jxl);
    let ceiling = if is_jxl { JXL_CEILING } else { DECODE_CEILING };
    if memory > ceiling + area * 8 || time > TIME_CEILING {
        return Err(format!("it took {} MB and {time:?}", memory >> 20));
    }
    match (&looked, &made) {
        (Err(header), Err(whole)) if variant(header) != variant(whole) => {
            return Err(format!("the header says {header:?}, the whole {whole:?}"));
        }
        (Err(header), Ok(_)) => return Err(format!("refused by its header ({header:?}) and developed all the same")),
        _ => {}
    }
    match (case.expect, made) {
        (Expect::Error(name), Err(error)) if variant(&error) == name => Ok(()),
        (Expect::AnyError | Expect::Any, Err(_)) | (Expect::Picture | Expect::Any, Ok(_)) if case.whole.is_none() => {
            Ok(())
        }
        (Expect::Any, Err(_)) => Ok(()),
        (Expect::Any, Ok(made)) => {
            let whole = case.whole.as_ref().expect("a cut file was whole");
            let picture = &made.pictures[0];
            let same_size = (whole.width(), whole.height()) == (picture.width(), picture.height());
            let right = same_size && difference(whole, picture) < 1.0;
            if right { Ok(()) } else { Err(format!("a wrong picture: {picture:?}")) }
        }
        (expected, Ok(made)) => Err(format!("{expected:?} expected, but it became {:?}", made.pictures)),
        (expected, Err(error)) => Err(format!("{expected:?} expected, but {error:?}")),
    }
}

/// The name of an error's variant.
fn variant(error: &ImageError) -> String {
    format!("{error:?}").split(['(', ' ']).next().unwrap_or_default().to_owned()
}

fn measure<T>(work: impl FnOnce() -> T) -> (T, usize, Duration) {
    MEMORY.reset_peak_usage();
    let (before, start) = (MEMORY.current_usage(), Instant::now());
    let value = work();
    (value, MEMORY.peak_usage().saturating_sub(before), start.elapsed())
}

/// Every small picture among the fixtures, and every format in all its ways.
fn pictures() -> Vec<(String, Vec<u8>)> {
    let mut names: Vec<String> = std::fs::read_dir(folder().join("images"))
        .expect("fixtures")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| {
            ["jpg", "png", "webp", "gif", "bmp", "tiff", "heic", "jxl"]
                .iter()
                .any(|ending| name.ends_with(&format!(".{ending}")))
        })
        .filter(|name| {
            !["text.jpg", "dandelion.jpg", "header-only.heic", "animated.jxl"].contains(&name.as_str())
                && !name.starts_with("truncated")
        })
        .collect();
    names.sort();
    let odd = cells().into_iter().filter(|cell| !cell.outcome.starts_with("refused")).map(|cell| cell.name);
    let odd =
        odd.map(|name| std::fs::read(folder().join("formats").join(&name)).map(|bytes| (name, bytes)).expect("a cell"));
    names
        .into_iter()
        .map(|name| {
            let bytes = fixture(&name);
            (name, bytes)
        })
        .chain(odd)
        .collect()
}

/// Files that end early. Where nothing of the picture is lost (a missing end marker), it must be the right picture.
fn cuts() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, bytes) in pictures() {
        let whole = develop(&bytes, &one(160), &limits()).expect("a fixture is a picture").pictures.remove(0);
        let length = bytes.len();
        let mut ends =
            vec![1, 2, 3, 8, 12, 24, 33, 60, length / 8, length / 4, length / 2, length * 3 / 4, length * 7 / 8];
        ends.extend([1, 2, 3, 12, 13, 40].map(|from_end| length.saturating_sub(from_end)));
        ends.retain(|end| *end > 0 && *end < length);
        ends.sort_unstable();
        ends.dedup();
        cases.extend(ends.into_iter().map(|end| Case {
            name: format!("{name} cut to {end} of {length}"),
            bytes: bytes[..end].to_vec(),
            expect: Expect::Any,
            whole: Some(whole.clone()),
        }));
    }
    cases
}

/// Files with a few wrong bytes: at the front, where the structure is, and anywhere.
fn flips() -> Vec<Case> {
    let mut cases = Vec::new();
    for (index, (name, bytes)) in (0_u64..).zip(pictures()) {
        for round in 0..8_u64 {
            let dice = bombs::noise(index * 100 + round, 24);
            let reach = if round < 5 { bytes.len().min(200) } else { bytes.len() };
            let mut damaged = bytes.clone();
            for throw in dice.chunks_exact(8).take(1 + (round % 3) as usize) {
                let at = usize::from_le_bytes(throw.try_into().expect("eight")) % reach;
                damaged[at] ^= 1 << (throw[0] & 7);
            }
            cases.push(Case {
                name: format!("{name} damaged {round}"),
                bytes: damaged,
                expect: Expect::Any,
                whole: None,
            });
        }
    }
    cases
}
