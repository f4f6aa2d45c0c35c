//! One block of a sequential scan: from bits to the coefficients that are wanted.

use crate::bits::Bits;
use crate::huffman::{Entry, Table};

/// Position in a block (row × 8 + column) of each coefficient in the order of the file.
pub(crate) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
    28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
    47, 55, 62, 63,
];

/// The place behind the block where unwanted coefficients go.
const NOWHERE: u8 = 64;

/// 64 coefficients by [`place`], and room for unwanted ones, so that the loop needs no check.
pub(crate) type Block = [i16; 128];

/// Quantisation steps by [`place`].
pub(crate) type Steps = [i16; 64];

/// Where a coefficient lies in a [`Block`]. Rows lie in pairs, two even or two odd ones, lane by lane: 0 with 2, 1
/// with 3, 4 with 6, 5 with 7. The inverse transform adds the products of such neighbours.
pub(crate) const fn place(row: usize, column: usize) -> usize {
    (row % 2 + row / 4 * 2) * 16 + column * 2 + row / 2 % 2
}

/// How many pairs of rows hold the `n` lowest rows.
pub(crate) const fn pairs(n: usize) -> usize {
    match n {
        1 => 1,
        2..=4 => 2,
        5 => 3,
        _ => 4,
    }
}

/// How many coefficients of a block are kept between scans: whole pairs of rows, as wide as wanted, and behind them one
/// place where all others go, so that no loop needs to ask.
pub(crate) const fn kept(n: usize) -> usize {
    pairs(n) * 2 * n + 1
}

/// Which coefficients an N/8 decode wants, and where they go.
pub(crate) struct Selection {
    /// By place in the order of the file. Behind the 64, where ends of blocks lie, nothing is wanted.
    pub places: [u8; 256],
    /// The last wanted coefficient, in the order of the file.
    pub last: usize,
}

impl Selection {
    /// The N × N coefficients of the lowest frequencies.
    pub fn corner(n: usize) -> Self {
        let mut wanted = Self { places: [NOWHERE; 256], last: 0 };
        for (k, &position) in ZIGZAG.iter().enumerate() {
            let (row, column) = (usize::from(position / 8), usize::from(position % 8));
            if row < n && column < n {
                wanted.places[k] = place(row, column) as u8;
                wanted.last = k;
            }
        }
        wanted
    }
}

/// The errors of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// No such code.
    Code,
    /// A run beyond the end of the block, or a symbol that means nothing.
    Run,
}

/// From this coefficient on, the next one may be the block's last; then what follows it is another block's.
const TWO_BEFORE: usize = 63 - 16;

/// Decodes one block into `block`, whose 64 coefficients must be zero. Returns the place in file order of the last
/// coefficient.
#[inline(always)]
pub(crate) fn sequential(
    reader: &mut Bits<'_>,
    dc: &Table,
    ac: &Table,
    wanted: &Selection,
    prediction: &mut i32,
    block: &mut Block,
) -> Result<usize, Fault> {
    let mut bits = *reader; // a copy lives in registers
    let result = read(&mut bits, dc, ac, wanted, prediction, block);
    *reader = bits;
    result
}

#[inline(always)]
fn read(
    bits: &mut Bits<'_>,
    dc: &Table,
    ac: &Table,
    wanted: &Selection,
    prediction: &mut i32,
    block: &mut Block,
) -> Result<usize, Fault> {
    bits.refill();
    let entry = dc.entry(bits);
    let difference = if entry.is_value() {
        bits.skip(entry.bits());
        i32::from(entry.value())
    } else {
        let size = dc.special(entry, bits).ok_or(Fault::Code)?;
        let value = bits.take_signed(u32::from(size));
        bits.refill();
        value
    };
    *prediction = prediction.wrapping_add(difference);
    block[0] = *prediction as i16;

    // The last coefficient read. What has been refilled is enough for five lookups in a row.
    let mut k = 0;
    let mut ahead = 4;
    while k < wanted.last {
        if ahead == 0 {
            bits.refill();
            ahead = 5;
        }
        ahead -= 1;
        let two = ac.two(bits);
        if two.are_values() && k < TWO_BEFORE {
            bits.skip(two.bits());
            k += two.first_step();
            block[usize::from(wanted.places[k & 255]) & 127] = two.first();
            k += two.second_step();
            block[usize::from(wanted.places[k & 255]) & 127] = two.second();
            continue;
        }
        let entry = ac.entry(bits);
        let value = if entry.is_value() {
            bits.skip(entry.bits());
            k += entry.run() + 1;
            entry.value()
        } else {
            bits.refill();
            ahead = 0;
            let symbol = ac.special(entry, bits).ok_or(Fault::Code)?;
            let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            if size == 0 && run == 0 {
                return Ok(k);
            }
            k += run + 1;
            if size == 0 && (run != 15 || k > 63) {
                return Err(Fault::Run);
            }
            bits.take_signed(size) as i16
        };
        block[usize::from(wanted.places[k & 255]) & 127] = value;
    }
    if k >= Entry::END {
        return Ok(k - Entry::END - 1);
    }
    pass_over(bits, ac, k + 1)?;
    Ok(k)
}

/// Reads on to the end of the block, from coefficient `k`, for the sake of the next block only.
#[inline(always)]
fn pass_over(bits: &mut Bits<'_>, ac: &Table, mut k: usize) -> Result<(), Fault> {
    'refilled: while k < 64 {
        bits.refill(); // enough for two strides, whose last values may reach beyond the lookup
        for _ in 0..2 {
            let stride = ac.stride(bits);
            // An end of block that is not this block's must be left alone: hence 63 with an end, 64 without.
            if stride.bits() == 0 || k + stride.passed() + usize::from(stride.ends()) > 64 {
                if k < 64 {
                    k += pass_one(bits, ac)?;
                }
                continue 'refilled;
            }
            bits.skip(stride.bits());
            k += stride.passed();
            if stride.ends() {
                return Ok(());
            }
        }
    }
    if k == 64 || k >= Entry::END { Ok(()) } else { Err(Fault::Run) }
}

/// Passes over one symbol; returns how many coefficients that are.
#[inline(always)]
fn pass_one(bits: &mut Bits<'_>, ac: &Table) -> Result<usize, Fault> {
    bits.refill();
    let symbol = ac.symbol(bits).ok_or(Fault::Code)?;
    bits.skip(u32::from(symbol & 15));
    match (symbol >> 4, symbol & 15) {
        (0, 0) => Ok(Entry::END),
        (1..15, 0) => Err(Fault::Run),
        (run, _) => Ok(usize::from(run) + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::huffman::Definition;

    /// Means of one bit; others: `0` is a coefficient of ±1, `10` the end, `110` a coefficient behind 15 zeros.
    fn read_all(bits: &str, blocks: usize) -> Vec<Result<(usize, i32), Fault>> {
        let mut data: Vec<u8> = bits
            .as_bytes()
            .chunks(8)
            .map(|eight| eight.iter().enumerate().fold(0, |byte, (at, bit)| byte | (bit & 1) << (7 - at)))
            .collect();
        data.extend([0; 8]);
        let table = |means: &[u8], counts: [u8; 3]| {
            let mut definition = Definition { counts: [0; 16], symbols: [0; 256] };
            definition.counts[..3].copy_from_slice(&counts);
            definition.symbols[..means.len()].copy_from_slice(means);
            definition
        };
        let dc = Table::new(&table(&[0], [1, 0, 0]), true).unwrap();
        let ac = Table::new(&table(&[0x01, 0x00, 0xF1], [1, 1, 1]), false).unwrap();
        let (wanted, mut reader, mut mean) = (Selection::corner(8), Bits::new(&data, 0), 0);
        (0..blocks)
            .map(|_| {
                let mut block = [0; 128];
                let last = sequential(&mut reader, &dc, &ac, &wanted, &mut mean, &mut block)?;
                Ok((last, block[..64].iter().map(|value| i32::from(*value)).sum()))
            })
            .collect()
    }

    #[test]
    fn of_two_coefficients_at_once_the_second_is_never_another_block_s() {
        let full = format!("0{}", "01".repeat(63));
        assert_eq!(read_all(&format!("{full}010"), 2), [Ok((63, 63)), Ok((0, 0))]);
        assert_eq!(read_all(&format!("0{}10{full}", "00".repeat(5)), 2), [Ok((5, -5)), Ok((63, 63))]);
    }

    #[test]
    fn an_end_does_not_hide_a_run_beyond_the_block() {
        assert_eq!(read_all(&format!("0{}10", "1101".repeat(3)), 1), [Ok((48, 3))]);
        assert_eq!(read_all(&format!("0{}10", "1101".repeat(4)), 1), [Err(Fault::Run)]);
    }
}
