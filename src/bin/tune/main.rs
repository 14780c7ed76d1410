//! Sweeps over the settings of all six problems: the runs as CSV, and a ranked table of each.
//!
//! `data/tuning/NAME.csv` has a row for each run and each number of epochs after which it is scored. A sweep that was
//! interrupted goes on where it stopped; `--shard 3/8` makes the third of eight parts, whose files concatenate.
#![forbid(unsafe_code)]

mod sweep;
mod training;
#[expect(dead_code, reason = "what answers alone needs")]
mod tuning;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;

use backprop::programs::arguments::{Arguments, flag};
use backprop::programs::cli;
use backprop::programs::output::{placed, shown};
use backprop::programs::terminal::{Progress, print, print_lines};
use backprop::training::error::Error;

use sweep::{complete, part, shard};
use training::train;
use tuning::ranking::Sweep;
use tuning::study::STUDIES;

fn main() -> ExitCode {
    let names: Vec<&str> = STUDIES.iter().map(|study| study.problem.name).collect();
    let about = "Sweeps over the settings of all problems: every run as CSV, and ranked tables\n\nExamples:\n  \
                 tune                          everything that is not there yet\n  \
                 tune --only prob1d --shard 3/8  the third of eight parts, as a job of its own\n\n\
                 Finished runs are kept: a sweep that was interrupted goes on where it stopped. After parts on several\n\
                 machines: cat prob1d-*-of-8.csv > prob1d.csv, and tune ranks. Started in a checkout, tune replaces the\n\
                 rows that answers is built with. For machines of different age build with RUSTFLAGS= cargo build\n\
                 --release --bin tune, which runs on any CPU of the architecture; the results are the same bits.";
    let flags = vec![
        flag("--only", "NAME", format!("one sweep alone: {} [all]", names.join(", "))),
        flag("--threads", "N", "runs at a time [as many as there are cores]"),
        flag("--shard", "I/N", "only the I-th of N parts; `cat` joins their files [all]"),
        flag("--out", "DIR", "folder for the CSV files [data/tuning]"),
        flag("--quiet", "", "no progress"),
    ];
    cli::start("tune", about, flags, tune)
}

fn tune(given: &Arguments, stdout: &mut dyn Write) -> Result<(), Error> {
    let threads = given.parsed("--threads", "an integer from 1", |text| text.parse().ok())?;
    let threads = threads.or_else(|| thread::available_parallelism().ok()).map_or(1, usize::from);
    let shard = given.parsed("--shard", "I/N with I from 1 to N", shard)?;
    let known = |text: &str| STUDIES.iter().find(|study| study.problem.name == text);
    let only = given.parsed("--only", "the name of a sweep (see --help)", known)?;
    let folder = given.value("--out").map_or_else(|| PathBuf::from("data/tuning"), PathBuf::from);
    for study in only.map_or(STUDIES.iter().collect(), |study| vec![study]) {
        let name = study.problem.name;
        let all = (study.trials)();
        let trials = part(&all, shard.unwrap_or([1, 1]));
        let suffix = shard.map_or(String::new(), |[part, parts]| format!("-{part}-of-{parts}"));
        let path = placed(&folder, &format!("{name}{suffix}.csv"))?;
        let mut progress = Progress::new(given.has("--quiet"));
        let watch = |made, missing| progress.show(|| format!("{name}: {made} of {missing} runs"));
        let (rows, made) = complete(&path, trials, threads, |trial| train(name, trial), watch)?;
        progress.clear();
        print(stdout, &format!("{}: {} runs, {made} of them new", shown(&path), trials.len()))?;
        if shard.is_none() {
            print_lines(stdout, &format!("\n{}\n", Sweep::of(study, rows).markdown()))?;
        }
    }
    Ok(())
}
