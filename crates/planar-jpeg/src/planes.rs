//! The picture to encode.

/// A picture in planes without padding. Each colour plane has ⌈width/2⌉ × ⌈height/2⌉ samples.
#[derive(Clone, Copy, Debug)]
pub struct Planes<'a> {
    /// Pixels in a row.
    pub width: u16,
    /// Rows.
    pub height: u16,
    /// Brightness (Y of JFIF's YCbCr: all of 0 to 255).
    pub luma: &'a [u8],
    /// Blue (Cb) and red (Cr).
    pub chroma: [&'a [u8]; 2],
}

impl Planes<'_> {
    pub(crate) const fn fit(&self) -> bool {
        let (width, height) = (self.width as usize, self.height as usize);
        let colors = width.div_ceil(2) * height.div_ceil(2);
        width * height > 0
            && self.luma.len() == width * height
            && self.chroma[0].len() == colors
            && self.chroma[1].len() == colors
    }
}
