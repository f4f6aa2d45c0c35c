//! The header of a frame (RFC 6386, section 9), without its sizes.

use crate::bools::Bools;
use crate::error::Error;
use crate::tables::steps;
use crate::tables::tokens::{DEFAULTS, Probabilities, UNCHANGED};

/// What applies to every macroblock of a frame.
pub(crate) struct Header {
    /// How to tell a macroblock's segment, if there are several.
    pub segment_tree: Option<[u8; 3]>,
    pub segments: [Segment; 4],
    pub has_simple_filter: bool,
    /// 0 to 7: how little is filtered inside of a block.
    pub sharpness: u8,
    pub probabilities: Probabilities,
    /// How likely a macroblock has coefficients, where some have none.
    pub coded: Option<u8>,
}

/// What applies to the macroblocks of one segment.
#[derive(Clone, Copy, Default)]
pub(crate) struct Segment {
    /// Of the first coefficient and the others: of brightness, of its means, of colour.
    pub luma: [i32; 2],
    pub means: [i32; 2],
    pub chroma: [i32; 2],
    /// How much is filtered, 0 to 63: where brightness is predicted as a whole, and where in small blocks.
    pub filter: [u8; 2],
}

/// The partition of headers and modes, and up to eight of coefficients.
pub(crate) struct Partitions<'a> {
    pub modes: Bools<'a>,
    pub tokens: [Bools<'a>; 8],
    pub count: usize,
}

/// Reads the header off the first partition, which is `first_size` long; `data` begins with it.
pub(crate) fn read(data: &[u8], first_size: usize) -> Result<(Header, Partitions<'_>), Error> {
    let (first, others) = data.split_at_checked(first_size).ok_or(Error::Truncated)?;
    let mut bools = Bools::new(first);
    if bools.flag() {
        return Err(Error::ReservedColorSpace);
    }
    let _clamped = bools.flag(); // every sample is clamped anyway
    let changes = if bools.flag() { SegmentChanges::read(&mut bools) } else { SegmentChanges::default() };
    let filter = Filter::read(&mut bools);
    let count = 1 << bools.number(2);
    let tokens = partitions(others, count)?;
    let segments = read_steps(&mut bools, &changes, &filter);
    let _kept = bools.flag(); // whether the probabilities are kept for a next frame
    let mut probabilities = DEFAULTS;
    let unchanged = UNCHANGED.as_flattened().as_flattened().as_flattened();
    for (probability, likely) in
        probabilities.as_flattened_mut().as_flattened_mut().as_flattened_mut().iter_mut().zip(unchanged)
    {
        if bools.bool(*likely) {
            *probability = bools.number(8);
        }
    }
    let coded = bools.flag().then(|| bools.number(8));
    if bools.overrun() {
        return Err(Error::Truncated);
    }
    let header = Header {
        segment_tree: changes.tree,
        segments,
        has_simple_filter: filter.is_simple,
        sharpness: filter.sharpness,
        probabilities,
        coded,
    };
    Ok((header, Partitions { modes: bools, tokens, count }))
}

/// Behind the first partition: the sizes of all others but the last, three bytes each, and then they.
fn partitions(data: &[u8], count: usize) -> Result<[Bools<'_>; 8], Error> {
    let (sizes, mut rest) = data.split_at_checked(3 * (count - 1)).ok_or(Error::Truncated)?;
    let mut tokens = [Bools::new(&[]); 8];
    for (partition, &[low, middle, high]) in tokens.iter_mut().zip(sizes.as_chunks::<3>().0) {
        let size = u32::from_le_bytes([low, middle, high, 0]) as usize;
        let (own, others) = rest.split_at_checked(size).ok_or(Error::Truncated)?;
        (*partition, rest) = (Bools::new(own), others);
    }
    tokens[count - 1] = Bools::new(rest);
    Ok(tokens)
}

/// What segments have of their own.
#[derive(Default)]
struct SegmentChanges {
    are_several: bool,
    tree: Option<[u8; 3]>,
    /// Are the numbers below added to those of the frame?
    are_added: bool,
    steps: [i32; 4],
    filter: [i32; 4],
}

impl SegmentChanges {
    fn read(bools: &mut Bools) -> Self {
        let (has_tree, has_numbers) = (bools.flag(), bools.flag());
        let mut changes = Self { are_several: true, ..Self::default() };
        if has_numbers {
            changes.are_added = !bools.flag();
            changes.steps = [(); 4].map(|()| bools.optional(7));
            changes.filter = [(); 4].map(|()| bools.optional(6));
        }
        changes.tree = has_tree.then(|| [(); 3].map(|()| if bools.flag() { bools.number(8) } else { 255 }));
        changes
    }

    /// The number that is `own` in a segment and `common` in a frame without segments.
    fn of(&self, own: i32, common: i32) -> i32 {
        if !self.are_several {
            common
        } else if self.are_added {
            common + own
        } else {
            own
        }
    }
}

/// How a frame is filtered.
struct Filter {
    is_simple: bool,
    level: i32,
    sharpness: u8,
    /// Added to the level: everywhere, and in small blocks.
    more: [i32; 2],
}

impl Filter {
    fn read(bools: &mut Bools) -> Self {
        let (is_simple, level, sharpness) = (bools.flag(), i32::from(bools.number(6)), bools.number(3));
        let mut more = [0; 2];
        // Whether there are such numbers, and whether they are new. Of either four, only the first is for key frames.
        if bools.flag() && bools.flag() {
            let [everywhere, _, _, _, small, _, _, _] = [(); 8].map(|()| bools.optional(6));
            more = [everywhere, small];
        }
        Self { is_simple, level, sharpness, more }
    }

    fn levels(&self, changes: &SegmentChanges, own: i32) -> [u8; 2] {
        if self.level == 0 {
            return [0; 2]; // whatever the segments say
        }
        let level = changes.of(own, self.level).clamp(0, 63) + self.more[0];
        [level, level + self.more[1]].map(|level| level.clamp(0, 63) as u8)
    }
}

fn read_steps(bools: &mut Bools, changes: &SegmentChanges, filter: &Filter) -> [Segment; 4] {
    let common = i32::from(bools.number(7));
    let luma = [bools.optional(4), 0];
    let [means, chroma] = [(); 2].map(|()| [bools.optional(4), bools.optional(4)]);
    core::array::from_fn(|index| {
        let base = changes.of(changes.steps[index], common);
        let place = |more: i32| (base + more).clamp(0, 127) as usize;
        let both = |more: [i32; 2]| [i32::from(steps::DC[place(more[0])]), i32::from(steps::AC[place(more[1])])];
        let ([first, others], [color, colors]) = (both(means), both(chroma));
        Segment {
            luma: both(luma),
            means: [first * 2, (others * 155 / 100).max(8)],
            chroma: [color.min(132), colors],
            filter: filter.levels(changes, changes.filter[index]),
        }
    })
}
