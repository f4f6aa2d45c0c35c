//! What is written is read back by a strict decoder, and is the picture that went in.

use planar_jpeg::{Planes, encode};
use scaledown_jpeg::{ColorModel, Decoder};

/// A soft picture of odd sizes, with an edge in it.
fn plane(width: usize, height: usize, phase: f64) -> Vec<u8> {
    let level = |x: f64, y: f64| 128.0 + 70.0 * (x / 9.0 + phase).sin() + 40.0 * (y / 7.0).cos();
    (0..width * height)
        .map(|at| {
            (level((at % width) as f64, (at / width) as f64) + if at % width > width / 2 { 15.0 } else { 0.0 }) as u8
        })
        .collect()
}

#[test]
fn every_size_comes_back_as_it_was() {
    for (width, height) in [(1, 1), (2, 1), (8, 8), (15, 17), (16, 16), (33, 31), (200, 133), (641, 3)] {
        let (w, h) = (usize::from(width), usize::from(height));
        let luma = plane(w, h, 0.0);
        let chroma = [1.0, 2.0].map(|phase| plane(w.div_ceil(2), h.div_ceil(2), phase));
        let file = encode(&Planes { width, height, luma: &luma, chroma: [&chroma[0], &chroma[1]] }, 95).unwrap();
        let decoder = Decoder::new(&file).unwrap();
        assert_eq!((decoder.header().width, decoder.header().height), (width, height));
        assert_eq!(decoder.header().color, ColorModel::YCbCr);
        let planes = decoder.decode().unwrap().planes;
        for (index, (expected, stride)) in
            [(&luma, w), (&chroma[0], w.div_ceil(2)), (&chroma[1], w.div_ceil(2))].into_iter().enumerate()
        {
            let rows = planes[index].rows().zip(expected.chunks(stride));
            let worst = rows.flat_map(|(a, b)| a.iter().zip(b)).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(worst.is_some_and(|worst| worst <= 12), "{width} × {height}, plane {index}: {worst:?}");
        }
    }
}

#[test]
fn noise_at_full_quality_is_nearly_lossless() {
    let mut seed = 9_u32;
    let mut noise = |length| -> Vec<u8> {
        (0..length)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 24) as u8
            })
            .collect()
    };
    let (luma, cb, cr) = (noise(48 * 32), noise(24 * 16), noise(24 * 16));
    let file = encode(&Planes { width: 48, height: 32, luma: &luma, chroma: [&cb, &cr] }, 100).unwrap();
    let planes = Decoder::new(&file).unwrap().decode().unwrap().planes;
    for (plane, expected) in planes.iter().zip([&luma, &cb, &cr]) {
        for (a, b) in plane.rows().flatten().zip(expected) {
            assert!(a.abs_diff(*b) <= 3, "{a} for {b}");
        }
    }
}

/// Long runs of zeros, whole blocks of nothing, bytes of ones to stuff.
#[test]
fn rare_codes_are_written_right() {
    let mut luma = vec![0; 64 * 64];
    luma[7] = 255;
    luma[64 * 40 + 13] = 255;
    luma[64 * 63..].fill(255);
    let chroma = vec![128; 32 * 32];
    for quality in [1, 30, 60, 90, 100] {
        let file = encode(&Planes { width: 64, height: 64, luma: &luma, chroma: [&chroma, &chroma] }, quality).unwrap();
        Decoder::new(&file).unwrap().check().unwrap();
    }
}
