//! Walking from marker to marker, and the rule for bytes that belong to nothing.

use crate::error::{Error, Feature, Result};

pub(crate) const SOI: u8 = 0xD8;
pub(crate) const EOI: u8 = 0xD9;
pub(crate) const SOS: u8 = 0xDA;
pub(crate) const DQT: u8 = 0xDB;
pub(crate) const DNL: u8 = 0xDC;
pub(crate) const DRI: u8 = 0xDD;
pub(crate) const DHT: u8 = 0xC4;
pub(crate) const COM: u8 = 0xFE;

/// So many bytes without meaning are forgiven before a marker: cameras that write a segment's length one or two
/// too small, or a few words after the last coefficient, are many. More is a sign of decoding the wrong bits.
/// `00` and `FF` are padding and forgiven in any number.
pub(crate) const FORGIVEN_STRAY_BYTES: usize = 16;

/// Before the first scan there are no bits to mistake. A segment whose length is wrong may leave all of itself behind.
const FORGIVEN_IN_HEADER: usize = 0xFFFF;

/// One marker, with its segment's contents (empty for markers that have none).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Segment<'a> {
    pub marker: u8,
    pub offset: usize,
    pub payload: &'a [u8],
}

impl Segment<'_> {
    pub fn bad<T>(&self, reason: &'static str) -> Result<T> {
        Err(Error::BadSegment { marker: self.marker, offset: self.offset, reason })
    }
}

pub(crate) struct Walker<'a> {
    pub data: &'a [u8],
    pub pos: usize,
    /// Has no scan come yet?
    pub in_header: bool,
}

impl<'a> Walker<'a> {
    /// Begins after the SOI marker, which must be the first thing in the data.
    pub fn new(data: &'a [u8]) -> Result<Self> {
        const START: [u8; 3] = [0xFF, SOI, 0xFF];
        if !START.starts_with(&data[..data.len().min(3)]) {
            return Err(Error::NotJpeg);
        }
        if data.len() < 4 {
            return Err(Error::HeaderIncomplete { needed: 4 });
        }
        Ok(Self { data, pos: 2, in_header: true })
    }

    /// The next marker and where its `FF` stands, or `None` at the end of the data.
    pub fn marker(&mut self) -> Result<Option<(u8, usize)>> {
        let start = self.pos;
        let mut strange = 0;
        while let Some(&byte) = self.data.get(self.pos) {
            match (byte, self.data.get(self.pos + 1)) {
                (0xFF, Some(&code)) if code != 0 && code != 0xFF => {
                    self.forgive(start, strange)?;
                    let offset = self.pos;
                    self.pos += 2;
                    return Ok(Some((code, offset)));
                }
                (0xFF | 0, _) => {}
                _ => strange += 1,
            }
            self.pos += 1;
        }
        self.forgive(start, strange)?;
        Ok(None)
    }

    fn forgive(&self, start: usize, strange: usize) -> Result<()> {
        if strange > if self.in_header { FORGIVEN_IN_HEADER } else { FORGIVEN_STRAY_BYTES } {
            return Err(Error::StrayBytes { offset: start, count: self.pos - start });
        }
        Ok(())
    }

    /// The next marker with its contents. Ends of data inside it are `HeaderIncomplete`, with what is needed.
    pub fn segment(&mut self) -> Result<Option<Segment<'a>>> {
        let Some((marker, offset)) = self.marker()? else { return Ok(None) };
        refuse_unsupported(marker, offset)?;
        let mut segment = Segment { marker, offset, payload: &[] };
        if matches!(marker, SOI | EOI | 0xD0..=0xD7) {
            return Ok(Some(segment));
        }
        let Some(&length) = self.data.get(self.pos..).and_then(<[u8]>::first_chunk::<2>) else {
            return Err(Error::HeaderIncomplete { needed: self.pos + 2 });
        };
        let length = usize::from(u16::from_be_bytes(length));
        if length < 2 {
            return segment.bad("its length is less than 2");
        }
        let end = self.pos + length;
        let Some(payload) = self.data.get(self.pos + 2..end) else {
            return Err(Error::HeaderIncomplete { needed: end });
        };
        segment.payload = payload;
        self.pos = end;
        Ok(Some(segment))
    }
}

fn refuse_unsupported(marker: u8, offset: usize) -> Result<()> {
    let feature = match marker {
        0xC3 | 0xF7 => Feature::Lossless,
        0xC5..=0xC7 | 0xDE | 0xDF => Feature::Hierarchical,
        0xC9..=0xCF => Feature::ArithmeticCoding,
        // The frames we decode, tables, restarts, scans, comments and application data.
        0xC0..=0xC2 | DHT | 0xD0..=0xDD | 0xE0..=0xEF | COM => return Ok(()),
        _ => return Err(Error::UnexpectedMarker { marker, offset }),
    };
    Err(Error::Unsupported(feature))
}
