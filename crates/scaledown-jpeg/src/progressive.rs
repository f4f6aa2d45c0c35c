//! Progressive scans: coefficients gather over several passes before there are samples.

use crate::bits::Bits;
use crate::block::{Block, Fault, Selection, Steps, kept};
use crate::error::{Error, Result};
use crate::geometry::{ComponentLayout, zeros};
use crate::huffman::{Entry, Table};
use crate::idct::{ROW, inverse};
use crate::machine::Machine;
use crate::scan::{Coded, Scan};

/// The coefficients of one component, between scans. Only the wanted ones are kept; of the others, as of all, one bit
/// says whether they are zero, because later scans cannot be read without knowing.
pub(crate) struct Coefficients {
    n: usize,
    /// Places for a block, the last of them for all that is not wanted.
    kept: usize,
    across: usize,
    values: Vec<i16>,
    /// Bit k: coefficient k in file order is not zero.
    nonzero: Vec<u64>,
    /// For each coefficient in file order, its place among the kept ones.
    slots: [u8; 64],
    wanted: u64,
    /// The lowest bit each coefficient is known to; [`UNSEEN`] before its first scan.
    known: [u8; 64],
}

const UNSEEN: u8 = 255;

impl Coefficients {
    pub fn new(layout: &ComponentLayout) -> Result<Self> {
        let n = layout.n;
        let blocks = layout.padded_x * layout.padded_y;
        let corner = Selection::corner(n);
        let kept = kept(n);
        let (mut slots, mut wanted) = ([kept as u8 - 1; 64], 0);
        for (k, &place) in corner.places[..64].iter().enumerate() {
            if place < 64 {
                slots[k] = place / 16 * 2 * n as u8 + place % 16;
                wanted |= 1 << k;
            }
        }
        Ok(Self {
            n,
            kept,
            across: layout.padded_x,
            values: zeros(blocks * kept)?,
            nonzero: zeros(blocks)?,
            slots,
            wanted,
            known: [UNSEEN; 64],
        })
    }

    /// Whether anything has been coded at all.
    pub fn begun(&self) -> bool {
        self.known[0] != UNSEEN
    }

    /// Whether there is nothing left to be told.
    pub fn complete(&self) -> bool {
        self.known == [0; 64]
    }

    /// Checks that a scan follows from the ones before it, and notes what it adds.
    pub fn admit(&mut self, scan: &Scan) -> Result<()> {
        let bad = |reason| Err(Error::BadScan { offset: scan.offset, reason });
        if scan.start > 0 && !self.begun() {
            return bad("AC coefficients before the DC coefficient");
        }
        for known in &mut self.known[scan.start..=scan.end] {
            match (*known, scan.high) {
                (UNSEEN, 0) => *known = scan.low,
                (UNSEEN, _) => return bad("it refines coefficients that have not been coded"),
                (bit, high) if high > 0 && bit == high => *known = scan.low,
                _ => return bad("it does not continue the coefficients coded so far"),
            }
        }
        Ok(())
    }

    /// One block of a DC scan.
    #[inline(always)]
    pub fn dc(
        &mut self,
        coded: &mut Coded<'_>,
        table: Option<&Table>,
        low: u8,
        prediction: &mut i32,
        at: (usize, usize),
    ) -> Result<(), Fault> {
        let index = at.1 * self.across + at.0;
        let value = &mut self.values[index * self.kept];
        let Some(table) = table else {
            *value |= i16::from(coded.bits.bit()) << low;
            return Ok(());
        };
        coded.bits.want_symbol();
        let size = table.symbol(&mut coded.bits).ok_or(Fault::Code)?;
        *prediction = prediction.wrapping_add(coded.bits.take_signed(u32::from(size)));
        *value = prediction.wrapping_shl(u32::from(low)) as i16;
        Ok(())
    }

    /// One row of blocks of an AC scan.
    #[inline(always)]
    pub fn ac(&mut self, coded: &mut Coded<'_>, table: &Table, scan: &Scan, row: (usize, usize)) -> Result<()> {
        let (y, blocks) = row;
        let kept = self.kept;
        let band = band(scan.start, scan.end);
        let mut x = 0;
        while x < blocks {
            if scan.high == 0 {
                x += coded.skip_ended_blocks(blocks - x);
                if x == blocks {
                    break;
                }
            }
            coded.before_unit()?;
            let index = y * self.across + x;
            x += 1;
            let nonzero = &mut self.nonzero[index];
            if coded.end_run > 0 && (scan.high == 0 || *nonzero & band == 0) {
                coded.end_run -= 1;
                continue;
            }
            let mut block = Kept { values: &mut self.values[index * kept..][..kept], slots: &self.slots, nonzero };
            let read = if scan.high == 0 {
                block.first(&mut coded.bits, &mut coded.end_run, table, scan)
            } else {
                block.refine(&mut coded.bits, &mut coded.end_run, table, scan)
            };
            if let Err(fault) = read {
                return Err(coded.error(fault));
            }
            coded.after_unit()?;
        }
        Ok(())
    }

    /// Turns one row of blocks into samples.
    #[inline(always)]
    pub fn render(&self, machine: impl Machine, row: (usize, usize), steps: &Steps, out: &mut [u8], stride: usize) {
        let n = self.n;
        for x in 0..row.1 {
            let index = row.0 * self.across + x;
            let kept = &self.values[index * self.kept..][..self.kept];
            let mut block: Block = [0; 128];
            for (to, from) in block.as_chunks_mut::<16>().0.iter_mut().zip(kept.chunks_exact(2 * n)) {
                to[..2 * n].copy_from_slice(from);
            }
            let last = 63u32.saturating_sub((self.nonzero[index] & self.wanted & !1).leading_zeros()) as usize;
            let out = &mut out[x * n..][..(n - 1) * stride + ROW];
            match n {
                1 => inverse::<1, _>(machine, &block, last, steps, out, stride),
                2 => inverse::<2, _>(machine, &block, last, steps, out, stride),
                3 => inverse::<3, _>(machine, &block, last, steps, out, stride),
                4 => inverse::<4, _>(machine, &block, last, steps, out, stride),
                5 => inverse::<5, _>(machine, &block, last, steps, out, stride),
                6 => inverse::<6, _>(machine, &block, last, steps, out, stride),
                7 => inverse::<7, _>(machine, &block, last, steps, out, stride),
                _ => inverse::<8, _>(machine, &block, last, steps, out, stride),
            }
        }
    }
}

/// One block's coefficients, as a scan sees them.
struct Kept<'b> {
    values: &'b mut [i16],
    slots: &'b [u8; 64],
    nonzero: &'b mut u64,
}

impl Kept<'_> {
    #[inline(always)]
    fn set(&mut self, k: usize, value: i16) {
        *self.nonzero |= 1 << k;
        if let Some(kept) = self.values.get_mut(usize::from(self.slots[k])) {
            *kept = value;
        }
    }

    #[inline(always)]
    fn first(&mut self, reader: &mut Bits<'_>, end_run: &mut u32, table: &Table, scan: &Scan) -> Result<(), Fault> {
        let mut bits = *reader;
        let mut k = scan.start;
        let mut fault = None;
        while k <= scan.end {
            bits.want_symbol();
            let entry = table.entry(&bits);
            let value = if entry.is_value() {
                bits.skip(entry.bits());
                k += entry.run();
                i32::from(entry.value())
            } else {
                let Some(symbol) = table.special(entry, &mut bits) else {
                    fault = Some(Fault::Code);
                    break;
                };
                let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
                match (run, size) {
                    (15, 0) => {
                        k += 16;
                        if k > scan.end + 1 {
                            fault = Some(Fault::Run);
                            break;
                        }
                        continue;
                    }
                    (_, 0) => {
                        *end_run = (1 << run) - 1 + bits.take(run as u32);
                        break;
                    }
                    _ => {
                        k += run;
                        bits.take_signed(size)
                    }
                }
            };
            if k > scan.end {
                fault = (k < Entry::END).then_some(Fault::Run);
                break;
            }
            self.set(k & 63, (value << scan.low) as i16);
            k += 1;
        }
        *reader = bits;
        fault.map_or(Ok(()), Err)
    }

    #[inline(always)]
    fn refine(&mut self, reader: &mut Bits<'_>, end_run: &mut u32, table: &Table, scan: &Scan) -> Result<(), Fault> {
        let mut bits = *reader;
        let result = self.refine_with(&mut bits, end_run, table, scan);
        *reader = bits;
        result
    }

    #[inline(always)]
    fn refine_with(&mut self, bits: &mut Bits<'_>, end_run: &mut u32, table: &Table, scan: &Scan) -> Result<(), Fault> {
        let step = 1i16 << scan.low;
        let mut k = scan.start;
        while *end_run == 0 && k <= scan.end {
            bits.want_symbol();
            let symbol = table.symbol(bits).ok_or(Fault::Code)?;
            let (run, size) = (u32::from(symbol >> 4), symbol & 15);
            let value = match (run, size) {
                (15, 0) => 0,
                (_, 0) => {
                    *end_run = (1 << run) + bits.take(run);
                    break;
                }
                (_, 1) => {
                    if bits.bit() {
                        step
                    } else {
                        -step
                    }
                }
                _ => return Err(Fault::Run),
            };
            k = self.pass_zeros(bits, k, scan.end, run, step);
            if k > scan.end {
                return Err(Fault::Run);
            }
            if value != 0 {
                self.set(k, value);
            }
            k += 1;
        }
        if *end_run > 0 {
            self.correct(bits, *self.nonzero & band(k, scan.end), step);
            *end_run -= 1;
        }
        Ok(())
    }

    /// Passes `zeros` coefficients that are zero and corrects those between them that are not. Returns the place of the
    /// next zero, or one beyond `end`.
    #[inline(always)]
    fn pass_zeros(&mut self, bits: &mut Bits<'_>, from: usize, end: usize, zeros: u32, step: i16) -> usize {
        let mut ahead = !*self.nonzero & band(from, end);
        for _ in 0..zeros {
            ahead &= ahead.wrapping_sub(1);
        }
        let next = if ahead == 0 { end + 1 } else { ahead.trailing_zeros() as usize };
        if next > from {
            self.correct(bits, *self.nonzero & band(from, next - 1), step);
        }
        next
    }

    /// Takes one bit for each of the coefficients in `which`, lowest first: whether it moves away from zero.
    #[inline(always)]
    fn correct(&mut self, bits: &mut Bits<'_>, mut which: u64, step: i16) {
        while which != 0 {
            bits.want_symbol();
            let count = which.count_ones().min(32);
            let mut word = bits.peek(32);
            bits.skip(count);
            for _ in 0..count {
                let k = which.trailing_zeros() as usize & 63;
                which &= which - 1;
                if let Some(kept) = self.values.get_mut(usize::from(self.slots[k])) {
                    // Without a branch, which would be guessed wrong half of the time.
                    let (sign, moves) = (*kept >> 15, (word as i32 >> 31) as i16);
                    *kept = kept.wrapping_add(((step ^ sign) - sign) & moves);
                }
                word <<= 1;
            }
        }
    }
}

/// The coefficients `from` to `end` as bits; none if there are none.
#[inline(always)]
fn band(from: usize, end: usize) -> u64 {
    if from > end { 0 } else { u64::MAX >> (63 - end) & u64::MAX << from }
}
