//! The weight of each source pixel for each target pixel: Lanczos3, widened when shrinking.

use std::f64::consts::PI;

/// Weights are this many parts to the whole.
pub(super) const WHOLE: i16 = i16::MAX;

const LOBES: f64 = 3.0;

/// The weights of one direction.
#[derive(Clone)]
pub(super) struct Weights {
    /// Per target pixel: the first source pixel, and which of the values are its weights.
    windows: Vec<(usize, std::ops::Range<usize>)>,
    values: Vec<i16>,
}

impl Weights {
    /// From `length` pixels at `from` (fractions allowed) of a source of `limit` pixels to `target` pixels.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)] // sides of pictures
    pub(super) fn new(limit: usize, from: f64, length: f64, target: u32) -> Self {
        let scale = length / f64::from(target);
        // Shrinking widens the filter, so that every source pixel counts.
        let stretch = scale.max(1.0);
        let support = LOBES * stretch;
        let mut made = Self { windows: Vec::with_capacity(target as usize), values: Vec::new() };
        let mut exact = Vec::new();
        let step = 1.0 / stretch;
        let turns = [step * PI, step * PI / LOBES].map(f64::sin_cos);
        for index in 0..target {
            let center = from + (f64::from(index) + 0.5) * scale;
            let first = ((center - support).floor().max(0.0) as usize).min(limit - 1);
            let last = ((center + support).ceil() as usize).clamp(first + 1, limit);
            lanczos((first as f64 + 0.5 - center) / stretch, step, turns, last - first, &mut exact);
            let start = made.values.len();
            made.values.resize(start + exact.len(), 0);
            quantise(&exact, &mut made.values[start..]);
            // The outermost weights are often nothing.
            let own = &made.values[start..];
            let empty = own.iter().take_while(|weight| **weight == 0).count();
            let used = own.iter().rposition(|weight| *weight != 0).map_or(1, |last| last + 1);
            made.windows.push((first + empty, start + empty..start + used));
        }
        made
    }

    /// The first source pixel of a target pixel, and its weights.
    pub(super) fn of(&self, index: usize) -> (usize, &[i16]) {
        let (first, own) = &self.windows[index];
        (*first, &self.values[own.clone()])
    }

    /// How many target pixels there are.
    #[allow(clippy::cast_possible_truncation)] // they were given as such a number
    pub(super) fn count(&self) -> u32 {
        self.windows.len() as u32
    }

    /// The most weights that any target pixel has.
    pub(super) fn taps(&self) -> usize {
        self.windows.iter().map(|(_, own)| own.len()).max().unwrap_or(1)
    }
}

/// Lanczos' function at steps of `step` from `start` on. All sines follow from the first one, by rotation: `turns` are
/// sine and cosine of a step, for the fast wave and for the slow one.
fn lanczos(start: f64, step: f64, turns: [(f64, f64); 2], count: usize, out: &mut Vec<f64>) {
    let mut fast = Sines::new(start * PI, turns[0]);
    let mut slow = Sines::new(start * PI / LOBES, turns[1]);
    #[allow(clippy::cast_precision_loss)] // a few hundred at most
    let places = (0..count).map(|index| start + index as f64 * step);
    out.clear();
    out.extend(places.map(|x| {
        let value = LOBES * fast.next() * slow.next() / (PI * PI * x * x);
        // So near the middle, the limit is more exact than a quotient of two tiny numbers.
        match x.abs() {
            near if near < 1e-6 => 1.0,
            inside if inside < LOBES => value,
            _ => 0.0,
        }
    }));
}

/// The sines of evenly spaced angles.
struct Sines {
    sin: f64,
    cos: f64,
    by: (f64, f64),
}

impl Sines {
    fn new(start: f64, by: (f64, f64)) -> Self {
        let (sin, cos) = start.sin_cos();
        Self { sin, cos, by }
    }

    /// This angle's sine; then on to the next.
    fn next(&mut self) -> f64 {
        let (sin, cos) = (self.sin, self.cos);
        self.sin = sin * self.by.1 + cos * self.by.0;
        self.cos = cos * self.by.1 - sin * self.by.0;
        sin
    }
}

/// Whole numbers that add up to [`WHOLE`] exactly: a flat area must stay what it is.
#[allow(clippy::cast_possible_truncation)] // a share of WHOLE
fn quantise(exact: &[f64], out: &mut [i16]) {
    let sum: f64 = exact.iter().sum();
    for (value, weight) in out.iter_mut().zip(exact) {
        let part = weight / sum * f64::from(WHOLE);
        // Rounded by half a step and a cut: `round` is a call where CPUs are old.
        *value = (part + 0.5_f64.copysign(part)).clamp(-32_767.0, 32_767.0) as i16;
    }
    // What rounding lost goes to the largest weight. At an edge that one may be full, where a weight above the whole
    // was called for: then to the next.
    let mut missing = i32::from(WHOLE) - out.iter().map(|value| i32::from(*value)).sum::<i32>();
    while missing != 0 {
        let room = |value: i16| if missing > 0 { value < WHOLE } else { value > -WHOLE };
        let Some(largest) = out.iter_mut().filter(|value| room(**value)).max() else { return };
        let filled = (i32::from(*largest) + missing).clamp(-32_767, 32_767);
        missing -= filled - i32::from(*largest);
        *largest = filled as i16;
    }
}

/// The same weights in pairs that begin at even source pixels, equally many for every target, so that the loop over
/// them has a fixed length.
pub(super) struct PairWeights {
    /// Per target pixel: the first pair.
    firsts: Vec<usize>,
    pairs: usize,
    /// Two weights in one, the earlier one first in memory.
    values: Vec<i32>,
}

impl PairWeights {
    pub(super) fn of(weights: &Weights) -> Self {
        let pairs = weights.taps() / 2 + 1;
        let mut made = Self { firsts: Vec::with_capacity(weights.windows.len()), pairs, values: Vec::new() };
        for (first, own) in &weights.windows {
            made.firsts.push(first / 2);
            let own = &weights.values[own.clone()];
            let at = |index: usize| index.checked_sub(first % 2).and_then(|at| own.get(at)).copied().unwrap_or(0);
            made.values.extend((0..pairs).map(|pair| {
                let ([a, b], [c, d]) = (at(pair * 2).to_ne_bytes(), at(pair * 2 + 1).to_ne_bytes());
                i32::from_ne_bytes([a, b, c, d])
            }));
        }
        made
    }

    /// How many pairs each target takes.
    pub(super) const fn pairs(&self) -> usize {
        self.pairs
    }

    /// For each target pixel: the first pair of source pixels, and the pairs' weights.
    pub(super) fn windows(&self) -> impl Iterator<Item = (usize, &[i32])> {
        self.firsts.iter().copied().zip(self.values.chunks_exact(self.pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_pixel_has_a_whole_of_weights_within_the_source() {
        for (limit, from, length, target) in [
            (4032, 0.0, 4032.0, 2048),
            (100, 0.0, 100.0, 100),
            (7, 0.0, 6.5, 3),
            (1, 0.0, 1.0, 1),
            (3000, 1000.25, 999.5, 1),
            (50, 49.0, 1.0, 1),
            (2, 0.0, 2.0, 4),
            (9, 0.0, 8.5, 17),
        ] {
            let weights = Weights::new(limit, from, length, target);
            for index in 0..target as usize {
                let (first, values) = weights.of(index);
                let sum: i32 = values.iter().map(|value| i32::from(*value)).sum();
                assert_eq!(sum, i32::from(WHOLE), "{limit} {target} {index}");
                assert!(first + values.len() <= limit, "{limit} {target} {index}");
            }
        }
    }

    #[test]
    fn a_copy_is_a_copy() {
        let weights = Weights::new(10, 0.0, 10.0, 10);
        for index in 0..10 {
            assert_eq!(weights.of(index), (index, [WHOLE].as_slice()));
        }
    }
}
