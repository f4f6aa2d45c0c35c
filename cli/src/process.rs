//! `darkroom process`: runs the imaging engine on files of this machine, as the three workers run it on objects.

mod develop;
mod lettering;
pub mod recipe;
mod report;
mod sheet;

use crate::error::Error;
use crate::inputs::{self, Input};
use crate::progress::{Bar, Unit};
use crate::{args, parallel, text};
use darkroom_domain::record::Status;
use darkroom_imaging::{Encoded, FocalPoint, Limits, Recipe};
use develop::{Made, Unfinished};
use report::{Report, Variant};
use serde::Serialize;
use sheet::{Page, Row};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// How often the recipe file is checked for a change.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// The JSON of a run.
#[derive(Serialize)]
struct Run<'a> {
    recipe: &'a str,
    files: Vec<Report>,
}

/// Runs once, or with `--watch` until Ctrl-C.
pub fn run(wanted: &args::Process, as_json: bool) -> Result<(), Error> {
    // The panic of a decoder on a damaged file is caught, and becomes that file's named error.
    std::panic::set_hook(Box::new(|_| {}));
    let Some(recipe) = wanted.recipe.as_deref().filter(|_| wanted.watch) else { return once(wanted, as_json) };
    loop {
        let seen = changed_at(recipe);
        if let Err(failure) = once(wanted, as_json) {
            failure.report(as_json);
        }
        eprintln!("waiting for a change of {} (Ctrl-C ends)", recipe.display());
        while changed_at(recipe) == seen {
            std::thread::sleep(LOOK_AGAIN);
        }
    }
}

/// `None` while an editor replaces the file.
fn changed_at(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}

fn once(wanted: &args::Process, as_json: bool) -> Result<(), Error> {
    let recipe = recipe::read(wanted.recipe.as_deref())?;
    let inputs = inputs::inputs(&wanted.photos)?;
    let (limits, focus) = (darkroom_develop::limits(), wanted.focus);
    let job = Job { recipe: &recipe, limits, focus, out: wanted.out.as_deref() };
    let began = Instant::now();
    let bar = Bar::new(inputs.len() as u64, Unit::Photos);
    let draws = wanted.contact_sheet.is_some();
    let mut sheet = wanted.contact_sheet.as_deref().map(|path| Page::first(path, &recipe));
    let mut reports = Vec::new();
    let work = |input: &Input| {
        let (report, made) = job.develop(input);
        let row = draws.then(|| Row::of(&report, &made, &recipe));
        bar.add(1);
        (report, row)
    };
    let jobs = wanted.jobs.map_or_else(parallel::cores, Into::into);
    parallel::in_order(&inputs, jobs, work, |(report, row)| {
        if !as_json {
            tell(&bar, &report, &recipe);
        }
        reports.push(report);
        sheet.as_mut().zip(row).map_or(Ok(()), |(page, row)| page.push(row))
    })?;
    drop(bar);
    if let Some(page) = sheet {
        page.write()?;
    }
    let good = reports.iter().filter(|report| report.status == Status::Ready).count();
    if as_json {
        let json = serde_json::to_string_pretty(&Run { recipe: &recipe.hash(), files: reports });
        println!("{}", json.map_err(|why| Error::Refused(why.to_string()))?);
    } else {
        let seconds = began.elapsed().as_secs_f64();
        eprintln!("{} of {} in {seconds:.1} s", good, text::counted(inputs.len(), "photo"));
    }
    if good == inputs.len() { Ok(()) } else { Err(Error::PartialFailure) }
}

fn tell(bar: &Bar, report: &Report, recipe: &Recipe) {
    if report.status != Status::Ready {
        return bar.complain(&report.headline());
    }
    bar.print(&report.headline());
    for line in report.lines(recipe.variants().iter().map(|variant| variant.name.as_str())) {
        bar.print(&line);
    }
}

struct Job<'a> {
    recipe: &'a Recipe,
    limits: Limits,
    focus: Option<FocalPoint>,
    out: Option<&'a Path>,
}

impl Job<'_> {
    /// The report of one file, and its variants.
    fn develop(&self, input: &Input) -> (Report, Vec<Made>) {
        let path = &input.path;
        let photo = match develop::photo(path, self.recipe, &self.limits, self.focus) {
            Ok(photo) => photo,
            Err(Unfinished::Io(why)) => return (Report::unreadable(path, &why), Vec::new()),
            Err(Unfinished::Ended(ended)) => return (Report::ended(path, &ended), Vec::new()),
        };
        match self.write(input, &photo.variants) {
            Ok(variants) => (Report::ready(path, photo.source, photo.facts, variants), photo.variants),
            Err(why) => (Report::unreadable(path, &why), Vec::new()),
        }
    }

    fn write(&self, input: &Input, made: &[Made]) -> io::Result<BTreeMap<String, Variant>> {
        let folder = self.out.map(|out| out.join(&input.folder));
        if let Some(folder) = &folder {
            std::fs::create_dir_all(folder)?;
        }
        let mut variants = BTreeMap::<String, Variant>::new();
        for Made { file: encoded, .. } in made {
            let path = folder.as_ref().map(|folder| file_name(folder, encoded));
            if let Some(path) = &path {
                std::fs::write(path, &encoded.bytes)?;
            }
            let variant = Variant::of(encoded, path);
            let variant = match variants.remove(&encoded.name) {
                Some(preferred) => preferred.before(variant),
                None => variant,
            };
            variants.insert(encoded.name.clone(), variant);
        }
        Ok(variants)
    }
}

/// The name is the last part of the variant's key in the images bucket.
fn file_name(folder: &Path, encoded: &Encoded) -> PathBuf {
    folder.join(format!("{}.{}", encoded.name, encoded.extension))
}
