//! The bits of a JPEG XL codestream (ISO/IEC 18181-1), the lowest of a byte first.

/// It ends within a number.
pub(super) struct Cut;

/// A reader of bits.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// One of the four ways of a number that says its own length: so many bits, and what is added to them.
pub(super) type Way = (u32, u32);

impl<'a> Bits<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// A number of so many bits, 32 at most.
    pub(super) fn number(&mut self, bits: u32) -> Result<u32, Cut> {
        let mut number = 0;
        for shift in 0..bits {
            let byte = self.bytes.get(self.at / 8).ok_or(Cut)?;
            number |= u32::from(byte >> (self.at % 8) & 1) << shift;
            self.at += 1;
        }
        Ok(number)
    }

    pub(super) fn flag(&mut self) -> Result<bool, Cut> {
        Ok(self.number(1)? == 1)
    }

    /// A number whose first two bits choose its length.
    pub(super) fn one_of(&mut self, ways: [Way; 4]) -> Result<u32, Cut> {
        let (bits, more) = ways[self.number(2)? as usize];
        Ok(self.number(bits)?.wrapping_add(more))
    }

    /// A value of a list of the standard.
    pub(super) fn listed(&mut self) -> Result<u32, Cut> {
        self.one_of([(0, 0), (0, 1), (4, 2), (6, 18)])
    }

    pub(super) fn skip(&mut self, bits: u32) -> Result<(), Cut> {
        self.at += bits as usize;
        if self.at > self.bytes.len() * 8 { Err(Cut) } else { Ok(()) }
    }
}
