//! Prints the CPU time of each step in milliseconds, best of several rounds. Linux only: it reads /proc.
//!
//! `cargo run --release -p darkroom-imaging --example steps -- photo.jpg [recipe.json] [rounds]`

use std::time::Duration;

use darkroom_imaging::{Limits, Recipe, develop, finish, handover};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(photo) = arguments.next() else {
        eprintln!("usage: steps PHOTO [RECIPE] [ROUNDS]");
        std::process::exit(2);
    };
    let bytes = std::fs::read(&photo).expect("the photo is read");
    let recipe = arguments.next().map_or_else(
        || include_str!("../../../settings/recipe.json").to_owned(),
        |path| std::fs::read_to_string(path).expect("the recipe is read"),
    );
    let recipe = Recipe::from_json(&recipe).expect("a recipe");
    let rounds = arguments.next().map_or(10, |rounds| rounds.parse().expect("a number of rounds"));
    let limits = Limits { max_bytes: u64::MAX, max_side: 65_535, max_pixels: u64::MAX, max_frames: 1000 };

    let mut best = [Duration::MAX; 4];
    let mut sizes = Vec::new();
    for _ in 0..rounds {
        let mut clock = cpu_time();
        let mut lap = |best: &mut Duration| {
            let now = cpu_time();
            *best = now.saturating_sub(clock).min(*best);
            clock = now;
        };
        let developed = develop(&bytes, &recipe, &limits).expect("it is developed");
        lap(&mut best[0]);
        let packed = handover::pack(&developed.pictures);
        lap(&mut best[1]);
        let pictures = handover::unpack(&packed).expect("a work file");
        lap(&mut best[2]);
        let files: Vec<_> =
            pictures.into_iter().flat_map(|picture| finish(picture, &recipe).expect("it is encoded")).collect();
        lap(&mut best[3]);
        sizes = files
            .iter()
            .map(|file| (format!("{}.{}", file.name, file.extension), file.width, file.height, file.bytes.len()))
            .collect();
    }
    for (step, time) in ["develop", "pack", "unpack", "watermark and encode"].iter().zip(best) {
        println!("{:8.2} ms  {step}", time.as_secs_f64() * 1000.0);
    }
    for (name, width, height, bytes) in sizes {
        println!("{:8} KB  {name} {width} × {height}", bytes / 1024);
    }
}

/// The CPU time of this thread: other programs on the machine do not count.
fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let nanoseconds = stat.split(' ').next().and_then(|text| text.parse().ok()).expect("a number");
    Duration::from_nanos(nanoseconds)
}
