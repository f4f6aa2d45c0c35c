//! How the pixels of a BMP are stored: everything that its decoder needs, checked and named by the header's reader.

/// The layout of the pixels.
#[derive(Clone, Debug)]
pub(crate) struct BmpLayout {
    pub(crate) coding: Coding,
    /// Where the pixels begin.
    pub(crate) pixels: usize,
    /// Is the first row the upper one?
    pub(crate) top_down: bool,
    pub(crate) palette: Option<Palette>,
}

/// Where the colours of a palette are: blue, green, red, and in newer files an unused byte.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Palette {
    pub(crate) at: usize,
    pub(crate) colors: usize,
    pub(crate) bytes_each: usize,
}

/// How the pixels are coded.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Coding {
    /// Numbers of so many bits, which name colours of the palette.
    Indexed(u32),
    /// Runs of such numbers, of 4 or 8 bits. Pixels that no run reaches are transparent.
    Runs(u32),
    /// Blue, green, red.
    Bytes,
    /// Numbers of 16 or 32 bits with a place for each channel.
    Masked { bits: u32, red: Mask, green: Mask, blue: Mask, alpha: Mask },
}

/// The place of a channel in a number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mask {
    shift: u32,
    most: u32,
}

impl Mask {
    /// `None` when its bits are not side by side.
    pub(crate) fn new(bits: u32) -> Option<Self> {
        let shift = if bits == 0 { 0 } else { bits.trailing_zeros() };
        let most = bits >> shift;
        (most & most.wrapping_add(1) == 0).then_some(Self { shift, most })
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.most == 0
    }

    /// The channel of a number, from 0 to 255.
    pub(crate) fn value(self, number: u32) -> u8 {
        if self.most == 255 {
            return (number >> self.shift).to_le_bytes()[0];
        }
        let value = u64::from(number >> self.shift & self.most) * 255 + u64::from(self.most / 2);
        value.checked_div(u64::from(self.most)).unwrap_or(0).to_le_bytes()[0]
    }
}
