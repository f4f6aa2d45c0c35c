//! The distance of each pixel from the nearest solid one, by which an outline is drawn.

/// Farther than anything in a stamp, and small enough that squares of it are still exact.
const FAR: f64 = 1e6;

/// The squares of the distances, exact: along the columns by counting, along the rows by the lowest of the parabolas
/// that stand over the columns (Felzenszwalb and Huttenlocher, "Distance transforms of sampled functions", 2012).
#[allow(clippy::cast_precision_loss)] // sides of a stamp
pub(super) fn squared(solid: &[bool], width: usize) -> Vec<f64> {
    let mut squares: Vec<f64> = solid.iter().map(|solid| if *solid { 0.0 } else { FAR }).collect();
    for at in width..squares.len() {
        squares[at] = squares[at].min(squares[at - width] + 1.0);
    }
    for at in (width..squares.len()).rev() {
        squares[at - width] = squares[at - width].min(squares[at] + 1.0);
    }
    let (mut heights, mut lowest) = (vec![0.0; width], Vec::with_capacity(width));
    for row in squares.chunks_exact_mut(width) {
        heights.iter_mut().zip(&*row).for_each(|(height, distance)| *height = distance * distance);
        // Which parabola is the lowest, and from where on.
        lowest.clear();
        for (apex, height) in heights.iter().enumerate() {
            let mut from = f64::NEG_INFINITY;
            while let Some(&(before, since)) = lowest.last() {
                let (x, x_before) = (apex as f64, before as f64);
                from = ((height + x * x) - (heights[before] + x_before * x_before)) / (2.0 * (x - x_before));
                if from > since {
                    break;
                }
                lowest.pop();
                from = f64::NEG_INFINITY;
            }
            lowest.push((apex, from));
        }
        let mut parabolas = lowest.iter().rev().peekable();
        for (x, square) in row.iter_mut().enumerate().rev() {
            while parabolas.next_if(|(_, from)| *from > x as f64).is_some() {}
            if let Some((apex, _)) = parabolas.peek() {
                *square = (x.abs_diff(*apex) as f64).powi(2) + heights[*apex];
            }
        }
    }
    squares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_distance_to_the_nearest() {
        let (width, height) = (23_usize, 17_usize);
        let mut seed = 1_u32;
        for solids in [1, 2, 7, 40, 391] {
            let mut solid = vec![false; width * height];
            for _ in 0..solids {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                solid[(seed >> 8) as usize % (width * height)] = true;
            }
            for (at, square) in squared(&solid, width).into_iter().enumerate() {
                let nearest = (0..solid.len()).filter(|other| solid[*other]).map(|other| {
                    (at % width).abs_diff(other % width).pow(2) + (at / width).abs_diff(other / width).pow(2)
                });
                let nearest = nearest.min().and_then(|square| u32::try_from(square).ok()).map(f64::from);
                assert_eq!(Some(square), nearest, "at {at} of {solids}");
            }
        }
    }

    #[test]
    fn where_nothing_is_solid_everything_is_far() {
        assert!(squared(&[false; 12], 4).iter().all(|square| *square >= FAR * FAR));
    }
}
