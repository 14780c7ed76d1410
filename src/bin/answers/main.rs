//! The whole homework: runs the six programs, and writes the answer document with their results and figures.
//!
//! The prose is in `answers.md` beside this file; every number, table and figure in it is filled in here, and a claim in
//! words that depends on a number fails the program when it does not hold, or, of other data than the built-in ones, is left
//! out.
#![forbid(unsafe_code)]

mod html;
mod problem1;
mod problem2;
mod results;
mod studies;
mod template;
#[path = "../tune/tuning/mod.rs"]
#[expect(dead_code, reason = "what tune alone needs")]
mod tuning;

#[path = "../prob1a.rs"]
#[expect(dead_code, reason = "its main")]
mod prob1a;
#[path = "../prob1b.rs"]
#[expect(dead_code, reason = "its main")]
mod prob1b;
#[path = "../prob1c.rs"]
#[expect(dead_code, reason = "its main")]
mod prob1c;
#[path = "../prob1d.rs"]
#[expect(dead_code, reason = "its main")]
mod prob1d;
#[path = "../prob2a.rs"]
#[expect(dead_code, reason = "its main")]
mod prob2a;
#[path = "../prob2b.rs"]
#[expect(dead_code, reason = "its main")]
mod prob2b;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use backprop::programs::Options;
use backprop::programs::arguments::{Arguments, flag};
use backprop::programs::cli::{self, Interface};
use backprop::programs::console::Console;
use backprop::programs::output::write_result;
use backprop::programs::program::RunFn;
use backprop::programs::settings::{PROB1A, PROB1B, PROB1C, PROB1D, PROB2A, PROB2B, Problem};
use backprop::programs::terminal::Progress;

use backprop::training::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN, SPIRAL_TRAIN, Source, XOR};
use backprop::training::error::Error;

use tuning::studies::STUDIES;

const NAME: &str = "answers";

/// The rows of a study, as `tune` has written them.
macro_rules! rows {
    ($study:ident; $($name:literal)*) => {
        match $study {
            $($name => include_str!(concat!("../../../data/tuning/", $name, ".csv")),)*
            other => unreachable!("no study is called {other}"),
        }
    };
}

fn rows(study: &str) -> &'static str {
    rows!(study; "prob1a" "prob1a_seeds" "prob1b" "prob1b_seeds" "prob1c" "prob1c_seeds" "prob1c_atlas" "prob1d"
        "prob1d_seeds" "prob2a" "prob2a_seeds" "prob2a_overfitting" "prob2b" "prob2b_seeds" "prob2b_overfitting")
}

const TEMPLATE: &str = include_str!("answers.md");

fn main() -> ExitCode {
    let interface = Interface {
        name: NAME,
        about: format!(
            "The whole homework: runs the six programs and writes the answer document, answers.html and answers.md\n\n\
             Examples:\n  {NAME}            everything, into out/\n  {NAME} --out DIR  somewhere else\n  {NAME} --data \
             DIR the document for other data"
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
    cli::main(interface, answers)
}

fn answers(given: &Arguments, stdout: &mut dyn Write) -> Result<(), Error> {
    let out = given.value("--out").map_or_else(|| PathBuf::from("out"), PathBuf::from);
    let data = Others::of(given.value("--data").map(PathBuf::from))?;
    let mut rankings = Vec::new();
    for study in &STUDIES {
        if let Some(ranking) = study.ranking(rows(study.name))? {
            write_result(&out, &["tuning", &format!("{}.md", study.name)], ranking.markdown().as_bytes())?;
            rankings.push((study.name, ranking));
        }
    }

    let mut progress = Progress::new(NAME, given.has("--quiet"));
    let found = run_all(&out, &data, &mut progress)?;
    progress.clear();

    let values = results::collect(&found, &rankings, data.built_in)?;
    let markdown = template::fill("answers.md", TEMPLATE, &values, data.built_in != [true; 3])?;
    let figure = |path: &str| {
        let path = out.join(path);
        fs::read_to_string(&path).map_err(|source| Error::file(&path, "read", source))
    };
    let page = html::page(&markdown, figure)?;
    let written = [("answers.md", markdown), ("answers.html", page)]
        .map(|(name, text)| write_result(&out, &[name], text.as_bytes()));

    writeln!(stdout, "{}", results::summary(&values)).map_err(Error::Output)?;
    for path in written {
        writeln!(stdout, "wrote {}", path?).map_err(Error::Output)?;
    }
    Ok(())
}

/// The data of a document.
struct Others {
    /// The folder to read each of [`results::DATA`] from, if it holds a file of them.
    folders: [Option<PathBuf>; 3],
    /// Whether they are the built-in ones all the same.
    built_in: [bool; 3],
}

impl Others {
    fn of(folder: Option<PathBuf>) -> Result<Self, Error> {
        fn advised(error: Error) -> Error {
            error.advise("--data names a folder; beside iris_train.dat it holds iris_test.dat")
        }
        fn is_built_in<const D: usize, const K: usize>(
            sources: &[Source],
            folder: Option<&Path>,
        ) -> Result<bool, Error> {
            let Some(folder) = folder else { return Ok(true) };
            let mut all = true;
            for source in sources {
                let own: Dataset<D, K> = Dataset::read(folder.join(source.name)).map_err(advised)?;
                all &= own.has_rows_of(&source.load(None)?);
            }
            Ok(all)
        }
        let files: [&[Source]; 3] = [&[XOR], &[SPIRAL_TRAIN], &[IRIS_TRAIN, IRIS_TEST]];
        let folders = files.map(|sources| {
            let holds = |folder: &PathBuf| sources.iter().any(|source| folder.join(source.name).exists());
            folder.clone().filter(holds)
        });
        if let (Some(folder), [None, None, None]) = (folder, &folders) {
            let names: Vec<&str> = files.into_iter().flatten().map(|source| source.name).collect();
            let problem = format!("--data {}: no folder with one of {}", folder.display(), names.join(", "));
            return Err(Error::Usage(problem));
        }
        let built_in = [
            is_built_in::<2, 2>(files[0], folders[0].as_deref())?,
            is_built_in::<2, 3>(files[1], folders[1].as_deref())?,
            is_built_in::<4, 3>(files[2], folders[2].as_deref())?,
        ];
        Ok(Others { folders, built_in })
    }
}

/// Runs the programs, compiled for their default widths alone.
fn run_all(out: &Path, data: &Others, progress: &mut Progress) -> Result<results::Found, Error> {
    fn run<R>(
        run: RunFn<R>,
        problem: &'static Problem,
        (out, data): (&Path, &Option<PathBuf>),
        progress: &mut Progress,
    ) -> Result<R, Error> {
        progress.show(|| problem.title.to_owned());
        let options = Options { out: out.to_owned(), data: data.clone(), ..Options::new(problem) };
        let found = run(&mut Console::new(&options, &mut io::sink()));
        found.map_err(|error| match (error, data) {
            // The document has none of the flags that would help.
            (Error::Diverged { epoch, cause }, Some(data)) => {
                let alone = format!("{} --data {}", problem.name, data.display());
                Error::Diverged { epoch, cause: format!("{cause}; {alone} takes these flags") }
            }
            (error, _) => error,
        })
    }
    let [xor, spiral, iris] = data.folders.each_ref().map(|folder| (out, folder));
    Ok(results::Found {
        prob1a: run(prob1a::run, &PROB1A, xor, progress)?,
        prob1b: run(prob1b::run, &PROB1B, spiral, progress)?,
        prob1c: run(prob1c::run::<{ PROB1C.tuned.hidden }>, &PROB1C, xor, progress)?,
        prob1d: run(prob1d::run::<{ PROB1D.tuned.hidden }>, &PROB1D, spiral, progress)?,
        prob2a: run(prob2a::run::<{ PROB2A.tuned.hidden }>, &PROB2A, iris, progress)?,
        prob2b: run(prob2b::run::<{ PROB2B.tuned.hidden }>, &PROB2B, iris, progress)?,
    })
}
