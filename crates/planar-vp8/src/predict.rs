//! Prediction of brightness as a whole, and of colour (RFC 6386, sections 12.2 and 12.3).

use crate::modes::Mode;
use crate::tile::{Floor, Tile, Wall};

/// Where the tile has neighbours: above, and to the left.
pub(crate) type Neighbours = [bool; 2];

#[inline(always)]
pub(crate) fn luma(mode: Mode, has: Neighbours, floor: &Floor, wall: &Wall, tile: &mut Tile) {
    match mode {
        Mode::Mean => tile.luma = [[mean(has, &floor.luma, &wall.luma); 16]; 16],
        Mode::Above => tile.luma = [floor.luma; 16],
        Mode::Left => {
            for (line, left) in tile.luma.iter_mut().zip(wall.luma) {
                *line = [left; 16];
            }
        }
        Mode::Motion => {
            let above = floor.luma.map(|sample| i16::from(sample) - i16::from(wall.luma_corner));
            for (line, left) in tile.luma.iter_mut().zip(wall.luma) {
                *line = sum(&above, [left; 16]);
            }
        }
    }
}

#[inline(always)]
pub(crate) fn chroma(mode: Mode, has: Neighbours, floor: &Floor, wall: &Wall, tile: &mut Tile) {
    match mode {
        Mode::Mean => {
            let [above, left] = [&floor.chroma, &wall.chroma].map(|both| both.as_chunks::<8>().0);
            let means = [mean(has, &above[0], &left[0]), mean(has, &above[1], &left[1])];
            tile.chroma = [both(means); 8];
        }
        Mode::Above => tile.chroma = [floor.chroma; 8],
        Mode::Left => {
            for y in 0..8 {
                tile.chroma[y] = both([wall.chroma[y], wall.chroma[8 + y]]);
            }
        }
        Mode::Motion => {
            let mut above = floor.chroma.map(i16::from);
            for (sample, corner) in above.iter_mut().zip(both(wall.chroma_corners)) {
                *sample -= i16::from(corner);
            }
            for y in 0..8 {
                tile.chroma[y] = sum(&above, both([wall.chroma[y], wall.chroma[8 + y]]));
            }
        }
    }
}

/// A line of eight samples of blue and eight of red.
#[inline(always)]
fn both([blue, red]: [u8; 2]) -> [u8; 16] {
    let mut line = [blue; 16];
    line[8..].fill(red);
    line
}

#[inline(always)]
fn sum(above: &[i16; 16], left: [u8; 16]) -> [u8; 16] {
    let mut line = [0; 16];
    for x in 0..16 {
        line[x] = (above[x] + i16::from(left[x])).clamp(0, 255) as u8;
    }
    line
}

/// The mean of the neighbours that there are.
#[inline(always)]
fn mean<const N: usize>([has_above, has_left]: Neighbours, above: &[u8; N], left: &[u8; N]) -> u8 {
    let total = |samples: &[u8; N]| samples.iter().map(|sample| u32::from(*sample)).sum::<u32>();
    let n = N as u32;
    (match (has_above, has_left) {
        (true, true) => (total(above) + total(left) + n) / (2 * n),
        (true, false) => (total(above) + n / 2) / n,
        (false, true) => (total(left) + n / 2) / n,
        (false, false) => 128,
    }) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn neighbours() -> (Floor, Wall) {
        let mut floor = Floor::OUTSIDE;
        let mut wall = Wall::outside(false);
        for x in 0..16_u8 {
            (floor.luma[usize::from(x)], floor.chroma[usize::from(x)]) = (x * 10, 200 - x);
            (wall.luma[usize::from(x)], wall.chroma[usize::from(x)]) = (x * 16, x * 3);
        }
        (wall.luma_corner, wall.chroma_corners) = (100, [190, 50]);
        (floor, wall)
    }

    #[test]
    fn means_are_of_the_neighbours_that_there_are() {
        let (floor, wall) = neighbours();
        let mut tile = Tile::BLANK;
        for (has, expected) in [([true; 2], 98), ([true, false], 75), ([false, true], 120), ([false; 2], 128)] {
            luma(Mode::Mean, has, &floor, &wall, &mut tile);
            assert_eq!(tile.luma, [[expected; 16]; 16], "{has:?}");
        }
        chroma(Mode::Mean, [false, true], &floor, &wall, &mut tile);
        // (0 + … + 7) · 3 / 8 = 10.5, and (8 + … + 15) · 3 / 8 = 34.5.
        assert_eq!(tile.chroma, [both([11, 35]); 8]);
    }

    #[test]
    fn motion_is_clamped_and_keeps_the_planes_apart() {
        let (floor, wall) = neighbours();
        let mut tile = Tile::BLANK;
        luma(Mode::Motion, [true; 2], &floor, &wall, &mut tile);
        assert_eq!((tile.luma[0][0], tile.luma[0][15], tile.luma[15][0], tile.luma[15][15]), (0, 50, 140, 255));
        chroma(Mode::Motion, [true; 2], &floor, &wall, &mut tile);
        assert_eq!((tile.chroma[0][0], tile.chroma[7][7]), (10, 24));
        assert_eq!((tile.chroma[0][8], tile.chroma[7][15]), (166, 180));
        chroma(Mode::Left, [true; 2], &floor, &wall, &mut tile);
        assert_eq!((tile.chroma[7][0], tile.chroma[7][8]), (21, 45));
    }
}
