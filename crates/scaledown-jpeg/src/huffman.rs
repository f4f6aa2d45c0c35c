//! Huffman tables, and the lookup tables made from them when a scan uses them.

use crate::bits::Bits;
use crate::error::{Error, Result};

/// Bits looked up at once.
pub(crate) const LOOKUP: u32 = 11;
const LOOKUP_LEN: usize = 1 << LOOKUP;

/// A table as a DHT segment gives it. Checked and expanded only on use, so that a flood of tables costs nothing.
#[derive(Clone)]
pub(crate) struct Definition {
    pub counts: [u8; 16],
    pub symbols: [u8; 256],
}

/// An entry of the value lookup, in one word:
///
/// * bits 0–7: bits to skip
/// * bits 8–14: run of zeros before the coefficient; [`Entry::END`] for an end of block
/// * bit 15: set if this is neither a complete coefficient nor an end of block
/// * bits 16–31: the coefficient, if complete; else the symbol, or 0 bits to skip for "code longer than this"
#[derive(Clone, Copy)]
pub(crate) struct Entry(pub u32);

impl Entry {
    const SPECIAL: u32 = 1 << 15;
    /// An end of block is a zero beyond every block: farther than any run leads. So the hot loops need not ask for it.
    pub const END: usize = 0x70;

    #[inline(always)]
    pub fn is_value(self) -> bool {
        self.0 & Self::SPECIAL == 0
    }
    #[inline(always)]
    pub fn bits(self) -> u32 {
        self.0 & 0xFF
    }
    #[inline(always)]
    pub fn run(self) -> usize {
        (self.0 >> 8 & 0x7F) as usize
    }
    #[inline(always)]
    pub fn value(self) -> i16 {
        (self.0 as i32 >> 16) as i16
    }
}

/// An entry of the skip lookup: as many whole symbols as the bits show, for unwanted coefficients.
///
/// * bits 0–7: bits to skip, 0 if not even one symbol can be seen
/// * bits 8–14: coefficients passed
/// * bit 15: an end of block is the last symbol
#[derive(Clone, Copy)]
pub(crate) struct Stride(u16);

impl Stride {
    #[inline(always)]
    pub fn bits(self) -> u32 {
        u32::from(self.0 & 0xFF)
    }
    #[inline(always)]
    pub fn passed(self) -> usize {
        usize::from(self.0 >> 8 & 0x7F)
    }
    #[inline(always)]
    pub fn ends(self) -> bool {
        self.0 & 0x8000 != 0
    }
}

/// An entry of the lookup of two coefficients at once:
///
/// * bits 0–7: bits to skip for both, 0 if the first one is not a value
/// * bits 8–15, 16–23: how many coefficients each of them is further on; nothing for the second if it cannot be seen
/// * bits 32–47, 48–63: the coefficients; the second is the first once more if it cannot be seen
#[derive(Clone, Copy)]
pub(crate) struct Two(u64);

impl Two {
    #[inline(always)]
    pub fn are_values(self) -> bool {
        self.bits() != 0
    }
    #[inline(always)]
    pub fn bits(self) -> u32 {
        self.0 as u32 & 0xFF
    }
    #[inline(always)]
    pub fn first_step(self) -> usize {
        (self.0 >> 8 & 0xFF) as usize
    }
    #[inline(always)]
    pub fn second_step(self) -> usize {
        (self.0 >> 16 & 0xFF) as usize
    }
    #[inline(always)]
    pub fn first(self) -> i16 {
        (self.0 >> 32) as i16
    }
    #[inline(always)]
    pub fn second(self) -> i16 {
        (self.0 >> 48) as i16
    }
}

pub(crate) struct Table {
    entries: [u32; LOOKUP_LEN],
    twos: [u64; LOOKUP_LEN],
    strides: [u16; LOOKUP_LEN],
    /// For each code length: one more than the largest code, left-aligned to 16 bits.
    limits: [u32; 17],
    /// For each code length: what to add to a code for its place among the symbols.
    deltas: [i32; 17],
    symbols: [u8; 256],
}

impl Table {
    /// Expands a definition. DC symbols are magnitudes without a run; a magnitude above 11 (15 for AC) is refused.
    pub fn new(definition: &Definition, dc: bool) -> Result<Box<Self>> {
        let mut table = Box::new(Self {
            entries: [Entry::SPECIAL; LOOKUP_LEN],
            twos: [0; LOOKUP_LEN],
            strides: [0; LOOKUP_LEN],
            limits: [0; 17],
            deltas: [0; 17],
            symbols: definition.symbols,
        });
        let (mut code, mut place) = (0u32, 0usize);
        for length in 1..=16u32 {
            let count = u32::from(definition.counts[length as usize - 1]);
            table.deltas[length as usize] = place as i32 - code as i32;
            for _ in 0..count {
                let symbol = definition.symbols[place & 255];
                if dc && symbol > 15 {
                    return Err(Error::BadHuffmanTable);
                }
                if length <= LOOKUP && code < 1 << length {
                    table.fill(code, length, symbol, dc);
                }
                code += 1;
                place += 1;
            }
            if code > 1 << length {
                return Err(Error::BadHuffmanTable);
            }
            table.limits[length as usize] = code << (16 - length);
            code <<= 1;
        }
        if !dc {
            table.make_twos();
            table.make_strides();
        }
        Ok(table)
    }

    fn fill(&mut self, code: u32, length: u32, symbol: u8, dc: bool) {
        let size = u32::from(symbol & 15);
        let run = u32::from(symbol >> 4);
        let free = LOOKUP - length;
        let first = (code << free) as usize;
        for tail in 0..1u32 << free {
            let entry = if symbol == 0 && !dc {
                length | (Entry::END as u32) << 8
            } else if (size == 0 && !dc) || size > free {
                // A run of zeros, or a value that reaches beyond the lookup.
                length | Entry::SPECIAL | u32::from(symbol) << 16
            } else {
                let bits = if size == 0 { 0 } else { tail >> (free - size) };
                let negative = size > 0 && bits >> (size - 1) == 0;
                let value = bits as i32 + if negative { 1 - (1 << size) } else { 0 };
                (length + size) | run << 8 | (value as u32) << 16
            };
            self.entries[first + tail as usize] = entry;
        }
    }

    /// The symbol that begins `window`, of which `known` bits are real: its length, the coefficients it passes, its
    /// magnitude bits, whether it ends the block. `None` if it cannot be seen, or means nothing.
    fn seen(&self, window: u32, known: u32) -> Option<(u32, usize, bool)> {
        let entry = Entry(self.entries[window as usize]);
        let (code, size, run) = if entry.is_value() {
            let magnitude = 16 - entry.value().unsigned_abs().leading_zeros();
            (entry.bits() - magnitude, magnitude, entry.run() & 15)
        } else {
            let symbol = entry.0 >> 16;
            (entry.bits(), symbol & 15, (symbol >> 4) as usize)
        };
        if code == 0 || code > known {
            return None;
        }
        match (size, run) {
            (0, 0) => Some((code, 0, true)),
            (0, 1..15) => None,
            _ => Some((code + size, run + 1, false)),
        }
    }

    fn make_twos(&mut self) {
        for index in 0..LOOKUP_LEN {
            let first = Entry(self.entries[index]);
            if !first.is_value() {
                continue;
            }
            let second = Entry(self.entries[index << first.bits() & (LOOKUP_LEN - 1)]);
            let seen = first.run() < Entry::END && second.is_value() && first.bits() + second.bits() <= LOOKUP;
            let (bits, step, value) =
                if seen { (second.bits(), second.run() + 1, second.value()) } else { (0, 0, first.value()) };
            let coefficients = u64::from(first.value() as u16) | u64::from(value as u16) << 16;
            let steps = (first.run() as u64 + 1) << 8 | (step as u64) << 16;
            self.twos[index] = u64::from(first.bits() + bits) | steps | coefficients << 32;
        }
    }

    fn make_strides(&mut self) {
        for index in 0..LOOKUP_LEN as u32 {
            let (mut bits, mut passed, mut ends) = (0, 0, false);
            while bits < LOOKUP && !ends {
                let window = index << bits & (LOOKUP_LEN as u32 - 1);
                let Some((length, by, end)) = self.seen(window, LOOKUP - bits) else { break };
                if passed + by > 63 {
                    break;
                }
                bits += length;
                passed += by;
                ends = end;
            }
            self.strides[index as usize] = bits as u16 | (passed as u16) << 8 | u16::from(ends) << 15;
        }
    }

    #[inline(always)]
    pub fn entry(&self, bits: &Bits<'_>) -> Entry {
        Entry(self.entries[bits.peek(LOOKUP) as usize & (LOOKUP_LEN - 1)])
    }

    #[inline(always)]
    pub fn two(&self, bits: &Bits<'_>) -> Two {
        Two(self.twos[bits.peek(LOOKUP) as usize & (LOOKUP_LEN - 1)])
    }

    #[inline(always)]
    pub fn stride(&self, bits: &Bits<'_>) -> Stride {
        Stride(self.strides[bits.peek(LOOKUP) as usize & (LOOKUP_LEN - 1)])
    }

    /// Takes one symbol whose entry was not a complete value.
    #[inline(always)]
    pub fn special(&self, entry: Entry, bits: &mut Bits<'_>) -> Option<u8> {
        if entry.bits() != 0 {
            bits.skip(entry.bits());
            Some((entry.0 >> 16) as u8)
        } else {
            let (length, symbol) = self.long(bits.peek(16))?;
            bits.skip(length);
            Some(symbol)
        }
    }

    /// Takes one symbol, whatever its kind; its value bits follow.
    #[inline(always)]
    pub fn symbol(&self, bits: &mut Bits<'_>) -> Option<u8> {
        let entry = self.entry(bits);
        if !entry.is_value() {
            return self.special(entry, bits);
        }
        let size = 16 - entry.value().unsigned_abs().leading_zeros();
        bits.skip(entry.bits() - size);
        Some((entry.run() << 4) as u8 | size as u8) // of END nothing is left: symbol 0
    }

    /// The length and the symbol of a code that is longer than the lookup, at the head of 16 bits.
    #[inline(never)]
    fn long(&self, next: u32) -> Option<(u32, u8)> {
        let length = (LOOKUP + 1..=16).find(|length| next < self.limits[*length as usize])?;
        let place = (next >> (16 - length)) as i32 + self.deltas[length as usize];
        Some((length, self.symbols[place as usize & 255]))
    }
}
