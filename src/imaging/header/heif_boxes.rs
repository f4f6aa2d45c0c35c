//! The boxes of HEIF (ISO/IEC 14496-12, 23008-12): the tables of the one box, `meta`, that says what is in the file.
//! Every table has a bound of its own, and nothing is allocated by a count that the file only claims.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::error::ImageError;

/// A photo of 100 megapixels in tiles of 256 × 256 has 1,600 of them, and some more for its preview and its metadata.
const MOST_ITEMS: usize = 4096;
/// Properties are shared: a photo of a phone has some twenty.
const MOST_PROPERTIES: usize = 1024;
/// Of all items together: pieces of their bytes, properties, references.
const MOST_ENTRIES: usize = MOST_ITEMS * 16;

const CUT: ImageError = ImageError::Corrupt("a box of its header ends early");
const MANY: ImageError = ImageError::TooComplex("its header has more entries than a photo");

/// What a box holds, or the rest of it, and where in the file that begins.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'a> {
    pub(super) rest: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Bytes<'a> {
    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], ImageError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(CUT)?;
        (self.rest, self.at) = (rest, self.at + length);
        Ok(taken)
    }

    /// A number of so many bytes, eight at most; of none it is 0.
    pub(super) fn number(&mut self, bytes: usize) -> Result<u64, ImageError> {
        Ok(self.take(bytes)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    pub(super) fn byte(&mut self) -> Result<u8, ImageError> {
        Ok(self.take(1)?[0])
    }

    pub(super) fn u16(&mut self) -> Result<u16, ImageError> {
        let bytes = self.take(2)?;
        Ok(u16::from_be_bytes([bytes[0], bytes[1]]))
    }

    pub(super) fn u32(&mut self) -> Result<u32, ImageError> {
        let bytes = self.take(4)?;
        Ok(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    /// The version that many boxes begin with, and its flags.
    pub(super) fn version(&mut self) -> Result<(u8, u32), ImageError> {
        let number = self.u32()?;
        Ok(((number >> 24).to_le_bytes()[0], number & 0xFF_FFFF))
    }

    /// The next box in this one.
    pub(super) fn next_box(&mut self) -> Result<Option<([u8; 4], Bytes<'a>)>, ImageError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (short, kind) = (self.u32()?, self.take(4)?);
        // 1 means that a long length follows. 0, up to the end of the file, is for boxes that are in no other one.
        let (length, head) = if short == 1 { (self.number(8)?, 16) } else { (u64::from(short), 8) };
        let length = usize::try_from(length).ok().and_then(|length| length.checked_sub(head)).ok_or(CUT)?;
        let inner = Bytes { rest: self.take(length)?, at: self.at - length };
        Ok(Some(([kind[0], kind[1], kind[2], kind[3]], inner)))
    }
}

/// One item: a coded picture, a grid of them, or metadata.
#[derive(Default)]
pub(super) struct Item {
    pub(super) kind: [u8; 4],
    pub(super) is_protected: bool,
    pub(super) place: Option<Place>,
    /// Indices of [`Meta::properties`], and whether a reader must know the property.
    pub(super) properties: Vec<(usize, bool)>,
}

/// Where the bytes of an item are.
pub(super) struct Place {
    /// 0 from the start of the file, 1 within the box `idat`, 2 within another item.
    pub(super) method: u8,
    /// In another file, if not 0.
    pub(super) source: u16,
    /// Start and length.
    pub(super) extents: Vec<(u64, u64)>,
}

/// An item refers to others.
pub(super) struct Reference {
    pub(super) kind: [u8; 4],
    pub(super) from: u32,
    pub(super) to: Vec<u32>,
}

/// The tables of a `meta` box.
#[derive(Default)]
pub(super) struct Meta<'a> {
    pub(super) primary: Option<u32>,
    pub(super) items: BTreeMap<u32, Item>,
    pub(super) properties: Vec<([u8; 4], Bytes<'a>)>,
    pub(super) references: Vec<Reference>,
    pub(super) idat: Option<Range<usize>>,
    entries: usize,
}

impl<'a> Meta<'a> {
    pub(super) fn read(mut meta: Bytes<'a>) -> Result<Self, ImageError> {
        let mut found = Self::default();
        meta.version()?;
        while let Some((kind, inner)) = meta.next_box()? {
            match &kind {
                b"pitm" => found.primary(inner)?,
                b"iinf" => found.kinds(inner)?,
                b"iloc" => found.places(inner)?,
                b"iref" => found.references(inner)?,
                b"iprp" => found.all_properties(inner)?,
                b"idat" => found.idat = Some(inner.at..inner.at + inner.rest.len()),
                _ => {}
            }
        }
        Ok(found)
    }

    /// The items that this one refers to by `kind`, in their order.
    pub(super) fn from(&self, kind: [u8; 4], item: u32) -> impl Iterator<Item = u32> {
        let of = self.references.iter().filter(move |reference| reference.kind == kind && reference.from == item);
        of.flat_map(|reference| reference.to.iter().copied())
    }

    /// The items that refer to this one by `kind`.
    pub(super) fn to(&self, kind: [u8; 4], item: u32) -> impl Iterator<Item = u32> {
        let of = self.references.iter().filter(move |reference| reference.kind == kind && reference.to.contains(&item));
        of.map(|reference| reference.from)
    }

    fn item(&mut self, id: u32) -> Result<&mut Item, ImageError> {
        if self.items.len() >= MOST_ITEMS && !self.items.contains_key(&id) {
            return Err(MANY);
        }
        Ok(self.items.entry(id).or_default())
    }

    fn count(&mut self, entries: usize) -> Result<(), ImageError> {
        self.entries += entries;
        if self.entries > MOST_ENTRIES { Err(MANY) } else { Ok(()) }
    }

    fn primary(&mut self, mut bytes: Bytes) -> Result<(), ImageError> {
        let (version, _) = bytes.version()?;
        self.primary = Some(id(&mut bytes, version > 0)?);
        Ok(())
    }

    fn kinds(&mut self, mut bytes: Bytes) -> Result<(), ImageError> {
        let (version, _) = bytes.version()?;
        bytes.number(if version > 0 { 4 } else { 2 })?;
        while let Some((kind, mut entry)) = bytes.next_box()? {
            let (version, _) = entry.version()?;
            // Entries of older versions have no kind: they are not pictures.
            if kind != *b"infe" || version < 2 {
                continue;
            }
            let id = id(&mut entry, version > 2)?;
            let is_protected = entry.u16()? != 0;
            let kind = entry.take(4)?;
            let item = self.item(id)?;
            (item.kind, item.is_protected) = ([kind[0], kind[1], kind[2], kind[3]], is_protected);
        }
        Ok(())
    }

    fn places(&mut self, mut bytes: Bytes) -> Result<(), ImageError> {
        let (version, _) = bytes.version()?;
        let sizes = bytes.u16()?;
        let size = |shift: u16| match sizes >> shift & 15 {
            size @ (0 | 4 | 8) => Ok(usize::from(size)),
            _ => Err(ImageError::Corrupt("its places are numbers of a length that there is not")),
        };
        let (offset_bytes, length_bytes, base_bytes) = (size(12)?, size(8)?, size(4)?);
        let index_bytes = if version > 0 { size(0)? } else { 0 };
        let items = bytes.number(if version > 1 { 4 } else { 2 })?;
        for _ in 0..items {
            let id = id(&mut bytes, version > 1)?;
            let method = if version > 0 { bytes.u16()?.to_le_bytes()[0] & 15 } else { 0 };
            let source = bytes.u16()?;
            let base = bytes.number(base_bytes)?;
            let pieces = bytes.u16()?;
            self.count(usize::from(pieces).max(1))?;
            let mut extents = Vec::new();
            for _ in 0..pieces {
                bytes.take(index_bytes)?;
                let start = bytes.number(offset_bytes)?.checked_add(base).ok_or(CUT)?;
                extents.push((start, bytes.number(length_bytes)?));
            }
            self.item(id)?.place = Some(Place { method, source, extents });
        }
        Ok(())
    }

    fn references(&mut self, mut bytes: Bytes) -> Result<(), ImageError> {
        let (version, _) = bytes.version()?;
        while let Some((kind, mut entry)) = bytes.next_box()? {
            let from = id(&mut entry, version > 0)?;
            let count = usize::from(entry.u16()?);
            self.count(count.max(1))?;
            let to = (0..count).map(|_| id(&mut entry, version > 0)).collect::<Result<_, _>>()?;
            self.references.push(Reference { kind, from, to });
        }
        Ok(())
    }

    fn all_properties(&mut self, mut bytes: Bytes<'a>) -> Result<(), ImageError> {
        while let Some((kind, mut inner)) = bytes.next_box()? {
            match &kind {
                b"ipco" => {
                    while let Some(property) = inner.next_box()? {
                        if self.properties.len() == MOST_PROPERTIES {
                            return Err(MANY);
                        }
                        self.properties.push(property);
                    }
                }
                b"ipma" => self.associations(inner)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn associations(&mut self, mut bytes: Bytes) -> Result<(), ImageError> {
        let (version, flags) = bytes.version()?;
        let (bytes_each, essential) = if flags & 1 == 1 { (2, 1 << 15) } else { (1, 1 << 7) };
        for _ in 0..bytes.u32()? {
            let id = id(&mut bytes, version > 0)?;
            let count = usize::from(bytes.byte()?);
            self.count(count.max(1))?;
            for _ in 0..count {
                let number = bytes.number(bytes_each)?;
                // They are counted from 1; 0 is none.
                let index = usize::try_from(number & (essential - 1)).unwrap_or(0);
                if let Some(index) = index.checked_sub(1) {
                    self.item(id)?.properties.push((index, number & essential != 0));
                }
            }
        }
        Ok(())
    }
}

fn id(bytes: &mut Bytes, is_long: bool) -> Result<u32, ImageError> {
    if is_long { bytes.u32() } else { bytes.u16().map(u32::from) }
}
