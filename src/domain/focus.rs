//! The focal point: the place of a photo that its owner wants to see in every crop.

use serde::{Deserialize, Serialize};

/// As shares of the upright picture's width and height, from its top left corner, to the thousandth. Whole numbers
/// inside, so that the same point is always the same text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Shares", into = "Shares")]
pub struct Focus {
    x: u16,
    y: u16,
}

/// A focal point as it stands in requests, in the record and in the work order.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shares {
    /// From the left edge, 0 to 1.
    pub x: f64,
    /// From the upper edge, 0 to 1.
    pub y: f64,
}

/// Not a point of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outside;

impl std::fmt::Display for Outside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("x and y must be 0 to 1")
    }
}

impl TryFrom<Shares> for Focus {
    type Error = Outside;

    fn try_from(Shares { x, y }: Shares) -> Result<Self, Outside> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1000")]
        let thousandths =
            |share: f64| if (0.0..=1.0).contains(&share) { Ok((share * 1000.0).round() as u16) } else { Err(Outside) };
        Ok(Self { x: thousandths(x)?, y: thousandths(y)? })
    }
}

impl From<Focus> for Shares {
    fn from(Focus { x, y }: Focus) -> Self {
        Self { x: f64::from(x) / 1000.0, y: f64::from(y) / 1000.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_the_same_however_it_was_given() {
        let given: Focus = serde_json::from_str(r#"{"x":0.33333,"y":1}"#).unwrap();
        let json = serde_json::to_string(&given).unwrap();
        assert_eq!(json, r#"{"x":0.333,"y":1.0}"#);
        assert_eq!(serde_json::from_str::<Focus>(&json).unwrap(), given);
        for thousandths in 0..=1000_u16 {
            let point = Focus { x: thousandths, y: 1000 - thousandths };
            assert_eq!(Focus::try_from(Shares::from(point)), Ok(point));
        }
    }

    #[test]
    fn a_point_outside_of_the_picture_is_none() {
        for wrong in [r#"{"x":1.001,"y":0}"#, r#"{"x":-0.1,"y":0}"#, r#"{"x":0}"#, r#"{"x":0,"y":0,"z":0}"#] {
            assert!(serde_json::from_str::<Focus>(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Focus::try_from(Shares { x: f64::NAN, y: 0.0 }), Err(Outside));
    }
}
