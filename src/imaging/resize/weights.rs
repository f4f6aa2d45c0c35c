//! How much each source pixel counts for each target pixel: Lanczos3, widened when shrinking.

/// Weights are this many parts to the whole.
pub(super) const WHOLE: i16 = i16::MAX;

const LOBES: f64 = 3.0;

/// The weights of one direction.
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
        for index in 0..target {
            let center = from + (f64::from(index) + 0.5) * scale;
            let first = ((center - support).floor().max(0.0) as usize).min(limit - 1);
            let last = ((center + support).ceil() as usize).clamp(first + 1, limit);
            exact.clear();
            exact.extend((first..last).map(|at| lanczos((at as f64 + 0.5 - center) / stretch)));
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

    /// The most weights that any target pixel has.
    pub(super) fn taps(&self) -> usize {
        self.windows.iter().map(|(_, own)| own.len()).max().unwrap_or(1)
    }
}

fn lanczos(x: f64) -> f64 {
    if x == 0.0 {
        return 1.0;
    }
    if x.abs() >= LOBES {
        return 0.0;
    }
    let x = x * std::f64::consts::PI;
    LOBES * x.sin() * (x / LOBES).sin() / (x * x)
}

/// Whole numbers that add up to [`WHOLE`] exactly: a flat area must stay what it is.
#[allow(clippy::cast_possible_truncation)] // a share of WHOLE
fn quantise(exact: &[f64], out: &mut [i16]) {
    let sum: f64 = exact.iter().sum();
    for (value, weight) in out.iter_mut().zip(exact) {
        *value = (weight / sum * f64::from(WHOLE)).round().clamp(-32_767.0, 32_767.0) as i16;
    }
    // What rounding lost goes to the largest weight. At an edge that one may be full, where a weight above the whole
    // was called for: then to the next.
    let mut missing = i32::from(WHOLE) - out.iter().map(|value| i32::from(*value)).sum::<i32>();
    let mut order: Vec<usize> = (0..exact.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(out[*index]));
    for index in order {
        let filled = (i32::from(out[index]) + missing).clamp(-32_767, 32_767);
        missing -= filled - i32::from(out[index]);
        out[index] = filled as i16;
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
