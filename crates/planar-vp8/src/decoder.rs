//! The way through a frame, row of macroblocks by row.

use std::ops::ControlFlow;

use fearless_simd::{Level, Simd};

use crate::coefficients::Coefficients;
use crate::edges::{self, Kind, Strength};
use crate::error::Error;
use crate::header::{self, Header, Partitions};
use crate::modes::{self, Modes};
use crate::tile::{self, Floor, Tile, Wall};
use crate::tokens::{self, Context};
use crate::{predict, small, transform};

/// A VP8 key frame: the payload of a `VP8 ` chunk of a WebP file.
pub struct Frame<'a> {
    width: u16,
    height: u16,
    header: Header,
    partitions: Partitions<'a>,
}

/// Rows of a picture, in whole macroblocks: at its right and its lower edge, there is padding.
#[derive(Clone, Copy, Debug)]
pub struct Band<'a> {
    /// 16 rows of brightness (Y: 16 is black and 235 is white).
    pub luma: &'a [u8],
    /// 8 rows of blue (U, or Cb) and of red (V, or Cr), each half as long: 128 is gray.
    pub chroma: [&'a [u8]; 2],
    /// Samples in a row of brightness: the picture's width in whole macroblocks of 16.
    pub stride: usize,
}

impl<'a> Frame<'a> {
    /// Reads the header of a frame.
    ///
    /// # Errors
    /// All but [`Error::Stopped`]. Nothing that depends on the frame's size is allocated or done before that is known to
    /// be within `most_pixels`.
    pub fn new(payload: &'a [u8], most_pixels: u64) -> Result<Self, Error> {
        let (&[low, middle, high], rest) = payload.split_first_chunk().ok_or(Error::Truncated)?;
        // A bit of key frames, which are 0; three of the version and one of display, which change nothing here.
        let tag = u32::from_le_bytes([low, middle, high, 0]);
        if tag & 1 != 0 {
            return Err(Error::NotAKeyFrame);
        }
        let (code, rest) = rest.split_first_chunk::<3>().ok_or(Error::Truncated)?;
        if *code != [0x9D, 0x01, 0x2A] {
            return Err(Error::NoStartCode);
        }
        let (sides, rest) = rest.split_first_chunk::<4>().ok_or(Error::Truncated)?;
        // The highest two bits are for a player that scales.
        let side = |at: usize| u16::from_le_bytes([sides[at], sides[at + 1]]) & 0x3FFF;
        let (width, height) = (side(0), side(2));
        if width == 0 || height == 0 {
            return Err(Error::Empty);
        }
        if u64::from(width) * u64::from(height) > most_pixels {
            return Err(Error::TooManyPixels);
        }
        let (header, partitions) = header::read(rest, (tag >> 5) as usize)?;
        Ok(Self { width, height, header, partitions })
    }

    /// Pixels in a row.
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// Rows.
    pub const fn height(&self) -> u16 {
        self.height
    }

    /// Decodes the frame, and hands it to `take` in order, a few rows at a time. `take` may break off.
    ///
    /// # Errors
    /// [`Error::Truncated`] and [`Error::Stopped`].
    pub fn decode(self, mut take: impl FnMut(Band<'_>) -> ControlFlow<()>) -> Result<(), Error> {
        self.decode_on(Level::new(), &mut take)
    }

    fn decode_on(self, level: Level, take: &mut dyn FnMut(Band<'_>) -> ControlFlow<()>) -> Result<(), Error> {
        accelerated(level, Work { rows: Rows::new(&self), frame: self, take })
    }
}

struct Work<'a, 'b> {
    frame: Frame<'a>,
    rows: Rows,
    take: &'b mut dyn FnMut(Band<'_>) -> ControlFlow<()>,
}

/// Does the work with AVX2 if `level` has it, else with the vectors that every machine of its kind has. More copies of the
/// decoder would make the programs large, and none of them faster.
fn accelerated(level: Level, work: Work) -> Result<(), Error> {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = level.as_avx2() {
        return avx2.vectorize(
            #[inline(always)]
            || work.run(avx2),
        );
    }
    let _ = level;
    fearless_simd::dispatch!(Level::baseline(), simd => work.run(simd))
}

impl Work<'_, '_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Result<(), Error> {
        let Self { mut frame, mut rows, take } = self;
        let count = usize::from(frame.height).div_ceil(16);
        for y in 0..count {
            rows.read(simd, &mut frame, y)?;
            rows.filter(simd, &frame.header, y > 0);
            // The last lines of a row are not done before the next row is.
            if y > 0 {
                rows.hand_out(take)?;
            }
            std::mem::swap(&mut rows.tiles, &mut rows.above);
        }
        rows.hand_out(take)
    }
}

/// What is kept between macroblocks.
struct Rows {
    modes: Vec<Modes>,
    small: Vec<[modes::Small; 4]>,
    contexts: Vec<Context>,
    floors: Vec<Floor>,
    strengths: Vec<Strength>,
    tiles: Vec<Tile>,
    above: Vec<Tile>,
    probabilities: Box<tokens::ByPlace>,
    coefficients: Box<Coefficients>,
    residue: Box<transform::Residue>,
    /// Lines as they are handed out.
    luma: Vec<u8>,
    chroma: [Vec<u8>; 2],
}

impl Rows {
    fn new(frame: &Frame) -> Self {
        let count = usize::from(frame.width).div_ceil(16);
        Self {
            modes: vec![Modes::PLAIN; count],
            small: vec![[0; 4]; count],
            contexts: vec![Context::default(); count],
            floors: vec![Floor::OUTSIDE; count],
            strengths: vec![Strength { level: 0, has_inner: false }; count],
            tiles: vec![Tile::BLANK; count],
            above: vec![Tile::BLANK; count],
            probabilities: Box::new(tokens::by_place(&frame.header.probabilities)),
            coefficients: Box::new(Coefficients::NONE),
            residue: Box::new(transform::Residue::NONE),
            luma: vec![0; count * 256],
            chroma: [vec![0; count * 64], vec![0; count * 64]],
        }
    }

    /// Reads and predicts row `y` of macroblocks.
    #[inline(always)]
    fn read<S: Simd>(&mut self, simd: S, frame: &mut Frame, y: usize) -> Result<(), Error> {
        let header = &frame.header;
        modes::read_row(&mut frame.partitions.modes, header, &mut self.small, &mut self.modes);
        let partition = &mut frame.partitions.tokens[y % frame.partitions.count];
        let mut left = Context::default();
        let mut wall = Wall::outside(y == 0);
        for x in 0..self.modes.len() {
            let (modes, above) = (&self.modes[x], &mut self.contexts[x]);
            let segment = &header.segments[usize::from(modes.segment & 3)];
            let is_whole = modes.luma.is_some();
            let mut any = false;
            if modes.has_coefficients {
                let contexts = [above, &mut left];
                any = tokens::read(partition, &self.probabilities, segment, is_whole, contexts, &mut self.coefficients);
                transform::inverse(simd, &mut self.coefficients, &mut self.residue);
            } else {
                self.residue.rows = 0;
                above.clear(is_whole);
                left.clear(is_whole);
            }
            self.strengths[x] = Strength { level: segment.filter[usize::from(!is_whole)], has_inner: any || !is_whole };
            let right =
                self.floors.get(x + 1).map_or([self.floors[x].luma[15]; 4], |right| right.luma.as_chunks().0[0]);
            let (tile, floor) = (&mut self.tiles[x], &mut self.floors[x]);
            let has = [y > 0, x > 0];
            match modes.luma {
                Some(mode) => {
                    predict::luma(mode, has, floor, &wall, tile);
                    tile::add(simd, &mut tile.luma, &self.residue, 0);
                }
                None => small::luma(simd, &modes.small, floor, right, &wall, &self.residue, tile),
            }
            predict::chroma(modes.chroma, has, floor, &wall, tile);
            tile::add(simd, &mut tile.chroma, &self.residue, 16);
            wall.pass(tile, floor);
        }
        if partition.overrun() || frame.partitions.modes.overrun() { Err(Error::Truncated) } else { Ok(()) }
    }

    #[inline(always)]
    fn filter<S: Simd>(&mut self, simd: S, header: &Header, has_above: bool) {
        let kind = Kind { is_simple: header.has_simple_filter, sharpness: header.sharpness };
        let above = has_above.then_some(self.above.as_mut_slice());
        edges::filter_row(simd, kind, &self.strengths, above, &mut self.tiles);
    }

    /// Hands out the row above, which nothing changes any more.
    fn hand_out(&mut self, take: &mut dyn FnMut(Band<'_>) -> ControlFlow<()>) -> Result<(), Error> {
        let stride = self.above.len() * 16;
        let [blue, red] = &mut self.chroma;
        for (y, line) in self.luma.chunks_exact_mut(stride).enumerate() {
            for (samples, tile) in line.as_chunks_mut::<16>().0.iter_mut().zip(&self.above) {
                *samples = tile.luma[y];
            }
        }
        for (plane, half) in [(&mut *blue, 0), (&mut *red, 1)] {
            for (y, line) in plane.chunks_exact_mut(stride / 2).enumerate() {
                for (samples, tile) in line.as_chunks_mut::<8>().0.iter_mut().zip(&self.above) {
                    *samples = tile.chroma[y].as_chunks().0[half];
                }
            }
        }
        match take(Band { luma: &self.luma, chroma: [blue, red], stride }) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Error::Stopped),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame of noise and waves, as libwebp writes it.
    fn frame(quality: f32) -> Vec<u8> {
        let mut seed = 3_u32;
        let pixels: Vec<u8> = (0..200 * 150 * 3)
            .map(|at| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let wave = ((at % 600) as f32 / 40.0).sin() * 70.0 + 128.0;
                wave as u8 + (seed >> 27) as u8
            })
            .collect();
        webp::Encoder::from_rgb(&pixels, 200, 150).encode(quality)[20..].to_vec()
    }

    fn luma(payload: &[u8], level: Level) -> Vec<u8> {
        let mut luma = Vec::new();
        let decoded = Frame::new(payload, u64::MAX).unwrap().decode_on(level, &mut |band| {
            luma.extend_from_slice(band.luma);
            ControlFlow::Continue(())
        });
        decoded.unwrap();
        luma
    }

    #[test]
    fn every_machine_decodes_the_same_samples() {
        for quality in [5.0, 60.0, 95.0] {
            let payload = frame(quality);
            assert!(luma(&payload, Level::new()) == luma(&payload, Level::baseline()), "quality {quality}");
        }
    }
}
