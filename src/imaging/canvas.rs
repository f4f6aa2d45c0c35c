//! The one whole picture that every variant is made from: upright, sRGB, at the largest size that any variant wants.

use crate::decode::{DecodeSize, Decoded, Meaning};
use crate::error::ImageError;
use crate::header::model::Header;
use crate::picture::{Picture, Pixels, flatten};
use crate::plan::Plan;
use crate::raster::Channels;
use crate::recipe::Variant;
use crate::resize::{self, Rect, Source};
use crate::style::Color;
use crate::ycc::{self, Ycc};
use crate::{color, orient, sharpen};

/// A whole picture, or a part of one.
#[derive(Clone)]
pub(crate) enum Canvas {
    /// Three or four channels.
    Mixed {
        width: u32,
        height: u32,
        channels: Channels,
        bytes: Vec<u8>,
    },
    Planar(Ycc),
}

impl Canvas {
    /// Resizes first: colour and orientation then have fewer pixels to work on.
    pub(crate) fn new(
        decoded: Decoded,
        header: &Header,
        icc: Option<&[u8]>,
        wanted: DecodeSize,
    ) -> Result<Self, ImageError> {
        let DecodeSize { width, height, planar } = wanted;
        let raster = match decoded {
            Decoded::Planes(planes) if planar && planes.meaning == Meaning::YCbCr && icc.is_none() => {
                let [luma, cb, cr] = [0, 1, 2].map(|index| planes.plane(index));
                let mirrored = orient::mirrored(header.orientation);
                let chroma = if cb.is_like(&cr) {
                    ycc::halved([cb, cr], cb.whole(), (width, height), mirrored)
                } else {
                    [cb, cr].map(|plane| {
                        let [one] = ycc::halved([plane], plane.whole(), (width, height), mirrored);
                        one
                    })
                };
                let luma = resize::plane(luma, luma.whole(), width, height);
                return Ok(Self::Planar(Ycc { width, height, luma, chroma }.upright(header.orientation)));
            }
            Decoded::Fitted(ycc) => return Ok(Self::Planar(ycc.upright(header.orientation))),
            Decoded::Planes(planes) => planes.merged(width, height),
            Decoded::Raster(raster) => raster,
        };
        let (bytes, channels) = color::to_srgb(
            fitted(raster.bytes, raster.width, raster.height, raster.channels, wanted),
            raster.channels,
            icc,
        )?;
        let (bytes, channels) = drop_opaque_alpha(bytes, channels);
        if channels == Channels::Rgba {
            let (bytes, width, height) = orient::upright::<4>(bytes, width, height, header.orientation);
            return Ok(Self::Mixed { width, height, channels, bytes });
        }
        let (bytes, width, height) = orient::upright::<3>(bytes, width, height, header.orientation);
        Ok(if planar {
            Self::Planar(Ycc::from_rgb(&bytes, width, height))
        } else {
            Self::Mixed { width, height, channels, bytes }
        })
    }

    pub(crate) const fn size(&self) -> (u32, u32) {
        match self {
            Self::Mixed { width, height, .. } => (*width, *height),
            Self::Planar(ycc) => (ycc.width, ycc.height),
        }
    }

    pub(crate) fn has_alpha(&self) -> bool {
        matches!(self, Self::Mixed { channels: Channels::Rgba, .. })
    }

    /// The part of this canvas that a plan shows, at the plan's size.
    pub(crate) fn take(&self, plan: &Plan) -> Self {
        let (w, h) = self.size();
        if plan.whole && (plan.width, plan.height) == (w, h) {
            return self.clone();
        }
        let (w, h) = (f64::from(w), f64::from(h));
        let [left, top, width, height] = plan.part;
        self.resized(
            Rect { left: left * w, top: top * h, width: width * w, height: height * h },
            plan.width,
            plan.height,
        )
    }

    fn resized(&self, part: Rect, width: u32, height: u32) -> Self {
        match self {
            Self::Planar(ycc) => Self::Planar(ycc.resized(part, width, height)),
            Self::Mixed { width: w, channels, bytes, .. } => {
                let source = Source { bytes, width: *w, channels: *channels };
                Self::Mixed { width, height, channels: *channels, bytes: resize::resize(source, part, width, height) }
            }
        }
    }

    /// The whole picture as a few RGBA pixels.
    pub(crate) fn glance(&self, width: u32, height: u32) -> Vec<u8> {
        let rgb = match self {
            Self::Planar(ycc) => {
                let [cb, cr] = ycc.chroma_planes().map(|plane| resize::rough_plane(plane, width, height));
                let luma = resize::rough_plane(ycc.luma_plane(), width, height);
                ycc::to_rgb(&luma, &cb, &cr)
            }
            Self::Mixed { width: w, channels, bytes, .. } => {
                let source = Source { bytes, width: *w, channels: *channels };
                let pixels = resize::rough(source, width, height);
                if *channels == Channels::Rgba {
                    return pixels;
                }
                pixels
            }
        };
        rgb.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect()
    }

    /// Every so many pixels of every so many rows: enough for a look at large things, at a fraction of its cost.
    pub(crate) fn thinned(&self, step: u32) -> Self {
        let every = step as usize;
        let thin = |bytes: &[u8], width: u32, channels: usize| -> Vec<u8> {
            let rows = bytes.chunks_exact(width as usize * channels).step_by(every);
            rows.flat_map(|row| row.chunks_exact(channels).step_by(every).flatten().copied()).collect()
        };
        let (width, height) = self.size();
        let (thin_width, thin_height) = (width.div_ceil(step), height.div_ceil(step));
        match self {
            Self::Mixed { channels, bytes, .. } => Self::Mixed {
                width: thin_width,
                height: thin_height,
                channels: *channels,
                bytes: thin(bytes, width, channels.count()),
            },
            Self::Planar(ycc) => Self::Planar(Ycc {
                width: thin_width,
                height: thin_height,
                luma: thin(&ycc.luma, width, 1),
                chroma: ycc.chroma.each_ref().map(|plane| thin(plane, Ycc::chroma_size(width, height).0, 1)),
            }),
        }
    }

    /// Ready for the watermark: sharpened, and without alpha where no format of the variant has any.
    pub(crate) fn into_picture(self, variant: &Variant, background: Color) -> Picture {
        let (width, height) = self.size();
        let pixels = match self {
            Self::Planar(mut ycc) => {
                if variant.sharpen > 0.0 {
                    sharpen::plane(&mut ycc.luma, width, variant.sharpen);
                }
                Pixels::Ycc(ycc)
            }
            Self::Mixed { channels, mut bytes, .. } => {
                if variant.sharpen > 0.0 {
                    sharpen::pixels(&mut bytes, width, channels.count(), variant.sharpen);
                }
                match channels {
                    Channels::Rgba if variant.keeps_alpha() => Pixels::Rgba(bytes),
                    Channels::Rgba => Pixels::Rgb(flatten(&bytes, background)),
                    _ => Pixels::Rgb(bytes),
                }
            }
        };
        Picture::new(&variant.name, width, height, pixels).expect("a plan's size fits its pixels")
    }
}

/// A raster's bytes at the size that is wanted.
fn fitted(bytes: Vec<u8>, width: u32, height: u32, channels: Channels, wanted: DecodeSize) -> Vec<u8> {
    if (width, height) == (wanted.width, wanted.height) {
        return bytes;
    }
    let source = Source { bytes: &bytes, width, channels };
    resize::resize(source, Rect::all(f64::from(width), f64::from(height)), wanted.width, wanted.height)
}

/// Drops an alpha channel that is opaque everywhere: it would cost a third more in every later step.
fn drop_opaque_alpha(bytes: Vec<u8>, channels: Channels) -> (Vec<u8>, Channels) {
    if channels != Channels::Rgba || bytes.as_chunks::<4>().0.iter().any(|pixel| pixel[3] != 255) {
        return (bytes, channels);
    }
    let rgb = bytes.as_chunks::<4>().0.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
    (rgb, Channels::Rgb)
}
