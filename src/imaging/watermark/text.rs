//! A line of text with an outline, from the embedded font.

use ab_glyph::{Font, FontRef, Glyph, OutlinedGlyph, PxScale, ScaleFont, point};
use image::{GrayImage, Luma};

use super::distance;
use super::stamp::Stamp;
use crate::style::Color;

/// Inter, semi-bold: open, plain at small sizes, with Latin, Greek and Cyrillic letters. Its licence lies beside it.
static FONT: &[u8] = include_bytes!("../assets/Inter-SemiBold.otf");

/// The least height of letters: below it they are a smudge.
const SMALLEST: f64 = 8.0;
/// The height that letters get at least if there is room.
const LEGIBLE: f64 = 11.0;
/// The opacity of the outline: a frame, and no more.
const OUTLINE_OPACITY: f32 = 0.6;
/// The outline is measured on letters this many times larger: its edge is as smooth as theirs.
const OVERSAMPLING: u32 = 3;
const LONGEST_TEXT: usize = 64;

fn font() -> FontRef<'static> {
    FontRef::try_from_slice(FONT).expect("the embedded font is one")
}

/// Refuses a text with letters that the font lacks: each would be an empty box on every picture.
pub(super) fn check(text: &str) -> Result<(), String> {
    if text.trim().is_empty() || text.chars().count() > LONGEST_TEXT {
        return Err(format!("text is 1 to {LONGEST_TEXT} characters"));
    }
    let font = font();
    match text.chars().find(|letter| letter.is_control() || font.glyph_id(*letter).0 == 0) {
        Some(letter) => Err(format!("the font has no glyph for {letter:?}")),
        None => Ok(()),
    }
}

/// The text at a letter height of `wanted` pixels, smaller if there is no `room` (width, height), or `None` if it
/// could not be read.
pub(super) fn stamp(text: &str, wanted: f64, room: (f64, f64), color: Color, outline: Color) -> Option<Stamp> {
    let mut height = wanted.max(LEGIBLE);
    // The outline does not shrink with the letters, so one division does not find the height that fits: a few steps do.
    while height >= SMALLEST {
        let (width, over) = extent(text, height)?;
        let share = (room.0 / width).min(room.1 / over);
        if share >= 1.0 {
            return Some(draw(text, height, color, outline));
        }
        height *= share.min(0.99);
    }
    None
}

fn border(height: f64) -> f64 {
    (height * 0.07).max(1.0)
}

/// Width and height of the stamp for letters of this height.
fn extent(text: &str, height: f64) -> Option<(f64, f64)> {
    #[allow(clippy::cast_possible_truncation)]
    let glyphs = line(text, height as f32);
    let bounds = bounds(&glyphs)?;
    let rim = 2.0 * (border(height) + 1.0).ceil() + 1.0;
    Some((f64::from(bounds.max.x - bounds.min.x) + rim, f64::from(bounds.max.y - bounds.min.y) + rim))
}

/// The outlines of the letters in a row, kerned.
fn line(text: &str, height: f32) -> Vec<OutlinedGlyph> {
    let font = font();
    let scaled = font.as_scaled(PxScale::from(height));
    let mut x = 0.0;
    let mut last = None;
    let mut outlines = Vec::new();
    for letter in text.chars() {
        let id = scaled.glyph_id(letter);
        if let Some(last) = last {
            x += scaled.kern(last, id);
        }
        let glyph = Glyph { id, scale: PxScale::from(height), position: point(x, 0.0) };
        outlines.extend(scaled.outline_glyph(glyph));
        x += scaled.h_advance(id);
        last = Some(id);
    }
    outlines
}

fn bounds(glyphs: &[OutlinedGlyph]) -> Option<ab_glyph::Rect> {
    glyphs.iter().map(OutlinedGlyph::px_bounds).reduce(|a, b| ab_glyph::Rect {
        min: point(a.min.x.min(b.min.x), a.min.y.min(b.min.y)),
        max: point(a.max.x.max(b.max.x), a.max.y.max(b.max.y)),
    })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)] // pixels of a small stamp
fn draw(text: &str, height: f64, Color(color): Color, Color(outline): Color) -> Stamp {
    let large = f64::from(OVERSAMPLING);
    let glyphs = line(text, (height * large) as f32);
    let Some(bounds) = bounds(&glyphs) else { return Stamp { width: 1, height: 1, rgba: vec![0; 4] } };
    let border = border(height);
    let rim = (border + 1.0).ceil() as u32 * OVERSAMPLING;
    let side = |from: f32, to: f32| ((to - from).ceil() as u32 + 2 * rim).next_multiple_of(OVERSAMPLING);
    let (width, height) = (side(bounds.min.x, bounds.max.x), side(bounds.min.y, bounds.max.y));

    let mut mask = GrayImage::new(width, height);
    for glyph in &glyphs {
        let corner = glyph.px_bounds().min;
        let (left, top) = ((corner.x - bounds.min.x) as u32 + rim, (corner.y - bounds.min.y) as u32 + rim);
        glyph.draw(|x, y, coverage| {
            if let Some(Luma([pixel])) = mask.get_pixel_mut_checked(left + x, top + y) {
                *pixel = (*pixel).max((coverage * 255.0).round() as u8);
            }
        });
    }
    let solid: Vec<bool> = mask.pixels().map(|Luma([coverage])| *coverage >= 128).collect();
    let squares = distance::squared(&solid, width as usize);
    let distance = |(x, y): (u32, u32)| squares[(y * width + x) as usize].sqrt();
    let reach = border * large;

    let (out_width, out_height) = (width / OVERSAMPLING, height / OVERSAMPLING);
    let mut rgba = Vec::with_capacity((out_width * out_height * 4) as usize);
    let samples = (OVERSAMPLING * OVERSAMPLING) as f32;
    for y in 0..out_height {
        for x in 0..out_width {
            let (mut letter, mut around) = (0.0, 0.0);
            for (dy, dx) in (0..OVERSAMPLING).flat_map(|dy| (0..OVERSAMPLING).map(move |dx| (dy, dx))) {
                let at = (x * OVERSAMPLING + dx, y * OVERSAMPLING + dy);
                letter += f32::from(mask.get_pixel(at.0, at.1)[0]) / 255.0;
                // Fades over one output pixel, so that it softens into the picture.
                around += ((reach + large - distance(at)) / large).clamp(0.0, 1.0) as f32;
            }
            let (letter, around) = (letter / samples, around / samples * OUTLINE_OPACITY);
            let below = around * (1.0 - letter);
            let alpha = letter + below;
            let mixed = |channel: usize| {
                if alpha > 0.0 {
                    ((f32::from(color[channel]) * letter + f32::from(outline[channel]) * below) / alpha).round() as u8
                } else {
                    0
                }
            };
            rgba.extend_from_slice(&[mixed(0), mixed(1), mixed(2), (alpha * 255.0).round() as u8]);
        }
    }
    Stamp { width: out_width, height: out_height, rgba }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: Color = Color([255; 3]);
    const BLACK: Color = Color([0; 3]);

    #[test]
    fn r27_glyphs_that_the_font_lacks_are_refused() {
        for fine in ["Darkroom", "© Ümit Çelik 2026", "Фото Ελλάς", "a b"] {
            assert_eq!(check(fine), Ok(()), "{fine}");
        }
        assert!(check("写真").unwrap_err().contains("no glyph for '写'"));
        assert!(check("two\nlines").unwrap_err().contains("no glyph"));
        assert!(check("  ").is_err());
        assert!(check(&"x".repeat(65)).is_err());
    }

    #[test]
    fn r27_it_shrinks_to_its_room_and_below_legibility_there_is_none() {
        let at =
            |room: (f64, f64)| stamp("Darkroom", 70.0, room, WHITE, BLACK).map(|stamp| (stamp.width, stamp.height));
        let (width, height) = at((1000.0, 1000.0)).unwrap();
        assert!(width > 250 && height > 50);
        let (narrow, _) = at((60.0, 60.0)).unwrap();
        assert!((50..=60).contains(&narrow), "{narrow}");
        assert_eq!(at((30.0, 30.0)), None);
    }

    #[test]
    fn it_is_at_least_eleven_pixels_high_where_there_is_room() {
        let small = stamp("Darkroom", 2.0, (500.0, 500.0), WHITE, BLACK).unwrap();
        let eleven = stamp("Darkroom", 11.0, (500.0, 500.0), WHITE, BLACK).unwrap();
        assert_eq!(small, eleven);
    }

    #[test]
    fn letters_are_solid_and_framed() {
        let stamp = stamp("I", 60.0, (500.0, 500.0), WHITE, BLACK).unwrap();
        let row = &stamp.rgba[(stamp.height / 2 * stamp.width * 4) as usize..][..stamp.width as usize * 4];
        let middle = &row[stamp.width as usize / 2 * 4..][..4];
        assert_eq!(middle, [255, 255, 255, 255]);
        assert!(
            row.as_chunks::<4>().0.iter().any(|p| p[0] == 0 && (140..=160).contains(&p[3])),
            "a dark frame: {row:?}"
        );
    }
}
