//! HEIF with HEVC inside (HEIC): which item is the picture, of what size, where its coded parts are.
//!
//! A grid is one step deep and nothing here calls itself, so references in a circle end in a refusal.

use std::ops::Range;

use super::exif;
use super::heif_boxes::{Bytes, Meta};
use super::heif_color::Colors;
use super::heif_config;
use super::heif_layout::{Alpha, Coded, Config, HeifLayout, Part};
use super::heif_shape::Shape;
use super::model::{ColorModel, ENDS_EARLY, Found, Head, Header, Layout, Stop};
use crate::error::ImageError;
use crate::format::Format;
use crate::icc;
use crate::limits::Limits;

/// Boxes before the one that says what is in the file.
const MOST_BOXES: u32 = 64;
/// A phone's has 4 KB, and 30 more for each profile of a printer.
const LARGEST_META: usize = 4 << 20;
const LARGEST_PROFILE: usize = 4 << 20;
const LARGEST_EXIF: usize = 1 << 20;
/// All parts of a grid together may have this many times the pixels that a picture may have.
const GRID_AREA: u64 = 2;

const NO_PICTURE: ImageError = ImageError::Corrupt("it has no picture");
const CONTRADICTS: ImageError = ImageError::Corrupt("its header contradicts itself");
const ELSEWHERE: ImageError = ImageError::Unsupported("a HEIC whose pixels are in another place than its own file");

pub(super) fn read(head: &Head, limits: &Limits) -> Result<Found, Stop> {
    let meta = Meta::read(meta(head)?)?;
    let primary = meta.primary.ok_or(NO_PICTURE)?;
    let mut reader = Reader { head, limits, meta, configs: Vec::new() };
    let (color, shape, colors) = reader.picture(primary)?;
    let alpha = reader.alpha(primary, &color)?;
    let config = color.parts.first().map(|part| &reader.configs[part.config]).ok_or(NO_PICTURE)?;
    let icc = colors.profile(config.gray)?;
    let facts = reader.exif(primary);
    let header = Header {
        orientation: shape.orientation,
        color: if config.gray { ColorModel::Gray } else { ColorModel::Rgb },
        alpha: alpha.is_some(),
        depth: config.depth,
        profile: icc.as_deref().map(icc::profile_name),
        camera: facts.camera,
        taken_at: facts.taken_at,
        ..Header::plain(Format::Heic, shape.width, shape.height)
    };
    let is_cropped = (shape.width, shape.height) != (color.width, color.height);
    let layout =
        HeifLayout { color, alpha, crop: is_cropped.then_some((shape.left, shape.top)), configs: reader.configs };
    Ok(Found { icc, layout: Layout::Heif(layout), ..Found::plain(header) })
}

/// The box `meta`, whole. It is mostly the second one.
fn meta<'a>(head: &Head<'a>) -> Result<Bytes<'a>, Stop> {
    let (mut at, mut moves) = (0, false);
    for _ in 0..MOST_BOXES {
        if at as u64 >= head.total {
            break;
        }
        let (short, kind) = (head.u32_be(at)?, head.slice(at + 4, 4)?);
        let (length, begins) = match short {
            0 => (head.total - at as u64, 8),
            1 => (u64::from(head.u32_be(at + 8)?) << 32 | u64::from(head.u32_be(at + 12)?), 16),
            _ => (u64::from(short), 8),
        };
        let end =
            usize::try_from(length).ok().filter(|length| *length >= begins).and_then(|length| at.checked_add(length));
        let end = end.ok_or(ENDS_EARLY)?;
        if kind == b"meta" {
            let at = at + begins;
            if end - at > LARGEST_META {
                return Err(ImageError::TooComplex("its header is larger than a photo's").into());
            }
            return Ok(Bytes { rest: head.slice(at, end - at)?, at });
        }
        moves |= kind == b"moov";
        at = end;
    }
    Err(if moves { ImageError::Unsupported("a HEIF that only moves") } else { NO_PICTURE }.into())
}

struct Reader<'h, 'a> {
    head: &'h Head<'a>,
    limits: &'h Limits,
    meta: Meta<'a>,
    configs: Vec<Config>,
}

/// The properties of one item.
struct Properties {
    size: (u32, u32),
    /// The index of its decoder's settings.
    config: Option<usize>,
    shape: Shape,
    colors: Colors,
    is_alpha: bool,
}

impl Reader<'_, '_> {
    /// An item as a picture: its parts, what of it shows, its colours.
    fn picture(&mut self, id: u32) -> Result<(Coded, Shape, Colors), Stop> {
        let kind = self.kind(id)?;
        let properties = self.properties(id)?;
        let size = properties.size;
        self.limits.check_size(size.0, size.1)?;
        let (mut coded, colors) = match &kind {
            b"hvc1" | b"hev1" => {
                let parts = vec![self.part(id, &properties)?];
                let (width, height) = size;
                (Coded { width, height, columns: 1, tile: size, parts, numbers: None }, properties.colors)
            }
            b"grid" => {
                let (coded, below) = self.grid(id, size)?;
                (coded, properties.colors.or(below))
            }
            _ => return Err(other_kind(kind).into()),
        };
        coded.numbers = colors.numbers;
        Ok((coded, properties.shape, colors))
    }

    /// Pictures of one size, side by side and one below the other.
    fn grid(&mut self, id: u32, size: (u32, u32)) -> Result<(Coded, Colors), Stop> {
        let (rows, columns, width, height) = self.grid_size(id)?;
        let tiles: Vec<u32> = self.meta.from(*b"dimg", id).collect();
        if (width, height) != size || tiles.len() != rows as usize * columns as usize {
            return Err(CONTRADICTS.into());
        }
        let Properties { size: tile, colors, .. } = self.properties(tiles[0])?;
        self.limits.check_size(tile.0, tile.1)?;
        // The grid covers the picture, with no row and no column too many.
        let fits = |tile: u32, count: u32, side: u32| {
            let before = u64::from(tile) * u64::from(count - 1);
            (before + 1..=before + u64::from(tile)).contains(&u64::from(side))
        };
        if !fits(tile.0, columns, width) || !fits(tile.1, rows, height) {
            return Err(CONTRADICTS.into());
        }
        if u64::from(tile.0) * u64::from(tile.1) * tiles.len() as u64 > self.limits.max_pixels * GRID_AREA {
            return Err(ImageError::TooComplex("its parts have far more pixels than it shows").into());
        }
        let mut parts = Vec::new();
        for id in tiles {
            let kind = self.kind(id)?;
            if !matches!(&kind, b"hvc1" | b"hev1") {
                return Err(other_kind(kind).into());
            }
            let properties = self.properties(id)?;
            if properties.size != tile {
                return Err(CONTRADICTS.into());
            }
            if !properties.shape.is_plain(tile) {
                return Err(ImageError::Unsupported("a HEIC of parts that are turned or cropped").into());
            }
            parts.push(self.part(id, &properties)?);
        }
        Ok((Coded { width, height, columns, tile, parts, numbers: None }, colors))
    }

    /// Rows, columns, width and height.
    fn grid_size(&self, id: u32) -> Result<(u32, u32, u32, u32), Stop> {
        let extents = self.extents(id)?;
        let [place] = extents.as_slice() else { return Err(CONTRADICTS.into()) };
        let mut bytes = Bytes { rest: self.head.slice(place.start, place.len().min(12))?, at: place.start };
        let (version, flags) = (bytes.byte()?, bytes.byte()?);
        if version != 0 {
            return Err(ImageError::Unsupported("a HEIC with a grid of a later version").into());
        }
        let (rows, columns) = (u32::from(bytes.byte()?) + 1, u32::from(bytes.byte()?) + 1);
        let mut side = || if flags & 1 == 1 { bytes.u32() } else { bytes.u16().map(u32::from) };
        Ok((rows, columns, side()?, side()?))
    }

    /// A second picture that says how transparent this one is.
    fn alpha(&mut self, primary: u32, color: &Coded) -> Result<Option<Alpha>, Stop> {
        let others: Vec<u32> = self.meta.to(*b"auxl", primary).collect();
        for id in others {
            if !self.properties(id)?.is_alpha {
                continue; // a depth map, a gain map for bright screens
            }
            let (coded, ..) = self.picture(id)?;
            if (coded.width, coded.height) != (color.width, color.height) {
                return Err(ImageError::Unsupported("a HEIC whose transparency has another size").into());
            }
            let premultiplied = self.meta.from(*b"prem", primary).any(|other| other == id);
            return Ok(Some(Alpha { coded, premultiplied }));
        }
        Ok(None)
    }

    fn kind(&self, id: u32) -> Result<[u8; 4], ImageError> {
        let item = self.meta.items.get(&id).ok_or(NO_PICTURE)?;
        if item.is_protected {
            return Err(ImageError::Unsupported("a HEIC that is encrypted"));
        }
        Ok(item.kind)
    }

    fn properties(&self, id: u32) -> Result<Properties, ImageError> {
        let item = self.meta.items.get(&id).ok_or(NO_PICTURE)?;
        let property = |(index, essential): &(usize, bool)| {
            self.meta.properties.get(*index).map(|(kind, bytes)| (*index, *kind, *bytes, *essential)).ok_or(CONTRADICTS)
        };
        let all = item.properties.iter().map(property).collect::<Result<Vec<_>, _>>()?;
        let Some((_, _, mut size, _)) = all.iter().find(|(_, kind, ..)| kind == b"ispe").copied() else {
            return Err(CONTRADICTS);
        };
        size.version()?;
        let size = (size.u32()?, size.u32()?);
        let mut found =
            Properties { size, config: None, shape: Shape::whole(size), colors: Colors::default(), is_alpha: false };
        for (index, kind, mut bytes, essential) in all {
            match &kind {
                b"hvcC" => found.config = Some(index),
                b"clap" => found.shape.crop(bytes)?,
                b"irot" => found.shape.turn(bytes.byte()?),
                b"imir" => found.shape.mirror(bytes.byte()?),
                b"colr" => found.colors.read(bytes, LARGEST_PROFILE)?,
                b"auxC" => {
                    bytes.version()?;
                    found.is_alpha = ALPHA.iter().any(|name| bytes.rest.starts_with(name));
                }
                b"ispe" | b"pixi" | b"pasp" | b"clli" | b"mdcv" | b"cclv" | b"amve" => {}
                _ if essential => return Err(ImageError::Unsupported("a HEIC with an effect that is not known here")),
                _ => {}
            }
        }
        Ok(found)
    }

    fn part(&mut self, id: u32, properties: &Properties) -> Result<Part, Stop> {
        let property = properties.config.ok_or(CONTRADICTS)?;
        let known = self.configs.iter().position(|config| config.property == property);
        let config = if let Some(known) = known {
            known
        } else {
            self.configs.push(heif_config::read(property, self.meta.properties[property].1)?);
            self.configs.len() - 1
        };
        Ok(Part { config, extents: self.extents(id)? })
    }

    /// Where the bytes of an item are, checked against the length of the file.
    fn extents(&self, id: u32) -> Result<Vec<Range<usize>>, ImageError> {
        let place = self.meta.items.get(&id).and_then(|item| item.place.as_ref()).ok_or(NO_PICTURE)?;
        let within = match (place.source, place.method, &self.meta.idat) {
            (0, 0, _) => 0..usize::try_from(self.head.total).map_err(|_| ENDS_EARLY)?,
            (0, 1, Some(idat)) => idat.clone(),
            _ => return Err(ELSEWHERE),
        };
        let extent = |(start, length): &(u64, u64)| {
            let start = usize::try_from(*start).ok()?.checked_add(within.start)?;
            let end = start.checked_add(usize::try_from(*length).ok()?)?;
            (start < end && end <= within.end).then_some(start..end)
        };
        let extents: Option<Vec<_>> = place.extents.iter().map(extent).collect();
        extents.filter(|extents| !extents.is_empty()).ok_or(ImageError::Corrupt("its pixels are not in the file"))
    }

    /// Camera and time. Boxes alone say how the picture is turned, by the standard and in every viewer. As in a PNG, a
    /// block behind the pixels is read only of a whole file.
    fn exif(&self, primary: u32) -> exif::Facts {
        for id in self.meta.to(*b"cdsc", primary) {
            if self.meta.items.get(&id).is_none_or(|item| &item.kind != b"Exif") {
                continue;
            }
            let Ok(extents) = self.extents(id) else { continue };
            let [place] = extents.as_slice() else { continue };
            if place.len() > LARGEST_EXIF {
                continue;
            }
            let Some(bytes) = self.head.bytes.get(place.clone()) else { continue };
            let mut block = Bytes { rest: bytes, at: 0 };
            let skipped = block.u32().and_then(|skip| block.take(skip as usize));
            if skipped.is_ok() {
                let facts = exif::read(block.rest.strip_prefix(b"Exif\0\0").unwrap_or(block.rest));
                return exif::Facts { orientation: None, ..facts };
            }
        }
        exif::Facts::default()
    }
}

/// The names of an auxiliary picture that is transparency.
const ALPHA: [&[u8]; 2] = [b"urn:mpeg:hevc:2015:auxid:1\0", b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0"];

fn other_kind(kind: [u8; 4]) -> ImageError {
    match &kind {
        b"av01" => ImageError::Avif,
        b"iovl" | b"iden" => ImageError::Unsupported("a HEIC that is put together of several pictures"),
        _ => ImageError::Unsupported("a HEIF with another picture than HEVC inside"),
    }
}
