//! Pictures as JPEG keeps them: a plane of brightness, and two of colour with half its sides (JFIF's YCbCr, 4:2:0).
//!
//! Half the samples of RGB, and no conversion on either side when a JPEG goes in and a JPEG comes out.

use fearless_simd::{Level, dispatch};

use crate::resize::{self, Plane, Rect};

/// A 4:2:0 picture without padding. The colour planes have ⌈w/2⌉ × ⌈h/2⌉ samples, each in the middle of its four.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Ycc {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) luma: Vec<u8>,
    pub(crate) chroma: [Vec<u8>; 2],
}

impl Ycc {
    /// Samples in a row, and rows, of a colour plane.
    pub(crate) const fn chroma_size(width: u32, height: u32) -> (u32, u32) {
        (width.div_ceil(2), height.div_ceil(2))
    }

    /// Do the planes fit the size?
    pub(crate) fn fits(&self) -> bool {
        let (w, h) = Self::chroma_size(self.width, self.height);
        let holds = |plane: &[u8], w: u32, h: u32| plane.len() == w as usize * h as usize;
        holds(&self.luma, self.width, self.height) && self.chroma.iter().all(|plane| holds(plane, w, h))
    }

    pub(crate) fn luma_plane(&self) -> Plane<'_> {
        Plane::packed(&self.luma, self.width, self.height)
    }

    /// The colour planes; their extent is half of the picture's, which an odd side leaves with half a sample over.
    pub(crate) fn chroma_planes(&self) -> [Plane<'_>; 2] {
        let (w, h) = Self::chroma_size(self.width, self.height);
        let extent = (f64::from(self.width) / 2.0, f64::from(self.height) / 2.0);
        self.chroma.each_ref().map(|plane| Plane { extent, ..Plane::packed(plane, w, h) })
    }

    /// `part` of the picture, in pixels of its brightness, as `width` × `height` pixels.
    pub(crate) fn resized(&self, part: Rect, width: u32, height: u32) -> Self {
        let half =
            Rect { left: part.left / 2.0, top: part.top / 2.0, width: part.width / 2.0, height: part.height / 2.0 };
        Self {
            width,
            height,
            luma: resize::plane(self.luma_plane(), part, width, height),
            chroma: halved(self.chroma_planes(), half, (width, height), (false, false)),
        }
    }

    /// From RGB bytes: colour is the mean of each four pixels.
    pub(crate) fn from_rgb(rgb: &[u8], width: u32, height: u32) -> Self {
        let (w, h) = (width as usize, height as usize);
        let (cw, ch) = (w.div_ceil(2), h.div_ceil(2));
        let luma = rgb.as_chunks::<3>().0.iter().map(|&[r, g, b]| luma(r, g, b)).collect();
        let mut chroma = [vec![0; cw * ch], vec![0; cw * ch]];
        let [blue, red] = &mut chroma;
        let lines = blue.chunks_exact_mut(cw).zip(red.chunks_exact_mut(cw)).enumerate();
        for (y, (blue, red)) in lines {
            let [upper, lower] = [2 * y, (2 * y + 1).min(h - 1)].map(|row| &rgb[row * w * 3..][..w * 3]);
            // Two pixels of both rows at a time; of an odd width, the last pixel counts twice.
            let ((upper, upper_rest), (lower, lower_rest)) = (upper.as_chunks::<6>(), lower.as_chunks::<6>());
            let twice = |pixel: &[u8]| -> Option<[u8; 6]> { [pixel, pixel].concat().try_into().ok() };
            let last = twice(upper_rest).zip(twice(lower_rest));
            let last = last.as_ref().map(|(upper, lower)| (upper, lower));
            for ((upper, lower), (blue, red)) in upper.iter().zip(lower).chain(last).zip(blue.iter_mut().zip(red)) {
                let sum = |channel: usize| {
                    [upper[channel], upper[channel + 3], lower[channel], lower[channel + 3]].map(i32::from).iter().sum()
                };
                [*blue, *red] = colors(sum(0), sum(1), sum(2));
            }
        }
        Self { width, height, luma, chroma }
    }

    /// As RGB bytes, colour interpolated.
    pub(crate) fn to_rgb(&self) -> Vec<u8> {
        let part = Rect::all(f64::from(self.width) / 2.0, f64::from(self.height) / 2.0);
        let [cb, cr] = resize::planes(self.chroma_planes(), part, self.width, self.height);
        to_rgb(&self.luma, &cb, &cr)
    }

    /// Turned upright from the way that EXIF's `orientation` stores it.
    pub(crate) fn upright(self, orientation: u8) -> Self {
        let (cw, ch) = Self::chroma_size(self.width, self.height);
        let turn = |plane, w, h| crate::orient::upright::<1>(plane, w, h, orientation);
        let (luma, width, height) = turn(self.luma, self.width, self.height);
        Self { width, height, luma, chroma: self.chroma.map(|plane| turn(plane, cw, ch).0) }
    }
}

/// Colour planes for a brightness plane of `size`, from `part` of larger colour planes.
pub(crate) fn halved<const N: usize>(
    sources: [Plane; N],
    part: Rect,
    size: (u32, u32),
    mirrored: (bool, bool),
) -> [Vec<u8>; N] {
    let (width, height) = Ycc::chroma_size(size.0, size.1);
    resize::planes(sources, part_for_half(part, size, mirrored), width, height)
}

/// What of larger colour planes those of [`halved`] cover.
///
/// With an odd side, the last sample reaches half a pixel over the edge. A picture that is mirrored afterwards
/// has that edge on its other side: then the samples are counted from there.
pub(crate) fn part_for_half(part: Rect, size: (u32, u32), mirrored: (bool, bool)) -> Rect {
    let (width, height) = Ycc::chroma_size(size.0, size.1);
    let reach = |length: f64, side: u32, samples: u32| length * f64::from(2 * samples) / f64::from(side);
    let (across, down) = (reach(part.width, size.0, width), reach(part.height, size.1, height));
    Rect {
        left: if mirrored.0 { part.left + part.width - across } else { part.left },
        top: if mirrored.1 { part.top + part.height - down } else { part.top },
        width: across,
        height: down,
    }
}

/// The shares of the colour planes in red, green and blue, in 16-bit fixed point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mixing {
    red: i32,
    /// Of Cb, and of Cr.
    green: [i32; 2],
    blue: i32,
}

impl Mixing {
    /// JFIF's, which are those of BT.601.
    pub(crate) const JFIF: Self = Self { red: 91_881, green: [22_554, 46_802], blue: 116_130 };
    /// Of high-definition television.
    #[cfg_attr(not(feature = "heic"), allow(dead_code))] // only HEIC has it
    pub(crate) const BT709: Self = Self { red: 103_206, green: [12_276, 30_679], blue: 121_609 };
    /// Of ultra-high-definition television.
    #[cfg_attr(not(feature = "heic"), allow(dead_code))] // only HEIC has it
    pub(crate) const BT2020: Self = Self { red: 96_639, green: [10_784, 37_444], blue: 123_299 };
}

/// Equal planes to RGB, by JFIF's formulas.
pub(crate) fn to_rgb(luma: &[u8], cb: &[u8], cr: &[u8]) -> Vec<u8> {
    mixed(luma, cb, cr, Mixing::JFIF)
}

/// Equal planes to RGB: in short pieces, each channel first by itself, which compilers turn into vectors.
pub(crate) fn mixed(luma: &[u8], cb: &[u8], cr: &[u8], by: Mixing) -> Vec<u8> {
    let mut rgb = vec![0; luma.len() * 3];
    dispatch!(Level::new(), _simd => mix(luma, cb, cr, by, &mut rgb));
    rgb
}

#[allow(clippy::inline_always)] // `dispatch!` compiles for a CPU only what is inlined into it
#[inline(always)]
fn mix(luma: &[u8], cb: &[u8], cr: &[u8], by: Mixing, rgb: &mut [u8]) {
    const PIECE: usize = 64;
    let byte = |value: i32| ((value + 32_768) >> 16).clamp(0, 255).to_le_bytes()[0];
    let pieces = luma.chunks(PIECE).zip(cb.chunks(PIECE)).zip(cr.chunks(PIECE));
    for (((luma, cb), cr), rgb) in pieces.zip(rgb.chunks_mut(PIECE * 3)) {
        let mut channels = [[0; PIECE]; 3];
        for (at, ((y, cb), cr)) in luma.iter().zip(cb).zip(cr).enumerate().take(PIECE) {
            let (y, cb, cr) = (i32::from(*y) << 16, i32::from(*cb) - 128, i32::from(*cr) - 128);
            channels[0][at] = byte(y + by.red * cr);
            channels[1][at] = byte(y - by.green[0] * cb - by.green[1] * cr);
            channels[2][at] = byte(y + by.blue * cb);
        }
        for (at, rgb) in rgb.as_chunks_mut::<3>().0.iter_mut().enumerate().take(PIECE) {
            *rgb = [channels[0][at], channels[1][at], channels[2][at]];
        }
    }
}

/// Brightness of one pixel.
#[inline]
pub(crate) fn luma(r: u8, g: u8, b: u8) -> u8 {
    let sum = 19_595 * u32::from(r) + 38_470 * u32::from(g) + 7_471 * u32::from(b);
    ((sum + 32_768) >> 16).to_le_bytes()[0]
}

/// Colour of four pixels whose channels add up to these sums.
#[inline]
pub(crate) fn colors(r: i32, g: i32, b: i32) -> [u8; 2] {
    let byte = |sum: i32| ((sum + (128 << 18) + (1 << 17) - 1) >> 18).clamp(0, 255).to_le_bytes()[0];
    [byte(-11_059 * r - 21_709 * g + 32_768 * b), byte(32_768 * r - 27_439 * g - 5_329 * b)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_survive_the_way_there_and_back() {
        for color in [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255; 3], [0; 3], [128; 3], [200, 120, 40], [3, 250, 130]]
        {
            let back = Ycc::from_rgb(&color.repeat(16), 4, 4).to_rgb();
            for (got, expected) in back.iter().zip(color.iter().cycle()) {
                assert!(got.abs_diff(*expected) <= 2, "{color:?} came back as {:?}", &back[..3]);
            }
        }
    }

    #[test]
    fn grays_have_no_colour_at_all() {
        for level in 0..=255 {
            let gray = Ycc::from_rgb(&[level; 12], 2, 2);
            assert_eq!((gray.luma[0], gray.chroma[0][0], gray.chroma[1][0]), (level, 128, 128));
        }
    }

    #[test]
    fn the_shares_follow_from_what_red_and_blue_weigh() {
        for (mixing, red, blue) in
            [(Mixing::JFIF, 0.299, 0.114), (Mixing::BT709, 0.2126, 0.0722), (Mixing::BT2020, 0.2627, 0.0593)]
        {
            let green = 1.0 - red - blue;
            let exact = [
                2.0 * (1.0 - red),
                2.0 * (1.0 - blue) * blue / green,
                2.0 * (1.0 - red) * red / green,
                2.0 * (1.0 - blue),
            ];
            let [cb, cr] = mixing.green;
            for (share, exact) in [mixing.red, cb, cr, mixing.blue].into_iter().zip(exact) {
                assert!((f64::from(share) - exact * 65_536.0).abs() <= 1.0, "{mixing:?} {share} {exact}");
            }
        }
    }

    /// Left half red, right half blue, of odd size: whichever way it is stored, the edge stays where it is.
    #[test]
    fn r23_colour_and_brightness_stay_in_register_when_mirrored() {
        let (width, height) = (63_u32, 35_u32);
        let rgb: Vec<u8> =
            (0..width * height).flat_map(|at| if at % width < 31 { [200, 30, 30] } else { [30, 30, 200] }).collect();
        let large = Ycc::from_rgb(&rgb, width, height);
        let straight = large.resized(Rect::all(63.0, 35.0), 31, 17);
        for orientation in [2, 3, 4] {
            // Stored mirrored, shrunk as stored, and then turned upright.
            let stored =
                Ycc::from_rgb(&crate::orient::upright::<3>(rgb.clone(), width, height, orientation).0, width, height);
            let mirrored = (orientation != 4, orientation != 2);
            let half = Rect::all(31.5, 17.5);
            let turned = Ycc {
                width: 31,
                height: 17,
                luma: resize::plane(stored.luma_plane(), Rect::all(63.0, 35.0), 31, 17),
                chroma: halved(stored.chroma_planes(), half, (31, 17), mirrored),
            }
            .upright(orientation);
            for (a, b) in turned.to_rgb().iter().zip(straight.to_rgb()) {
                assert!(a.abs_diff(b) <= 24, "orientation {orientation}");
            }
        }
    }
}
