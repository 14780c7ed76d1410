//! The whole homework: runs the six programs, and writes the answer document with their results and figures.
//!
//! The prose is in the Markdown files beside this file, which `format!` fills in. What it says in words is checked
//! beside the numbers (`hold`). Of other data than the built-in ones the document has the questions, the results and the
//! figures alone.
#![forbid(unsafe_code)]

mod checks;
mod html;
mod problem1;
mod problem2;
mod runs;
mod section;
mod sweeps;
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
use backprop::programs::outcome::Outcome;
use backprop::programs::output::write_result;
use backprop::programs::settings::{PROB1A, PROB1B, PROB1C, PROB1D, PROB2A, PROB2B};
use backprop::programs::terminal::{Progress, print, print_lines};
use backprop::proof::one_step::OneStep;
use backprop::training::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN, SPIRAL_TRAIN, Source, XOR};
use backprop::training::error::Error;

use programs::{prob1a, prob1b, prob1c, prob1d, prob2a, prob2b};
use runs::{Figures, Runner};
use section::{Section, accuracy, escaped, fill, hold, of_other_data};
use tuning::ranking::markdown;

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
            flag("--author", "NAME", "the author that the document names [none]"),
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
    let author = given.parsed("--author", "a name", |name| Some(format!(" Author: {}.", escaped(name))))?;
    let sweeps = sweeps::read_all()?;
    for sweep in &sweeps {
        let name = format!("tuning/{}.md", sweep.problem.name);
        write_result(&out, &name, sweep.ranking.markdown().as_bytes())?;
    }

    let progress = Progress::new(NAME, given.has("--quiet"));
    let mut runner = Runner { given, progress, figures: Figures::new() };
    let a = runner.run(&PROB1A, prob1a::run, xor)?;
    let b = runner.run(&PROB1B, prob1b::run, spiral)?;
    let c = runner.run(&PROB1C, prob1c::run::<{ PROB1C.tuned.hidden }>, xor)?;
    let d = runner.run(&PROB1D, prob1d::run::<{ PROB1D.tuned.hidden }>, spiral)?;
    let one = runner.run(&PROB2A, prob2a::run::<{ PROB2A.tuned.hidden }>, iris)?;
    let two = runner.run(&PROB2B, prob2b::run::<{ PROB2B.tuned.hidden }>, iris)?;

    let figures = &runner.figures;
    macro_rules! section {
        ($is_built_in:expr, $full:expr, $template:literal, $outcome:expr) => {
            if $is_built_in { $full } else { of_other_data(include_str!($template), $outcome, figures) }
        };
    }
    let sections = [
        section!(is_xor, problem1::prob1a(&a, &sweeps[0]), "1a.md", &a),
        section!(is_spiral, problem1::prob1b(&b, &sweeps[1]), "1b.md", &b),
        section!(is_xor, problem1::prob1c(&c, &sweeps[2]), "1c.md", &c.0),
        section!(is_spiral, problem1::prob1d(&d, &sweeps[3]), "1d.md", &d.0),
        section!(is_iris, problem2::prob2a(&one, &sweeps[4]), "2a.md", &one),
        section!(is_iris, problem2::prob2b(&two, [&sweeps[4], &sweeps[5]]), "2b.md", &two.0),
    ];
    let outcomes = [&a, &b, &c.0, &d.0, &one, &two.0];
    let results = results(outcomes, &sections);
    let is_all = is_xor && is_spiral && is_iris;
    let (author, table) = (author.unwrap_or_default(), results.trim_end());
    let about = if is_all {
        include_str!("about.md").trim_end()
    } else {
        "Not all data of this document are the built-in ones. What holds for those alone is left out."
    };
    let mut parts = vec![fill!("head.md"; author, table, about)];
    if is_xor {
        let step = OneStep::computed();
        let (before, after) = (step.score.loss(), step.score_after.loss());
        parts.push(fill!("step.md"; before, after));
        hold(&parts[1], &[("lowers J", after < before)]);
    }
    if is_all {
        runner.progress.show(|| "gradient checks".to_owned());
        parts.push(checks::checks(outcomes));
    }
    parts.extend(sections.map(|section| section.text));
    if is_all {
        let rows: usize = sweeps.iter().map(|sweep| sweep.rows.len()).sum();
        parts.push(fill!("end.md"; rows));
    }
    runner.progress.clear();
    let markdown = parts.join("\n");
    let page = html::page(&markdown, figures);
    let written = [("answers.md", &markdown), ("answers.html", &page)]
        .map(|(name, text)| write_result(&out, name, text.as_bytes()));

    print_lines(stdout, &format!("{results}\n"))?;
    for path in written {
        print(stdout, &format!("wrote {}", path?))?;
    }
    Ok(())
}

/// The table of results, which is printed too.
fn results(outcomes: [&Outcome; 6], sections: &[Section; 6]) -> String {
    let row = |(outcome, section): (&Outcome, &Section)| {
        let scores = outcome.scores;
        vec![
            outcome.problem.short().to_owned(),
            accuracy(&scores.training),
            scores.validation.map_or("–".to_owned(), |score| accuracy(&score)),
            section.starter.clone(),
            section.seeds.clone(),
        ]
    };
    let headings =
        ["problem", "training accuracy", "validation accuracy", "starter's settings", "other seeds"];
    markdown(&headings, &outcomes.into_iter().zip(sections).map(row).collect::<Vec<_>>())
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
        let own: Dataset<D, K> = Dataset::read(folder.join(source.name), None).map_err(|error| {
            error.advise("--data names a folder; beside iris_train.dat it holds iris_test.dat")
        })?;
        is_built_in &= own.has_rows_of(&source.load(None)?);
    }
    Ok((Some(folder), is_built_in))
}
