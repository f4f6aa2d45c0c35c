//! What a JPEG says about itself before its first coefficient.

use std::borrow::Cow;

use crate::error::{Error, Feature, Result};
use crate::segments::{COM, DHT, DQT, DRI, SOS, Segment, Walker};

/// What the components of a file mean. Samples are always returned as they are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ColorModel {
    /// One component.
    Gray,
    /// JFIF's full-range BT.601 YCbCr: what nearly every photo is.
    YCbCr,
    /// Red, green, blue: an Adobe marker with transform 0, or components named `R`, `G`, `B`.
    Rgb,
    /// Cyan, magenta, yellow, black. Inverted (255 is no ink) where [`Header::adobe_transform`] is present.
    Cmyk,
    /// YCbCr of the C, M, Y inks, and black. Inverted in the same way as [`ColorModel::Cmyk`].
    Ycck,
}

/// One component as the frame header declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Component {
    /// The component's name: 1, 2, 3 in nearly every file.
    pub id: u8,
    /// Horizontal sampling factor, 1 to 4.
    pub h: u8,
    /// Vertical sampling factor, 1 to 4.
    pub v: u8,
    pub(crate) quantisation: u8,
}

/// The header of a JPEG file: everything up to the first scan. It borrows from the file.
#[derive(Debug, Clone)]
pub struct Header<'a> {
    /// Width in pixels as stored; Exif orientation is not applied.
    pub width: u16,
    /// Height in pixels as stored.
    pub height: u16,
    /// One, three or four components.
    pub components: Vec<Component>,
    /// What the components mean.
    pub color: ColorModel,
    /// Whether the coefficients come in several passes.
    pub progressive: bool,
    /// Whether the first scan holds all components: then a sequential file is decoded row by row in little memory.
    pub interleaved: bool,
    /// The transform byte of the Adobe marker, if there is one: 0 none, 1 YCbCr, 2 YCCK.
    pub adobe_transform: Option<u8>,
    /// Whether there is a JFIF marker.
    pub jfif: bool,
    /// The Exif block, from its TIFF header on.
    pub exif: Option<&'a [u8]>,
    /// The XMP packet (its main part).
    pub xmp: Option<&'a [u8]>,
    icc: Vec<&'a [u8]>,
    /// The length of the header: where the first scan's marker stands.
    pub length: usize,
}

impl<'a> Header<'a> {
    /// Reads the header from the beginning of a file; the rest of the file need not be there.
    pub fn parse(data: &'a [u8]) -> Result<Self> {
        let mut walker = Walker::new(data)?;
        let mut found = Found::default();
        loop {
            let Some(segment) = walker.segment()? else {
                return Err(Error::HeaderIncomplete { needed: data.len() + 2 });
            };
            match segment.marker {
                0xC0..=0xC2 if found.frame.is_none() => found.frame = Some(frame(&segment)?),
                SOS => return found.finish(&segment),
                0xE0..=0xEF => found.application(&segment),
                DQT | DHT | DRI | COM => {}
                marker => return Err(Error::UnexpectedMarker { marker, offset: segment.offset }),
            }
        }
    }

    /// Pixels of the full picture.
    pub fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// Whether 255 stands for no ink: CMYK and YCCK files with an Adobe marker are stored that way.
    pub fn inverted(&self) -> bool {
        self.adobe_transform.is_some() && matches!(self.color, ColorModel::Cmyk | ColorModel::Ycck)
    }

    /// The largest horizontal and vertical sampling factors.
    pub fn max_sampling(&self) -> (u8, u8) {
        self.components.iter().fold((1, 1), |(h, v), c| (h.max(c.h), v.max(c.v)))
    }

    /// The ICC profile, joined from its parts. `None` if there is none, or if parts are missing or contradict.
    pub fn icc_profile(&self) -> Option<Cow<'a, [u8]>> {
        let count = usize::from(*self.icc.first()?.get(1)?);
        let mut parts: Vec<Option<&'a [u8]>> = vec![None; count];
        for part in &self.icc {
            let (index, total, body) = (usize::from(part[0]), usize::from(part[1]), &part[2..]);
            let slot = parts.get_mut(index.checked_sub(1)?)?;
            if total != count || slot.replace(body).is_some() {
                return None;
            }
        }
        if let [Some(whole)] = parts[..] {
            return Some(Cow::Borrowed(whole));
        }
        let parts: Vec<&[u8]> = parts.into_iter().collect::<Option<_>>()?;
        (!parts.is_empty()).then(|| Cow::Owned(parts.concat()))
    }
}

struct Frame {
    width: u16,
    height: u16,
    progressive: bool,
    components: Vec<Component>,
}

fn frame(segment: &Segment<'_>) -> Result<Frame> {
    let Some((&[precision, h1, h0, w1, w0, count], rest)) = segment.payload.split_first_chunk::<6>() else {
        return segment.bad("too short for a frame header");
    };
    if precision != 8 {
        return Err(Error::Unsupported(Feature::Precision(precision)));
    }
    if !matches!(count, 1 | 3 | 4) {
        return Err(Error::Unsupported(Feature::Components(count)));
    }
    let (width, height) = (u16::from_be_bytes([w1, w0]), u16::from_be_bytes([h1, h0]));
    if width == 0 {
        return segment.bad("the width is 0");
    }
    if height == 0 {
        return Err(Error::Unsupported(Feature::UndefinedHeight));
    }
    if rest.len() != usize::from(count) * 3 {
        return segment.bad("the length does not fit the number of components");
    }
    let mut components: Vec<Component> = Vec::with_capacity(usize::from(count));
    for spec in rest.as_chunks::<3>().0 {
        let c = Component { id: spec[0], h: spec[1] >> 4, v: spec[1] & 15, quantisation: spec[2] };
        if !(1..=4).contains(&c.h) || !(1..=4).contains(&c.v) {
            return segment.bad("a sampling factor is not in 1 to 4");
        }
        if c.quantisation > 3 {
            return segment.bad("no such quantisation table");
        }
        if components.iter().any(|other| other.id == c.id) {
            return segment.bad("two components have the same name");
        }
        components.push(c);
    }
    Ok(Frame { width, height, progressive: segment.marker == 0xC2, components })
}

#[derive(Default)]
struct Found<'a> {
    frame: Option<Frame>,
    adobe_transform: Option<u8>,
    jfif: bool,
    exif: Option<&'a [u8]>,
    xmp: Option<&'a [u8]>,
    icc: Vec<&'a [u8]>,
}

impl<'a> Found<'a> {
    fn application(&mut self, segment: &Segment<'a>) {
        let body = segment.payload;
        match segment.marker {
            0xE0 => self.jfif |= body.starts_with(b"JFIF\0"),
            0xE1 => {
                if let Some(exif) = body.strip_prefix(b"Exif\0") {
                    self.exif = self.exif.or(exif.get(1..));
                } else if let Some(xmp) = body.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0") {
                    self.xmp = self.xmp.or(Some(xmp));
                }
            }
            0xE2 => {
                if let Some(part) = body.strip_prefix(b"ICC_PROFILE\0")
                    && part.len() >= 2
                    && self.icc.len() < 256
                {
                    self.icc.push(part);
                }
            }
            0xEE if body.starts_with(b"Adobe") => {
                self.adobe_transform = self.adobe_transform.or(body.get(11).copied());
            }
            _ => {}
        }
    }

    fn finish(self, scan: &Segment<'a>) -> Result<Header<'a>> {
        let Some(frame) = self.frame else {
            return Err(Error::UnexpectedMarker { marker: SOS, offset: scan.offset });
        };
        let ids: Vec<u8> = frame.components.iter().map(|c| c.id).collect();
        // The same guesses as every widespread decoder makes, in the same order.
        let color = match (ids.len(), self.adobe_transform) {
            (1, _) => ColorModel::Gray,
            (4, Some(2)) => ColorModel::Ycck,
            (4, _) => ColorModel::Cmyk,
            _ if self.jfif => ColorModel::YCbCr,
            (_, Some(0)) => ColorModel::Rgb,
            (_, None) if ids == *b"RGB" => ColorModel::Rgb,
            _ => ColorModel::YCbCr,
        };
        let in_scan = scan.payload.first().copied().unwrap_or(0);
        Ok(Header {
            width: frame.width,
            height: frame.height,
            interleaved: usize::from(in_scan) == ids.len(),
            components: frame.components,
            color,
            progressive: frame.progressive,
            adobe_transform: self.adobe_transform,
            jfif: self.jfif,
            exif: self.exif,
            xmp: self.xmp,
            icc: self.icc,
            length: scan.offset,
        })
    }
}
