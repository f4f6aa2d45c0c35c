//! Fewer pixels. Lanczos3 on the stored values, alpha premultiplied meanwhile (docs/adr/0010-gamma.md).

mod kernel;
mod weights;

use fearless_simd::Level;

use self::weights::Weights;
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
}

/// `part` of a plane as `width` × `height` samples. It may reach over the edges, which then repeat.
pub(crate) fn plane(source: Plane, part: Rect, width: u32, height: u32) -> Vec<u8> {
    let across = Weights::new(source.width, part.left, part.width, width);
    let down = Weights::new(source.height, part.top, part.height, height);
    let mut out = vec![0; width as usize * height as usize];
    let mut rows = Rows::new(1, source.width as usize, &across);
    let all: Vec<&[u8]> = source.bytes.chunks(source.stride).take(source.height as usize).collect();
    for (index, target) in out.chunks_exact_mut(width as usize).enumerate() {
        let (first, weights) = down.of(index);
        let last = all.len().min(first + weights.len());
        rows.target(&all[first..last], weights, &across, target);
    }
    out
}

/// `part` of the source as `width` × `height` pixels: columns first, then rows, one target row at a time.
pub(crate) fn resize(source: Source, part: Rect, width: u32, height: u32) -> Vec<u8> {
    let channels = source.channels.count();
    let stride = source.width as usize * channels;
    let across = Weights::new(source.width, part.left, part.width, width);
    let down = Weights::new(source.height, part.top, part.height, height);
    let mut out = vec![0; width as usize * height as usize * channels];
    let mut rows = Rows::new(channels, stride, &across);
    let targets = out.chunks_exact_mut(width as usize * channels).enumerate();
    if source.channels.has_alpha() {
        let mut premultiplied = Premultiplied::new(source, down.taps());
        for (index, target) in targets {
            let (first, weights) = down.of(index);
            rows.target(&premultiplied.window(first, weights.len()), weights, &across, target);
            unmultiply(target, channels);
        }
    } else {
        let all: Vec<&[u8]> = source.bytes.chunks_exact(stride).collect();
        for (index, target) in targets {
            let (first, weights) = down.of(index);
            let last = all.len().min(first + weights.len());
            rows.target(&all[first..last], weights, &across, target);
        }
    }
    out
}

/// The buffers between the two passes.
struct Rows {
    level: Level,
    channels: usize,
    /// One row of the source's width, channels side by side.
    mixed: Vec<i16>,
    /// One channel of it, with room for the last windows to reach over the end.
    single: Vec<i16>,
}

impl Rows {
    fn new(channels: usize, stride: usize, across: &Weights) -> Self {
        let single = vec![0; stride / channels + across.taps()];
        Self { level: Level::new(), channels, mixed: vec![0; stride], single }
    }

    fn target<T: kernel::Sample>(&mut self, rows: &[&[T]], weights: &[i16], across: &Weights, target: &mut [u8]) {
        kernel::column_sums(self.level, rows, weights, &mut self.mixed);
        if self.channels == 1 {
            self.single[..self.mixed.len()].copy_from_slice(&self.mixed);
            kernel::row_sums(self.level, &self.single, across, target, 1);
            return;
        }
        for channel in 0..self.channels {
            let own = self.mixed.iter().skip(channel).step_by(self.channels);
            self.single.iter_mut().zip(own).for_each(|(to, from)| *to = *from);
            kernel::row_sums(self.level, &self.single, across, &mut target[channel..], self.channels);
        }
    }
}

/// Rows of a source with alpha, multiplied by it and kept while the window passes over them.
struct Premultiplied<'a> {
    source: Source<'a>,
    rows: Vec<Vec<i16>>,
    /// Source row of each slot.
    holds: Vec<Option<usize>>,
}

impl<'a> Premultiplied<'a> {
    fn new(source: Source<'a>, taps: usize) -> Self {
        let stride = source.width as usize * source.channels.count();
        Self { source, rows: vec![vec![0; stride]; taps], holds: vec![None; taps] }
    }

    fn window(&mut self, first: usize, taps: usize) -> Vec<&[i16]> {
        let last = (self.source.height as usize).min(first + taps);
        let slots = self.rows.len();
        for y in first..last {
            if self.holds[y % slots] != Some(y) {
                let stride = self.rows[0].len();
                premultiply(
                    &self.source.bytes[y * stride..][..stride],
                    self.source.channels.count(),
                    &mut self.rows[y % slots],
                );
                self.holds[y % slots] = Some(y);
            }
        }
        (first..last).map(|y| self.rows[y % slots].as_slice()).collect()
    }
}

/// Samples in 128ths, times alpha.
fn premultiply(row: &[u8], channels: usize, out: &mut [i16]) {
    for (pixel, out) in row.chunks_exact(channels).zip(out.chunks_exact_mut(channels)) {
        let alpha = i32::from(pixel[channels - 1]);
        for (sample, out) in pixel.iter().zip(out.iter_mut()).take(channels - 1) {
            let product = i32::from(*sample) * alpha * 128 / 255;
            *out = i16::try_from(product).unwrap_or(i16::MAX);
        }
        out[channels - 1] = i16::from(pixel[channels - 1]) << 7;
    }
}

fn unmultiply(row: &mut [u8], channels: usize) {
    for pixel in row.chunks_exact_mut(channels) {
        let alpha = u32::from(pixel[channels - 1]);
        if alpha == 255 {
            continue;
        }
        for sample in &mut pixel[..channels - 1] {
            let color = (u32::from(*sample) * 255 + alpha / 2).checked_div(alpha).unwrap_or(0).min(255);
            *sample = color.to_le_bytes()[0];
        }
    }
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
            let rows = taps(source.height, part.top, part.height, height, y);
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
        let source = Source { bytes: &bytes, width: 211, height: 97, channels: Channels::Rgb };
        let parts = [Rect::all(211.0, 97.0), Rect { left: 10.25, top: 3.5, width: 150.5, height: 80.125 }];
        for part in parts {
            for (width, height) in [(100, 46), (40, 18), (150, 80), (7, 5), (1, 1)] {
                let ours = resize(source, part, width, height);
                for (at, (ours, exact)) in ours.iter().zip(reference(source, part, width, height)).enumerate() {
                    let error = (f64::from(*ours) - exact.clamp(0.0, 255.0)).abs();
                    assert!(error < 0.75, "{width} × {height} at {at}: {ours} for {exact}");
                }
            }
        }
    }

    #[test]
    fn flat_areas_stay_and_a_copy_is_a_copy() {
        for level in [0, 1, 127, 254, 255] {
            let bytes = vec![level; 300 * 200];
            let source = Source { bytes: &bytes, width: 300, height: 200, channels: Channels::Gray };
            assert!(resize(source, Rect::all(300.0, 200.0), 133, 77).iter().all(|sample| *sample == level), "{level}");
        }
        let bytes = rgb(65, 33);
        let source = Source { bytes: &bytes, width: 65, height: 33, channels: Channels::Rgb };
        assert_eq!(resize(source, Rect::all(65.0, 33.0), 65, 33), bytes);
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
