//! Pixels of our own making, between decode and encode.

use crate::style::Color;
use crate::ycc::Ycc;

/// An upright sRGB picture of one variant, eight bits a channel.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    name: String,
    width: u32,
    height: u32,
    pixels: Pixels,
}

/// How a [`Picture`] keeps its pixels: rows from the top, without padding.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Pixels {
    /// Three bytes a pixel.
    Rgb(Vec<u8>),
    /// Four bytes a pixel, alpha last and not premultiplied.
    Rgba(Vec<u8>),
    /// Brightness, and colour at half its sides.
    Ycc(Ycc),
}

/// No variant has a longer side: the formats that are written end at 16,383.
pub(crate) const LONGEST_SIDE: u32 = 16_383;

impl Picture {
    /// Wraps pixels; `None` when their number does not fit the size.
    pub(crate) fn new(name: &str, width: u32, height: u32, pixels: Pixels) -> Option<Self> {
        let area = width as usize * height as usize;
        let fits = match &pixels {
            Pixels::Rgb(bytes) => bytes.len() == area * 3,
            Pixels::Rgba(bytes) => bytes.len() == area * 4,
            Pixels::Ycc(ycc) => (ycc.width, ycc.height) == (width, height) && ycc.fits(),
        };
        let sides_hold = (1..=LONGEST_SIDE).contains(&width) && (1..=LONGEST_SIDE).contains(&height);
        (fits && sides_hold).then(|| Self { name: name.to_owned(), width, height, pixels })
    }

    /// The variant of the recipe that this is.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Width in pixels.
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// Is there an alpha channel?
    pub const fn has_alpha(&self) -> bool {
        matches!(self.pixels, Pixels::Rgba(_))
    }

    /// The pixels as RGBA bytes, from any layout.
    pub fn to_rgba(&self) -> Vec<u8> {
        let opaque = |rgb: &[u8]| rgb.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect();
        match &self.pixels {
            Pixels::Rgb(rgb) => opaque(rgb),
            Pixels::Rgba(rgba) => rgba.clone(),
            Pixels::Ycc(ycc) => opaque(&ycc.to_rgb()),
        }
    }

    pub(crate) const fn pixels(&self) -> &Pixels {
        &self.pixels
    }

    pub(crate) const fn pixels_mut(&mut self) -> &mut Pixels {
        &mut self.pixels
    }
}

impl std::fmt::Debug for Picture {
    /// Without the pixels, which would be nine megabytes in a log.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let alpha = if self.has_alpha() { ", alpha" } else { "" };
        write!(out, "Picture({} {}×{}{alpha})", self.name, self.width, self.height)
    }
}

/// Blends transparent pixels with the background.
pub(crate) fn flatten(rgba: &[u8], Color(background): Color) -> Vec<u8> {
    let over = |front: u8, alpha: u8, back: u8| {
        let sum = u32::from(front) * u32::from(alpha) + u32::from(back) * u32::from(255 - alpha);
        #[allow(clippy::cast_possible_truncation)] // at most 255
        let value = ((sum + 127) / 255) as u8;
        value
    };
    let [r, g, b] = background;
    rgba.as_chunks::<4>()
        .0
        .iter()
        .flat_map(|&[red, green, blue, alpha]| [over(red, alpha, r), over(green, alpha, g), over(blue, alpha, b)])
        .collect()
}
