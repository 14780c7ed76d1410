//! The command line of the six programs: flags, help and exit statuses.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use crate::error::{Error, readable};
use crate::model::{Init, Spread};
use crate::train::Descent;

/// A program as the command line knows it.
#[derive(Debug)]
pub struct Program {
    /// Its name and that of its folder under `out/`: `prob1c`.
    pub name: &'static str,
    /// The problem and what solves it, for its help, its output and its figures.
    pub title: &'static str,
    /// Its settings without flags.
    pub defaults: Settings,
    /// Its settings with `--starter`: those of the course's starter scripts.
    pub starter: Settings,
    /// Whether it takes `--validation FILE`.
    pub takes_validation: bool,
    /// The program itself for each number of hidden units it is compiled for; a single entry if there is no
    /// choice.
    pub widths: &'static [(usize, Run)],
}

/// A program compiled for one width: runs with the options and writes its results to the given output.
pub type Run = fn(&Options, &mut dyn Write) -> Result<(), Error>;

/// What a training run is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Epochs, step size and λ.
    pub descent: Descent,
    /// How the parameters begin.
    pub init: Init,
    /// Units of each hidden layer; 0 if there is none.
    pub hidden: usize,
    /// Samples in a mini-batch; `None` for the full batch.
    pub batch: Option<usize>,
}

/// The settings of a run and everything else its flags say.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The program's name.
    pub program: &'static str,
    /// The program's title.
    pub title: &'static str,
    /// What training is told.
    pub settings: Settings,
    /// The seed of the generator.
    pub seed: u64,
    /// The folder to read data files from instead of those inside the program.
    pub data: Option<PathBuf>,
    /// A second file to score.
    pub validation: Option<PathBuf>,
    /// The folder to write to; each program has its own folder inside.
    pub out: PathBuf,
    /// The file to write the trained parameters to.
    pub save: Option<PathBuf>,
    /// The file with the parameters to start from.
    pub load: Option<PathBuf>,
    /// Width and height of the PPM images, in pixels.
    pub ppm: [usize; 2],
    /// Whether to draw in characters too.
    pub ascii: bool,
    /// Whether to leave out the losses and the progress during training.
    pub quiet: bool,
}

impl Options {
    /// The samples in a mini-batch, of so many in all.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] if there are fewer samples than a batch takes.
    pub fn batch_of(&self, samples: usize) -> Result<usize, Error> {
        let batch = self.settings.batch.unwrap_or(samples);
        if batch > samples {
            let problem =
                format!("--batch {batch}: expected at most {samples}, the samples of the training data");
            return Err(Error::Usage(problem));
        }
        Ok(batch)
    }
}

/// The `main` of every program: reads the command line, runs, and turns the outcome into an exit status: 0 done,
/// 1 failed, 2 wrong usage.
#[must_use]
pub fn main(program: &Program) -> ExitCode {
    let mut stdout = io::stdout().lock();
    let outcome = parse(program, std::env::args_os().skip(1)).and_then(|command| match command {
        Command::Help => Ok(stdout.write_all(help(program).as_bytes())?),
        Command::Version => Ok(writeln!(stdout, "{} {}", program.name, env!("CARGO_PKG_VERSION"))?),
        Command::Run(run, options) => run(&options, &mut stdout),
    });
    match outcome.and_then(|()| Ok(stdout.flush()?)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            let hint = match error {
                Error::Usage(_) => format!("\nTry '{} --help'.", program.name),
                _ => String::new(),
            };
            // If standard error is gone too, there is nobody left to tell.
            let _ = writeln!(io::stderr(), "{}: {error}{hint}", program.name);
            ExitCode::from(error.exit_status())
        }
    }
}

/// What a command line asks for.
#[derive(Debug)]
pub enum Command {
    /// Print the help and stop.
    Help,
    /// Print the version and stop.
    Version,
    /// Run, compiled for the width that the options name.
    Run(Run, Box<Options>),
}

/// Understands the arguments that follow the program's name.
///
/// # Errors
///
/// [`Error::Usage`] for an unknown or repeated flag, a missing value or one that is out of range.
pub fn parse(program: &Program, arguments: impl Iterator<Item = OsString>) -> Result<Command, Error> {
    let mut given = Given { flags: Vec::new() };
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let text = argument.to_str().ok_or_else(|| {
            let text = argument.to_string_lossy();
            Error::Usage(format!(
                "{text} is not UTF-8: a file name that is not follows its flag after a space"
            ))
        })?;
        let (name, inline_value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(OsString::from(value))),
            None => (text, None),
        };
        let name = if name == "-h" { "--help" } else { name };
        let flag = find_flag(program, name)?;
        if given.flags.iter().any(|(known, _)| *known == flag.name) {
            return Err(Error::Usage(format!("{name} is given twice")));
        }
        let value = match (flag.value, inline_value) {
            ("", None) => OsString::new(),
            ("", Some(_)) => return Err(Error::Usage(format!("{name} takes no value"))),
            (_, Some(value)) => value,
            (what, None) => {
                arguments.next().ok_or_else(|| Error::Usage(format!("{name} needs a value: {what}")))?
            }
        };
        given.flags.push((flag.name, value));
    }
    if given.has("--help") {
        return Ok(Command::Help);
    }
    if given.has("--version") {
        return Ok(Command::Version);
    }
    let options = given.options(program)?;
    let run = program.widths.iter().find(|(width, _)| *width == options.settings.hidden);
    match run {
        Some(&(_, run)) => Ok(Command::Run(run, Box::new(options))),
        None => Err(Error::Usage(format!(
            "--hidden {}: widths are types and this program is compiled for {}",
            options.settings.hidden,
            widths(program)
        ))),
    }
}

/// One flag: its name, what its value is called ("" if it takes none), and what it does.
struct Flag {
    name: &'static str,
    value: &'static str,
    what: String,
}

/// The flags that a program takes, in the order of its help.
fn flags(program: &Program) -> Vec<Flag> {
    let Settings { descent, init, hidden, batch } = program.defaults;
    let mut flags = vec![
        Flag { name: "--seed", value: "N", what: "seed of the generator [0]".to_owned() },
        Flag { name: "--epochs", value: "N", what: format!("passes over the data [{}]", descent.epochs) },
        Flag { name: "--step-size", value: "X", what: format!("step size alpha [{}]", descent.step_size) },
        Flag { name: "--reg", value: "X", what: format!("regularisation lambda [{}]", descent.lambda) },
        Flag {
            name: "--init",
            value: "NAME|X",
            what: format!(
                "first weights: he, glorot, mirrored, or their deviation [{}]",
                spread_name(init.weights)
            ),
        },
    ];
    if program.widths.len() > 1 {
        let what = format!("units of a hidden layer: {} [{hidden}]", widths(program));
        flags.push(Flag { name: "--hidden", value: "N", what });
    }
    if let Some(batch) = batch {
        let what = format!("samples in a mini-batch [{batch}]");
        flags.push(Flag { name: "--batch", value: "N", what });
    }
    let what = "folder with other data files of the same names [those inside]".to_owned();
    flags.push(Flag { name: "--data", value: "DIR", what });
    if program.takes_validation {
        let what = "a second data file, only scored [none]".to_owned();
        flags.push(Flag { name: "--validation", value: "FILE", what });
    }
    flags.extend([
        Flag { name: "--out", value: "DIR", what: "folder for the results [out]".to_owned() },
        Flag {
            name: "--ppm",
            value: "WxH",
            what: format!("width and height of the PPM images, in pixels [{}x{}]", PPM_SIZE[0], PPM_SIZE[1]),
        },
        Flag { name: "--ascii", value: "", what: "draw in characters too [only on a terminal]".to_owned() },
        Flag {
            name: "--save",
            value: "FILE",
            what: "write the trained parameters to a file [none]".to_owned(),
        },
        Flag {
            name: "--load",
            value: "FILE",
            what: "go on from saved parameters; --epochs 0 only evaluates them [none]".to_owned(),
        },
        Flag { name: "--starter", value: "", what: "the settings of the course's starter script".to_owned() },
        Flag { name: "--quiet", value: "", what: "no losses and no progress during training".to_owned() },
        Flag { name: "--help", value: "", what: "print this".to_owned() },
        Flag { name: "--version", value: "", what: "print name and version".to_owned() },
    ]);
    flags
}

fn find_flag(program: &Program, name: &str) -> Result<Flag, Error> {
    let mut flags = flags(program);
    if let Some(position) = flags.iter().position(|flag| flag.name == name) {
        return Ok(flags.swap_remove(position));
    }
    let nearest = flags.iter().min_by_key(|flag| edit_distance(flag.name, name));
    let suggestion = nearest
        .filter(|flag| edit_distance(flag.name, name) <= 3)
        .map_or(String::new(), |flag| format!("; did you mean {}?", flag.name));
    Err(Error::Usage(format!("unknown flag {name}{suggestion}")))
}

/// How many characters to insert, delete or replace to turn one text into the other (Levenshtein).
fn edit_distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    // distances[j] is the distance from the part of `from` seen so far to the first j characters of `to`.
    let mut distances: Vec<usize> = (0..=to.len()).collect();
    for (i, from_character) in from.chars().enumerate() {
        let mut diagonal = distances[0];
        distances[0] = i + 1;
        for j in 0..to.len() {
            let replaced = diagonal + usize::from(from_character != to[j]);
            diagonal = distances[j + 1];
            distances[j + 1] = replaced.min(distances[j] + 1).min(diagonal + 1);
        }
    }
    distances[to.len()]
}

/// The flags of a command line with their values.
struct Given {
    flags: Vec<(&'static str, OsString)>,
}

impl Given {
    fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    fn value(&self, name: &str) -> Option<&OsString> {
        self.flags.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The value of a flag as `read` understands it; `expected` says what that is.
    fn read<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let understood = value.to_str().and_then(read);
        understood
            .map(Some)
            .ok_or_else(|| Error::Usage(format!("{name} {}: expected {expected}", value.to_string_lossy())))
    }

    fn options(&self, program: &Program) -> Result<Options, Error> {
        let mut settings = if self.has("--starter") { program.starter } else { program.defaults };
        let positive_integer = |text: &str| text.parse().ok().filter(|&number: &usize| number > 0);
        let (epochs, least) =
            if self.has("--load") { ("an integer from 0", 0) } else { ("an integer from 1", 1) };
        if let Some(epochs) =
            self.read("--epochs", epochs, |text| text.parse().ok().filter(|&number: &usize| number >= least))?
        {
            settings.descent.epochs = epochs;
        }
        if let Some(step_size) = self.read("--step-size", "a number above 0", |text| {
            text.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0)
        })? {
            settings.descent.step_size = step_size;
        }
        if let Some(lambda) = self.read("--reg", "a number from 0", |text| {
            text.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0)
        })? {
            settings.descent.lambda = lambda;
        }
        if let Some(weights) = self.read("--init", "he, glorot, mirrored or a number from 0", parse_spread)? {
            settings.init.weights = weights;
        }
        if let Some(hidden) = self.read("--hidden", &widths(program), |text| text.parse().ok())? {
            settings.hidden = hidden;
        }
        if let Some(batch) = self.read("--batch", "an integer from 1", positive_integer)? {
            settings.batch = Some(batch);
        }
        let seed =
            self.read("--seed", "an integer from 0 to 18446744073709551615", |text| text.parse().ok())?;
        Ok(Options {
            program: program.name,
            title: program.title,
            settings,
            seed: seed.unwrap_or(0),
            data: self.value("--data").map(PathBuf::from),
            validation: self.value("--validation").map(PathBuf::from),
            out: self.value("--out").map_or_else(|| PathBuf::from("out"), PathBuf::from),
            save: self.value("--save").map(PathBuf::from),
            load: self.value("--load").map(PathBuf::from),
            ppm: self.read("--ppm", "WIDTHxHEIGHT from 1x1 to 10000x10000", parse_size)?.unwrap_or(PPM_SIZE),
            ascii: self.has("--ascii") || io::stdout().is_terminal(),
            quiet: self.has("--quiet"),
        })
    }
}

/// Large enough for a screen, and square, as the problems' maps are.
const PPM_SIZE: [usize; 2] = [800, 800];

fn parse_size(text: &str) -> Option<[usize; 2]> {
    let (width, height) = text.split_once('x')?;
    let length = |text: &str| text.parse().ok().filter(|pixels| (1..=10_000).contains(pixels));
    Some([length(width)?, length(height)?])
}

fn parse_spread(text: &str) -> Option<Spread> {
    match text {
        "he" => Some(Spread::He),
        "glorot" => Some(Spread::Glorot),
        "mirrored" => Some(Spread::Mirrored),
        _ => {
            let deviation = text.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
            deviation.map(Spread::Fixed)
        }
    }
}

/// A spread as `--init` takes it.
#[must_use]
pub fn spread_name(spread: Spread) -> String {
    match spread {
        Spread::Fixed(deviation) => readable(deviation),
        Spread::He => "he".to_owned(),
        Spread::Glorot => "glorot".to_owned(),
        Spread::Mirrored => "mirrored".to_owned(),
    }
}

/// The widths a program is compiled for, as a list for people.
fn widths(program: &Program) -> String {
    let widths: Vec<String> = program.widths.iter().map(|(width, _)| width.to_string()).collect();
    match widths.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// The text that `--help` prints.
fn help(program: &Program) -> String {
    let name = program.name;
    let mut text = format!(
        "{}\n\nExamples:\n  {name}                        train, report, draw into out/{name}/\n  \
         {name} --seed 7 --epochs 500  another run\n  {name} --starter              the course's settings\n  \
         {name} --data DIR             other data files of the same names\n\nFlags:\n",
        program.title
    );
    for flag in flags(program) {
        let _ = writeln!(text, "  {:<24} {}", format!("{} {}", flag.name, flag.value), flag.what);
    }
    text.push_str("\nExit status: 0 done, 1 the run failed, 2 wrong usage.\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edit_distance_counts_insertions_deletions_and_replacements() {
        for (from, to, distance) in [
            ("", "", 0),
            ("abc", "", 3),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("flaw", "lawn", 2),
            ("ab", "ba", 2),
        ] {
            assert_eq!(edit_distance(from, to), distance, "{from} and {to}");
        }
    }
}
