//! Bools of arithmetic-coded data, each with a probability of its own (RFC 6386, section 7).

/// Reads bools. Beyond the end of the data there are zeros; [`Bools::overrun`] tells when too many have been used. So the
/// hot loops need no check for the end.
#[derive(Clone, Copy)]
pub(crate) struct Bools<'a> {
    /// The bytes that have not been moved into `value`.
    rest: &'a [u8],
    /// Its highest bits, `bits + 8` of them, are compared with the split; older ones are gone.
    value: u64,
    /// How many bits there are below those eight. Negative: some of the eight are missing.
    bits: i32,
    /// The size of the interval less one, 127 to 254.
    range: u32,
    /// How many bytes of zeros have been made up.
    made_up: u32,
}

impl<'a> Bools<'a> {
    /// No encoder writes a first byte of 255, a number beyond the interval. Such data counts as overrun.
    pub fn new(data: &'a [u8]) -> Self {
        let made_up = if data.first() == Some(&255) { 2 } else { 0 };
        Self { rest: data, value: 0, bits: -8, range: 254, made_up }
    }

    /// Whether bools were read beyond the end. An encoder may cut the zeros that its last bools need, up to a byte.
    #[inline(always)]
    pub fn overrun(&self) -> bool {
        self.made_up > 1
    }

    #[inline(always)]
    fn refill(&mut self) {
        if let Some(next) = self.rest.first_chunk::<8>() {
            self.value = self.value << 56 | u64::from_be_bytes(*next) >> 8;
            self.bits += 56;
            self.rest = &self.rest[7..];
        } else {
            *self = self.refilled_near_end();
        }
    }

    /// By value: were a reference to leave the hot loops, no field of theirs could stay in a register.
    #[cold]
    #[inline(never)]
    fn refilled_near_end(mut self) -> Self {
        let (byte, rest) = self.rest.split_first().unwrap_or((&0, &[]));
        self.made_up = self.made_up.saturating_add(u32::from(self.rest.is_empty()));
        self.rest = rest;
        self.value = self.value << 8 | u64::from(*byte);
        self.bits += 8;
        self
    }

    /// One bool that is false with a probability of `probability` in 256.
    #[inline(always)]
    pub fn bool(&mut self, probability: u8) -> bool {
        if self.bits < 0 {
            self.refill();
        }
        let split = (self.range * u32::from(probability)) >> 8;
        let is_true = (self.value >> self.bits) as u32 > split;
        let size = if is_true {
            self.value -= u64::from(split + 1) << self.bits;
            self.range - split
        } else {
            split + 1
        };
        let shift = size.leading_zeros() - 24;
        self.range = (size << shift) - 1;
        self.bits -= shift as i32;
        is_true
    }

    /// `value`, or its negative if the next bool says so, which is as likely. Never the first of the data: then the
    /// interval is still whole, and its half is not to be doubled.
    #[inline(always)]
    pub fn signed(&mut self, value: i32) -> i32 {
        if self.bits < 0 {
            self.refill();
        }
        let split = self.range >> 1;
        let negative = u32::from((self.value >> self.bits) as u32 > split).wrapping_neg();
        self.value -= u64::from((split + 1) & negative) << self.bits;
        // Either half has a size of 64 to 127, which one shift doubles; less one, it is odd.
        self.range = self.range.wrapping_add(negative) | 1;
        self.bits -= 1;
        (value ^ negative as i32) - negative as i32
    }

    /// As likely as not.
    pub fn flag(&mut self) -> bool {
        self.bool(128)
    }

    /// An unsigned number of `bits` bits, at most 8.
    pub fn number(&mut self, bits: u32) -> u8 {
        (0..bits).fold(0, |number, _| number << 1 | u8::from(self.flag()))
    }

    /// A number of `bits` bits and its sign, or zero where a flag says that there is none.
    pub fn optional(&mut self, bits: u32) -> i32 {
        if !self.flag() {
            return 0;
        }
        let magnitude = i32::from(self.number(bits));
        if self.flag() { -magnitude } else { magnitude }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The encoder of section 7.3, with a number of any length for its low end.
    #[derive(Default)]
    struct Writer {
        bytes: Vec<u8>,
        low: u32,
        range: u32,
        bits: u32,
    }

    impl Writer {
        fn new() -> Self {
            Self { range: 255, ..Self::default() }
        }

        fn bool(&mut self, is_true: bool, probability: u8) {
            let split = 1 + (((self.range - 1) * u32::from(probability)) >> 8);
            if is_true {
                self.low += split;
                self.range -= split;
            } else {
                self.range = split;
            }
            while self.range < 128 {
                self.range *= 2;
                self.shift();
            }
        }

        /// `low` has 8 bits beside `range`, then those that wait for their byte, and a carry.
        fn shift(&mut self) {
            self.low *= 2;
            self.bits += 1;
            if self.bits == 8 {
                self.bits = 0;
                let byte = self.low >> 8;
                self.low &= 0xFF;
                if byte > 0xFF {
                    for byte in self.bytes.iter_mut().rev() {
                        *byte = byte.wrapping_add(1);
                        if *byte != 0 {
                            break;
                        }
                    }
                }
                self.bytes.push(byte as u8);
            }
        }

        fn finish(mut self) -> Vec<u8> {
            for _ in 0..16 {
                self.shift();
            }
            self.bytes
        }
    }

    fn random(seed: &mut u32) -> u32 {
        *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *seed >> 16
    }

    #[test]
    fn what_is_written_is_read() {
        let mut seed = 1;
        let written: Vec<(bool, u8)> = (0..20_000)
            .map(|index| {
                let probability = if index % 5 == 4 { 128 } else { random(&mut seed) as u8 };
                (random(&mut seed) % 256 >= u32::from(probability), probability)
            })
            .collect();
        let mut writer = Writer::new();
        for (is_true, probability) in &written {
            writer.bool(*is_true, *probability);
        }
        let bytes = writer.finish();
        let mut bools = Bools::new(&bytes);
        for (index, (is_true, probability)) in written.into_iter().enumerate() {
            // A sign is a bool that is as likely as not.
            let found = if index % 5 == 4 { bools.signed(7) == -7 } else { bools.bool(probability) };
            assert_eq!(found, is_true, "bool {index}");
        }
        assert!(!bools.overrun());
    }

    #[test]
    fn zeros_are_made_up_for_one_byte_and_no_more() {
        // Each flag takes one bit.
        for length in 0..20 {
            let bytes = vec![0; length];
            let mut bools = Bools::new(&bytes);
            assert!(!bools.bool(128)); // leaves the interval at 128 of 256, so no bit is taken
            for flag in 0..=length * 8 {
                assert!(!bools.overrun(), "{flag} of {length}");
                assert!(!bools.bool(127));
            }
            assert!(!bools.bool(127));
            assert!(bools.overrun(), "{length}");
        }
    }

    #[test]
    fn a_number_beyond_the_interval_is_no_data() {
        assert!(Bools::new(&[255, 0, 0]).overrun());
        assert!(!Bools::new(&[254, 255, 255]).overrun());
    }

    #[test]
    fn numbers_have_their_highest_bit_first() {
        let mut writer = Writer::new();
        for digit in "1011_1_00101_1_0_1_0110_0".chars().filter(|digit| *digit != '_') {
            writer.bool(digit == '1', 128);
        }
        let bytes = writer.finish();
        let mut bools = Bools::new(&bytes);
        assert_eq!(bools.number(4), 11);
        assert_eq!(bools.optional(5), -5);
        assert_eq!(bools.optional(5), 0);
        assert_eq!(bools.optional(4), 6);
    }
}
