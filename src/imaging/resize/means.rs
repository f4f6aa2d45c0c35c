//! Whole-number shrinking by plain means, before Lanczos does the rest: for pictures that become a tenth of their size
//! or less, where hundreds of weights would each be next to nothing.

/// How well pixels are shrunk: by how much means leave to Lanczos, where they come first.
#[derive(Clone, Copy)]
pub(super) enum ShrinkQuality {
    /// Eight times: so much that the plain filter is not visible.
    Fine,
    /// Twice: enough for a hash.
    Rough,
}

impl ShrinkQuality {
    const fn factor(self) -> f64 {
        match self {
            Self::Fine => 8.0,
            Self::Rough => 2.0,
        }
    }
}

/// To how many samples to shrink first a side of `side`, of which `length` samples become `target`: means come first
/// where they leave half of the work, or less.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)] // sides of pictures
pub(super) fn first(side: usize, length: f64, target: u32, quality: ShrinkQuality) -> usize {
    let scale = length / f64::from(target);
    if scale >= 2.0 * quality.factor() {
        ((side as f64 * quality.factor() / scale).floor() as usize).max(1)
    } else {
        side
    }
}

/// The pixels of one of `parts` equal parts of a side. Rounded, not cut: cutting moves the picture by half a pixel.
const fn part(index: usize, side: usize, parts: usize) -> std::ops::Range<usize> {
    (index * side + parts / 2) / parts..((index + 1) * side + parts / 2) / parts
}

/// The means of `width` × `height` parts, as equal as whole pixels allow.
pub(super) fn shrink(rows: &[&[u8]], channels: usize, alpha: bool, width: usize, height: usize) -> Vec<u8> {
    let (full_width, full_height) = (rows[0].len() / channels, rows.len());
    let columns: Vec<_> = (0..width).map(|x| part(x, full_width, width)).collect();
    let mut out = Vec::with_capacity(width * height * channels);
    let mut sums = vec![[0_u64; 4]; width];
    let mut down = vec![0_u32; if channels == 1 { full_width } else { 0 }];
    for y in 0..height {
        let band = &rows[part(y, full_height, height)];
        sums.fill([0; 4]);
        if channels == 1 {
            // Row by row first: that is a sum of whole vectors.
            down.fill(0);
            for row in band {
                down.iter_mut().zip(*row).for_each(|(sum, sample)| *sum += u32::from(*sample));
            }
            for (column, [sum, ..]) in columns.iter().zip(&mut sums) {
                *sum = down[column.clone()].iter().map(|sum| u64::from(*sum)).sum();
            }
        }
        for row in if channels == 1 { &[] } else { band } {
            for (column, sums) in columns.iter().zip(&mut sums) {
                for pixel in row[column.start * channels..column.end * channels].chunks_exact(channels) {
                    // With alpha, hidden pixels must not count: each pixel is weighted by its alpha.
                    let weight = if alpha { u64::from(pixel[channels - 1]) } else { 1 };
                    let colors = if alpha { channels - 1 } else { channels };
                    for (sum, sample) in sums.iter_mut().zip(&pixel[..colors]) {
                        *sum += u64::from(*sample) * weight;
                    }
                    if alpha {
                        sums[channels - 1] += weight;
                    }
                }
            }
        }
        let mean = |sum: u64, count: u64| ((sum + count / 2) / count.max(1)).to_le_bytes()[0];
        for (column, sums) in columns.iter().zip(&sums) {
            let count = (column.len() * band.len()) as u64;
            let (colors, weight) = if alpha { (channels - 1, sums[channels - 1]) } else { (channels, count) };
            out.extend(sums[..colors].iter().map(|sum| mean(*sum, weight)));
            if alpha {
                out.push(mean(weight, count));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_of_equal_parts() {
        let rows: [&[u8]; 3] = [&[10, 20, 30, 40, 90], &[10, 20, 30, 40, 90], &[0, 0, 0, 100, 200]];
        assert_eq!(shrink(&rows, 1, false, 2, 1), [13, 93]);
        assert_eq!(shrink(&rows, 1, false, 1, 3), [38, 38, 60]);
        assert_eq!(shrink(&rows, 1, false, 5, 3), rows.concat());
    }

    #[test]
    fn r25_hidden_colours_do_not_count() {
        let row: &[u8] = &[200, 0, 0, 255, 0, 255, 0, 0];
        assert_eq!(shrink(&[row], 4, true, 1, 1), [200, 0, 0, 128]);
    }

    #[test]
    fn only_much_is_shrunk_in_two_steps() {
        assert_eq!(first(2520, 2520.0, 2048, ShrinkQuality::Fine), 2520);
        assert_eq!(first(1599, 1599.0, 100, ShrinkQuality::Fine), 1599);
        assert_eq!(first(1600, 1600.0, 100, ShrinkQuality::Fine), 800);
        assert_eq!(first(30_000, 30_000.0, 1, ShrinkQuality::Fine), 8);
        assert_eq!(first(1600, 1600.0, 100, ShrinkQuality::Rough), 200);
    }
}
