//! EXIF orientation, applied to pixels after the resize.

/// Turns stored pixels of `N` bytes upright. Gives the new pixels and their size.
///
/// Orientation n says where the stored first row and first column are in the upright picture: 2 to 4 mirror and turn by
/// halves, 5 to 8 swap the sides.
pub(crate) fn upright<const N: usize>(
    pixels: Vec<u8>,
    width: u32,
    height: u32,
    orientation: u8,
) -> (Vec<u8>, u32, u32) {
    let (w, h) = (width as usize, height as usize);
    let stored = pixels.as_chunks::<N>().0;
    // For each upright pixel: where it is stored.
    let source: fn(usize, usize, usize, usize) -> (usize, usize) = match orientation {
        2 => |x, y, w, _| (w - 1 - x, y),
        3 => |x, y, w, h| (w - 1 - x, h - 1 - y),
        4 => |x, y, _, h| (x, h - 1 - y),
        5 => |x, y, _, _| (y, x),
        6 => |x, y, _, h| (y, h - 1 - x),
        7 => |x, y, w, h| (w - 1 - y, h - 1 - x),
        8 => |x, y, w, _| (w - 1 - y, x),
        _ => return (pixels, width, height),
    };
    let (out_width, out_height) = if orientation >= 5 { (height, width) } else { (width, height) };
    let mut upright = Vec::with_capacity(pixels.len());
    for y in 0..out_height as usize {
        for x in 0..out_width as usize {
            let (sx, sy) = source(x, y, w, h);
            upright.extend_from_slice(&stored[sy * w + sx]);
        }
    }
    (upright, out_width, out_height)
}

/// Whether the right and the lower edge of what is stored become the left and the upper one.
pub(crate) const fn mirrored(orientation: u8) -> (bool, bool) {
    (matches!(orientation, 2 | 3 | 7 | 8), matches!(orientation, 3 | 4 | 6 | 7))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ```text
    /// stored as 1:  a b c
    ///               d e f
    /// ```
    #[test]
    fn r23_all_eight() {
        let cases: [(u8, &str, u32); 9] = [
            (1, "abcdef", 3),
            (2, "cbafed", 3),
            (3, "fedcba", 3),
            (4, "defabc", 3),
            (5, "adbecf", 2),
            (6, "daebfc", 2),
            (7, "fcebda", 2),
            (8, "cfbead", 2),
            (0, "abcdef", 3),
        ];
        for (orientation, expected, expected_width) in cases {
            let (pixels, width, height) = upright::<1>(b"abcdef".to_vec(), 3, 2, orientation);
            assert_eq!(std::str::from_utf8(&pixels).unwrap(), expected, "orientation {orientation}");
            assert_eq!((width, height), (expected_width, 6 / expected_width));
        }
    }
}
