//! The limits of a picture, checked by its header before any pixel is made.

use serde::Deserialize;

use crate::error::ImageError;

/// The largest picture that is read. Comes from `settings/limits.json`, whose other keys are not for this crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Limits {
    /// Bytes of the file.
    pub max_bytes: u64,
    /// Width, and height.
    pub max_side: u32,
    /// Width × height.
    pub max_pixels: u64,
    /// Frames of an animation.
    pub max_frames: u32,
}

/// All frames of an animation together may have this many times [`Limits::max_pixels`]: 1,000 frames of a small
/// sticker are fine, 1,000 frames of 100 megapixels are an attack.
const ANIMATION_AREA: u64 = 4;

impl Limits {
    pub(crate) fn check_bytes(&self, bytes: u64) -> Result<(), ImageError> {
        match bytes {
            0 => Err(ImageError::Empty),
            _ if bytes > self.max_bytes => Err(ImageError::TooLarge { bytes, limit: self.max_bytes }),
            _ => Ok(()),
        }
    }

    pub(crate) fn check_size(&self, width: u32, height: u32) -> Result<(), ImageError> {
        if width == 0 || height == 0 {
            return Err(ImageError::Corrupt("a side of the picture is zero"));
        }
        let area = u64::from(width) * u64::from(height);
        if width.max(height) > self.max_side || area > self.max_pixels {
            return Err(ImageError::TooManyPixels {
                width,
                height,
                max_side: self.max_side,
                max_pixels: self.max_pixels,
            });
        }
        Ok(())
    }

    /// How many frames a canvas of this size may have.
    pub(crate) fn frames_for(&self, width: u32, height: u32) -> u32 {
        let area = (u64::from(width) * u64::from(height)).max(1);
        let by_area = (self.max_pixels * ANIMATION_AREA / area).max(1);
        u32::try_from(by_area).unwrap_or(u32::MAX).min(self.max_frames)
    }

    pub(crate) fn check_frames(&self, frames: u32, width: u32, height: u32) -> Result<(), ImageError> {
        let limit = self.frames_for(width, height);
        if frames > limit {
            return Err(ImageError::TooManyFrames { frames, limit });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { max_bytes: 1000, max_side: 300, max_pixels: 10_000, max_frames: 50 };

    #[test]
    fn r21_each_limit_holds_and_one_more_does_not() {
        assert!(LIMITS.check_bytes(1000).is_ok());
        assert_eq!(LIMITS.check_bytes(0), Err(ImageError::Empty));
        assert_eq!(LIMITS.check_bytes(1001), Err(ImageError::TooLarge { bytes: 1001, limit: 1000 }));
        assert!(LIMITS.check_size(300, 33).is_ok());
        assert!(matches!(LIMITS.check_size(301, 1), Err(ImageError::TooManyPixels { width: 301, .. })));
        assert!(matches!(LIMITS.check_size(1, 301), Err(ImageError::TooManyPixels { .. })));
        assert!(LIMITS.check_size(100, 100).is_ok());
        assert!(matches!(LIMITS.check_size(100, 101), Err(ImageError::TooManyPixels { .. })));
        assert!(matches!(LIMITS.check_size(0, 10), Err(ImageError::Corrupt(_))));
        assert!(LIMITS.check_frames(50, 10, 10).is_ok());
        assert_eq!(LIMITS.check_frames(51, 10, 10), Err(ImageError::TooManyFrames { frames: 51, limit: 50 }));
        assert!(LIMITS.check_frames(4, 100, 100).is_ok(), "four full canvases are the most");
        assert!(LIMITS.check_frames(5, 100, 100).is_err());
    }
}
