//! The rows of one row of units, in whole units: samples beyond the picture repeat its edge.

use crate::planes::Planes;

/// 16 × 16 pixels, each line a vector. Of colour, a line has eight samples of blue and then eight of red.
pub(crate) struct Unit {
    pub luma: [[u8; 16]; 16],
    pub chroma: [[u8; 16]; 8],
}

pub(crate) struct Strip {
    units: Vec<Unit>,
}

impl Strip {
    pub fn new(planes: &Planes) -> Self {
        let count = usize::from(planes.width).div_ceil(16);
        Self { units: (0..count).map(|_| Unit { luma: [[0; 16]; 16], chroma: [[0; 16]; 8] }).collect() }
    }

    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// Takes over the rows of row `index` of units.
    pub fn fill(&mut self, planes: &Planes, index: usize) {
        let (width, height) = (usize::from(planes.width), usize::from(planes.height));
        for line in 0..16 {
            let row = &planes.luma[(index * 16 + line).min(height - 1) * width..][..width];
            let (whole, rest) = row.as_chunks::<16>();
            for (unit, samples) in self.units.iter_mut().zip(whole) {
                unit.luma[line] = *samples;
            }
            if let (Some(last), Some(edge)) = (self.units.get_mut(whole.len()), rest.last()) {
                last.luma[line] = [*edge; 16];
                last.luma[line][..rest.len()].copy_from_slice(rest);
            }
        }
        let (width, height) = (width.div_ceil(2), height.div_ceil(2));
        for line in 0..8 {
            for (plane, at) in planes.chroma.into_iter().zip([0, 8]) {
                let row = &plane[(index * 8 + line).min(height - 1) * width..][..width];
                let (whole, rest) = row.as_chunks::<8>();
                for (unit, samples) in self.units.iter_mut().zip(whole) {
                    unit.chroma[line][at..at + 8].copy_from_slice(samples);
                }
                if let (Some(last), Some(edge)) = (self.units.get_mut(whole.len()), rest.last()) {
                    last.chroma[line][at..at + 8].fill(*edge);
                    last.chroma[line][at..at + rest.len()].copy_from_slice(rest);
                }
            }
        }
    }
}
