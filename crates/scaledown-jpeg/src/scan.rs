//! A scan's header, and what sequential and progressive scans have in common: restarts, and how they end.

use crate::bits::Bits;
use crate::block::Fault;
use crate::error::{Error, Result};
use crate::geometry::Layout;
use crate::header::Header;
use crate::segments::{EOI, Segment, Walker};

/// One component's part in a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    pub component: usize,
    pub dc_table: u8,
    pub ac_table: u8,
}

#[derive(Debug, Clone)]
pub(crate) struct Scan {
    pub offset: usize,
    pub parts: Vec<Part>,
    /// First and last coefficient, in file order.
    pub start: usize,
    pub end: usize,
    /// Successive approximation: the bit position before this scan (0 for a first scan) and after it.
    pub high: u8,
    pub low: u8,
}

impl Scan {
    pub fn parse(segment: &Segment<'_>, header: &Header<'_>) -> Result<Self> {
        let bad = |reason| Err(Error::BadScan { offset: segment.offset, reason });
        let Some((&count, rest)) = segment.payload.split_first() else {
            return bad("its header is empty");
        };
        let count = usize::from(count);
        if !(1..=4).contains(&count) || rest.len() != 2 * count + 3 {
            return bad("its length does not fit the number of components");
        }
        let mut parts: Vec<Part> = Vec::with_capacity(count);
        for spec in rest[..2 * count].as_chunks::<2>().0 {
            let Some(component) = header.components.iter().position(|c| c.id == spec[0]) else {
                return bad("it names a component that is not in the frame");
            };
            if parts.last().is_some_and(|p| p.component >= component) {
                return bad("its components are not in the order of the frame");
            }
            let (dc_table, ac_table) = (spec[1] >> 4, spec[1] & 15);
            if dc_table > 3 || ac_table > 3 {
                return bad("no such Huffman table");
            }
            parts.push(Part { component, dc_table, ac_table });
        }
        let sampled = |p: &Part| header.components.get(p.component).map_or(0, |c| c.h * c.v);
        if count > 1 && parts.iter().map(sampled).sum::<u8>() > 10 {
            return bad("more than 10 blocks in a unit");
        }
        let [start, end, approximation] = [rest[2 * count], rest[2 * count + 1], rest[2 * count + 2]];
        let (high, low) = (approximation >> 4, approximation & 15);
        let scan = Self { offset: segment.offset, parts, start: start.into(), end: end.into(), high, low };
        match (header.progressive, start, end, high, low) {
            // Sequential scans have no choice; some encoders leave these bytes at zero.
            (false, 0, 63 | 0, 0, 0) => Ok(Self { end: 63, ..scan }),
            (false, ..) => bad("a sequential frame with a progressive scan"),
            (true, 0, 0, ..) => Ok(scan),
            (true, 0, ..) => bad("DC and AC coefficients in one progressive scan"),
            (true, _, 1..64, ..) if start <= end && count == 1 => Ok(scan),
            (true, ..) => bad("no such range of coefficients"),
        }
        .and_then(|scan| match (high, low) {
            (0, 0..=13) => Ok(scan),
            (_, _) if high <= 13 && high == low + 1 => Ok(scan),
            _ => bad("no such bit position"),
        })
    }

    /// The units of this scan: the whole frame's, or, with one component, its blocks that hold picture.
    pub fn units(&self, layout: &Layout) -> (usize, usize) {
        match self.parts[..] {
            [Part { component, .. }] => {
                let c = &layout.components[component];
                (c.blocks_x, c.blocks_y)
            }
            _ => (layout.units_x, layout.units_y),
        }
    }

    /// Blocks per unit, each way, of one of this scan's components.
    pub fn blocks(&self, layout: &Layout, component: usize) -> (usize, usize) {
        let c = &layout.components[component];
        if self.parts.len() == 1 { (1, 1) } else { (c.h, c.v) }
    }

    /// How many blocks will be visited.
    pub fn visits(&self, layout: &Layout) -> u64 {
        let (x, y) = self.units(layout);
        let per_unit = |p: &Part| {
            let (h, v) = self.blocks(layout, p.component);
            (h * v) as u64
        };
        (x * y) as u64 * self.parts.iter().map(per_unit).sum::<u64>()
    }
}

/// Entropy-coded data, cut by restart markers.
pub(crate) struct Coded<'a> {
    data: &'a [u8],
    pub bits: Bits<'a>,
    interval: usize,
    left: usize,
    next: u8,
    /// Progressive: for how many more blocks the end of block has already been said.
    pub end_run: u32,
}

impl<'a> Coded<'a> {
    /// `interval` is in units; 0 for none.
    pub fn new(data: &'a [u8], pos: usize, interval: u16) -> Self {
        let interval = if interval == 0 { usize::MAX } else { usize::from(interval) };
        Self { data, bits: Bits::new(data, pos), interval, left: interval, next: 0, end_run: 0 }
    }

    /// Called before each unit: whether a restart has just happened, so that predictions begin anew.
    #[inline(always)]
    pub fn before_unit(&mut self) -> Result<bool> {
        if self.left == 0 {
            self.restart()?;
            return Ok(true);
        }
        self.left -= 1;
        Ok(false)
    }

    #[cold]
    #[inline(never)]
    fn restart(&mut self) -> Result<()> {
        self.no_end_run()?;
        let mut walker = Walker { data: self.data, pos: self.bits.unread(), in_header: false };
        match walker.marker()? {
            Some((found, _)) if found == 0xD0 + self.next => {
                self.bits = Bits::new(self.data, walker.pos);
                self.left = self.interval - 1;
                self.next = (self.next + 1) & 7;
                Ok(())
            }
            Some((EOI, offset)) => Err(Error::Truncated { offset }),
            Some((found, offset)) => Err(Error::RestartOutOfOrder { expected: Some(self.next), found, offset }),
            None => Err(Error::Truncated { offset: self.data.len() }),
        }
    }

    /// Passes up to `most` units whose end has already been said, but never a restart. Returns how many.
    #[inline(always)]
    pub fn skip_ended_blocks(&mut self, most: usize) -> usize {
        let count = most.min(self.end_run as usize).min(self.left);
        self.end_run -= count as u32;
        self.left -= count;
        count
    }

    /// Nothing may announce the end of more blocks than there are.
    pub fn no_end_run(&self) -> Result<()> {
        if self.end_run > 0 {
            return Err(Error::BadCoefficient { offset: self.bits.unread() });
        }
        Ok(())
    }

    /// Called after each unit: whether its bits really were in the data.
    #[inline(always)]
    pub fn after_unit(&self) -> Result<()> {
        if self.bits.overrun() { Err(self.ended(self.bits.offset())) } else { Ok(()) }
    }

    /// What stands in the way at `offset`, where the data ended too early.
    #[cold]
    #[inline(never)]
    fn ended(&self, offset: usize) -> Error {
        match self.data.get(offset + 1) {
            None | Some(&EOI) => Error::Truncated { offset: offset.min(self.data.len()) },
            Some(&found @ 0xD0..=0xD7) => Error::RestartOutOfOrder { expected: None, found, offset },
            Some(&marker) => Error::UnexpectedMarker { marker, offset },
        }
    }

    /// The error for a fault in a block. Made-up bits make bad codes: then the end of the data is the true reason.
    #[cold]
    #[inline(never)]
    pub fn error(&self, fault: Fault) -> Error {
        if self.bits.overrun() {
            return self.ended(self.bits.offset());
        }
        let offset = self.bits.unread();
        match (fault, self.bits.near_end()) {
            (Fault::Code, Some(end)) => self.ended(end),
            (Fault::Code, None) => Error::BadHuffmanCode { offset },
            (Fault::Run, _) => Error::BadCoefficient { offset },
        }
    }

    /// A restart marker that may follow, meaninglessly, when the last interval was a whole one.
    pub fn trailing_restart(&self) -> Option<u8> {
        (self.left == 0).then_some(0xD0 + self.next)
    }
}
