//! Bits to bytes, most significant first, with a zero stuffed behind every byte of ones.

#[derive(Clone, Copy, Default)]
pub(crate) struct Bits {
    buffer: u64,
    count: u32,
}

impl Bits {
    /// Appends the lowest `count` bits, at most 32; the bits above them are zero.
    #[inline(always)]
    pub fn put(&mut self, bits: u32, count: u32, out: &mut Vec<u8>) {
        self.buffer = self.buffer << count | u64::from(bits);
        self.count += count;
        if self.count >= 32 {
            self.count -= 32;
            whole((self.buffer >> self.count) as u32, out);
        }
    }

    /// Fills the last byte with ones.
    pub fn finish(mut self, out: &mut Vec<u8>) {
        let missing = (8 - self.count % 8) % 8;
        self.put((1 << missing) - 1, missing, out);
        while self.count > 0 {
            self.count -= 8;
            stuffed((self.buffer >> self.count) as u8, out);
        }
    }
}

#[inline(always)]
fn whole(four: u32, out: &mut Vec<u8>) {
    // The classic test for a zero byte, on the complement.
    if (!four).wrapping_sub(0x0101_0101) & four & 0x8080_8080 == 0 {
        out.extend_from_slice(&four.to_be_bytes());
    } else {
        four.to_be_bytes().into_iter().for_each(|byte| stuffed(byte, out));
    }
}

fn stuffed(byte: u8, out: &mut Vec<u8>) {
    out.push(byte);
    if byte == 0xFF {
        out.push(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_out_in_order_and_stuffed() {
        let mut out = Vec::new();
        let mut bits = Bits::default();
        bits.put(0b1111_1111, 8, &mut out);
        bits.put(0, 0, &mut out);
        bits.put(0b0101, 4, &mut out);
        bits.put(0xFFFF_FFFF, 32, &mut out);
        bits.put(0x1234_5678 >> 1, 31, &mut out);
        bits.finish(&mut out);
        assert_eq!(out, [0xFF, 0, 0x5F, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xF1, 0x23, 0x45, 0x67, 0b1001_1111]);
    }
}
