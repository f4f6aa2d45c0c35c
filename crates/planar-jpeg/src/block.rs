//! Coefficients to Huffman codes.

use crate::bits::Bits;
use crate::dct::Coefficients;
use crate::tables::{Huffman, IN_FILE_ORDER, ZIGZAG};

/// The state of one component from block to block.
#[derive(Default)]
pub(crate) struct Component {
    mean: i32,
}

impl Component {
    #[inline(always)]
    pub fn write(&mut self, block: &Coefficients, codes: &Huffman, bits: &mut Bits, out: &mut Vec<u8>) {
        let mut local = *bits; // a copy lives in registers
        let mean = i32::from(block.values[0]);
        number(mean - self.mean, 0, &codes.means, &mut local, out);
        self.mean = mean;

        // Only coefficients other than zero cost time: a bit for each, in the order of the file.
        let mut used = 0;
        for (row, order) in block.used.to_le_bytes().into_iter().zip(&IN_FILE_ORDER) {
            used |= order[usize::from(row)];
        }
        used &= !1;
        let mut next = 1;
        while used != 0 {
            let at = used.trailing_zeros();
            used &= used - 1;
            let mut run = at - next;
            next = at + 1;
            while run > 15 {
                codes.others[0xF0].put(&mut local, out);
                run -= 16;
            }
            let value = block.values[usize::from(ZIGZAG[at as usize & 63]) & 63];
            number(i32::from(value), run, &codes.others, &mut local, out);
        }
        if next < 64 {
            codes.others[0].put(&mut local, out);
        }
        *bits = local;
    }
}

/// A number after `run` zeros: the code of both its length and the run, and its bits.
#[inline(always)]
fn number(value: i32, run: u32, codes: &[crate::tables::Code; 256], bits: &mut Bits, out: &mut Vec<u8>) {
    let size = 32 - value.unsigned_abs().leading_zeros();
    // A negative number is written as one less, so that its first bit is 0.
    let tail = (value + (value >> 31)) as u32 & ((1 << size) - 1);
    let code = codes[(run << 4 | size) as usize & 0xFF];
    bits.put(code.bits << size | tail, code.length + size, out);
}
