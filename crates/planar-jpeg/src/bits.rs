//! Bits to bytes, most significant first, with a zero stuffed behind every byte of ones.

#[derive(Clone, Copy)]
pub(crate) struct Bits {
    /// The bits that have not been written, lowest last. Above them may be others, which have.
    buffer: u64,
    /// How many more the buffer takes.
    free: u32,
}

impl Default for Bits {
    fn default() -> Self {
        Self { buffer: 0, free: 64 }
    }
}

impl Bits {
    /// Appends the lowest `count` bits, at most 32; the bits above them are zero.
    #[inline(always)]
    pub fn put(&mut self, bits: u32, count: u32, out: &mut Vec<u8>) {
        if count < self.free {
            self.buffer = self.buffer << count | u64::from(bits);
            self.free -= count;
        } else {
            let beyond = count - self.free;
            whole(self.buffer << self.free | u64::from(bits >> beyond), out);
            self.buffer = u64::from(bits);
            self.free = 64 - beyond;
        }
    }

    /// Fills the last byte with ones.
    pub fn finish(mut self, out: &mut Vec<u8>) {
        let missing = self.free % 8;
        self.put((1 << missing) - 1, missing, out);
        for at in (0..(64 - self.free) / 8).rev() {
            stuffed((self.buffer >> (at * 8)) as u8, out);
        }
    }
}

#[inline(always)]
fn whole(eight: u64, out: &mut Vec<u8>) {
    // The classic test for a zero byte, on the complement.
    if (!eight).wrapping_sub(0x0101_0101_0101_0101) & eight & 0x8080_8080_8080_8080 == 0 {
        out.extend_from_slice(&eight.to_be_bytes());
    } else {
        eight.to_be_bytes().into_iter().for_each(|byte| stuffed(byte, out));
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

    #[test]
    fn any_lengths_give_the_same_bits() {
        let (mut seed, mut plain, mut out, mut bits) = (1_u32, String::new(), Vec::new(), Bits::default());
        for _ in 0..5000 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let count = (seed >> 24) % 33;
            let value = if count == 0 { 0 } else { seed.rotate_left(7) >> (32 - count) };
            bits.put(value, count, &mut out);
            (0..count).rev().for_each(|at| plain.push(if value >> at & 1 == 1 { '1' } else { '0' }));
        }
        bits.finish(&mut out);
        plain.push_str(&"1".repeat((8 - plain.len() % 8) % 8));
        let mut expected = Vec::new();
        plain.as_bytes().as_chunks::<8>().0.iter().for_each(|eight| {
            let byte = eight.iter().fold(0, |byte, bit| byte << 1 | (bit & 1));
            expected.push(byte);
            if byte == 0xFF {
                expected.push(0);
            }
        });
        assert_eq!(out, expected);
    }
}
