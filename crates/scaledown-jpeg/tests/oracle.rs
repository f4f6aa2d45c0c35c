//! Against other decoders, and against itself where different files must give the same picture.

mod common;

use common::{all, decode, fixture, folder, psnr, samples};
use scaledown_jpeg::{ColorModel, Decoder, Scale};
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// All components at the size of the picture, interleaved, as zune-jpeg sees them.
fn zune(data: &[u8], space: ColorSpace) -> Option<Vec<u8>> {
    let options = DecoderOptions::default().jpeg_set_out_colorspace(space);
    zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(data), options).decode().ok()
}

fn agree(name: &str, ours: &[u8], theirs: &[u8]) {
    assert_eq!(ours.len(), theirs.len(), "{name}: the size");
    let differences = ours.iter().zip(theirs).map(|(a, b)| a.abs_diff(*b));
    let worst = differences.clone().max().unwrap_or(0);
    let mean = differences.map(f64::from).sum::<f64>() / ours.len() as f64;
    // What the rounding of two inverse DCTs may differ by.
    assert!(worst <= 2 && mean < 0.1, "{name}: worst {worst}, mean {mean}");
}

#[test]
fn planes_agree_with_libjpeg_turbo() {
    for name in [
        "sampled-444",
        "sampled-422",
        "sampled-420",
        "sampled-440",
        "sampled-411",
        "gray",
        "chroma-together",
        "wide-steps",
    ] {
        let ours = samples(&decode(&fixture(name), Scale::FULL)).concat();
        let theirs = std::fs::read(folder().join(format!("{name}.planes"))).expect("the planes");
        agree(name, &ours, &theirs);
    }
}

/// Whatever has no subsampling can be compared with another Rust decoder, sample for sample.
#[test]
fn unsampled_pictures_agree_with_zune_jpeg() {
    let mut compared = 0;
    for (name, data) in all() {
        let decoder = Decoder::new(&data).unwrap();
        let header = decoder.header();
        let space = match header.color {
            ColorModel::YCbCr if header.max_sampling() == (1, 1) => ColorSpace::YCbCr,
            ColorModel::Gray => ColorSpace::Luma,
            _ => continue,
        };
        let planes = samples(&decode(&data, Scale::FULL));
        let count = planes.len();
        let ours: Vec<u8> = (0..planes[0].len() * count).map(|i| planes[i % count][i / count]).collect();
        agree(&name, &ours, &zune(&data, space).expect("the oracle decodes it"));
        compared += 1;
    }
    assert!(compared >= 6, "only {compared} files compared");
}

#[test]
fn ink_and_rgb_agree_with_jpeg_decoder() {
    for name in ["cmyk", "cmyk-progressive", "rgb"] {
        let data = fixture(name);
        let picture = decode(&data, Scale::FULL);
        let planes = samples(&picture);
        let count = planes.len();
        let ours: Vec<u8> = (0..planes[0].len() * count).map(|i| planes[i % count][i / count]).collect();
        let mut theirs = jpeg_decoder::Decoder::new(&data[..]).decode().expect("the oracle decodes it");
        if picture.inverted {
            // It turns Adobe's inks round, we do not.
            theirs = theirs.iter().map(|sample| 255 - sample).collect();
        }
        agree(name, &ours, &theirs);
    }
}

/// The order in which coefficients are sent must not change a byte.
#[test]
fn every_way_of_sending_the_same_coefficients_gives_the_same_bytes() {
    let names = [
        "chroma-together",
        "planes-apart",
        "planes-apart-restart",
        "restart-rows",
        "restart-progressive",
        "deep-progressive",
    ];
    for n in 1..=8 {
        let scale = Scale::eighths(n);
        let first = samples(&decode(&fixture(names[0]), scale));
        for name in &names[1..] {
            assert!(samples(&decode(&fixture(name), scale)) == first, "{name} at {n}/8");
        }
    }
    let mut pairs = 0;
    for (name, data) in all() {
        let Some(twin) = name.strip_suffix("-progressive").filter(|twin| twin.starts_with("sampled-")) else {
            continue;
        };
        for n in 1..=8 {
            let scale = Scale::eighths(n).with_chroma(9 - n);
            assert!(samples(&decode(&data, scale)) == samples(&decode(&fixture(twin), scale)), "{name} at {n}/8");
        }
        pairs += 1;
    }
    assert_eq!(pairs, 10);
}

/// Averages a plane over the area of each sample of the reduced one.
fn averaged(plane: &scaledown_jpeg::Plane, n: usize, width: usize, height: usize) -> Vec<f64> {
    let step = 8.0 / n as f64;
    let weights = |at: usize, size: usize| {
        let (from, to) = (at as f64 * step, ((at + 1) as f64 * step).min(size as f64));
        (from as usize..(to.ceil() as usize).min(size))
            .map(move |i| (i, (to.min(i as f64 + 1.0) - from.max(i as f64)).max(0.0)))
    };
    let mut out = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let (mut sum, mut area) = (0.0, 0.0);
            for (sy, wy) in weights(y, plane.height()) {
                for (sx, wx) in weights(x, plane.width()) {
                    sum += f64::from(plane.row(sy)[sx]) * wy * wx;
                    area += wy * wx;
                }
            }
            out.push(sum / area);
        }
    }
    out
}

/// Reduced pictures must be what averaging the full one gives, but for the sharper filter that the transform is.
#[test]
fn reduced_planes_look_like_the_averaged_full_ones() {
    for (name, floor) in [("medium-420", 35.0), ("medium-444-progressive", 35.0)] {
        let data = fixture(name);
        let full = decode(&data, Scale::FULL);
        for n in 1..=8 {
            let reduced = decode(&data, Scale::eighths(n));
            for (index, plane) in reduced.planes.iter().enumerate() {
                let average = averaged(&full.planes[index], n.into(), plane.width(), plane.height());
                let ours: Vec<f64> = plane.rows().flatten().map(|s| f64::from(*s)).collect();
                let psnr = psnr(&ours, &average);
                eprintln!("{name} plane {index} {n}/8 {psnr:.1}");
                assert!(psnr > floor, "{name}, plane {index} at {n}/8: {psnr:.1} dB");
            }
        }
    }
}

/// Guards "the same bytes everywhere": one number for every fixture at every scale, whatever machine runs this.
#[test]
fn bytes_are_the_same_on_every_machine() {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64; // FNV-1a
    for (_, data) in all() {
        for n in 1..=8 {
            let scale = Scale::eighths(n).with_chroma(9 - n);
            for byte in samples(&decode(&data, scale)).into_iter().flatten() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
            }
        }
    }
    assert_eq!(hash, 0x297B_076B_530F_976B, "if the change is wanted, this is the new number: {hash:#018X}");
}
