//! Fewer pixels. Lanczos3 on the stored values, alpha premultiplied meanwhile (docs/adr/0010-gamma.md).

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::decode::Channels;

/// A rectangle in pixels of the source, fractions allowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Rect {
    pub(crate) const fn all(width: f64, height: f64) -> Self {
        Self { left: 0.0, top: 0.0, width, height }
    }
}

/// Pixels that are resized from.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) channels: Channels,
}

/// `part` of the source as `width` × `height` pixels.
pub(crate) fn resize(source: Source, part: Rect, width: u32, height: u32) -> Vec<u8> {
    let kind = match source.channels {
        Channels::Gray => PixelType::U8,
        Channels::GrayAlpha => PixelType::U8x2,
        Channels::Rgb => PixelType::U8x3,
        Channels::Rgba | Channels::Cmyk => PixelType::U8x4,
    };
    let from = ImageRef::new(source.width, source.height, source.bytes, kind).expect("a raster's bytes fit its size");
    let mut to = Image::new(width, height, kind);
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .use_alpha(source.channels.has_alpha())
        .crop(part.left, part.top, part.width, part.height);
    Resizer::new().resize(&from, &mut to, &options).expect("the part lies within the source");
    to.into_vec()
}

/// The size of a whole picture in a box: never larger than it is, never without pixels.
pub(crate) fn inside(width: u32, height: u32, box_width: u32, box_height: u32) -> (u32, u32) {
    let scale = (f64::from(box_width) / f64::from(width)).min(f64::from(box_height) / f64::from(height)).min(1.0);
    (scaled(width, scale), scaled(height, scale))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // between 1 and the side itself
pub(crate) fn scaled(side: u32, scale: f64) -> u32 {
    ((f64::from(side) * scale).round() as u32).clamp(1, side)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r25_sizes_never_grow_and_keep_their_shape() {
        assert_eq!(inside(4000, 3000, 2048, 2048), (2048, 1536));
        assert_eq!(inside(3000, 4000, 480, 480), (360, 480));
        assert_eq!(inside(100, 50, 480, 480), (100, 50));
        assert_eq!(inside(30_000, 1, 200, 200), (200, 1));
        for width in (1..5000).step_by(37) {
            for side in [200, 480, 1024, 2048] {
                let (w, h) = inside(width, 3001, side, side);
                assert!(w <= width && h <= 3001 && w.max(h) <= side);
                let exact = f64::from(width) * f64::from(h) / 3001.0;
                assert!((exact - f64::from(w)).abs() <= 1.0, "{width} × 3001 became {w} × {h}");
            }
        }
    }

    #[test]
    fn r25_transparent_pixels_lend_no_colour() {
        // Left half opaque red, right half fully transparent green: no green may bleed in.
        let bytes: Vec<u8> = (0..64).flat_map(|n| if n % 8 < 4 { [255, 0, 0, 255] } else { [0, 255, 0, 0] }).collect();
        let source = Source { bytes: &bytes, width: 8, height: 8, channels: Channels::Rgba };
        let small = resize(source, Rect::all(8.0, 8.0), 3, 3);
        for pixel in small.as_chunks::<4>().0 {
            assert!(pixel[3] == 0 || (pixel[0] >= 250 && pixel[1] <= 5), "{pixel:?}");
        }
    }
}
