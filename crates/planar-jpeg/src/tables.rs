//! The tables of the standard's Annex K, and those computed from them.

use crate::bits::Bits;

/// Quantisation steps of brightness at quality 50, row by row.
pub(crate) const LUMA_STEPS: [u8; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
    87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
];

/// Quantisation steps of colour at quality 50, row by row.
pub(crate) const CHROMA_STEPS: [u8; 64] = [
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99,
];

/// Steps for a quality of 1 to 100, by libjpeg's rule.
pub(crate) fn scaled(steps: &[u8; 64], quality: u8) -> [u8; 64] {
    let quality = u32::from(quality.clamp(1, 100));
    let percent = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
    steps.map(|step| ((u32::from(step) * percent + 50) / 100).clamp(1, 255) as u8)
}

/// Position in a block (row × 8 + column) of each coefficient in the order of the file.
pub(crate) const ZIGZAG: [u8; 64] = {
    let mut order = [0; 64];
    let (mut row, mut column) = (0_usize, 0_usize);
    let mut at = 0;
    while at < 64 {
        order[at] = (row * 8 + column) as u8;
        let up = (row + column) % 2 == 0;
        if up && column == 7 || !up && row < 7 && column == 0 {
            row += 1;
        } else if !up && row == 7 || up && row == 0 {
            column += 1;
        } else if up {
            row -= 1;
            column += 1;
        } else {
            row += 1;
            column -= 1;
        }
        at += 1;
    }
    order
};

/// For each row of a block and the bits of its eight coefficients: the bits of the same in the order of the file.
pub(crate) static IN_FILE_ORDER: [[u64; 256]; 8] = {
    let mut table = [[0; 256]; 8];
    let mut at = 0;
    while at < 64 {
        let (row, column) = (ZIGZAG[at] as usize / 8, ZIGZAG[at] as usize % 8);
        let mut bits = 0;
        while bits < 256 {
            if bits >> column & 1 == 1 {
                table[row][bits] |= 1 << at;
            }
            bits += 1;
        }
        at += 1;
    }
    table
};

/// A Huffman table as the file has it: how many codes of each length, and what they stand for.
pub(crate) struct Definition {
    pub counts: [u8; 16],
    pub symbols: &'static [u8],
}

pub(crate) const LUMA_MEANS: Definition = Definition {
    counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
    symbols: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
};

pub(crate) const CHROMA_MEANS: Definition = Definition {
    counts: [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0],
    symbols: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
};

pub(crate) const LUMA_OTHERS: Definition = Definition {
    counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7D],
    symbols: &[
        0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22, 0x71,
        0x14, 0x32, 0x81, 0x91, 0xA1, 0x08, 0x23, 0x42, 0xB1, 0xC1, 0x15, 0x52, 0xD1, 0xF0, 0x24, 0x33, 0x62, 0x72,
        0x82, 0x09, 0x0A, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x34, 0x35, 0x36, 0x37,
        0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59,
        0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x83,
        0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0xA2, 0xA3,
        0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xC2, 0xC3,
        0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA, 0xE1, 0xE2,
        0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA,
    ],
};

pub(crate) const CHROMA_OTHERS: Definition = Definition {
    counts: [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77],
    symbols: &[
        0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71, 0x13, 0x22,
        0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xA1, 0xB1, 0xC1, 0x09, 0x23, 0x33, 0x52, 0xF0, 0x15, 0x62, 0x72, 0xD1,
        0x0A, 0x16, 0x24, 0x34, 0xE1, 0x25, 0xF1, 0x17, 0x18, 0x19, 0x1A, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x35, 0x36,
        0x37, 0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58,
        0x59, 0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A,
        0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A,
        0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA,
        0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA,
        0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA,
    ],
};

/// One code.
#[derive(Clone, Copy, Default)]
pub(crate) struct Code {
    pub bits: u32,
    pub length: u32,
}

impl Code {
    #[inline(always)]
    pub fn put(self, bits: &mut Bits, out: &mut Vec<u8>) {
        bits.put(self.bits, self.length, out);
    }
}

/// The codes of one kind of component, by symbol.
pub(crate) struct Huffman {
    /// Of the means' differences.
    pub means: [Code; 256],
    /// Of all other coefficients.
    pub others: [Code; 256],
}

impl Huffman {
    pub fn luma() -> Self {
        Self { means: codes(&LUMA_MEANS), others: codes(&LUMA_OTHERS) }
    }

    pub fn chroma() -> Self {
        Self { means: codes(&CHROMA_MEANS), others: codes(&CHROMA_OTHERS) }
    }
}

fn codes(definition: &Definition) -> [Code; 256] {
    let mut codes = [Code::default(); 256];
    let mut symbols = definition.symbols.iter();
    let mut bits = 0;
    for (length, count) in (1..).zip(definition.counts) {
        for symbol in symbols.by_ref().take(usize::from(count)) {
            codes[usize::from(*symbol)] = Code { bits, length };
            bits += 1;
        }
        bits <<= 1;
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_table_has_a_symbol_for_each_code() {
        for table in [LUMA_MEANS, CHROMA_MEANS, LUMA_OTHERS, CHROMA_OTHERS] {
            let codes: usize = table.counts.iter().map(|count| usize::from(*count)).sum();
            let mut symbols = table.symbols.to_vec();
            assert_eq!(symbols.len(), codes);
            symbols.sort_unstable();
            symbols.dedup();
            assert_eq!(symbols.len(), codes, "a symbol stands twice");
        }
    }

    #[test]
    fn the_order_of_the_file_runs_along_the_diagonals() {
        assert_eq!(ZIGZAG[..10], [0, 1, 8, 16, 9, 2, 3, 10, 17, 24]);
        assert_eq!(ZIGZAG[57..], [60, 61, 54, 47, 55, 62, 63]);
    }

    #[test]
    fn quality_scales_as_people_know_it() {
        assert_eq!(scaled(&LUMA_STEPS, 50), LUMA_STEPS);
        assert_eq!(scaled(&LUMA_STEPS, 100), [1; 64]);
        assert_eq!(scaled(&LUMA_STEPS, 82)[..4], [6, 4, 4, 6]);
        assert_eq!(scaled(&LUMA_STEPS, 1)[0], 255);
    }
}
