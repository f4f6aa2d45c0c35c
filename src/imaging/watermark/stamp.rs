//! A small RGBA picture that is blended over larger ones.

use crate::picture::{Picture, Pixels};
use crate::ycc::{self, Ycc};

/// Not premultiplied, so that fading touches one channel only.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stamp {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) rgba: Vec<u8>,
}

impl Stamp {
    /// Makes the whole stamp more transparent.
    pub(super) fn fade(&mut self, opacity: f64) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 255
        let faded: [u8; 256] = std::array::from_fn(|alpha| (f64::from(alpha as u8) * opacity).round() as u8);
        for pixel in self.rgba.as_chunks_mut::<4>().0 {
            pixel[3] = faded[usize::from(pixel[3])];
        }
    }

    /// Turned counter-clockwise by `angle` degrees, in a box that holds all of it.
    pub(super) fn turned(&self, angle: f64) -> Self {
        let (sin, cos) = angle.to_radians().sin_cos();
        let (w, h) = (f64::from(self.width), f64::from(self.height));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a box around a stamp
        let bound = |a: f64, b: f64| (a.abs() + b.abs()).ceil() as u32 + 2;
        let (width, height) = (bound(w * cos, h * sin), bound(w * sin, h * cos));
        let (middle_x, middle_y) = (f64::from(width) / 2.0, f64::from(height) / 2.0);
        let mut rgba = Vec::with_capacity((width * height * 4) as usize);
        for y in 0..height {
            for x in 0..width {
                let (dx, dy) = (f64::from(x) + 0.5 - middle_x, f64::from(y) + 0.5 - middle_y);
                rgba.extend_from_slice(&self.sample(dx * cos - dy * sin + w / 2.0, dx * sin + dy * cos + h / 2.0));
            }
        }
        Self { width, height, rgba }
    }

    /// The colour at a place between pixels, bilinear and premultiplied meanwhile; transparent outside.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn sample(&self, x: f64, y: f64) -> [u8; 4] {
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let mut sum = [0.0; 4];
        for (dx, dy) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
            let (px, py) = (left + dx, top + dy);
            if px < 0.0 || py < 0.0 || px >= f64::from(self.width) || py >= f64::from(self.height) {
                continue;
            }
            let weight = (1.0 - (x - px).abs()) * (1.0 - (y - py).abs());
            let at = (py as usize * self.width as usize + px as usize) * 4;
            let alpha = f64::from(self.rgba[at + 3]) * weight;
            (0..3).for_each(|c| sum[c] += f64::from(self.rgba[at + c]) * alpha);
            sum[3] += alpha;
        }
        let color = |c: usize| if sum[3] > 0.0 { (sum[c] / sum[3]).round() as u8 } else { 0 };
        [color(0), color(1), color(2), sum[3].round() as u8]
    }

    /// Draws over the picture, the top left corner at `x`, `y`; parts beyond the picture are not drawn.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clipped to the picture
    pub(super) fn blend(&self, picture: &mut Picture, x: i64, y: i64) {
        if let Pixels::Ycc(ycc) = picture.pixels_mut() {
            return self.blend_ycc(ycc, x, y);
        }
        let (width, height) = (i64::from(picture.width()), i64::from(picture.height()));
        let (from_x, to_x) = (x.max(0), (x + i64::from(self.width)).min(width));
        if from_x >= to_x {
            return;
        }
        for row in y.max(0)..(y + i64::from(self.height)).min(height) {
            let stamp_at = ((row - y) * i64::from(self.width) + from_x - x) as usize;
            let stamp = &self.rgba[stamp_at * 4..(stamp_at + (to_x - from_x) as usize) * 4];
            let (from, to) = ((row * width + from_x) as usize, (row * width + to_x) as usize);
            match picture.pixels_mut() {
                Pixels::Rgb(rgb) => over_rgb(&mut rgb[from * 3..to * 3], stamp),
                Pixels::Rgba(rgba) => over_rgba(&mut rgba[from * 4..to * 4], stamp),
                Pixels::Ycc(_) => {}
            }
        }
    }

    /// Draws over planes: a sample of colour takes as much of the stamp as its four pixels do.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clipped to the picture
    fn blend_ycc(&self, ycc: &mut Ycc, x: i64, y: i64) {
        let (width, height) = (i64::from(ycc.width), i64::from(ycc.height));
        let (from_x, to_x) = (x.max(0), (x + i64::from(self.width)).min(width));
        let (from_y, to_y) = (y.max(0), (y + i64::from(self.height)).min(height));
        if from_x >= to_x || from_y >= to_y {
            return;
        }
        let pixels = self.rgba.as_chunks::<4>().0;
        let stamp = |px: i64, py: i64| {
            let inside = (from_x..to_x).contains(&px) && (from_y..to_y).contains(&py);
            let at = ((py - y) * i64::from(self.width) + px - x) as usize;
            if inside { pixels[at] } else { [0; 4] }
        };
        for py in from_y..to_y {
            let own = ((py - y) * i64::from(self.width) + from_x - x) as usize;
            let below = &mut ycc.luma[(py * width + from_x) as usize..(py * width + to_x) as usize];
            for (below, &[red, green, blue, alpha]) in below.iter_mut().zip(&pixels[own..]) {
                *below = mix(*below, ycc::luma(red, green, blue), alpha);
            }
        }
        let half = (width + 1) / 2;
        for cy in from_y / 2..(to_y + 1) / 2 {
            for cx in from_x / 2..(to_x + 1) / 2 {
                let (px, py) = (2 * cx, 2 * cy);
                let four = if (from_x..to_x - 1).contains(&px) && (from_y..to_y - 1).contains(&py) {
                    let at = ((py - y) * i64::from(self.width) + px - x) as usize;
                    let (upper, lower) = (&pixels[at..at + 2], &pixels[at + self.width as usize..][..2]);
                    [upper[0], upper[1], lower[0], lower[1]]
                } else {
                    [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(dx, dy)| stamp(px + dx, py + dy))
                };
                let cover: i32 = four.iter().map(|pixel| i32::from(pixel[3])).sum();
                if cover == 0 {
                    continue;
                }
                // Weighted by alpha, then scaled to what four equal pixels would add up to.
                let sum = |channel: usize| {
                    let weighted: i32 = four.iter().map(|pixel| i32::from(pixel[channel]) * i32::from(pixel[3])).sum();
                    (weighted * 4 + cover / 2) / cover
                };
                let above = ycc::colors(sum(0), sum(1), sum(2));
                let alpha = ((cover + 2) / 4) as u8;
                for (plane, above) in ycc.chroma.iter_mut().zip(above) {
                    let below = &mut plane[(cy * half + cx) as usize];
                    *below = mix(*below, above, alpha);
                }
            }
        }
    }
}

fn over_rgb(below: &mut [u8], stamp: &[u8]) {
    for (below, &[r, g, b, alpha]) in below.as_chunks_mut::<3>().0.iter_mut().zip(stamp.as_chunks::<4>().0) {
        for (below, above) in below.iter_mut().zip([r, g, b]) {
            *below = mix(*below, above, alpha);
        }
    }
}

/// Over pixels that are themselves transparent: the usual "source over", not premultiplied.
fn over_rgba(below: &mut [u8], stamp: &[u8]) {
    for (below, &[r, g, b, alpha]) in below.as_chunks_mut::<4>().0.iter_mut().zip(stamp.as_chunks::<4>().0) {
        let (above, under) = (u32::from(alpha) * 255, u32::from(below[3]) * u32::from(255 - alpha));
        let sum = above + under;
        if sum == 0 {
            continue;
        }
        #[allow(clippy::cast_possible_truncation)] // weighted means of bytes
        for (below, over) in below.iter_mut().zip([r, g, b]) {
            *below = ((u32::from(over) * above + u32::from(*below) * under + sum / 2) / sum) as u8;
        }
        #[allow(clippy::cast_possible_truncation)] // at most 255
        let opaque = ((sum + 127) / 255) as u8;
        below[3] = opaque;
    }
}

fn mix(below: u8, above: u8, alpha: u8) -> u8 {
    let sum = u32::from(above) * u32::from(alpha) + u32::from(below) * u32::from(255 - alpha);
    #[allow(clippy::cast_possible_truncation)] // at most 255
    let mixed = ((sum + 127) / 255) as u8;
    mixed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(alpha: u8) -> Stamp {
        Stamp { width: 2, height: 1, rgba: vec![255, 0, 0, alpha, 0, 0, 255, alpha] }
    }

    fn white(pixels: usize) -> Picture {
        Picture::new("p", u32::try_from(pixels).unwrap(), 1, Pixels::Rgb(vec![255; pixels * 3])).unwrap()
    }

    #[test]
    fn what_hangs_over_is_not_drawn() {
        for (x, expected) in
            [(-1, [[0, 0, 255], [255; 3]]), (1, [[255; 3], [255, 0, 0]]), (5, [[255; 3]; 2]), (-5, [[255; 3]; 2])]
        {
            let mut picture = white(2);
            dot(255).blend(&mut picture, x, 0);
            assert!(matches!(picture.pixels(), Pixels::Rgb(rgb) if rgb == expected.as_flattened()), "{x}");
        }
        let mut picture = white(2);
        dot(255).blend(&mut picture, 0, 3);
        assert!(matches!(picture.pixels(), Pixels::Rgb(rgb) if rgb == &[255; 6]));
    }

    #[test]
    fn r27_on_nothing_the_mark_is_itself_and_on_something_it_mixes() {
        let mut picture = Picture::new("p", 2, 1, Pixels::Rgba(vec![0, 255, 0, 0, 255, 255, 255, 255])).unwrap();
        dot(128).blend(&mut picture, 0, 0);
        assert!(matches!(picture.pixels(), Pixels::Rgba(rgba) if rgba == &[255, 0, 0, 128, 127, 127, 255, 255]));
    }

    #[test]
    fn r27_planes_take_the_mark_as_pixels_do() {
        let ground: Vec<u8> = (0..20 * 10).flat_map(|n| [60 + n % 7, 140, 90 + n % 5]).collect();
        let soft: Vec<u8> = (0..11 * 5).flat_map(|n| [250, 40, 30, if n % 11 < 2 { 60 } else { 220 }]).collect();
        let stamp = Stamp { width: 11, height: 5, rgba: soft };
        for (x, y) in [(3, 2), (4, 3), (-3, -2), (14, 7)] {
            let picture = |pixels| Picture::new("p", 20, 10, pixels).unwrap();
            let mut rgb = picture(Pixels::Rgb(ground.clone()));
            let mut planes = picture(Pixels::Ycc(Ycc::from_rgb(&ground, 20, 10)));
            stamp.blend(&mut rgb, x, y);
            stamp.blend(&mut planes, x, y);
            let Pixels::Rgb(marked) = rgb.pixels() else { unreachable!() };
            let expected = Ycc::from_rgb(marked, 20, 10);
            let Pixels::Ycc(found) = planes.pixels() else { unreachable!() };
            let near = |a: &[u8], b: &[u8]| a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) <= 2);
            assert!(near(&found.luma, &expected.luma), "{x} {y}");
            assert!((0..2).all(|plane| near(&found.chroma[plane], &expected.chroma[plane])), "{x} {y}");
        }
    }

    #[test]
    fn turning_keeps_the_ink() {
        let stamp = Stamp { width: 40, height: 20, rgba: [10, 20, 30, 200].repeat(800) };
        let ink = |stamp: &Stamp| stamp.rgba.as_chunks::<4>().0.iter().map(|pixel| f64::from(pixel[3])).sum::<f64>();
        let turned = stamp.turned(30.0);
        assert!((ink(&turned) / ink(&stamp) - 1.0).abs() < 0.02);
        assert!(turned.rgba.as_chunks::<4>().0.iter().all(|p| p[3] < 8 || p[0].abs_diff(10) <= 1));
    }
}
