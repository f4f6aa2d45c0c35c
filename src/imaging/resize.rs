//! Fewer pixels. Lanczos3 on the stored values, alpha premultiplied meanwhile (docs/adr/0010-gamma.md).

mod alpha;
mod group;
mod kernel;
mod means;
mod passing;
mod weights;

use std::convert::Infallible;

use self::alpha::{premultiply, unmultiply};
use self::group::Group;
use self::kernel::GROUP;
use self::means::ShrinkQuality;
pub(crate) use self::passing::Passing;
use self::weights::Weights;
use crate::raster::Channels;

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

    /// The same part of a source of other sides: new and old width, new and old height.
    #[allow(clippy::cast_precision_loss)] // sides of pictures
    fn scaled(self, width: usize, old_width: usize, height: usize, old_height: usize) -> Self {
        let (x, y) = (width as f64 / old_width as f64, height as f64 / old_height as f64);
        Self { left: self.left * x, top: self.top * y, width: self.width * x, height: self.height * y }
    }
}

/// Pixels that are resized from.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) width: u32,
    pub(crate) channels: Channels,
}

/// One channel, possibly with padding.
#[derive(Clone, Copy)]
pub(crate) struct Plane<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) stride: usize,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// The size of the whole picture in samples of this plane.
    pub(crate) extent: (f64, f64),
}

impl<'a> Plane<'a> {
    /// A plane without padding.
    pub(crate) fn packed(bytes: &'a [u8], width: u32, height: u32) -> Self {
        Self { bytes, stride: width as usize, width, height, extent: (f64::from(width), f64::from(height)) }
    }

    /// The part that is the whole picture.
    pub(crate) const fn whole(self) -> Rect {
        Rect::all(self.extent.0, self.extent.1)
    }

    /// Are both of one size? The colour planes of a JPEG need not be.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        (self.width, self.height, self.extent) == (other.width, other.height, other.extent)
    }

    fn rows(self) -> Vec<&'a [u8]> {
        let rows = self.bytes.chunks(self.stride).take(self.height as usize);
        rows.map(|row| &row[..self.width as usize]).collect()
    }
}

/// `part` of a plane as `width` × `height` samples. It may reach over the edges, which then repeat.
pub(crate) fn plane(source: Plane, part: Rect, width: u32, height: u32) -> Vec<u8> {
    let [one] = planes([source], part, width, height);
    one
}

/// The same of several planes of one size.
pub(crate) fn planes<const N: usize>(sources: [Plane; N], part: Rect, width: u32, height: u32) -> [Vec<u8>; N] {
    opaque(&sources.map(Plane::rows), 1, part, (width, height), ShrinkQuality::Fine)
}

/// A whole plane, mostly by plain means: for what only a hash will look at.
pub(crate) fn rough_plane(source: Plane, width: u32, height: u32) -> Vec<u8> {
    let [one] = opaque(&[source.rows()], 1, source.whole(), (width, height), ShrinkQuality::Rough);
    one
}

/// `part` of the source as `width` × `height` pixels.
pub(crate) fn resize(source: Source, part: Rect, width: u32, height: u32) -> Vec<u8> {
    mixed(source, part, (width, height), ShrinkQuality::Fine)
}

/// The whole source, mostly by plain means, as [`rough_plane`].
pub(crate) fn rough(source: Source, width: u32, height: u32) -> Vec<u8> {
    let rows = source.bytes.len() / source.channels.count() / source.width as usize;
    #[allow(clippy::cast_precision_loss)] // a side
    mixed(source, Rect::all(f64::from(source.width), rows as f64), (width, height), ShrinkQuality::Rough)
}

fn mixed(source: Source, part: Rect, size: (u32, u32), quality: ShrinkQuality) -> Vec<u8> {
    let channels = source.channels.count();
    let rows: Vec<&[u8]> = source.bytes.chunks_exact(source.width as usize * channels).collect();
    if source.channels.has_alpha() {
        transparent(&rows, channels, part, size, quality)
    } else {
        let [one] = opaque(&[rows], channels, part, size, quality);
        one
    }
}

/// Of sources of one size, which share their weights.
fn opaque<const N: usize>(
    sources: &[Vec<&[u8]>; N],
    channels: usize,
    part: Rect,
    size: (u32, u32),
    quality: ShrinkQuality,
) -> [Vec<u8>; N] {
    let rows = &sources[0];
    let smaller = sources.each_ref().map(|rows| fewer(rows, (channels, false), part, size, quality));
    if let Some((_, width)) = smaller[0] {
        let smaller = smaller.each_ref().map(|one| one.as_ref().map_or(&[][..], |(bytes, _)| bytes));
        let fewer = smaller.map(|bytes| bytes.chunks_exact(width * channels).collect::<Vec<&[u8]>>());
        let part = part.scaled(width, rows[0].len() / channels, fewer[0].len(), rows.len());
        return opaque(&fewer, channels, part, size, quality);
    }
    let (across, down) = weights((rows[0].len() / channels, rows.len()), part, size);
    let mut group = Group::new(channels, rows[0].len(), &across);
    let row = group.target_row();
    sources.each_ref().map(|rows| {
        let mut out = vec![0; row * size.1 as usize];
        for (index, target) in out.chunks_mut(row * GROUP).enumerate() {
            for slot in 0..target.len() / row {
                let (first, weights) = down.of(index * GROUP + slot);
                group.sum(slot, &rows[first..first + weights.len()], weights);
            }
            group.finish(target);
        }
        out
    })
}

fn transparent(rows: &[&[u8]], channels: usize, part: Rect, size: (u32, u32), quality: ShrinkQuality) -> Vec<u8> {
    if let Some((fewer, width)) = fewer(rows, (channels, true), part, size, quality) {
        let fewer: Vec<&[u8]> = fewer.chunks_exact(width * channels).collect();
        let part = part.scaled(width, rows[0].len() / channels, fewer.len(), rows.len());
        return transparent(&fewer, channels, part, size, quality);
    }
    let (across, down) = weights((rows[0].len() / channels, rows.len()), part, size);
    let first = down.of(0).0;
    let mut passing = Passing::new(Group::new(channels, rows[0].len(), &across), down, first);
    for row in &rows[first..] {
        let Ok(()) = passing.row::<Infallible>(|out| {
            premultiply(row, channels, out);
            Ok(())
        });
    }
    let mut out = passing.finish();
    unmultiply(&mut out, channels);
    out
}

/// Can a picture of the first size become one of the second while its rows come in? Not where means come first.
pub(crate) fn streams((width, height): (u32, u32), to: (u32, u32)) -> bool {
    part_streams((width, height), Rect::all(f64::from(width), f64::from(height)), to)
}

fn part_streams((width, height): (u32, u32), part: Rect, to: (u32, u32)) -> bool {
    let fits = |side: u32, length, target| means::first(side as usize, length, target, ShrinkQuality::Fine);
    fits(width, part.width, to.0) == width as usize && fits(height, part.height, to.1) == height as usize
}

/// A whole picture as `size`, while its rows come in: `read` gives the next one.
pub(crate) fn streamed<E>(
    (width, height): (u32, u32),
    channels: Channels,
    size: (u32, u32),
    mut read: impl FnMut(&mut [u8]) -> Result<(), E>,
) -> Result<Vec<u8>, E> {
    let (count, length) = (channels.count(), width as usize * channels.count());
    let whole = Rect::all(f64::from(width), f64::from(height));
    let (across, down) = weights((width as usize, height as usize), whole, size);
    let group = Group::new(count, length, &across);
    if !channels.has_alpha() {
        let mut passing = Passing::new(group, down, 0);
        (0..height).try_for_each(|_| passing.row(&mut read))?;
        return Ok(passing.finish());
    }
    let mut passing = Passing::new(group, down, 0);
    let mut row = vec![0; length];
    (0..height).try_for_each(|_| {
        passing.row(|out| {
            read(&mut row)?;
            premultiply(&row, count, out);
            Ok(())
        })
    })?;
    let mut out = passing.finish();
    unmultiply(&mut out, count);
    Ok(out)
}

/// What [`planes`] does, for planes of one size whose rows are still to come; `None` where means come first.
pub(crate) fn passing<const N: usize>(
    (width, height): (u32, u32),
    part: Rect,
    size: (u32, u32),
) -> Option<[Passing<u8>; N]> {
    if !part_streams((width, height), part, size) {
        return None;
    }
    let (across, down) = weights((width as usize, height as usize), part, size);
    Some(std::array::from_fn(|_| Passing::new(Group::new(1, width as usize, &across), down.clone(), 0)))
}

/// The rows by way of means, and how wide they are then, where that comes first.
fn fewer(
    rows: &[&[u8]],
    (channels, alpha): (usize, bool),
    part: Rect,
    size: (u32, u32),
    quality: ShrinkQuality,
) -> Option<(Vec<u8>, usize)> {
    let full = (rows[0].len() / channels, rows.len());
    let (width, height) =
        (means::first(full.0, part.width, size.0, quality), means::first(full.1, part.height, size.1, quality));
    ((width, height) != full).then(|| (means::shrink(rows, channels, alpha, width, height), width))
}

/// The weights of both directions, for a source of so many pixels.
fn weights((width, height): (usize, usize), part: Rect, size: (u32, u32)) -> (Weights, Weights) {
    (Weights::new(width, part.left, part.width, size.0), Weights::new(height, part.top, part.height, size.1))
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

    fn rgb(width: u32, height: u32) -> Vec<u8> {
        let level = |x: u32, y: u32, c: u32| {
            128.0 + 90.0 * (f64::from(x) / 7.0 + f64::from(c)).sin() + 30.0 * (f64::from(y) / 5.0).cos()
        };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let sample = |x, y, c| level(x, y, c).round() as u8;
        (0..height).flat_map(|y| (0..width).flat_map(move |x| (0..3).map(move |c| sample(x, y, c)))).collect()
    }

    /// The same filter in floating point, without a thought for speed.
    fn reference(source: Source, part: Rect, width: u32, height: u32) -> Vec<f64> {
        let channels = source.channels.count();
        let taps = |limit: u32, from: f64, length: f64, target: u32, index: u32| -> Vec<(usize, f64)> {
            let scale = length / f64::from(target);
            let stretch = scale.max(1.0);
            let center = from + (f64::from(index) + 0.5) * scale;
            let sinc =
                |x: f64| if x == 0.0 { 1.0 } else { (x * std::f64::consts::PI).sin() / (x * std::f64::consts::PI) };
            let weight = |x: f64| if x.abs() < 3.0 { sinc(x) * sinc(x / 3.0) } else { 0.0 };
            let all: Vec<_> = (0..limit)
                .map(|at| (at as usize, weight((f64::from(at) + 0.5 - center) / stretch)))
                .filter(|tap| tap.1 != 0.0)
                .collect();
            let sum: f64 = all.iter().map(|tap| tap.1).sum();
            all.into_iter().map(|(at, weight)| (at, weight / sum)).collect()
        };
        let mut out = Vec::new();
        for y in 0..height {
            let source_height = u32::try_from(source.bytes.len() / channels).unwrap() / source.width;
            let rows = taps(source_height, part.top, part.height, height, y);
            for x in 0..width {
                let columns = taps(source.width, part.left, part.width, width, x);
                for c in 0..channels {
                    let sample = |sx: usize, sy: usize| {
                        f64::from(source.bytes[(sy * source.width as usize + sx) * channels + c])
                    };
                    out.push(
                        rows.iter()
                            .map(|(sy, wy)| columns.iter().map(|(sx, wx)| sample(*sx, *sy) * wx).sum::<f64>() * wy)
                            .sum(),
                    );
                }
            }
        }
        out
    }

    #[test]
    fn it_is_lanczos_to_within_a_step() {
        let bytes = rgb(211, 97);
        let source = Source { bytes: &bytes, width: 211, channels: Channels::Rgb };
        let parts = [Rect::all(211.0, 97.0), Rect { left: 10.25, top: 3.5, width: 150.5, height: 80.125 }];
        for part in parts {
            for (width, height) in [(100, 46), (40, 18), (150, 80), (14, 7), (7, 5), (1, 1)] {
                let ours = resize(source, part, width, height);
                for (at, (ours, exact)) in ours.iter().zip(reference(source, part, width, height)).enumerate() {
                    let error = (f64::from(*ours) - exact.clamp(0.0, 255.0)).abs();
                    // Much smaller goes by way of plain means, which are nearly the same: the waves are 180 steps high.
                    let tolerance = if width >= 14 { 0.75 } else { 4.0 };
                    assert!(error < tolerance, "{width} × {height} at {at}: {ours} for {exact}");
                }
            }
        }
    }

    #[test]
    fn flat_areas_stay_and_a_copy_is_a_copy() {
        for level in [0, 1, 127, 254, 255] {
            let bytes = vec![level; 300 * 200];
            let source = Source { bytes: &bytes, width: 300, channels: Channels::Gray };
            for (width, height) in [(133, 77), (299, 199), (3, 2)] {
                let small = resize(source, Rect::all(300.0, 200.0), width, height);
                assert!(small.iter().all(|sample| *sample == level), "{level} {width}");
            }
        }
        let bytes = rgb(65, 33);
        let source = Source { bytes: &bytes, width: 65, channels: Channels::Rgb };
        assert_eq!(resize(source, Rect::all(65.0, 33.0), 65, 33), bytes);
    }

    #[test]
    fn r25_transparent_pixels_lend_no_colour() {
        // Left half opaque red, right half fully transparent green: no green may bleed in.
        let bytes: Vec<u8> = (0..64).flat_map(|n| if n % 8 < 4 { [255, 0, 0, 255] } else { [0, 255, 0, 0] }).collect();
        let source = Source { bytes: &bytes, width: 8, channels: Channels::Rgba };
        let small = resize(source, Rect::all(8.0, 8.0), 3, 3);
        for pixel in small.as_chunks::<4>().0 {
            assert!(pixel[3] == 0 || (pixel[0] >= 250 && pixel[1] <= 5), "{pixel:?}");
        }
    }
}
