//! Quantisation and Huffman tables as segments define them, and what scans make of them.

use crate::block::{Steps, ZIGZAG, place};
use crate::error::{Error, Result};
use crate::huffman::{Definition, Table};
use crate::segments::Segment;

#[derive(Default)]
pub(crate) struct Tables {
    quantisation: [Option<Steps>; 4],
    dc: [Slot; 4],
    ac: [Slot; 4],
}

/// A definition, and its expansion once a scan has used it.
#[derive(Default)]
struct Slot {
    definition: Option<Box<Definition>>,
    table: Option<Box<Table>>,
}

impl Tables {
    pub fn define_quantisation(&mut self, segment: &Segment<'_>) -> Result<()> {
        let mut rest = segment.payload;
        while let Some((&first, tail)) = rest.split_first() {
            let (wide, slot) = (first >> 4, usize::from(first & 15));
            if wide > 1 || slot > 3 {
                return segment.bad("no such quantisation table");
            }
            let length = if wide == 1 { 128 } else { 64 };
            let Some((values, tail)) = tail.split_at_checked(length) else {
                return segment.bad("too short for its quantisation table");
            };
            let mut steps = [0i16; 64];
            for (k, position) in ZIGZAG.iter().enumerate() {
                let step = match wide {
                    1 => u16::from_be_bytes([values[2 * k], values[2 * k + 1]]),
                    _ => u16::from(values[k]),
                };
                if step == 0 {
                    return segment.bad("a quantisation step is 0");
                }
                // A larger step times the smallest coefficient exceeds every sample anyway.
                steps[place(usize::from(position / 8), usize::from(position % 8))] = step.min(0x7FFF) as i16;
            }
            self.quantisation[slot] = Some(steps);
            rest = tail;
        }
        Ok(())
    }

    pub fn define_huffman(&mut self, segment: &Segment<'_>) -> Result<()> {
        let mut rest = segment.payload;
        while let Some((&first, tail)) = rest.split_first() {
            let (class, slot) = (first >> 4, usize::from(first & 15));
            if class > 1 || slot > 3 {
                return segment.bad("no such Huffman table");
            }
            let Some((&counts, tail)) = tail.split_first_chunk::<16>() else {
                return segment.bad("too short for its Huffman table");
            };
            let total = counts.iter().map(|c| usize::from(*c)).sum::<usize>();
            if total > 256 {
                return segment.bad("a Huffman table has more than 256 symbols");
            }
            let Some((values, tail)) = tail.split_at_checked(total) else {
                return segment.bad("too short for its Huffman table");
            };
            let mut symbols = [0; 256];
            symbols[..total].copy_from_slice(values);
            let target = if class == 0 { &mut self.dc } else { &mut self.ac };
            target[slot] = Slot { definition: Some(Box::new(Definition { counts, symbols })), table: None };
            rest = tail;
        }
        Ok(())
    }

    /// Has no segment defined a Huffman table? A frame of Motion JPEG leaves the standard ones out.
    pub fn lacks_huffman(&self) -> bool {
        self.dc.iter().chain(&self.ac).all(|slot| slot.definition.is_none())
    }

    pub fn steps(&self, slot: u8) -> Result<Steps> {
        self.quantisation[usize::from(slot & 3)].ok_or(Error::MissingTable { kind: "quantisation" })
    }

    /// Expands the tables a scan will use, so that they can be borrowed together.
    pub fn expand_dc(&mut self, slot: u8) -> Result<()> {
        self.dc[usize::from(slot & 3)].expand(true)
    }

    pub fn expand_ac(&mut self, slot: u8) -> Result<()> {
        self.ac[usize::from(slot & 3)].expand(false)
    }

    pub fn dc(&self, slot: u8) -> Result<&Table> {
        self.dc[usize::from(slot & 3)].table.as_deref().ok_or(Error::MissingTable { kind: "DC Huffman" })
    }

    pub fn ac(&self, slot: u8) -> Result<&Table> {
        self.ac[usize::from(slot & 3)].table.as_deref().ok_or(Error::MissingTable { kind: "AC Huffman" })
    }
}

impl Slot {
    fn expand(&mut self, dc: bool) -> Result<()> {
        if let (None, Some(definition)) = (&self.table, &self.definition) {
            self.table = Some(Table::new(definition, dc)?);
        }
        Ok(())
    }
}
