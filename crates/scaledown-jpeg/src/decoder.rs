//! From a file to planes: the order of segments, the limits, and the output of rows.

use core::ops::ControlFlow;

use crate::accelerate::accelerated;
use crate::block::Steps;
use crate::error::{Error, Feature, Limit, Result};
use crate::geometry::{ComponentLayout, Layout, Limits, zeros};
use crate::header::Header;
use crate::machine::Machine;
use crate::picture::{Band, Picture, Plane};
use crate::progressive::Coefficients;
use crate::scale::Scale;
use crate::scan::{Coded, Scan};
use crate::segments::{COM, DHT, DNL, DQT, DRI, EOI, SOS, Segment, Walker};
use crate::sequential::{Lane, unit_row};
use crate::standard::STANDARD;
use crate::tables::Tables;

/// Decodes one JPEG file.
///
/// [`Decoder::new`] reads the header only. Then choose a [`Scale`] and call one of [`decode`](Self::decode),
/// [`decode_bands`](Self::decode_bands) and [`check`](Self::check); all of them may be called more than once.
#[derive(Clone)]
pub struct Decoder<'a> {
    data: &'a [u8],
    header: Header<'a>,
    limits: Limits,
    scale: Scale,
    stop: Option<&'a dyn Fn() -> bool>,
}

impl<'a> Decoder<'a> {
    /// Reads the header, under the default [`Limits`].
    pub fn new(data: &'a [u8]) -> Result<Self> {
        Self::with_limits(data, Limits::default())
    }

    /// Reads the header; refuses more pixels than `limits` allow.
    pub fn with_limits(data: &'a [u8], limits: Limits) -> Result<Self> {
        let header = Header::parse(data)?;
        if header.pixels() > limits.max_pixels {
            return Err(Error::LimitExceeded(Limit::Pixels));
        }
        Ok(Self { data, header, limits, scale: Scale::FULL, stop: None })
    }

    /// The file's header.
    pub fn header(&self) -> &Header<'a> {
        &self.header
    }

    /// Chooses the size; the default is [`Scale::FULL`].
    #[must_use]
    pub fn scale(mut self, scale: Scale) -> Self {
        self.scale = scale;
        self
    }

    /// Gives up with [`Error::Stopped`] as soon as `stop` returns true. It is asked once per row of blocks.
    #[must_use]
    pub fn stop_when(mut self, stop: &'a dyn Fn() -> bool) -> Self {
        self.stop = Some(stop);
        self
    }

    /// The shapes of the planes that will come out.
    pub fn planes(&self) -> Vec<crate::PlaneLayout> {
        Layout::new(&self.header, self.scale).components.iter().map(|c| c.plane).collect()
    }

    /// The bytes [`decode`](Self::decode) will allocate for samples and coefficients: what `max_memory` is held
    /// against. Tables add at most 150 KB.
    pub fn memory(&self) -> u64 {
        self.needs(&Layout::new(&self.header, self.scale), Keep::Planes)
    }

    /// The bytes [`decode_bands`](Self::decode_bands) will allocate: a few rows for sequential files, but all
    /// coefficients for progressive ones, and all samples for those whose components come one after the other.
    pub fn memory_for_bands(&self) -> u64 {
        self.needs(&Layout::new(&self.header, self.scale), self.keep_for_bands())
    }

    /// Decodes to planes.
    pub fn decode(&self) -> Result<Picture> {
        let mut run = Run::new(self, self.scale, Keep::Planes)?;
        run.start(&mut |_| ControlFlow::Continue(()))?;
        let planes = run.layout.components.iter().zip(run.planes);
        let planes = planes.map(|(c, data)| Plane::new(c.plane, data)).collect();
        Ok(Picture { planes, color: self.header.color, inverted: self.header.inverted() })
    }

    /// Decodes row by row: `band` is called from top to bottom with the rows of each plane that belong together, one
    /// row of coding units at a time.
    ///
    /// A fault in the file may show only after some bands: discard their results unless the result is `Ok`. If `band`
    /// breaks, the result is [`Error::Stopped`].
    pub fn decode_bands(&self, mut band: impl FnMut(&Band<'_>) -> ControlFlow<()>) -> Result<()> {
        let mut run = Run::new(self, self.scale, self.keep_for_bands())?;
        run.start(&mut band)
    }

    /// Reads the whole file as strictly as [`decode`](Self::decode), but makes no samples: the cheapest full proof
    /// that a file will decode.
    pub fn check(&self) -> Result<()> {
        let mut run = Run::new(self, Scale::eighths(1), Keep::Nothing)?;
        run.start(&mut |_| ControlFlow::Continue(()))
    }

    fn keep_for_bands(&self) -> Keep {
        if self.header.progressive || self.header.interleaved { Keep::Band } else { Keep::Planes }
    }

    fn needs(&self, layout: &Layout, keep: Keep) -> u64 {
        let progressive = self.header.progressive;
        let bytes = |c: &ComponentLayout| {
            let samples = match keep {
                Keep::Planes => c.plane_bytes(),
                Keep::Band => c.band_bytes() as u64,
                Keep::Nothing => 0,
            };
            samples + if progressive { c.coefficient_bytes() } else { 0 }
        };
        layout.components.iter().map(bytes).sum()
    }
}

/// How much of the samples is kept at a time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    Planes,
    Band,
    Nothing,
}

type BandSink<'s> = &'s mut dyn FnMut(&Band<'_>) -> ControlFlow<()>;

/// One pass over a file.
struct Run<'r, 'a> {
    decoder: &'r Decoder<'a>,
    layout: Layout,
    keep: Keep,
    /// Whole planes or one band of each, by component; empty where nothing is kept.
    planes: Vec<Vec<u8>>,
    /// Progressive files only.
    coefficients: Vec<Coefficients>,
    tables: Tables,
    /// Each component's quantisation steps, as they were when its first scan began.
    steps: Vec<Steps>,
    seen: Vec<bool>,
    restart_interval: u16,
    trailing_restart: Option<u8>,
    scans: u32,
    visits: u64,
}

impl<'r, 'a> Run<'r, 'a> {
    fn new(decoder: &'r Decoder<'a>, scale: Scale, keep: Keep) -> Result<Self> {
        let layout = Layout::new(&decoder.header, scale);
        if decoder.needs(&layout, keep) > decoder.limits.max_memory {
            return Err(Error::LimitExceeded(Limit::Memory));
        }
        let planes = match keep {
            Keep::Planes => layout.components.iter().map(|c| zeros(c.plane_bytes() as usize)).collect::<Result<_>>()?,
            Keep::Band => layout.components.iter().map(|c| zeros(c.band_bytes())).collect::<Result<_>>()?,
            Keep::Nothing => Vec::new(),
        };
        let coefficients = if decoder.header.progressive {
            layout.components.iter().map(Coefficients::new).collect::<Result<_>>()?
        } else {
            Vec::new()
        };
        let count = layout.components.len();
        Ok(Self {
            decoder,
            layout,
            keep,
            planes,
            coefficients,
            tables: Tables::default(),
            steps: vec![[0; 64]; count],
            seen: vec![false; count],
            restart_interval: 0,
            trailing_restart: None,
            scans: 0,
            visits: 0,
        })
    }

    /// The only caller of the hot code: it is compiled once for every kind of machine, and nowhere else.
    fn start(&mut self, sink: BandSink<'_>) -> Result<()> {
        accelerated!(machine => self.file(machine, sink))
    }

    #[inline(always)]
    fn file(&mut self, machine: impl Machine, sink: BandSink<'_>) -> Result<()> {
        let mut walker = Walker::new(self.decoder.data)?;
        let mut in_frame = false;
        loop {
            // The header has been read once already, so picture data is missing now.
            let segment = match walker.segment() {
                Ok(Some(segment)) => segment,
                Ok(None) | Err(Error::HeaderIncomplete { .. }) if self.complete() => break,
                Ok(None) | Err(Error::HeaderIncomplete { .. }) => {
                    return Err(Error::Truncated { offset: self.decoder.data.len() });
                }
                Err(error) => return Err(error),
            };
            match segment.marker {
                EOI => break,
                SOS => {
                    walker.pos = self.scan(machine, &segment, walker.pos, sink)?;
                    walker.in_header = false;
                }
                0xC0..=0xC2 if !in_frame => in_frame = true,
                _ => self.other(&segment)?,
            }
        }
        if let Some(component) = self.seen.iter().position(|seen| !seen) {
            return Err(Error::MissingScan { component });
        }
        if self.decoder.header.progressive && self.keep != Keep::Nothing {
            self.render(machine, sink)?;
        } else if self.keep == Keep::Planes {
            for row in 0..self.layout.units_y {
                self.emit(row, sink)?;
            }
        }
        Ok(())
    }

    /// Whether the picture is all there, so that a missing end marker can be forgiven.
    fn complete(&self) -> bool {
        self.seen.iter().all(|seen| *seen) && self.coefficients.iter().all(Coefficients::complete)
    }

    fn other(&mut self, segment: &Segment<'_>) -> Result<()> {
        let trailing_restart = self.trailing_restart.take();
        match segment.marker {
            DQT => self.tables.define_quantisation(segment),
            DHT => self.tables.define_huffman(segment),
            DRI => {
                let Ok(&interval) = <&[u8; 2]>::try_from(segment.payload) else {
                    return segment.bad("not 2 bytes long");
                };
                self.restart_interval = u16::from_be_bytes(interval);
                Ok(())
            }
            0xE0..=0xEF | COM => Ok(()),
            // It may only repeat the frame's height.
            DNL if self.scans == 1 && segment.payload == self.decoder.header.height.to_be_bytes() => Ok(()),
            DNL => Err(Error::Unsupported(Feature::UndefinedHeight)),
            0xD0..=0xD7 if trailing_restart == Some(segment.marker) => Ok(()),
            found @ 0xD0..=0xD7 => Err(Error::RestartOutOfOrder { expected: None, found, offset: segment.offset }),
            marker => Err(Error::UnexpectedMarker { marker, offset: segment.offset }),
        }
    }

    /// Decodes one scan, and returns where its data ends.
    #[inline(always)]
    fn scan(&mut self, machine: impl Machine, segment: &Segment<'_>, pos: usize, sink: BandSink<'_>) -> Result<usize> {
        let header = &self.decoder.header;
        let limits = &self.decoder.limits;
        let scan = Scan::parse(segment, header)?;
        self.scans += 1;
        if self.scans > limits.max_scans {
            return Err(Error::LimitExceeded(Limit::Scans));
        }
        self.visits += scan.visits(&self.layout);
        if self.visits > limits.max_block_visits {
            return Err(Error::LimitExceeded(Limit::Work));
        }
        if !header.progressive && self.tables.lacks_huffman() {
            self.tables.define_huffman(&Segment { payload: &STANDARD, ..*segment })?;
        }
        for part in &scan.parts {
            let first = !core::mem::replace(&mut self.seen[part.component], true);
            if first {
                self.steps[part.component] = self.tables.steps(header.components[part.component].quantisation)?;
            }
            if let Some(coefficients) = self.coefficients.get_mut(part.component) {
                coefficients.admit(&scan)?;
            } else if !first {
                return Err(Error::BadScan { offset: scan.offset, reason: "it repeats a component" });
            }
            if scan.start == 0 && scan.high == 0 {
                self.tables.expand_dc(part.dc_table)?;
            }
            if scan.end > 0 {
                self.tables.expand_ac(part.ac_table)?;
            }
        }
        let mut coded = Coded::new(self.decoder.data, pos, self.restart_interval);
        if header.progressive {
            self.progressive_scan(&scan, &mut coded)?;
        } else {
            self.sequential_scan(machine, &scan, &mut coded, sink)?;
        }
        coded.no_end_run()?;
        self.trailing_restart = coded.trailing_restart();
        Ok(coded.bits.unread())
    }

    #[inline(always)]
    fn sequential_scan(
        &mut self,
        machine: impl Machine,
        scan: &Scan,
        coded: &mut Coded<'_>,
        sink: BandSink<'_>,
    ) -> Result<()> {
        let tables = core::mem::take(&mut self.tables);
        let mut lanes = Lane::all(scan, &self.layout, &tables, &self.steps)?;
        let (units_x, units_y) = scan.units(&self.layout);
        for y in 0..units_y {
            self.go_on()?;
            let mut rows: Vec<&mut [u8]> = Vec::with_capacity(lanes.len());
            for (component, plane) in self.planes.iter_mut().enumerate() {
                if let Some(lane) = lanes.iter().find(|lane| lane.component == component) {
                    let start = if self.keep == Keep::Planes { y * lane.row_bytes() } else { 0 };
                    rows.push(&mut plane[start..][..lane.row_bytes()]);
                }
            }
            unit_row(machine, coded, &mut lanes, &mut rows, units_x)?;
            if self.keep == Keep::Band {
                self.emit(y, sink)?;
            }
        }
        drop(lanes);
        self.tables = tables;
        Ok(())
    }

    #[inline(always)]
    fn progressive_scan(&mut self, scan: &Scan, coded: &mut Coded<'_>) -> Result<()> {
        let (units_x, units_y) = scan.units(&self.layout);
        let tables = core::mem::take(&mut self.tables);
        let mut predictions = [0; 4];
        for y in 0..units_y {
            self.go_on()?;
            if scan.start > 0 {
                let part = scan.parts[0];
                self.coefficients[part.component].ac(coded, tables.ac(part.ac_table)?, scan, (y, units_x))?;
                continue;
            }
            for x in 0..units_x {
                if coded.before_unit()? {
                    predictions = [0; 4];
                }
                for part in &scan.parts {
                    let table = if scan.high == 0 { Some(tables.dc(part.dc_table)?) } else { None };
                    let (h, v) = scan.blocks(&self.layout, part.component);
                    let prediction = &mut predictions[part.component];
                    for block in 0..h * v {
                        let at = (x * h + block % h, y * v + block / h);
                        let coefficients = &mut self.coefficients[part.component];
                        if let Err(fault) = coefficients.dc(coded, table, scan.low, prediction, at) {
                            return Err(coded.error(fault));
                        }
                    }
                }
                coded.after_unit()?;
            }
        }
        self.tables = tables;
        Ok(())
    }

    /// Progressive files: from coefficients to samples, when all scans have been read.
    #[inline(always)]
    fn render(&mut self, machine: impl Machine, sink: BandSink<'_>) -> Result<()> {
        for unit in 0..self.layout.units_y {
            self.go_on()?;
            for (index, c) in self.layout.components.iter().enumerate() {
                let row_bytes = c.n * c.plane.stride;
                for v in 0..c.v {
                    let y = unit * c.v + v;
                    let start = if self.keep == Keep::Planes { y } else { v } * row_bytes;
                    let out = &mut self.planes[index][start..][..row_bytes];
                    self.coefficients[index].render(machine, (y, c.blocks_x), &self.steps[index], out, c.plane.stride);
                }
            }
            self.emit(unit, sink)?;
        }
        Ok(())
    }

    /// Hands out the rows of one row of units.
    fn emit(&mut self, unit: usize, sink: BandSink<'_>) -> Result<()> {
        let band = Band::new(&self.layout, &self.planes, unit, self.keep == Keep::Planes);
        match sink(&band) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Error::Stopped),
        }
    }

    fn go_on(&self) -> Result<()> {
        match self.decoder.stop {
            Some(stop) if stop() => Err(Error::Stopped),
            _ => Ok(()),
        }
    }
}
