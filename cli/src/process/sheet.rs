//! A contact sheet: every photo with each file of its variants, in one PNG to look at. The cells are decoded from the finished
//! files, so they look as they would to a visitor. A cell of an AVIF shows the pixels before they were encoded.

use super::develop::Made;
use super::lettering::{shortened, write};
use super::report::Report;
use crate::error::Error;
use crate::text;
use darkroom_imaging::{Limits, Recipe, develop, encode};
use image::{Rgb, RgbImage, imageops};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A variant is shown within a square of this side, never enlarged.
const CELL: u32 = 320;
const GAP: u32 = 20;
/// Height of a line of text.
const LINE: u32 = 22;
/// The most rows of a sheet: a larger one is hard to open and to look at.
const ROWS: usize = 50;

const PAPER: Rgb<u8> = Rgb([250, 250, 250]);
const INK: Rgb<u8> = Rgb([20, 20, 20]);
const PALE: Rgb<u8> = Rgb([110, 110, 110]);
const ALARM: Rgb<u8> = Rgb([180, 30, 30]);
const RULE: Rgb<u8> = Rgb([220, 220, 220]);
/// The checks behind transparency.
const CHECKS: [[u8; 3]; 2] = [[255; 3], [208; 3]];

/// The engine makes its own cells: one picture, as large as fits, alpha kept.
static CELL_RECIPE: LazyLock<Recipe> = LazyLock::new(|| {
    let json = format!(r#"{{"variants":[{{"name":"cell","longest_side":{CELL},"format":"png"}}]}}"#);
    Recipe::from_json(&json).expect("a recipe")
});

/// Enough to read every file that this engine wrote.
const OWN_WORK: Limits = Limits { max_bytes: u64::MAX, max_side: 16_383, max_pixels: 16_383 * 16_383, max_frames: 1 };

/// One photo, drawn.
pub struct Row(RgbImage);

impl Row {
    /// Draws the photo's row, as high as its highest cell.
    pub fn of(report: &Report, made: &[Made], recipe: &Recipe) -> Self {
        let cells: Vec<_> = made.iter().map(|made| (&made.file, cell(made))).collect();
        let highest = cells.iter().map(|(_, cell)| cell.height()).max().unwrap_or(0);
        let pictures = if cells.is_empty() { 0 } else { highest + 2 * LINE + GAP };
        let mut row = RgbImage::from_pixel(width(recipe), GAP + 2 * LINE + pictures + GAP / 2, PAPER);
        let room = row.width() - 2 * GAP;
        imageops::replace(&mut row, &RgbImage::from_pixel(room, 1, RULE), GAP.into(), 0);
        let name = report.file.file_name().unwrap_or_default().to_string_lossy();
        write(&mut row, (GAP, GAP / 2), 18.0, INK, &shortened(&text::plain(&name), 18.0, room));
        let color = if cells.is_empty() { ALARM } else { PALE };
        write(&mut row, (GAP, GAP / 2 + LINE + 2), 15.0, color, &shortened(&about(report), 15.0, room));
        for ((encoded, cell), x) in cells.iter().zip((GAP..).step_by((CELL + GAP) as usize)) {
            let top = GAP + 2 * LINE;
            imageops::replace(&mut row, cell, x.into(), top.into());
            let label = format!("{}  {} × {}", encoded.name, encoded.width, encoded.height);
            write(&mut row, (x, top + highest + 4), 15.0, INK, &shortened(&label, 15.0, CELL));
            let weight = format!("{}  {}", encoded.extension, text::bytes(encoded.bytes.len() as u64));
            write(&mut row, (x, top + highest + 4 + LINE), 14.0, PALE, &weight);
        }
        Self(row)
    }
}

fn width(recipe: &Recipe) -> u32 {
    let files: usize = recipe.variants().iter().map(|variant| variant.outputs().len()).sum();
    let cells = u32::try_from(files.max(2)).unwrap_or(64);
    GAP + cells * (CELL + GAP)
}

/// What is known of the source, in one line.
fn about(report: &Report) -> String {
    let mut words = vec![report.summary()];
    if let Some(source) = &report.source {
        if source.orientation != 1 {
            words.push(format!("orientation {} undone", source.orientation));
        }
        words.extend(source.camera.as_deref().map(text::plain));
    }
    if let Some(facts) = &report.facts {
        words.push(facts.dominant_color.clone());
    }
    words.join("  ·  ")
}

fn cell(made: &Made) -> RgbImage {
    let own =
        made.unreadable.as_ref().and_then(|picture| encode(picture, &CELL_RECIPE.variants()[0], &CELL_RECIPE).ok());
    let file = own.iter().flatten().next().unwrap_or(&made.file);
    let shrunk = develop(&file.bytes, &CELL_RECIPE, &OWN_WORK).map(|made| made.pictures.into_iter().next());
    let Ok(Some(picture)) = shrunk else {
        // Only a bug of the engine leads here, and the colour shows it.
        return RgbImage::from_pixel(CELL, CELL / 4, ALARM);
    };
    let rgba = picture.to_rgba();
    let mut cell = RgbImage::new(picture.width(), picture.height());
    for ((x, y, pixel), [r, g, b, alpha]) in cell.enumerate_pixels_mut().zip(rgba.as_chunks::<4>().0) {
        let check = CHECKS[(x / 10 + y / 10) as usize % 2];
        let over = |front: u8, back: u8| {
            let sum = u32::from(front) * u32::from(*alpha) + u32::from(back) * u32::from(255 - alpha);
            u8::try_from((sum + 127) / 255).unwrap_or(255)
        };
        *pixel = Rgb([over(*r, check[0]), over(*g, check[1]), over(*b, check[2])]);
    }
    cell
}

/// A sheet that is being filled.
pub struct Page {
    path: PathBuf,
    number: u32,
    title: String,
    rows: Vec<Row>,
    width: u32,
}

impl Page {
    /// An empty sheet.
    pub fn first(path: &Path, recipe: &Recipe) -> Self {
        let title = format!("Darkroom  ·  recipe {}", &recipe.hash()[..16]);
        Self { path: path.into(), number: 1, title, rows: Vec::new(), width: width(recipe) }
    }

    /// Adds a photo, to another sheet if this one is full.
    pub fn push(&mut self, row: Row) -> Result<(), Error> {
        if self.rows.len() == ROWS {
            self.write()?;
            self.rows.clear();
            self.number += 1;
        }
        self.rows.push(row);
        Ok(())
    }

    /// The file: `sheet.png`, then `sheet-2.png`.
    pub fn write(&self) -> Result<(), Error> {
        let path = self.file();
        let file = std::fs::File::create(&path).map_err(|why| Error::file(&path, &why))?;
        let header = LINE + 2 * GAP;
        let height = header + self.rows.iter().map(|row| row.0.height()).sum::<u32>();
        let mut head = RgbImage::from_pixel(self.width, header, PAPER);
        write(&mut head, (GAP, GAP), 18.0, PALE, &self.title);
        let drawn = || -> Result<(), png::EncodingError> {
            let mut encoder = png::Encoder::new(std::io::BufWriter::new(file), self.width, height);
            encoder.set_color(png::ColorType::Rgb);
            encoder.set_compression(png::Compression::Fast);
            let mut writer = encoder.write_header()?;
            let mut stream = writer.stream_writer()?;
            for band in std::iter::once(&head).chain(self.rows.iter().map(|row| &row.0)) {
                std::io::Write::write_all(&mut stream, band.as_raw())?;
            }
            stream.finish()
        };
        drawn().map_err(|why| Error::Refused(format!("{}: {why}", path.display())))
    }

    fn file(&self) -> PathBuf {
        if self.number == 1 {
            return self.path.clone();
        }
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
        self.path.with_file_name(format!("{stem}-{}.png", self.number))
    }
}
