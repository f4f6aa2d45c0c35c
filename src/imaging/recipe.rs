//! The recipe: which variants there are, and what the watermark is. One JSON file, read by every worker.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::picture::LONGEST_SIDE;
use crate::{RecipeError, watermark::Watermark};

/// Goes into [`Recipe::hash`]: raise it when the same recipe makes other bytes than before, so that a new build
/// of the engine never serves a mixture under one key.
const ENGINE: &str = "darkroom-imaging 2";

/// What is made of every upload. Read with [`Recipe::from_json`], which holds it to its rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    variants: Vec<Variant>,
    #[serde(default)]
    background: Color,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    watermark: Option<Watermark>,
}

/// One picture to make.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Lower-case letters, digits and hyphens; it becomes part of a key.
    pub name: String,
    /// Fits the picture, uncropped, into a square of this side. Either this or [`size`](Self::size).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest_side: Option<u32>,
    /// `[width, height]` of a box, filled as [`fit`](Self::fit) says.
    #[serde(default, rename = "box", skip_serializing_if = "Option::is_none")]
    pub size: Option<[u32; 2]>,
    /// How a box is filled.
    #[serde(default)]
    pub fit: Fit,
    /// What stays when `cover` crops.
    #[serde(default)]
    pub gravity: Place,
    /// The file format.
    #[serde(default)]
    pub format: OutputFormat,
    /// 1 to 100, for the lossy formats.
    #[serde(default = "default_quality")]
    pub quality: u8,
    /// Strength of the sharpening after the resize: 0 (none) to 2.
    #[serde(default)]
    pub sharpen: f64,
    /// Does it carry the recipe's watermark?
    #[serde(default = "yes")]
    pub watermark: bool,
}

const fn default_quality() -> u8 {
    82
}

const fn yes() -> bool {
    true
}

/// How a box is filled. A picture is never made larger than it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fit {
    /// The whole picture, as large as fits into the box.
    #[default]
    Inside,
    /// The box's shape exactly, filled; what hangs over is cut off.
    Cover,
}

/// One of nine places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // nothing that the names do not say
pub enum Place {
    TopLeft,
    Top,
    TopRight,
    Left,
    #[default]
    Center,
    Right,
    BottomLeft,
    Bottom,
    BottomRight,
}

impl Place {
    /// How far right and down, in halves of the free space: 0, ½ or 1.
    pub(crate) const fn shares(self) -> (f64, f64) {
        let x = match self {
            Self::TopLeft | Self::Left | Self::BottomLeft => 0.0,
            Self::Top | Self::Center | Self::Bottom => 0.5,
            Self::TopRight | Self::Right | Self::BottomRight => 1.0,
        };
        let y = match self {
            Self::TopLeft | Self::Top | Self::TopRight => 0.0,
            Self::Left | Self::Center | Self::Right => 0.5,
            Self::BottomLeft | Self::Bottom | Self::BottomRight => 1.0,
        };
        (x, y)
    }
}

/// What a variant is written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutputFormat {
    /// JPEG, 4:2:0. Transparency is flattened on the recipe's background.
    #[default]
    Jpeg,
    /// PNG, with alpha where the picture has some.
    Png,
    /// Lossy WebP, with alpha where the picture has some.
    Webp,
}

impl OutputFormat {
    /// Can it carry alpha?
    pub const fn keeps_alpha(self) -> bool {
        matches!(self, Self::Png | Self::Webp)
    }

    /// The media type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }

    /// The file name's ending, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }
}

/// An sRGB colour, `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Color(pub [u8; 3]);

impl Default for Color {
    /// White: what a page behind a flattened picture most often is.
    fn default() -> Self {
        Self([255; 3])
    }
}

impl TryFrom<String> for Color {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not a colour of the form #rrggbb");
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or_else(wrong)?;
        let value = u32::from_str_radix(digits, 16).map_err(|_| wrong())?;
        let [_, r, g, b] = value.to_be_bytes();
        Ok(Self([r, g, b]))
    }
}

impl From<Color> for String {
    fn from(color: Color) -> Self {
        color.to_string()
    }
}

impl std::fmt::Display for Color {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [r, g, b] = self.0;
        write!(out, "#{r:02x}{g:02x}{b:02x}")
    }
}

impl Recipe {
    /// Reads a recipe and holds it to its rules; the error says what to mend.
    pub fn from_json(json: &str) -> Result<Self, RecipeError> {
        let recipe: Self = serde_json::from_str(json).map_err(|error| RecipeError(error.to_string()))?;
        recipe.check().map_err(RecipeError)?;
        Ok(recipe)
    }

    /// 64 hex digits that change when, and only when, the variants' bytes may.
    pub fn hash(&self) -> String {
        let json = serde_json::to_vec(self).expect("a recipe is plain data");
        let mut hasher = Sha256::new();
        hasher.update(ENGINE);
        hasher.update([0]);
        hasher.update(json);
        format!("{:x}", hasher.finalize())
    }

    /// The variants, in the recipe's order.
    pub fn variants(&self) -> &[Variant] {
        &self.variants
    }

    /// The variant of this name.
    pub fn variant(&self, name: &str) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.name == name)
    }

    /// What shows through transparency where a format has none.
    pub const fn background(&self) -> Color {
        self.background
    }

    /// The watermark, for the variants that carry one.
    pub const fn watermark(&self) -> Option<&Watermark> {
        self.watermark.as_ref()
    }

    fn check(&self) -> Result<(), String> {
        if !(1..=16).contains(&self.variants.len()) {
            return Err("there must be 1 to 16 variants".into());
        }
        for (index, variant) in self.variants.iter().enumerate() {
            variant.check().map_err(|why| format!("variant {:?}: {why}", variant.name))?;
            if self.variants[..index].iter().any(|other| other.name == variant.name) {
                return Err(format!("two variants are called {:?}", variant.name));
            }
        }
        self.watermark.as_ref().map_or(Ok(()), |mark| mark.check().map_err(|why| format!("watermark: {why}")))
    }
}

impl Variant {
    fn check(&self) -> Result<(), String> {
        let name_holds = (1..=32).contains(&self.name.len())
            && self.name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
            && !self.name.starts_with('-');
        if !name_holds {
            return Err("a name is 1 to 32 lower-case letters, digits and hyphens".into());
        }
        let [width, height] = match (self.longest_side, self.size) {
            (Some(side), None) => [side, side],
            (None, Some(size)) => size,
            _ => return Err("give either longest_side or box".into()),
        };
        if ![width, height].iter().all(|side| (1..=LONGEST_SIDE).contains(side)) {
            return Err(format!("a side is 1 to {LONGEST_SIDE}"));
        }
        if self.longest_side.is_some() && self.fit == Fit::Cover {
            return Err("fit \"cover\" needs a box".into());
        }
        if !(1..=100).contains(&self.quality) {
            return Err("quality is 1 to 100".into());
        }
        if !(0.0..=2.0).contains(&self.sharpen) {
            return Err("sharpen is 0 to 2".into());
        }
        Ok(())
    }

    /// The box, and how it is filled.
    pub(crate) fn frame(&self) -> (u32, u32, Fit) {
        let [width, height] = self.size.or(self.longest_side.map(|side| [side, side])).unwrap_or([1, 1]);
        (width, height, self.fit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULT: &str = include_str!("../../settings/recipe.json");

    #[test]
    fn the_default_recipe_is_one() {
        let recipe = Recipe::from_json(DEFAULT).unwrap();
        let sides: Vec<_> = recipe.variants().iter().map(|v| (v.name.as_str(), v.longest_side.unwrap())).collect();
        assert_eq!(sides, [("thumbnail", 200), ("small", 480), ("medium", 1024), ("large", 2048)]);
        assert!(recipe.watermark().is_some());
    }

    #[test]
    fn the_hash_is_of_the_meaning_not_of_the_spelling() {
        let recipe = Recipe::from_json(DEFAULT).unwrap();
        let same = Recipe::from_json(&DEFAULT.replace("  ", "\n ")).unwrap();
        assert_eq!(recipe.hash(), same.hash());
        assert_eq!(recipe.hash().len(), 64);
        let spelt_out =
            Recipe::from_json(&DEFAULT.replace("\"quality\": 80", "\"quality\": 80, \"fit\": \"inside\"")).unwrap();
        assert_eq!(recipe.hash(), spelt_out.hash());
        let other = Recipe::from_json(&DEFAULT.replace("\"quality\": 80", "\"quality\": 79")).unwrap();
        assert_ne!(recipe.hash(), other.hash());
    }

    /// Found by fuzzing: read in haste, these become their neighbours when they are written and read again.
    #[test]
    fn every_number_survives_being_written() {
        for number in ["0.10000000000000000555", "1.2345678901234567", "1e-9", "0.30000000000000004", "5e-324"] {
            let json = format!(r#"{{"variants":[{{"name":"a","longest_side":9,"sharpen":{number}}}]}}"#);
            let recipe = Recipe::from_json(&json).unwrap();
            let bits = recipe.variants()[0].sharpen.to_bits();
            assert_eq!(bits, number.parse::<f64>().unwrap().to_bits(), "{number}");
            let again = Recipe::from_json(&serde_json::to_string(&recipe).unwrap()).unwrap();
            assert_eq!((&again, again.hash()), (&recipe, recipe.hash()), "{number}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let error = |json: &str| Recipe::from_json(json).unwrap_err().to_string();
        assert!(error("{}").contains("missing field `variants`"));
        assert!(error(r#"{"variants":[]}"#).contains("1 to 16"));
        assert!(error(r#"{"variants":[{"name":"a","longest_side":1,"colour":"red"}]}"#).contains("colour"));
        let variant = |fields: &str| error(&format!(r#"{{"variants":[{{{fields}}}]}}"#));
        assert!(variant(r#""name":"A","longest_side":10"#).contains("lower-case"));
        assert!(variant(r#""name":"a""#).contains("longest_side or box"));
        assert!(variant(r#""name":"a","longest_side":10,"box":[1,1]"#).contains("longest_side or box"));
        assert!(variant(r#""name":"a","longest_side":0"#).contains("a side is"));
        assert!(variant(r#""name":"a","longest_side":16384"#).contains("a side is"));
        assert!(variant(r#""name":"a","longest_side":10,"fit":"cover""#).contains("needs a box"));
        assert!(variant(r#""name":"a","longest_side":10,"quality":0"#).contains("quality"));
        assert!(variant(r#""name":"a","longest_side":10,"sharpen":3"#).contains("sharpen"));
        assert!(
            error(r#"{"variants":[{"name":"a","longest_side":1},{"name":"a","longest_side":2}]}"#)
                .contains("two variants")
        );
        assert!(error(r##"{"variants":[{"name":"a","longest_side":1}],"background":"#12"}"##).contains("#rrggbb"));
    }
}
