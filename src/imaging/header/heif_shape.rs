//! What of a coded picture shows, and which way up: the boxes `clap`, `irot` and `imir`, in the order of the file.

use super::heif_boxes::Bytes;
use crate::error::ImageError;

const OUTSIDE: ImageError = ImageError::Corrupt("its crop is outside of it");

/// For each orientation of EXIF: the one after a turn by 90° against the clock.
const TURNED: [u8; 9] = [0, 8, 5, 6, 7, 4, 1, 2, 3];
/// The one after the exchange of top and bottom.
const TOP_DOWN: [u8; 9] = [0, 4, 3, 2, 1, 8, 7, 6, 5];
/// The one after the exchange of left and right.
const LEFT_RIGHT: [u8; 9] = [0, 2, 1, 4, 3, 6, 5, 8, 7];

/// A part of a picture as stored, and how it is turned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) width: u32,
    pub(super) height: u32,
    /// As in EXIF.
    pub(super) orientation: u8,
}

impl Shape {
    pub(super) const fn whole(size: (u32, u32)) -> Self {
        Self { left: 0, top: 0, width: size.0, height: size.1, orientation: 1 }
    }

    pub(super) fn is_plain(&self, size: (u32, u32)) -> bool {
        *self == Self::whole(size)
    }

    /// Quarters of a turn against the clock.
    pub(super) fn turn(&mut self, quarters: u8) {
        for _ in 0..quarters & 3 {
            self.orientation = TURNED[usize::from(self.orientation)];
        }
    }

    /// 0 exchanges top and bottom, 1 left and right.
    pub(super) fn mirror(&mut self, axis: u8) {
        let table = if axis & 1 == 0 { TOP_DOWN } else { LEFT_RIGHT };
        self.orientation = table[usize::from(self.orientation)];
    }

    /// Width and height of what shows, and how far its middle is from the middle of the picture: four fractions.
    pub(super) fn crop(&mut self, mut bytes: Bytes) -> Result<(), ImageError> {
        if self.orientation != 1 {
            return Err(ImageError::Unsupported("a HEIC that is cropped after it is turned"));
        }
        let mut fraction = || -> Result<f64, ImageError> {
            let (above, below) = (bytes.u32()?.cast_signed(), bytes.u32()?);
            if below == 0 { Err(OUTSIDE) } else { Ok(f64::from(above) / f64::from(below)) }
        };
        let (width, height, right, down) = (fraction()?, fraction()?, fraction()?, fraction()?);
        (self.left, self.width) = part(self.left, self.width, width, right)?;
        (self.top, self.height) = part(self.top, self.height, height, down)?;
        Ok(())
    }
}

/// Start and length of a part of a side.
fn part(start: u32, side: u32, length: f64, shift: f64) -> Result<(u32, u32), ImageError> {
    let (length, side) = (length.round(), f64::from(side));
    let offset = ((side - length) / 2.0 + shift).round();
    if length < 1.0 || offset < 0.0 || offset + length > side {
        return Err(OUTSIDE);
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // within the side, as was just checked
    let (offset, length) = (offset as u32, length as u32);
    Ok((start + offset, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The turned pixels say it: `orient` is the one that turns them.
    #[test]
    fn r23_turns_and_mirrors_add_up_as_pixels_do() {
        let turned = |orientation| crate::orient::upright::<1>(b"abcdef".to_vec(), 3, 2, orientation);
        for orientation in 1..=8_u8 {
            let (pixels, width, height) = turned(orientation);
            let again = |by| crate::orient::upright::<1>(pixels.clone(), width, height, by);
            let after = |step: fn(&mut Shape)| {
                let mut shape = Shape { orientation, ..Shape::whole((3, 2)) };
                step(&mut shape);
                turned(shape.orientation)
            };
            assert_eq!(after(|shape| shape.turn(1)), again(8), "{orientation} turned");
            assert_eq!(after(|shape| shape.turn(2)), again(3), "{orientation} turned twice");
            assert_eq!(after(|shape| shape.mirror(0)), again(4), "{orientation} top down");
            assert_eq!(after(|shape| shape.mirror(1)), again(2), "{orientation} left right");
        }
    }

    fn clap(numbers: [u32; 8]) -> Result<Shape, ImageError> {
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
        let mut shape = Shape::whole((100, 50));
        shape.crop(Bytes { rest: &bytes, at: 0 }).map(|()| shape)
    }

    #[test]
    fn a_crop_is_counted_from_the_middle_and_stays_inside() {
        let minus = |number: i32| number.cast_unsigned();
        let crop = clap([60, 1, 40, 1, minus(-10), 1, 5, 1]).unwrap();
        assert_eq!((crop.left, crop.top, crop.width, crop.height), (10, 10, 60, 40));
        assert_eq!(clap([61, 1, 50, 1, 1, 2, 0, 1]).unwrap().left, 20, "halves of a pixel");
        for wrong in [
            [0, 1, 40, 1, 0, 1, 0, 1],
            [101, 1, 40, 1, 0, 1, 0, 1],
            [60, 1, 40, 1, 21, 1, 0, 1],
            [60, 0, 40, 1, 0, 1, 0, 1],
            [minus(-60), 1, 40, 1, 0, 1, 0, 1],
        ] {
            assert_eq!(clap(wrong), Err(OUTSIDE), "{wrong:?}");
        }
    }
}
