//! Bits of entropy-coded data, most significant first, with byte stuffing undone.

/// Reads bits up to the next marker or the end of the data. Beyond it, it delivers zeros and keeps count of them:
/// [`Bits::overrun`] tells whether any has been used. So the hot loops need no check for the end.
#[derive(Clone, Copy)]
pub(crate) struct Bits<'a> {
    data: &'a [u8],
    /// The next byte that has not been moved into `buffer`.
    pos: usize,
    /// Left-aligned; below the valid bits there may be copies of bits to come, never others.
    buffer: u64,
    valid: u32,
    /// How many of the valid bits (the last ones) were made up.
    made_up: u32,
}

impl<'a> Bits<'a> {
    pub fn new(data: &'a [u8], pos: usize) -> Self {
        Self { data, pos, buffer: 0, valid: 0, made_up: 0 }
    }

    /// After this there are at least 56 bits.
    #[inline(always)]
    pub fn refill(&mut self) {
        if let Some(next) = self.data.get(self.pos..).and_then(<[u8]>::first_chunk::<8>) {
            let next = u64::from_be_bytes(*next);
            if !has_ff(next) {
                self.buffer |= next >> self.valid;
                let bytes = (63 - self.valid) >> 3;
                self.pos += bytes as usize;
                self.valid += bytes * 8;
                return;
            }
        }
        *self = self.refilled_near_ff();
    }

    /// By value: were a reference to leave the hot loops, no field of theirs could stay in a register.
    #[cold]
    #[inline(never)]
    fn refilled_near_ff(mut self) -> Self {
        while self.valid < 56 {
            let byte = match (self.data.get(self.pos), self.data.get(self.pos + 1)) {
                (Some(0xFF), Some(0)) => {
                    self.pos += 2;
                    0xFF
                }
                (Some(0xFF), Some(0xFF)) => {
                    self.pos += 1; // a fill byte
                    continue;
                }
                (Some(0xFF) | None, _) => {
                    self.made_up += 56 - self.valid;
                    self.valid = 56;
                    return self;
                }
                (Some(&byte), _) => {
                    self.pos += 1;
                    byte
                }
            };
            self.buffer |= u64::from(byte) << (56 - self.valid);
            self.valid += 8;
        }
        self
    }

    /// Refills if there might be too few bits for a Huffman code with its value (31 bits).
    #[inline(always)]
    pub fn want_symbol(&mut self) {
        if self.valid < 32 {
            self.refill();
        }
    }

    /// The next `n` bits, 1 to 32, without taking them.
    #[inline(always)]
    pub fn peek(&self, n: u32) -> u32 {
        (self.buffer >> (64 - n)) as u32
    }

    #[inline(always)]
    pub fn skip(&mut self, n: u32) {
        self.buffer <<= n;
        self.valid = self.valid.wrapping_sub(n);
    }

    /// Takes `n` bits, 0 to 16, as an unsigned number.
    #[inline(always)]
    pub fn take(&mut self, n: u32) -> u32 {
        let value = ((self.buffer >> 1) >> (63 - n)) as u32;
        self.skip(n);
        value
    }

    /// Takes `n` bits, 0 to 16, as JPEG writes signed numbers: a leading 0 bit means negative.
    #[inline(always)]
    pub fn take_signed(&mut self, n: u32) -> i32 {
        let negative = !((self.buffer as i64) >> 63) as i32; // all ones if the first bit is 0
        let value = self.take(n) as i32;
        value + (negative & (1 - (1 << n)))
    }

    /// One bit, refilling when needed.
    #[inline(always)]
    pub fn bit(&mut self) -> bool {
        if self.valid == 0 {
            self.refill();
        }
        let bit = (self.buffer >> 63) != 0;
        self.skip(1);
        bit
    }

    /// Whether bits have been used that are not in the data.
    #[inline(always)]
    pub fn overrun(&self) -> bool {
        self.valid < self.made_up
    }

    /// The end of the data, if a code that begins here may reach beyond it.
    pub fn near_end(&self) -> Option<usize> {
        // Read anew, so that the answer depends on what has been used and not on how far ahead has been read.
        let mut ahead = Self::new(self.data, self.unread());
        ahead.refill();
        (ahead.valid < ahead.made_up + 16).then_some(ahead.pos)
    }

    /// Where reading stands, up to eight bytes ahead of what has been used.
    pub fn offset(&self) -> usize {
        self.pos
    }

    /// Where the first whole byte stands of which no bit has been used.
    pub fn unread(&self) -> usize {
        let mut pos = self.pos;
        for _ in 0..self.valid.saturating_sub(self.made_up) / 8 {
            pos -= 1;
            if pos > 0 && self.data[pos] == 0 && self.data[pos - 1] == 0xFF {
                pos -= 1;
            }
        }
        pos
    }
}

#[inline(always)]
fn has_ff(x: u64) -> bool {
    // The classic test for a zero byte, on the complement.
    ((!x).wrapping_sub(0x0101_0101_0101_0101) & x & 0x8080_8080_8080_8080) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unstuffs_and_stops_at_a_marker() {
        let data = [0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD9, 0xAA];
        let mut bits = Bits::new(&data, 0);
        bits.refill();
        assert_eq!([bits.take(8), bits.take(8), bits.take(8)], [0x12, 0xFF, 0x34]);
        assert!(!bits.overrun());
        assert_eq!(bits.unread(), 4);
        bits.refill();
        assert_eq!(bits.take(8), 0);
        assert!(bits.overrun());
    }

    #[test]
    fn unread_counts_stuffed_bytes_once() {
        let data = [1, 2, 0xFF, 0, 0xFF, 0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        let mut bits = Bits::new(&data, 0);
        for (taken, unread) in [1, 2, 4, 6, 7, 8, 9].into_iter().enumerate() {
            bits.refill();
            assert_eq!(bits.take(3), data.iter().filter(|b| **b != 0).nth(taken).map(|b| u32::from(*b) >> 5).unwrap());
            assert_eq!(bits.unread(), unread);
            bits.skip(5);
        }
    }

    #[test]
    fn any_refill_pattern_gives_the_same_bits() {
        let mut seed = 7u32;
        let mut plain = Vec::new();
        let mut stuffed = Vec::new();
        for _ in 0..5000 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let byte = if seed >> 29 == 0 { 0xFF } else { (seed >> 16) as u8 };
            plain.push(byte);
            stuffed.push(byte);
            if byte == 0xFF {
                stuffed.push(0);
            }
        }
        let mut bits = Bits::new(&stuffed, 0);
        let mut at = 0usize;
        while at + 16 < plain.len() * 8 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let n = (seed >> 28) + 1;
            bits.want_symbol();
            let want = (at..at + n as usize).fold(0, |w, i| w << 1 | u32::from(plain[i / 8] >> (7 - i % 8) & 1));
            assert_eq!(bits.take(n), want);
            at += n as usize;
        }
        assert!(!bits.overrun());
    }

    #[test]
    fn signed_values() {
        let data = [0b0101_1100, 0, 0, 0, 0, 0, 0, 0];
        let mut bits = Bits::new(&data, 0);
        bits.refill();
        assert_eq!(bits.take_signed(1), -1);
        assert_eq!(bits.take_signed(1), 1);
        assert_eq!(bits.take_signed(2), -2);
        assert_eq!(bits.take_signed(2), 3);
        assert_eq!(bits.take_signed(0), 0);
    }
}
