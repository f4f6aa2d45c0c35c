//! The recipe: which variants there are, and what the watermark is. One JSON file, read by every worker.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

use crate::error::RecipeError;
use crate::gravity::Gravity;
use crate::output::OutputFormat;
use crate::style::Color;
use crate::watermark::Watermark;

/// Goes into [`Recipe::hash`]: raise it when the same recipe makes other bytes than before, so that a new build
/// of the engine never serves a mixture under one key. `tests/bytes.rs` notices.
const ENGINE: &str = "darkroom-imaging 4";

/// The variants of every upload. Read with [`Recipe::from_json`], which checks the rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Where editors find the schema. It says nothing of pictures, and so is not in the hash.
    #[serde(default, rename = "$schema", skip_serializing)]
    _schema: IgnoredAny,
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
    /// The part that stays when `cover` crops.
    #[serde(default)]
    pub gravity: Gravity,
    /// The file format, of a variant in one. [`Recipe::from_json`] fills in the default of what is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    format: Option<OutputFormat>,
    /// The file formats, of a variant in several: files of the same pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    formats: Option<Vec<OutputFormat>>,
    /// 1 to 100, for the lossy formats, each on its own scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quality: Option<u8>,
    /// The same for each of several formats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    qualities: Option<BTreeMap<OutputFormat, u8>>,
    /// Strength of the sharpening after the resize: 0 (none) to 2.
    #[serde(default)]
    pub sharpen: f64,
    /// Does it carry the recipe's watermark?
    #[serde(default = "yes")]
    pub watermark: bool,
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

impl Recipe {
    /// Reads a recipe and checks its rules; the error says what to fix.
    pub fn from_json(json: &str) -> Result<Self, RecipeError> {
        let mut recipe: Self = serde_json::from_str(json).map_err(|error| RecipeError(error.to_string()))?;
        recipe.check().map_err(RecipeError)?;
        recipe.variants.iter_mut().for_each(Variant::spell_out);
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

    /// Does any variant crop, so that a focal point makes another picture?
    pub fn crops(&self) -> bool {
        self.variants.iter().any(|variant| variant.fit == Fit::Cover)
    }

    /// The colour behind transparent pixels in a format without alpha.
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
        self.check_formats()?;
        for (format, quality) in self.outputs() {
            let longest = format.longest_side();
            if ![width, height].iter().all(|side| (1..=longest).contains(side)) {
                return Err(format!("a side of {} is 1 to {longest}", format.content_type()));
            }
            if !(1..=100).contains(&quality) {
                return Err("quality is 1 to 100".into());
            }
        }
        if self.longest_side.is_some() && self.fit == Fit::Cover {
            return Err("fit \"cover\" needs a box".into());
        }
        if !(0.0..=2.0).contains(&self.sharpen) {
            return Err("sharpen is 0 to 2".into());
        }
        Ok(())
    }

    fn check_formats(&self) -> Result<(), String> {
        let Some(formats) = &self.formats else {
            let fits = self.qualities.is_none();
            return if fits { Ok(()) } else { Err("qualities belong to formats".into()) };
        };
        if self.format.is_some() {
            return Err("give either format or formats".into());
        }
        if self.quality.is_some() {
            return Err("formats have qualities, not one quality".into());
        }
        let named = |format: &OutputFormat| formats.iter().filter(|other| *other == format).count();
        if formats.is_empty() || formats.iter().any(|format| named(format) > 1) {
            return Err("formats names at least one format, and each once".into());
        }
        let strange = self.qualities.iter().flat_map(BTreeMap::keys).find(|format| named(format) == 0);
        strange
            .map_or(Ok(()), |format| Err(format!("qualities names {}, which formats does not", format.content_type())))
    }

    /// Each default in its place, so that recipes of the same meaning are the same.
    fn spell_out(&mut self) {
        let outputs = self.outputs();
        let one = <[_; 1]>::try_from(outputs.as_slice()).ok();
        (self.format, self.quality) = one.map(|[output]| output).unzip();
        let several = if one.is_some() { None } else { Some(outputs) };
        self.formats = several.as_ref().map(|outputs| outputs.iter().map(|(format, _)| *format).collect());
        self.qualities = several.map(|outputs| outputs.into_iter().collect());
    }

    /// The format of each of its files, and the quality, 1 to 100. The last is the one that every program reads.
    pub fn outputs(&self) -> Vec<(OutputFormat, u8)> {
        let mut formats = self.formats.clone().unwrap_or_else(|| vec![self.format.unwrap_or_default()]);
        formats.sort();
        let quality = |format: OutputFormat| {
            let own = self.qualities.as_ref().and_then(|each| each.get(&format)).copied();
            own.or(self.quality).unwrap_or(format.usual_quality())
        };
        formats.into_iter().map(|format| (format, quality(format))).collect()
    }

    /// Can any of its files carry alpha?
    pub(crate) fn keeps_alpha(&self) -> bool {
        self.outputs().iter().any(|(format, _)| format.keeps_alpha())
    }

    /// Do all of its files keep colour at half the picture's sides?
    pub(crate) fn is_planar(&self) -> bool {
        self.outputs().iter().all(|(format, _)| format.is_planar())
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

    #[test]
    fn a_quality_left_out_is_that_of_the_format() {
        let recipe = |fields: &str| Recipe::from_json(&format!(r#"{{"variants":[{{"name":"a",{fields}}}]}}"#)).unwrap();
        for (format, usual) in [("jpeg", 82), ("webp", 82), ("avif", 70)] {
            let silent = recipe(&format!(r#""longest_side":9,"format":"{format}""#));
            let spelt = recipe(&format!(r#""longest_side":9,"format":"{format}","quality":{usual}"#));
            assert_eq!((silent.variants()[0].outputs()[0].1, silent.hash()), (usual, spelt.hash()), "{format}");
        }
    }

    #[test]
    fn several_formats_are_a_set_and_one_is_a_format() {
        let recipe = |fields: &str| {
            Recipe::from_json(&format!(r#"{{"variants":[{{"name":"a","longest_side":9,{fields}}}]}}"#)).unwrap()
        };
        let several = recipe(r#""formats":["jpeg","avif","webp"],"qualities":{"webp":60}"#);
        let [avif, webp, jpeg] = several.variants()[0].outputs().try_into().unwrap();
        assert_eq!([avif, webp, jpeg], [(OutputFormat::Avif, 70), (OutputFormat::Webp, 60), (OutputFormat::Jpeg, 82)]);
        let spelt = recipe(r#""formats":["avif","webp","jpeg"],"qualities":{"avif":70,"jpeg":82,"webp":60}"#);
        assert_eq!((&several, several.hash()), (&spelt, spelt.hash()));
        let written = serde_json::to_string(&several).unwrap();
        assert_eq!(Recipe::from_json(&written).unwrap(), several, "{written}");
        assert_ne!(several.hash(), recipe(r#""formats":["avif","jpeg"]"#).hash());
        let one = recipe(r#""formats":["webp"],"qualities":{"webp":60}"#);
        assert_eq!(one, recipe(r#""format":"webp","quality":60"#));
    }

    /// Photos are stored under keys of this hash: another one would have every photo rendered again.
    #[test]
    fn the_hash_of_the_default_recipe_is_that_of_the_releases_before() {
        assert!(Recipe::from_json(DEFAULT).unwrap().hash().starts_with("76beb3e3e0408a02"));
    }

    /// Found by fuzzing: these numbers became their neighbours when they were written and read again.
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

    /// The examples that `settings/recipe.schema.json` is held to as well (`tests/contract/test_recipe.py`).
    #[test]
    fn what_is_right_is_read_and_what_is_wrong_is_said() {
        let examples: serde_json::Value = serde_json::from_str(include_str!("../../fixtures/recipes.json")).unwrap();
        let list = |key: &str| examples[key].as_array().unwrap().clone();
        for right in list("right") {
            assert!(Recipe::from_json(&right.to_string()).is_ok(), "{right}");
        }
        for wrong in [list("wrong"), list("wrong beyond a schema")].concat() {
            let error = Recipe::from_json(&wrong["recipe"].to_string()).unwrap_err().to_string();
            assert!(error.contains(wrong["says"].as_str().unwrap()), "{wrong}: {error}");
        }
    }
}
