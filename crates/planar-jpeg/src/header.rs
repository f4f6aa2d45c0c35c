//! The segments around the scan.

use crate::tables::{CHROMA_MEANS, CHROMA_OTHERS, Definition, LUMA_MEANS, LUMA_OTHERS, ZIGZAG};

/// All segments before the scan's data. `steps` are brightness's and colour's.
pub(crate) fn write(out: &mut Vec<u8>, width: u16, height: u16, steps: &[[u8; 64]; 2]) {
    out.extend_from_slice(&[0xFF, 0xD8]);
    // JFIF 1.2, square pixels, no thumbnail.
    segment(out, 0xE0, &[b"JFIF\0".as_slice(), &[1, 2, 0, 0, 1, 0, 1, 0, 0]]);
    for (id, steps) in (0..).zip(steps) {
        segment(out, 0xDB, &[&[id], &ZIGZAG.map(|position| steps[usize::from(position)])]);
    }
    // Eight bits; brightness 2 × 2, the colours 1 × 1.
    let size = [height.to_be_bytes(), width.to_be_bytes()];
    segment(out, 0xC0, &[&[8], size.as_flattened(), &[3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]]);
    for (id, table) in [(0x00, LUMA_MEANS), (0x10, LUMA_OTHERS), (0x01, CHROMA_MEANS), (0x11, CHROMA_OTHERS)] {
        let Definition { counts, symbols } = table;
        segment(out, 0xC4, &[&[id], &counts, symbols]);
    }
    segment(out, 0xDA, &[&[3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]]);
}

/// The end marker.
pub(crate) fn end(out: &mut Vec<u8>) {
    out.extend_from_slice(&[0xFF, 0xD9]);
}

fn segment(out: &mut Vec<u8>, marker: u8, parts: &[&[u8]]) {
    let length = 2 + parts.iter().map(|part| part.len()).sum::<usize>();
    out.extend_from_slice(&[0xFF, marker]);
    out.extend_from_slice(&(length as u16).to_be_bytes());
    for part in parts {
        out.extend_from_slice(part);
    }
}
