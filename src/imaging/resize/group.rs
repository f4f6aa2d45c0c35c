//! Target rows in the making.

use fearless_simd::Level;

use super::kernel::{self, GROUP};
use super::weights::{PairWeights, Weights};

/// As many target rows at once as a vector holds: columns are summed first, row by row; then the group is laid on its
/// side, so that the second pass, too, works on whole vectors.
pub(super) struct Group {
    level: Level,
    channels: usize,
    /// Samples in a row of the source, and from one row of `rows` to the next: a multiple of the group's pixels.
    length: usize,
    stride: usize,
    across: PairWeights,
    width: usize,
    rows: Vec<i16>,
    pairs: Vec<kernel::Pair>,
    targets: Vec<[u8; GROUP]>,
}

impl Group {
    /// For a source with so many samples in a row.
    pub(super) fn new(channels: usize, length: usize, across: &Weights) -> Self {
        let width = across.count() as usize;
        let across = PairWeights::of(across);
        let pixels = (length / channels).next_multiple_of(GROUP);
        Self {
            level: Level::new(),
            channels,
            length,
            stride: pixels * channels,
            width,
            rows: vec![0; pixels * channels * GROUP],
            pairs: vec![[0; GROUP * 2]; (pixels / 2 + across.pairs()) * channels],
            targets: vec![[0; GROUP]; width * channels],
            across,
        }
    }

    /// Samples in a row of the source.
    pub(super) const fn source_row(&self) -> usize {
        self.length
    }

    /// Samples in a target row.
    pub(super) const fn target_row(&self) -> usize {
        self.width * self.channels
    }

    /// Sums weighted rows of the source into one row of the group.
    pub(super) fn sum<T: kernel::Sample>(&mut self, slot: usize, rows: &[&[T]], weights: &[i16]) {
        let out = &mut self.rows[slot * self.stride..][..self.length];
        kernel::column_sums(self.level, rows, weights, out);
    }

    /// Target rows, as many as `out` holds and no more than a group has, from the sums.
    pub(super) fn finish(&mut self, out: &mut [u8]) {
        kernel::transpose(self.level, &self.rows, self.stride, self.channels, &mut self.pairs);
        let of_channel = self.pairs.chunks_exact(self.pairs.len() / self.channels);
        for (channel, pairs) in of_channel.enumerate() {
            kernel::row_sums(self.level, pairs, &self.across, &mut self.targets[channel..], self.channels);
        }
        kernel::scatter(self.level, &self.targets, out);
    }
}
