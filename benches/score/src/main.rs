//! SSIMULACRA2 of raw RGB files: `score WIDTH HEIGHT REFERENCE PICTURE…` prints one number for each picture; 100 is the
//! reference itself, 90 cannot be told from it, 70 is high quality.

use ssimulacra2::{ColorPrimaries, Rgb, TransferCharacteristic, compute_frame_ssimulacra2};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [width, height, reference, pictures @ ..] = arguments.as_slice() else {
        return Err("usage: score WIDTH HEIGHT REFERENCE PICTURE…".into());
    };
    let (width, height) = (width.parse()?, height.parse()?);
    let load = |path: &String| -> Result<Rgb, Box<dyn std::error::Error>> {
        let pixels =
            std::fs::read(path)?.as_chunks::<3>().0.iter().map(|rgb| rgb.map(|v| f32::from(v) / 255.0)).collect();
        Ok(Rgb::new(pixels, width, height, TransferCharacteristic::SRGB, ColorPrimaries::BT709)?)
    };
    let reference = load(reference)?;
    for picture in pictures {
        println!("{:.3}", compute_frame_ssimulacra2(reference.clone(), load(picture)?)?);
    }
    Ok(())
}
