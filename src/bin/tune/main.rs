//! Sweeps over the settings of all six problems: the runs as CSV, a ranked table and heat maps of each.
//!
//! `out/tuning/NAME.csv` has a row for each run (and each number of epochs after which it is scored). A sweep that was
//! interrupted goes on where it stopped; `--shard 3/8` makes the third of eight parts, whose files concatenate.
#![forbid(unsafe_code)]

mod grids;

use std::fs;
use std::io::{self, Write as _};
use std::path::{MAIN_SEPARATOR, PathBuf};
use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use backprop::arguments::{self, Arguments, Flag, flag};
use backprop::error::Error;
use backprop::output::write_whole;
use backprop::progress::Progress;
use backprop::studies::STUDIES;
use backprop::sweep::{Advance, Shard};
use backprop::table::Table;

const NAME: &str = "tune";

fn main() -> ExitCode {
    let outcome =
        Arguments::read(&flags(), std::env::args_os().skip(1)).and_then(|arguments| tune(&arguments));
    arguments::exit(NAME, outcome)
}

fn flags() -> Vec<Flag> {
    let names: Vec<&str> = STUDIES.iter().map(|study| study.name).collect();
    vec![
        flag("--only", "NAME", format!("one sweep alone: {} [all]", names.join(", "))),
        flag("--threads", "N", "runs at a time [as many as there are cores]"),
        flag("--shard", "I/N", "only the I-th of N parts; `cat` joins their files [1/1]"),
        flag("--out", "DIR", "folder for the results, in its folder tuning [out]"),
        flag("--quiet", "", "no progress"),
        flag("--help", "", "print this"),
        flag("--version", "", "print name and version"),
    ]
}

fn help() -> String {
    let note = "Finished runs are kept: a sweep that was interrupted goes on where it stopped. After parts on several\n\
                machines: cat prob1d-*-of-8.csv > prob1d.csv, and tune draws and ranks.\n";
    format!(
        "Sweeps over the settings of all problems: every run as CSV, ranked tables, heat maps\n\nExamples:\n  \
         {NAME}                          everything that is not there yet\n  \
         {NAME} --only prob1d            one problem\n  \
         {NAME} --only prob1d --shard 3/8  the third of eight parts, as a job of its own\n\n{}",
        arguments::help(&flags(), note)
    )
}

fn tune(arguments: &Arguments) -> Result<(), Error> {
    let mut stdout = io::stdout().lock();
    if arguments.has("--help") {
        return Ok(stdout.write_all(help().as_bytes())?);
    }
    if arguments.has("--version") {
        return Ok(writeln!(stdout, "{NAME} {}", env!("CARGO_PKG_VERSION"))?);
    }
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let positive = |text: &str| text.parse().ok().filter(|&threads: &usize| threads > 0);
    let threads = arguments.parsed("--threads", "an integer from 1", positive)?.unwrap_or(cores);
    let shard = arguments.parsed("--shard", "I/N with I from 1 to N", Shard::parse)?.unwrap_or(Shard::WHOLE);
    let known = |text: &str| STUDIES.iter().find(|study| study.name == text);
    let only = arguments.parsed("--only", "the name of a sweep (see --help)", known)?;
    let folder = arguments.value("--out").map_or_else(|| PathBuf::from("out"), PathBuf::from).join("tuning");
    fs::create_dir_all(&folder).map_err(|source| {
        Error::file(&folder, "create the folder", source).advise("--out names another folder to write to")
    })?;
    let quiet = arguments.has("--quiet");
    for study in only.map_or(STUDIES.iter().collect(), |study| vec![study]) {
        let sweep = grids::sweep_of(study.name);
        let mut progress = if quiet { Progress::none() } else { Progress::on_terminal(NAME) };
        let start = Instant::now();
        let watch = |advance| progress.show(|| progress_line(study.name, advance, start));
        let (path, Advance { made, kept, .. }) = sweep.complete(&folder, shard, threads, watch)?;
        progress.clear();
        let path_text = path.display().to_string().replace(MAIN_SEPARATOR, "/");
        writeln!(stdout, "{path_text}: {} runs, {made} of them new", made + kept)?;
        if shard == Shard::WHOLE {
            let csv = fs::read_to_string(&path).map_err(|source| Error::file(&path, "read", source))?;
            for (name, text) in study.summary(&Table::from_csv(&csv)) {
                write_whole(&folder.join(name), text.as_bytes())?;
            }
        }
    }
    Ok(stdout.flush()?)
}

/// `prob1d: 37 of 144 runs, 2.1 per second, 51 s left`.
fn progress_line(name: &str, Advance { made, missing, .. }: Advance, start: Instant) -> String {
    let rate = made as f64 / start.elapsed().as_secs_f64();
    let left = (missing - made) as f64 / rate;
    format!("{name}: {made} of {missing} runs, {rate:.1} per second, {left:.0} s left")
}
