//! Thousands of damaged files: no panic, no long wait, and no memory beyond what was announced.

mod common;

use std::fmt::Write;
use std::time::{Duration, Instant};

use common::all;
use scaledown_jpeg::{Decoder, Error, Limit, Limits, Scale};

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % limit.max(1)
    }
}

fn mutate(data: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    for _ in 0..=random.below(4) {
        // Half of the damage is done to the first kilobyte, where the structure is.
        let reach = if random.below(2) == 0 { data.len().min(1000) } else { data.len() };
        let at = random.below(reach);
        match random.below(7) {
            0 => data[at] ^= 1 << random.below(8),
            1 => data[at] = random.below(256) as u8,
            2 => data[at] = [0, 0xFF, 0xD9, 0xD0, 0xDA, 0x7F][random.below(6)],
            3 => data.truncate(at.max(1)),
            4 => {
                let end = (at + random.below(40)).min(data.len());
                data.drain(at..end);
            }
            5 => {
                let end = (at + random.below(200)).min(data.len());
                let copy = data[at..end].to_vec();
                let to = random.below(data.len());
                data.splice(to..to, copy);
            }
            _ => {
                let from = random.below(other.len());
                let copy = &other[from..(from + random.below(300)).min(other.len())];
                data.splice(at..at, copy.iter().copied());
            }
        }
        if data.is_empty() {
            data.push(0xFF);
        }
    }
}

#[test]
fn damaged_files_do_no_harm() {
    let files: Vec<_> = all().into_iter().filter(|(_, data)| data.len() < 16_000).collect();
    let limits = Limits { max_pixels: 4_000_000, max_memory: 8 << 20, max_scans: 30, max_block_visits: 400_000 };
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let (mut decoded, mut refused, mut slowest) = (0, 0, Duration::ZERO);
    for round in 0..12_000 {
        let mut data = files[round % files.len()].1.clone();
        mutate(&mut data, &files[random.below(files.len())].1, &mut random);
        let start = Instant::now();
        let result = Decoder::with_limits(&data, limits).and_then(|decoder| {
            let scale = Scale::eighths(round as u8 % 8 + 1).with_chroma(random.below(8) as u8 + 1);
            decoder.scale(scale).decode()
        });
        slowest = slowest.max(start.elapsed());
        match result {
            Ok(picture) => {
                let rows: usize = picture.planes.iter().map(|plane| plane.rows().len()).sum();
                assert!(rows > 0);
                decoded += 1;
            }
            Err(_) => refused += 1,
        }
    }
    eprintln!("{decoded} decoded, {refused} refused, slowest {slowest:?}");
    assert!(decoded > 500 && refused > 4000, "{decoded} decoded, {refused} refused: the damage is of the wrong kind");
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
}

/// A small file that claims to be large and repeats cheap scans.
fn many_scans(size: u16, scans: usize) -> Vec<u8> {
    let [high, low] = size.to_be_bytes();
    let mut file = vec![0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0];
    file.extend([1; 64]);
    file.extend([0xFF, 0xC2, 0, 11, 8, high, low, high, low, 1, 1, 0x11, 0]);
    // DC: one code for "no difference". AC: one code for "the end of 2^14 blocks and as many as 14 more bits say".
    for (class, symbol) in [(0x00, 0), (0x10, 0xE0)] {
        file.extend([0xFF, 0xC4, 0, 20, class, 1]);
        file.extend([0; 15]);
        file.push(symbol);
    }
    let blocks = usize::from(size).div_ceil(8).pow(2);
    let scan = |band: [u8; 3], data: &[u8]| [&[0xFF, 0xDA, 0, 8, 1, 1, 0][..], &band, data].concat();
    file.extend(scan([0, 0, 0], &vec![0; blocks.div_ceil(8)]));
    // Every AC scan ends all blocks with a few bytes: 1 bit of code, 14 bits of count.
    let mut bits = String::new();
    let mut left = blocks;
    while left > 0 {
        let run = left.min((1 << 15) - 1);
        assert!(run >= 1 << 14, "choose a size that is made of long runs");
        write!(bits, "0{:014b}", run - (1 << 14)).unwrap();
        left -= run;
    }
    while !bits.len().is_multiple_of(8) {
        bits.push('1');
    }
    let byte = |digits: &[u8]| digits.iter().fold(0, |byte, digit| byte << 1 | (digit - b'0'));
    let stuffed = |byte: u8| if byte == 0xFF { vec![0xFF, 0] } else { vec![byte] };
    let bytes: Vec<u8> = bits.as_bytes().chunks(8).flat_map(|digits| stuffed(byte(digits))).collect();
    for k in 0..scans {
        let k = (k % 63 + 1) as u8;
        file.extend(scan([k, k, 0], &bytes));
    }
    file.extend([0xFF, 0xD9]);
    file
}

#[test]
fn many_scans_end_soon() {
    // 64 scans over a million blocks in less than 150 KB.
    let data = many_scans(8000, 63);
    let start = Instant::now();
    let limits = Limits { max_scans: 100, ..Limits::default() };
    let picture = Decoder::with_limits(&data, limits).unwrap().scale(Scale::eighths(1)).decode();
    assert!(picture.is_ok(), "{:?}", picture.err());
    let all_of_it = start.elapsed();
    assert!(all_of_it < Duration::from_secs(5), "{all_of_it:?}");
    let few = Limits { max_scans: 30, ..Limits::default() };
    let result = Decoder::with_limits(&data, few).unwrap().scale(Scale::eighths(1)).decode();
    assert_eq!(result.unwrap_err(), Error::LimitExceeded(Limit::Scans));
    eprintln!("{} bytes, 64 scans over a million blocks: {all_of_it:?}", data.len());
}
