//! The colours of a HEIF: an ICC profile, or code points of ISO/IEC 23091-2, or both.

use moxcms::{CicpColorPrimaries, CicpProfile, ColorProfile, MatrixCoefficients, TransferCharacteristics};

use super::heif_boxes::Bytes;
use super::heif_layout::Numbers;
use crate::error::ImageError;

/// What the boxes `colr` of an item say.
#[derive(Default)]
pub(super) struct Colors {
    pub(super) numbers: Option<Numbers>,
    /// Primaries and transfer.
    points: Option<(u16, u16)>,
    icc: Option<Vec<u8>>,
}

impl Colors {
    /// Of two boxes of a kind, the first counts.
    pub(super) fn read(&mut self, mut bytes: Bytes, largest: usize) -> Result<(), ImageError> {
        match bytes.take(4)? {
            b"nclx" if self.points.is_none() => {
                self.points = Some((bytes.u16()?, bytes.u16()?));
                self.numbers = Some(Numbers { matrix: bytes.u16()?, full_range: bytes.byte()? & 0x80 != 0 });
            }
            b"prof" | b"rICC" if self.icc.is_none() && (1..=largest).contains(&bytes.rest.len()) => {
                self.icc = Some(bytes.rest.to_vec());
            }
            _ => {}
        }
        Ok(())
    }

    /// These, and where they say nothing, those of the parts.
    pub(super) fn or(self, below: Self) -> Self {
        let numbers = self.numbers.or(below.numbers);
        let says_nothing = self.points.is_none() && self.icc.is_none();
        Self { numbers, ..if says_nothing { below } else { self } }
    }

    /// The profile to apply. None means sRGB. One of the file says more than code points.
    pub(super) fn profile(self, gray: bool) -> Result<Option<Vec<u8>>, ImageError> {
        match (self.icc, self.points) {
            (Some(icc), _) => Ok(Some(icc)),
            (None, Some((primaries, transfer))) => of_points(primaries, transfer, gray),
            (None, None) => Ok(None),
        }
    }
}

/// The transfers of a signal for screens brighter than white: PQ and HLG.
pub(crate) const HDR: [u16; 2] = [16, 18];
pub(crate) const IS_HDR: ImageError =
    ImageError::Unsupported("a HEIC in HDR (PQ or HLG) without a picture for all screens");

fn of_points(primaries: u16, transfer: u16, gray: bool) -> Result<Option<Vec<u8>>, ImageError> {
    if HDR.contains(&transfer) {
        return Err(IS_HDR);
    }
    // BT.709 and its kin are shown as sRGB everywhere; 2 is not said.
    if !matches!(transfer, 1 | 2 | 6 | 13 | 14 | 15) {
        return Err(ImageError::Unsupported("a HEIC with a rare transfer of its colours"));
    }
    let profile = match primaries {
        _ if gray => return Ok(None),
        1 | 2 | 5 | 6 => return Ok(None),
        12 => ColorProfile::new_display_p3(),
        9 if transfer == 13 => ColorProfile::new_from_cicp(CicpProfile {
            color_primaries: CicpColorPrimaries::Bt2020,
            transfer_characteristics: TransferCharacteristics::Srgb,
            matrix_coefficients: MatrixCoefficients::Bt709,
            full_range: false,
        }),
        9 => ColorProfile::new_bt2020(),
        _ => return Err(ImageError::Unsupported("a HEIC in rare primaries")),
    };
    profile.encode().map(Some).map_err(|_| ImageError::Unsupported("a HEIC in rare primaries"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::icc;

    #[test]
    fn code_points_become_a_profile_srgb_or_a_refusal() {
        let name =
            |points: (u16, u16)| of_points(points.0, points.1, false).map(|icc| icc.map(|icc| icc::profile_name(&icc)));
        assert_eq!(name((1, 13)), Ok(None));
        assert_eq!(name((2, 2)), Ok(None));
        assert_eq!(name((12, 13)), Ok(Some("Display P3".into())));
        assert!(name((9, 1)).unwrap().is_some() && name((9, 13)).unwrap().is_some());
        assert_eq!(name((9, 16)), Err(IS_HDR));
        assert_eq!(name((9, 18)), Err(IS_HDR));
        assert!(matches!(name((1, 8)), Err(ImageError::Unsupported(_))), "linear light");
        assert!(matches!(name((4, 1)), Err(ImageError::Unsupported(_))), "a television of 1953");
        assert_eq!(of_points(12, 13, true), Ok(None), "gray has no primaries");
    }
}
