//! Lines of text on a picture, in the watermark's font.

use ab_glyph::{Font, FontRef, Glyph, ScaleFont, point};
use image::{Rgb, RgbImage};
use std::sync::LazyLock;

static FONT: LazyLock<FontRef<'static>> = LazyLock::new(|| {
    FontRef::try_from_slice(include_bytes!("../../../src/imaging/assets/Inter-SemiBold.otf")).expect("a font")
});

/// Writes a line; `x` and `y` are its upper left corner.
pub fn write(on: &mut RgbImage, (x, y): (u32, u32), size: f32, color: Rgb<u8>, line: &str) {
    let (glyphs, _) = laid_out(size, line);
    for outline in glyphs.into_iter().filter_map(|glyph| FONT.outline_glyph(glyph)) {
        let corner = outline.px_bounds().min;
        outline.draw(|dx, dy, cover| {
            #[expect(clippy::cast_possible_truncation, reason = "places on a sheet of some thousand pixels")]
            let place = |corner: f32, start: u32, step: u32| i64::from(start) + i64::from(step) + corner as i64;
            let at = (place(corner.x, x, dx), place(corner.y, y, dy));
            let Ok((at_x, at_y)) = u32::try_from(at.0).and_then(|x| u32::try_from(at.1).map(|y| (x, y))) else {
                return;
            };
            if let Some(pixel) = on.get_pixel_mut_checked(at_x, at_y) {
                for (channel, ink) in pixel.0.iter_mut().zip(color.0) {
                    *channel = mixed(*channel, ink, cover);
                }
            }
        });
    }
}

/// The line, cut at its end to fit into `room` pixels.
pub fn shortened(line: &str, size: f32, room: u32) -> String {
    #[expect(clippy::cast_precision_loss, reason = "some thousand pixels")]
    let fits = |line: &str| laid_out(size, line).1 <= room as f32;
    if fits(line) {
        return line.to_owned();
    }
    let mut short = line.to_owned();
    while short.pop().is_some() && !fits(&format!("{short}…")) {}
    format!("{short}…")
}

/// Each letter in its place, and how wide all of them are.
fn laid_out(size: f32, line: &str) -> (Vec<Glyph>, f32) {
    let font = FONT.as_scaled(size);
    let (mut x, mut glyphs) = (0.0, Vec::new());
    for letter in line.chars() {
        let id = font.glyph_id(letter);
        x += glyphs.last().map_or(0.0, |last: &Glyph| font.kern(last.id, id));
        glyphs.push(id.with_scale_and_position(size, point(x, font.ascent())));
        x += font.h_advance(id);
    }
    (glyphs, x)
}

fn mixed(paper: u8, ink: u8, cover: f32) -> u8 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between two bytes")]
    let value = (f32::from(paper) + (f32::from(ink) - f32::from(paper)) * cover.clamp(0.0, 1.0)).round() as u8;
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_to_its_room() {
        assert_eq!(shortened("short", 15.0, 200), "short");
        let cut = shortened(&"very ".repeat(40), 15.0, 200);
        assert!(cut.ends_with('…') && laid_out(15.0, &cut).1 <= 200.0, "{cut}");
        assert_eq!(shortened("none", 15.0, 0), "…");
    }

    #[test]
    fn letters_leave_ink_within_the_picture_only() {
        let mut paper = RgbImage::from_pixel(30, 10, Rgb([255; 3]));
        write(&mut paper, (4, 0), 18.0, Rgb([0; 3]), "Wide and high");
        assert!(paper.pixels().any(|pixel| pixel.0[0] < 60));
    }
}
