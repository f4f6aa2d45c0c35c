//! TIFF: a directory of tags, anywhere in the file.

use super::model::{ColorModel, Found, Head, Header, Layout, Stop};
use super::tiff_layout::{Alpha, List, Meaning, Order, Packing, TiffLayout};
use crate::error::ImageError;
use crate::format::Format;
use crate::icc;
use crate::limits::Limits;

const MOST_TAGS: u16 = 512;
const MOST_SAMPLES: u32 = 16;
const LARGEST_PROFILE: usize = 4 << 20;

pub(super) fn read(head: &Head, limits: &Limits) -> Result<Found, Stop> {
    let order = Order { little: head.byte(0)? == b'I' };
    let mut at = u32_at(head, order, 4)? as usize;
    let tags = Tags::read(head, order, at)?;
    limits.check_size(tags.width, tags.height)?;
    // Pages are frames, and counted, because a chain of directories may lead back to itself.
    let mut pages = 1;
    loop {
        let next = at + 2 + usize::from(u16_at(head, order, at)?) * 12;
        at = u32_at(head, order, next)? as usize;
        if at == 0 {
            break;
        }
        pages += 1;
        limits.check_frames(pages, tags.width, tags.height)?;
    }
    let layout = layout(&tags)?;
    let icc = match tags.profile {
        Some((at, length)) if length <= LARGEST_PROFILE => Some(head.slice(at, length)?.to_vec()),
        _ => None,
    };
    let header = Header {
        orientation: u8::try_from(tags.orientation).ok().filter(|n| (1..=8).contains(n)).unwrap_or(1),
        frames: pages,
        color: match layout.meaning {
            Meaning::Gray { .. } => ColorModel::Gray,
            Meaning::Rgb => ColorModel::Rgb,
            Meaning::Palette => ColorModel::Palette,
            Meaning::Cmyk => ColorModel::Cmyk,
        },
        alpha: layout.alpha.is_some(),
        depth: layout.bits.to_le_bytes()[0],
        profile: icc.as_deref().map(icc::profile_name),
        ..Header::plain(Format::Tiff, tags.width, tags.height)
    };
    Ok(Found { icc, layout: Layout::Tiff(layout), ..Found::plain(header) })
}

/// The facts that are read from a directory.
struct Tags {
    order: Order,
    width: u32,
    height: u32,
    bits: Vec<u32>,
    compression: u32,
    photometric: u32,
    fill_order: u32,
    orientation: u32,
    samples: u32,
    rows_per_strip: u32,
    planes: u32,
    predictor: u32,
    ink_set: u32,
    tile: (u32, u32),
    extra: Option<Vec<u32>>,
    formats: Vec<u32>,
    strips: (Option<List>, Option<List>),
    tiles: (Option<List>, Option<List>),
    palette: Option<List>,
    /// Where, and how many bytes.
    profile: Option<(usize, usize)>,
}

impl Tags {
    /// What holds where a tag is absent.
    const fn absent(order: Order) -> Self {
        Self {
            order,
            width: 0,
            height: 0,
            bits: Vec::new(),
            compression: 1,
            photometric: u32::MAX,
            fill_order: 1,
            orientation: 1,
            samples: 1,
            rows_per_strip: u32::MAX,
            planes: 1,
            predictor: 1,
            ink_set: 1,
            tile: (0, 0),
            extra: None,
            formats: Vec::new(),
            strips: (None, None),
            tiles: (None, None),
            palette: None,
            profile: None,
        }
    }

    fn read(head: &Head, order: Order, at: usize) -> Result<Self, Stop> {
        let count = u16_at(head, order, at)?;
        if at < 8 || count == 0 || count > MOST_TAGS {
            return Err(ImageError::Corrupt("it has no directory").into());
        }
        let mut tags = Self::absent(order);
        for index in 0..usize::from(count) {
            let at = at + 2 + index * 12;
            let entry = Entry { head, order, at };
            match u16_at(head, order, at)? {
                256 => tags.width = entry.number()?,
                257 => tags.height = entry.number()?,
                258 => tags.bits = entry.numbers()?,
                259 => tags.compression = entry.number()?,
                262 => tags.photometric = entry.number()?,
                266 => tags.fill_order = entry.number()?,
                273 => tags.strips.0 = Some(entry.list()?),
                274 => tags.orientation = entry.number()?,
                277 => tags.samples = entry.number()?,
                278 => tags.rows_per_strip = entry.number()?,
                279 => tags.strips.1 = Some(entry.list()?),
                284 => tags.planes = entry.number()?,
                317 => tags.predictor = entry.number()?,
                320 => tags.palette = Some(entry.list()?),
                322 => tags.tile.0 = entry.number()?,
                323 => tags.tile.1 = entry.number()?,
                324 => tags.tiles.0 = Some(entry.list()?),
                325 => tags.tiles.1 = Some(entry.list()?),
                332 => tags.ink_set = entry.number()?,
                338 => tags.extra = Some(entry.numbers()?),
                339 => tags.formats = entry.numbers()?,
                34_675 => {
                    let (length, place) = (u32_at(head, order, at + 4)?, u32_at(head, order, at + 8)?);
                    tags.profile = Some((place as usize, length as usize));
                }
                _ => {}
            }
        }
        Ok(tags)
    }
}

/// Names what is read, and what is not.
fn layout(tags: &Tags) -> Result<TiffLayout, ImageError> {
    let (meaning, colors) = meaning(tags)?;
    let bits = bits(tags)?;
    if meaning == Meaning::Palette && bits > 8 {
        return Err(ImageError::Unsupported("a TIFF with a palette of more than 8 bits"));
    }
    if !(colors..=MOST_SAMPLES).contains(&tags.samples) {
        let few = ImageError::Corrupt("it has fewer channels than its colours need");
        let many = ImageError::Unsupported("a TIFF of more than 16 channels");
        return Err(if tags.samples < colors { few } else { many });
    }
    let alpha = alpha(tags, colors);
    if alpha.is_some() && meaning == Meaning::Cmyk {
        return Err(ImageError::Unsupported("a TIFF of inks with transparency"));
    }
    let differences = match tags.predictor {
        1 => false,
        2 if bits >= 8 => true,
        _ => return Err(ImageError::Unsupported("a TIFF with a rare predictor")),
    };
    if !matches!(tags.planes, 1 | 2) {
        return Err(ImageError::Corrupt("an order of its planes that no TIFF has"));
    }
    let (chunk, lists) = match tags.tiles.0 {
        Some(offsets) => (tags.tile, (Some(offsets), tags.tiles.1)),
        None => ((tags.width, tags.rows_per_strip.min(tags.height)), tags.strips),
    };
    let offsets = lists.0.ok_or(ImageError::Corrupt("it does not say where its pixels are"))?;
    if chunk.0 == 0 || chunk.1 == 0 {
        return Err(ImageError::Corrupt("a side of its tiles is zero"));
    }
    Ok(TiffLayout {
        order: tags.order,
        meaning,
        bits,
        samples: tags.samples,
        alpha,
        planar: tags.planes == 2 && tags.samples > 1,
        packing: packing(tags.compression)?,
        differences,
        reversed_bits: tags.fill_order == 2,
        chunk,
        offsets,
        lengths: lists.1,
        palette: tags.palette,
    })
}

/// The colours, and how many samples they take.
fn meaning(tags: &Tags) -> Result<(Meaning, u32), ImageError> {
    Err(ImageError::Unsupported(match tags.photometric {
        white @ (0 | 1) => return Ok((Meaning::Gray { white_is_zero: white == 0 }, 1)),
        2 => return Ok((Meaning::Rgb, 3)),
        3 if tags.palette.is_some() => return Ok((Meaning::Palette, 1)),
        3 => return Err(ImageError::Corrupt("a palette picture without a palette")),
        5 if tags.ink_set == 1 => return Ok((Meaning::Cmyk, 4)),
        5 => "a TIFF of other inks than cyan, magenta, yellow and black",
        4 => "a TIFF that is a mask",
        6 => "a TIFF in YCbCr",
        8..=10 => "a TIFF in Lab",
        32_803 | 34_892 => "a TIFF of a sensor's raw values",
        u32::MAX => "a TIFF that does not say what its colours are",
        _ => "a TIFF in a rare colour space",
    }))
}

fn bits(tags: &Tags) -> Result<u32, ImageError> {
    let bits = tags.bits.first().copied().unwrap_or(1);
    if tags.bits.iter().any(|other| *other != bits) {
        return Err(ImageError::Unsupported("a TIFF whose channels have different bits"));
    }
    // 1 is an unsigned number, 4 is not said.
    if tags.formats.iter().any(|format| !matches!(format, 1 | 4)) {
        return Err(ImageError::Unsupported("a TIFF of signed or floating-point numbers"));
    }
    match bits {
        1 | 2 | 4 | 8 | 16 => Ok(bits),
        17.. => Err(ImageError::Unsupported("a TIFF of more than 16 bits")),
        _ => Err(ImageError::Unsupported("a TIFF of a rare number of bits")),
    }
}

/// A fourth channel that nothing explains is alpha for every viewer; one that is said to have no meaning is dropped.
fn alpha(tags: &Tags, colors: u32) -> Option<Alpha> {
    let Some(extra) = &tags.extra else {
        return (tags.photometric == 2 && tags.samples == 4).then_some(Alpha { sample: 3, premultiplied: false });
    };
    let (sample, kind) = (colors..tags.samples).zip(extra).find(|(_, kind)| matches!(kind, 1 | 2))?;
    Some(Alpha { sample, premultiplied: *kind == 1 })
}

fn packing(compression: u32) -> Result<Packing, ImageError> {
    Err(ImageError::Unsupported(match compression {
        1 => return Ok(Packing::None),
        5 => return Ok(Packing::Lzw),
        8 | 32_946 => return Ok(Packing::Deflate),
        32_773 => return Ok(Packing::PackBits),
        2..=4 | 32_771 => "a TIFF with a fax inside",
        6 => "a TIFF with an old-style JPEG inside",
        7 | 99 => "a TIFF with a JPEG inside",
        _ => "a TIFF in a rare compression",
    }))
}

/// One tag of a directory.
struct Entry<'h, 'a> {
    head: &'h Head<'a>,
    order: Order,
    at: usize,
}

impl Entry<'_, '_> {
    /// Where its numbers are. Up to four bytes of them stand in the tag itself.
    fn list(&self) -> Result<List, Stop> {
        let (kind, count) = (u16_at(self.head, self.order, self.at + 2)?, u32_at(self.head, self.order, self.at + 4)?);
        let wide = match kind {
            3 => false,
            4 => true,
            _ => return Err(ImageError::Corrupt("a number is not one").into()),
        };
        let inline = count <= if wide { 1 } else { 2 };
        let place = self.at + 8;
        let at = if inline { place } else { u32_at(self.head, self.order, place)? as usize };
        Ok(List { at, count, wide })
    }

    /// Its only number, or its first.
    fn number(&self) -> Result<u32, Stop> {
        if u16_at(self.head, self.order, self.at + 2)? == 1 {
            return self.head.byte(self.at + 8).map(u32::from);
        }
        let list = self.list()?;
        self.get(list, 0)
    }

    /// As many of its numbers as a picture has channels at most.
    fn numbers(&self) -> Result<Vec<u32>, Stop> {
        let list = self.list()?;
        (0..list.count.min(MOST_SAMPLES)).map(|index| self.get(list, index)).collect()
    }

    fn get(&self, list: List, index: u32) -> Result<u32, Stop> {
        if list.wide {
            u32_at(self.head, self.order, list.at + index as usize * 4)
        } else {
            u16_at(self.head, self.order, list.at + index as usize * 2).map(u32::from)
        }
    }
}

fn u16_at(head: &Head, order: Order, at: usize) -> Result<u16, Stop> {
    Ok(order.u16(head.array(at)?))
}

fn u32_at(head: &Head, order: Order, at: usize) -> Result<u32, Stop> {
    Ok(order.u32(head.array(at)?))
}
