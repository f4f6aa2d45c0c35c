//! Sequential scans: every block is complete when it has been read, so rows of samples come out at once.

use crate::block::{Selection, Steps, sequential};
use crate::error::Result;
use crate::geometry::Layout;
use crate::huffman::Table;
use crate::idct::{ROW, inverse};
use crate::machine::Machine;
use crate::scan::{Coded, Scan};
use crate::tables::Tables;

/// What one component needs while a scan is decoded.
pub(crate) struct Lane<'t> {
    pub component: usize,
    dc: &'t Table,
    ac: &'t Table,
    wanted: Selection,
    steps: Steps,
    prediction: i32,
    /// Blocks per unit.
    h: usize,
    v: usize,
    n: usize,
    stride: usize,
    /// Blocks beyond this column lie outside the picture.
    blocks_x: usize,
}

impl<'t> Lane<'t> {
    pub fn all(scan: &Scan, layout: &Layout, tables: &'t Tables, steps: &[Steps]) -> Result<Vec<Self>> {
        let lane = |part: &crate::scan::Part| {
            let c = &layout.components[part.component];
            let (h, v) = scan.blocks(layout, part.component);
            Ok(Self {
                component: part.component,
                dc: tables.dc(part.dc_table)?,
                ac: tables.ac(part.ac_table)?,
                wanted: Selection::corner(c.n),
                steps: steps[part.component],
                prediction: 0,
                h,
                v,
                n: c.n,
                stride: c.plane.stride,
                blocks_x: c.blocks_x,
            })
        };
        scan.parts.iter().map(lane).collect()
    }

    /// Bytes of a plane that one row of units covers.
    pub fn row_bytes(&self) -> usize {
        self.v * self.n * self.stride
    }
}

/// Decodes one row of units; `rows` has a piece of a plane for each lane, or is empty: then nothing is transformed.
#[inline(always)]
pub(crate) fn unit_row(
    machine: impl Machine,
    coded: &mut Coded<'_>,
    lanes: &mut [Lane<'_>],
    rows: &mut [&mut [u8]],
    units: usize,
) -> Result<()> {
    let render = !rows.is_empty();
    let mut block = [0; 128];
    for unit in 0..units {
        if coded.before_unit()? {
            for lane in lanes.iter_mut() {
                lane.prediction = 0;
            }
        }
        for (index, lane) in lanes.iter_mut().enumerate() {
            for y in 0..lane.v {
                for x in 0..lane.h {
                    block[..64].fill(0); // what lies behind is never read
                    let Lane { dc, ac, wanted, prediction, .. } = &mut *lane;
                    let last = match sequential(&mut coded.bits, dc, ac, wanted, prediction, &mut block) {
                        Ok(last) => last,
                        Err(fault) => return Err(coded.error(fault)),
                    };
                    let column = unit * lane.h + x;
                    if render && column < lane.blocks_x {
                        let start = y * lane.n * lane.stride + column * lane.n;
                        let end = start + (lane.n - 1) * lane.stride + ROW;
                        let out = &mut rows[index][start..end];
                        match lane.n {
                            1 => inverse::<1, _>(machine, &block, last, &lane.steps, out, lane.stride),
                            2 => inverse::<2, _>(machine, &block, last, &lane.steps, out, lane.stride),
                            3 => inverse::<3, _>(machine, &block, last, &lane.steps, out, lane.stride),
                            4 => inverse::<4, _>(machine, &block, last, &lane.steps, out, lane.stride),
                            5 => inverse::<5, _>(machine, &block, last, &lane.steps, out, lane.stride),
                            6 => inverse::<6, _>(machine, &block, last, &lane.steps, out, lane.stride),
                            7 => inverse::<7, _>(machine, &block, last, &lane.steps, out, lane.stride),
                            _ => inverse::<8, _>(machine, &block, last, &lane.steps, out, lane.stride),
                        }
                    }
                }
            }
        }
        coded.after_unit()?;
    }
    Ok(())
}
