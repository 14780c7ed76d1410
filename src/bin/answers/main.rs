//! The whole homework: runs the six programs, and writes the answer document with their results and figures.
//!
//! The prose is in the Markdown files here, which `format!` fills in; `hold` checks what it says in words. Of other data than
//! the built-in ones the document has the questions, the results and the figures alone.
#![forbid(unsafe_code)]

mod checks;
mod html;
mod problems;
mod section;
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

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use backprop::programs::arguments::{Arguments, flag};
use backprop::programs::cli::{self, RunFn};
use backprop::programs::outcome::Outcome;
use backprop::programs::output::write_result;
use backprop::programs::settings::{PROB1A, PROB1B, PROB1C, PROB1D, PROB2A, PROB2B, Problem, Settings};
use backprop::programs::terminal::{Progress, print, print_lines};
use backprop::programs::{Console, Options};
use backprop::training::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN, SPIRAL_TRAIN, Source, XOR};
use backprop::training::error::Error;

use html::Figures;
use programs::{prob1a, prob1b, prob1c, prob1d, prob2a, prob2b};
use section::{accuracy, escaped, fill, of_other_data};
use tuning::ranking::{Sweep, markdown};
use tuning::row::{training_percent, validation_percent};
use tuning::study::{STUDIES, mean_of};

fn main() -> ExitCode {
    let about = "The whole homework: runs the six programs and writes the answer document, answers.html and answers.md\n\n\
                 Examples:\n  answers             everything, into out/\n  answers --out DIR   somewhere else\n  \
                 answers --data DIR  the document for other data\n\n\
                 The programs run with their default settings; each also runs alone (cargo run --release --bin prob1c).";
    let flags = vec![
        flag("--out", "DIR", "folder for the results [out]"),
        flag("--data", "DIR", "folder with other data; for a missing file the built-in one [none]"),
        flag("--author", "NAME", "the author that the document names [none]"),
        flag("--quiet", "", "no progress"),
    ];
    cli::start("answers", about, flags, answers)
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
    let line = |name: &str| Some(format!(" Author: {}.", escaped(name)));
    let author = given.parsed("--author", "a name", line)?.unwrap_or_default();
    macro_rules! files {
        ($($name:literal)*) => { [$(include_str!(concat!("../../../data/tuning/", $name, ".csv"))),*] };
    }
    let files = files!("prob1a" "prob1b" "prob1c" "prob1d" "prob2a" "prob2b");
    let mut sweeps = Vec::new();
    for (study, csv) in STUDIES.iter().zip(files) {
        let sweep = Sweep::of(study, study.read(csv));
        write_result(&out, &format!("tuning/{}.md", study.problem.name), sweep.markdown().as_bytes())?;
        sweeps.push(sweep);
    }

    let mut runs = Runs { given, progress: Progress::new(given.has("--quiet")), figures: Figures::new() };
    let a = runs.run(&PROB1A, prob1a::run, xor)?;
    let b = runs.run(&PROB1B, prob1b::run, spiral)?;
    let c = runs.run(&PROB1C, prob1c::run::<{ PROB1C.tuned.hidden }>, xor)?;
    let d = runs.run(&PROB1D, prob1d::run::<{ PROB1D.tuned.hidden }>, spiral)?;
    let one = runs.run(&PROB2A, prob2a::run::<{ PROB2A.tuned.hidden }>, iris)?;
    let two = runs.run(&PROB2B, prob2b::run::<{ PROB2B.tuned.hidden }>, iris)?;

    let sections: [(bool, &Outcome, &str, &dyn Fn() -> String); 6] = [
        (is_xor, &a, include_str!("1a.md"), &|| problems::prob1a(&a, &sweeps[0])),
        (is_spiral, &b, include_str!("1b.md"), &|| problems::prob1b(&b, &sweeps[1])),
        (is_xor, &c.0, include_str!("1c.md"), &|| problems::prob1c(&c, &sweeps[2])),
        (is_spiral, &d.0, include_str!("1d.md"), &|| problems::prob1d(&d, &sweeps[3])),
        (is_iris, &one, include_str!("2a.md"), &|| problems::prob2a(&one, &sweeps[4])),
        (is_iris, &two, include_str!("2b.md"), &|| problems::prob2b(&two, [&sweeps[4], &sweeps[5]])),
    ];
    let is_all = is_xor && is_spiral && is_iris;
    let headings =
        ["problem", "training accuracy", "validation accuracy", "starter's settings", "tuned settings"];
    let row = |(section, sweep): (&(bool, &Outcome, _, _), _)| result(section.1, section.0.then_some(sweep));
    let table = markdown(&headings, &sections.iter().zip(&sweeps).map(row).collect::<Vec<_>>());
    let about = if is_all {
        include_str!("about.md").trim_end()
    } else {
        "Not all data of this document are the built-in ones. What holds for those alone is left out."
    };
    let mut parts = vec![fill!("head.md"; author, table, about)];
    if is_xor {
        parts.push(include_str!("step.md").to_owned());
    }
    if is_all {
        runs.progress.show(|| "gradient checks".to_owned());
        parts.push(checks::checks());
    }
    for (is_built_in, outcome, template, full) in sections {
        parts.push(if is_built_in { full() } else { of_other_data(template, outcome, &runs.figures) });
    }
    if is_all {
        parts.push(include_str!("end.md").to_owned());
    }
    runs.progress.clear();
    let text = parts.join("\n");
    let page = html::page(&text, &runs.figures);
    print_lines(stdout, &format!("{table}\n\n"))?;
    for (name, text) in [("answers.md", text), ("answers.html", page)] {
        print(stdout, &format!("wrote {}", write_result(&out, name, text.as_bytes())?))?;
    }
    Ok(())
}

/// Runs of the programs with their default settings.
struct Runs<'a> {
    given: &'a Arguments,
    progress: Progress,
    figures: Figures,
}

impl Runs<'_> {
    /// Runs a program on the data in a folder or the built-in ones, and keeps its figures.
    fn run<R>(&mut self, problem: &'static Problem, run: RunFn<R>, data: Option<&Path>) -> Result<R, Error> {
        self.progress.show(|| problem.title.to_owned());
        let own = Options::read(problem, &[], self.given)?;
        let options = Options { data: data.map(Path::to_owned), quiet: true, ..own };
        let mut sink = io::sink();
        let mut console = Console::new(&options, &mut sink);
        let found = run(&mut console).map_err(|error| match (error, data) {
            // The document has none of the flags that would help.
            (Error::Failed(found), Some(data)) => {
                let folder = data.display();
                Error::Failed(format!("{found}; {} --data {folder} takes these flags", problem.name))
            }
            (error, _) => error,
        })?;
        self.figures.extend(console.figures);
        Ok(found)
    }
}

/// A row of the table of results; of the built-in data with the mean accuracies of other seeds.
fn result(outcome: &Outcome, sweep: Option<&Sweep>) -> Vec<String> {
    let Outcome { problem, scores, .. } = outcome;
    let mean = |settings: &Settings| {
        let number = if scores.validation.is_some() { validation_percent } else { training_percent };
        sweep.map(|sweep| format!("{:.2} %", mean_of(&sweep.fresh(settings), number)))
    };
    let validation = scores.validation.map(|score| accuracy(&score));
    let cells = [validation, mean(&problem.starter), mean(&problem.tuned)];
    let first = [problem.short().to_owned(), accuracy(&scores.training)];
    first.into_iter().chain(cells.map(|cell| cell.unwrap_or("–".to_owned()))).collect()
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
