//! The mark: a text or a logo, in one place or tiled (docs/adr/0013-watermark.md).

mod distance;
mod logo;
mod stamp;
mod text;

use serde::{Deserialize, Serialize};

pub use self::logo::Logo;
use self::stamp::Stamp;
use crate::picture::Picture;
use crate::style::{Color, Place};

/// The mark of a recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watermark {
    /// One line of text. Either this or [`logo`](Self::logo).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// A PNG with alpha, Base64: a recipe is one file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Logo>,
    /// Where it goes.
    #[serde(default)]
    pub position: Position,
    /// Degrees, counter-clockwise, for `tiled`.
    #[serde(default = "default_angle")]
    pub angle: f64,
    /// 0 to 1, of the whole mark.
    #[serde(default = "default_opacity")]
    pub opacity: f64,
    /// Height of the letters, or the longer side of a logo, as a share of the picture's longer side.
    #[serde(default = "default_size")]
    pub size: f64,
    /// Distance from the edges, as a share of the picture's longer side.
    #[serde(default = "default_margin")]
    pub margin: f64,
    /// Of the text.
    #[serde(default)]
    pub color: Color,
    /// Around the text, so that it is read on any ground.
    #[serde(default = "default_outline")]
    pub outline: Color,
}

/// Where a mark goes: one of nine places, or everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// In one place.
    At(Place),
    /// In rows at an angle over the whole picture.
    Tiled,
}

impl Default for Position {
    fn default() -> Self {
        Self::At(Place::BottomRight)
    }
}

impl Serialize for Position {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::At(place) => place.serialize(serializer),
            Self::Tiled => serializer.serialize_str("tiled"),
        }
    }
}

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        if name == "tiled" {
            return Ok(Self::Tiled);
        }
        Place::deserialize(serde::de::value::StrDeserializer::new(&name)).map(Self::At)
    }
}

const fn default_angle() -> f64 {
    30.0
}

const fn default_opacity() -> f64 {
    0.92
}

const fn default_size() -> f64 {
    0.035
}

const fn default_margin() -> f64 {
    0.02
}

const fn default_outline() -> Color {
    Color([0; 3])
}

impl Watermark {
    pub(crate) fn check(&self) -> Result<(), String> {
        match (&self.text, &self.logo) {
            (Some(text), None) => text::check(text)?,
            (None, Some(_)) => {}
            _ => return Err("give either text or logo".into()),
        }
        let within = |name: &str, value: f64, low: f64, high: f64| {
            let holds = (low..=high).contains(&value);
            if holds { Ok(()) } else { Err(format!("{name} is {low} to {high}")) }
        };
        within("angle", self.angle, -90.0, 90.0)?;
        within("opacity", self.opacity, 0.0, 1.0)?;
        within("size", self.size, 0.005, 1.0)?;
        within("margin", self.margin, 0.0, 0.5)
    }
}

/// The share of the picture's width and height that a mark may take. A larger mark shrinks to it.
const LARGEST_SHARE: (f64, f64) = (0.9, 0.5);

/// Draws the mark. A picture that is too small for a readable mark stays without one.
pub fn watermark(picture: &mut Picture, mark: &Watermark) {
    let long = f64::from(picture.width().max(picture.height()));
    let room = (f64::from(picture.width()) * LARGEST_SHARE.0, f64::from(picture.height()) * LARGEST_SHARE.1);
    let wanted = long * mark.size;
    let made = match (&mark.text, &mark.logo) {
        (Some(text), _) => text::stamp(text, wanted, room, mark.color, mark.outline),
        (None, Some(logo)) => logo::stamp(logo, wanted, room),
        (None, None) => None,
    };
    let Some(mut stamp) = made else { return };
    stamp.fade(mark.opacity);
    match mark.position {
        Position::At(place) => stamp_at(picture, &stamp, place, long * mark.margin),
        Position::Tiled => tile(picture, &stamp.turned(mark.angle), &stamp, mark.angle),
    }
}

#[allow(clippy::cast_possible_truncation)] // places within a picture
fn stamp_at(picture: &mut Picture, stamp: &Stamp, place: Place, margin: f64) {
    let (right, down) = place.shares();
    let offset = |side: u32, mark: u32, share: f64| {
        let free = f64::from(side) - f64::from(mark);
        // The margin shrinks before the mark does.
        let margin = margin.min(free / 2.0).max(0.0);
        (margin + (free - 2.0 * margin) * share).round() as i64
    };
    let (x, y) = (offset(picture.width(), stamp.width, right), offset(picture.height(), stamp.height, down));
    stamp.blend(picture, x, y);
}

/// Rows at an angle, every other one shifted by half a step, from the middle outwards.
#[allow(clippy::cast_possible_truncation)] // places around a picture
fn tile(picture: &mut Picture, turned: &Stamp, straight: &Stamp, angle: f64) {
    let (width, height) = (f64::from(straight.width), f64::from(straight.height));
    let (step_x, step_y) = (width * 1.5, height + width * 0.4);
    let (sin, cos) = angle.to_radians().sin_cos();
    let (middle_x, middle_y) = (f64::from(picture.width()) / 2.0, f64::from(picture.height()) / 2.0);
    let reach = middle_x.hypot(middle_y) + f64::from(turned.width.max(turned.height));
    let (columns, rows) = ((reach / step_x).ceil() as i64 + 1, (reach / step_y).ceil() as i64);
    for row in -rows..=rows {
        for column in -columns..=columns {
            let shift = if row % 2 == 0 { 0.0 } else { 0.5 };
            #[allow(clippy::cast_precision_loss)] // a few hundred at most
            let (u, v) = ((column as f64 + shift) * step_x, row as f64 * step_y);
            let x = middle_x + u * cos + v * sin - f64::from(turned.width) / 2.0;
            let y = middle_y - u * sin + v * cos - f64::from(turned.height) / 2.0;
            turned.blend(picture, x.round() as i64, y.round() as i64);
        }
    }
}
