//! The whole homework: runs the six programs, and writes the answer document with their results and figures.
//!
//! The prose is in `answers.md` beside this file, and the table of results, which is also printed, in `results.md`. Every
//! number, table and figure is filled in here, and a claim in words that depends on a number fails the program when it does
//! not hold, or, of other data than the built-in ones, is left out.
#![forbid(unsafe_code)]

mod html;
mod problem1;
mod problem2;
mod runs;
mod sweeps;
mod template;
#[path = "../tune/tuning/mod.rs"]
mod tuning;

#[expect(dead_code, reason = "their main")]
#[path = ".."]
mod programs {
    pub(crate) mod prob1a;
    pub(crate) mod prob1b;
    pub(crate) mod prob1c;
    pub(crate) mod prob1d;
    pub(crate) mod prob2a;
    pub(crate) mod prob2b;
}

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use backprop::programs::arguments::{Arguments, flag};
use backprop::programs::cli::Interface;
use backprop::programs::output::write_result;
use backprop::programs::terminal::{Progress, print, print_lines};
use backprop::training::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN, SPIRAL_TRAIN, Source, XOR};
use backprop::training::error::Error;

use template::Values;
use tuning::ranking::Ranking;

const NAME: &str = "answers";

fn main() -> ExitCode {
    let interface = Interface {
        name: NAME,
        about: format!(
            "The whole homework: runs the six programs and writes the answer document, answers.html and answers.md\n\n\
             Examples:\n  {NAME}             everything, into out/\n  {NAME} --out DIR   somewhere else\n  {NAME} --data DIR  \
             the document for other data"
        ),
        flags: vec![
            flag("--out", "DIR", "folder for the results [out]"),
            flag(
                "--data",
                "DIR",
                "folder with other data; a file that is not there is the built-in one [none]",
            ),
            flag("--quiet", "", "no progress"),
        ],
        note: "The programs run with their default settings; each also runs alone (cargo run --release --bin prob1c).\n",
    };
    interface.main(answers)
}

fn answers(given: &Arguments, stdout: &mut dyn Write) -> Result<(), Error> {
    let out = given.value("--out").map_or_else(|| PathBuf::from("out"), PathBuf::from);
    let folder = given.value("--data").map(Path::new);
    let (xor, is_xor) = data::<2, 2>(&[XOR], folder)?;
    let (spiral, is_spiral) = data::<2, 3>(&[SPIRAL_TRAIN], folder)?;
    let (iris, is_iris) = data::<4, 3>(&[IRIS_TRAIN, IRIS_TEST], folder)?;
    if let (Some(folder), [None, None, None]) = (folder, [xor, spiral, iris]) {
        let names = [XOR, SPIRAL_TRAIN, IRIS_TRAIN, IRIS_TEST].map(|source| source.name).join(", ");
        return Err(Error::Usage(format!("--data {}: no folder with one of {names}", folder.display())));
    }
    let sweeps = sweeps::read_all()?;
    let rankings: Vec<Ranking> =
        sweeps.iter().filter_map(|sweep| Ranking::of(sweep.study, &sweep.rows)).collect();
    for ranking in &rankings {
        let name = format!("tuning/{}.md", ranking.study.name);
        write_result(&out, &name, ranking.markdown().as_bytes())?;
    }

    let mut values = Values::default();
    let all = is_xor && is_spiral && is_iris;
    for (name, is_built_in) in [("xor", is_xor), ("spiral", is_spiral), ("iris", is_iris), ("all", all)] {
        values.count(name, f64::from(u8::from(is_built_in)));
    }
    let mut progress = Progress::new(NAME, given.has("--quiet"));
    let figures = runs::collect(given, [xor, spiral, iris], &mut progress, &mut values)?;
    progress.clear();
    sweeps::collect(&sweeps, &rankings, &mut values);
    problem1::collect(&sweeps, &mut values);
    problem2::collect(&sweeps, &mut values);

    let results = template::fill("results.md", include_str!("results.md"), &values, !all)?;
    values.words("results", &results);
    let markdown = template::fill("answers.md", include_str!("answers.md"), &values, !all)?;
    let page = html::page(&markdown, &figures);
    let written = [("answers.md", &markdown), ("answers.html", &page)]
        .map(|(name, text)| write_result(&out, name, text.as_bytes()));

    print_lines(stdout, &format!("{results}\n"))?;
    for path in written {
        print(stdout, &format!("wrote {}", path?))?;
    }
    Ok(())
}

/// The folder of some problems' files, if `given` holds one of them, and whether the data are the built-in ones all the same.
fn data<'a, const D: usize, const K: usize>(
    sources: &[Source],
    given: Option<&'a Path>,
) -> Result<(Option<&'a Path>, bool), Error> {
    let holds = |folder: &&Path| sources.iter().any(|source| folder.join(source.name).exists());
    let Some(folder) = given.filter(holds) else { return Ok((None, true)) };
    let mut is_built_in = true;
    for source in sources {
        let own: Dataset<D, K> = Dataset::read(folder.join(source.name)).map_err(|error| {
            error.advise("--data names a folder; beside iris_train.dat it holds iris_test.dat")
        })?;
        is_built_in &= own.has_rows_of(&source.load(None)?);
    }
    Ok((Some(folder), is_built_in))
}
