//! The whole homework: runs the six programs, and writes the answer document with their results and figures.
//!
//! The prose is in `answers.md` beside this file; every number, table and figure in it is filled in here, and a claim in
//! words that depends on a number fails the program when it does not hold.
#![forbid(unsafe_code)]

mod html;
mod results;
mod template;

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
use std::io::{self, Write as _};
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::process::ExitCode;

use backprop::arguments::{self, Arguments, Flag, flag};
use backprop::cli::{Options, Program};
use backprop::error::Error;
use backprop::output::write_whole;
use backprop::progress::Progress;
use backprop::studies::STUDIES;
use backprop::table::Table;

use results::{Output, Runs};

const NAME: &str = "answers";

const PROGRAMS: [&Program; 6] = [
    &prob1a::PROGRAM,
    &prob1b::PROGRAM,
    &prob1c::PROGRAM,
    &prob1d::PROGRAM,
    &prob2a::PROGRAM,
    &prob2b::PROGRAM,
];

/// The runs that `tune` has made, in the order of the studies.
const RUNS: [&str; STUDIES.len()] = [
    include_str!("../../../out/tuning/prob1a.csv"),
    include_str!("../../../out/tuning/prob1b.csv"),
    include_str!("../../../out/tuning/prob1c.csv"),
    include_str!("../../../out/tuning/prob1c_atlas.csv"),
    include_str!("../../../out/tuning/prob1d.csv"),
    include_str!("../../../out/tuning/prob1d_seeds.csv"),
    include_str!("../../../out/tuning/prob2a.csv"),
    include_str!("../../../out/tuning/prob2a_seeds.csv"),
    include_str!("../../../out/tuning/prob2b.csv"),
    include_str!("../../../out/tuning/prob2b_seeds.csv"),
];

const TEMPLATE: &str = include_str!("answers.md");

const ADVICE: &str = "--out names another folder to write to";

fn main() -> ExitCode {
    let outcome = Arguments::read(&flags(), std::env::args_os().skip(1)).and_then(|given| answers(&given));
    arguments::exit(NAME, outcome)
}

fn flags() -> Vec<Flag> {
    vec![
        flag("--out", "DIR", "folder for the results [out]"),
        flag("--quiet", "", "no progress"),
        flag("--help", "", "print this"),
        flag("--version", "", "print name and version"),
    ]
}

fn help() -> String {
    let note = "The programs run with their default settings; each also runs alone (cargo run --release --bin prob1c).\n";
    format!(
        "The whole homework: runs the six programs and writes the answer document, answers.html and answers.md\n\n\
         Examples:\n  {NAME}            everything, into out/\n  {NAME} --out DIR  somewhere else\n\n{}",
        arguments::help(&flags(), note)
    )
}

fn answers(given: &Arguments) -> Result<(), Error> {
    let mut stdout = io::stdout().lock();
    if given.has("--help") {
        return Ok(stdout.write_all(help().as_bytes())?);
    }
    if given.has("--version") {
        return Ok(writeln!(stdout, "{NAME} {}", env!("CARGO_PKG_VERSION"))?);
    }
    let out = given.value("--out").map_or_else(|| PathBuf::from("out"), PathBuf::from);
    let mut progress = if given.has("--quiet") { Progress::none() } else { Progress::on_terminal(NAME) };

    let mut outputs = Vec::new();
    for (done, program) in PROGRAMS.iter().enumerate() {
        progress.show(|| format!("{}, {done} of {} programs done", program.title, PROGRAMS.len()));
        outputs.push((program.name, run(program, &out)?));
    }
    progress.clear();

    let tuning = out.join("tuning");
    create_folder(&tuning)?;
    let mut runs = Runs::new();
    for (study, csv) in STUDIES.iter().zip(RUNS) {
        let table = Table::from_csv(csv);
        write(&tuning.join(format!("{}.csv", study.name)), csv)?;
        for (name, text) in study.summary(&table) {
            write(&tuning.join(name), &text)?;
        }
        runs.insert(study.name, table);
    }

    let values = results::collect(&outputs, &runs);
    let markdown = template::fill("answers.md", TEMPLATE, &values)?;
    let figure = |path: &str| {
        let path = out.join(path);
        fs::read_to_string(&path).map_err(|source| Error::file(&path, "read", source))
    };
    let page = html::page(&markdown, figure)?;
    for (name, text) in [("answers.md", markdown), ("answers.html", page)] {
        write(&out.join(name), &text)?;
    }

    writeln!(stdout, "{}", results::summary(&values).to_markdown())?;
    for name in ["answers.md", "answers.html"] {
        writeln!(stdout, "wrote {}", out.join(name).display().to_string().replace(MAIN_SEPARATOR, "/"))?;
    }
    Ok(stdout.flush()?)
}

/// Runs a program with its defaults, and returns what it prints and the losses that it writes.
fn run(program: &Program, out: &Path) -> Result<Output, Error> {
    let options = Options { out: out.to_owned(), ..Options::new(program) };
    let (_, run) =
        program.widths.iter().find(|(width, _)| *width == options.settings.hidden).expect("its width");
    let mut text = Vec::new();
    run(&options, &mut text)?;
    let history = out.join(program.name).join("history.csv");
    let history = fs::read_to_string(&history).map_err(|source| Error::file(&history, "read", source))?;
    Ok(Output { text: String::from_utf8_lossy(&text).into_owned(), history: Table::from_csv(&history) })
}

fn create_folder(folder: &Path) -> Result<(), Error> {
    let failed = |source| Error::file(folder, "create the folder", source).advise(ADVICE);
    fs::create_dir_all(folder).map_err(failed)
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    write_whole(path, text.as_bytes()).map_err(|error| error.advise(ADVICE))
}
