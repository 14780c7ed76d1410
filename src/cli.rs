//! The command line of the six programs: their flags and help.

use std::ffi::OsString;
use std::io::{self, IsTerminal as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use crate::arguments::{self, Arguments, Flag, flag};
use crate::error::Error;
use crate::model::Spread;
use crate::settings::{Preset, Settings, spread_name};

/// A program as the command line knows it.
#[derive(Debug)]
pub struct Program {
    /// Its name and that of its folder under `out/`: `prob1c`.
    pub name: &'static str,
    /// The problem and what solves it, for its help, its output and its figures.
    pub title: &'static str,
    /// Its settings without flags, and with `--starter`.
    pub preset: Preset,
    /// Whether it takes `--validation FILE`.
    pub takes_validation: bool,
    /// The program itself for each number of hidden units it is compiled for; a single entry if there is no
    /// choice.
    pub widths: &'static [(usize, Run)],
}

/// A program compiled for one width: runs with the options and writes its results to the given output.
pub type Run = fn(&Options, &mut dyn Write) -> Result<(), Error>;

/// The settings of a run and everything else its flags say.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The program's name.
    pub program: &'static str,
    /// The program's title.
    pub title: &'static str,
    /// What training is told.
    pub settings: Settings,
    /// What it would be told without flags, and with `--starter`.
    pub preset: Preset,
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
    /// What a program does without flags where nobody watches.
    #[must_use]
    pub fn new(program: &Program) -> Self {
        Options {
            program: program.name,
            title: program.title,
            settings: program.preset.tuned,
            preset: program.preset,
            seed: 0,
            data: None,
            validation: None,
            out: PathBuf::from("out"),
            save: None,
            load: None,
            ppm: PPM_SIZE,
            ascii: false,
            quiet: true,
        }
    }

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
    arguments::exit(program.name, outcome.and_then(|()| Ok(stdout.flush()?)))
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
    let given = Arguments::read(&flags(program), arguments)?;
    if given.has("--help") {
        return Ok(Command::Help);
    }
    if given.has("--version") {
        return Ok(Command::Version);
    }
    let options = options(program, &given)?;
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

/// The flags that a program takes, in the order of its help.
fn flags(program: &Program) -> Vec<Flag> {
    let Settings { descent, init, hidden, batch } = program.preset.tuned;
    let mut flags = vec![
        flag("--seed", "N", "seed of the generator [0]"),
        flag("--epochs", "N", format!("passes over the data [{}]", descent.epochs)),
        flag("--step-size", "X", format!("step size alpha [{}]", descent.step_size)),
        flag("--reg", "X", format!("regularisation lambda [{}]", descent.lambda)),
        flag(
            "--init",
            "NAME|X",
            format!(
                "first weights: he, glorot, mirrored, or their deviation [{}]",
                spread_name(init.weights)
            ),
        ),
        flag("--bias", "X", format!("first biases [{}]", init.bias)),
    ];
    if program.widths.len() > 1 {
        flags.push(flag("--hidden", "N", format!("units of a hidden layer: {} [{hidden}]", widths(program))));
    }
    if let Some(batch) = batch {
        flags.push(flag("--batch", "N", format!("samples in a mini-batch [{batch}]")));
    }
    flags.push(flag("--data", "DIR", "folder with other data files of the same names [those inside]"));
    if program.takes_validation {
        flags.push(flag("--validation", "FILE", "a second data file, only scored [none]"));
    }
    let [width, height] = PPM_SIZE;
    flags.extend([
        flag("--out", "DIR", "folder for the results [out]"),
        flag("--ppm", "WxH", format!("width and height of the PPM images, in pixels [{width}x{height}]")),
        flag("--ascii", "", "draw in characters too [only on a terminal]"),
        flag("--save", "FILE", "write the trained parameters to a file [none]"),
        flag("--load", "FILE", "go on from saved parameters; --epochs 0 only evaluates them [none]"),
        flag("--starter", "", "the settings of the course's starter script"),
        flag("--quiet", "", "no losses and no progress during training"),
        flag("--help", "", "print this"),
        flag("--version", "", "print name and version"),
    ]);
    flags
}

/// What the flags make of a program's settings.
fn options(program: &Program, given: &Arguments) -> Result<Options, Error> {
    let mut settings = if given.has("--starter") { program.preset.starter } else { program.preset.tuned };
    let (epochs, least) =
        if given.has("--load") { ("an integer from 0", 0) } else { ("an integer from 1", 1) };
    let from = |least: usize| move |text: &str| text.parse().ok().filter(|&number: &usize| number >= least);
    let finite = |text: &str| text.parse().ok().filter(|number: &f64| number.is_finite());
    if let Some(epochs) = given.parsed("--epochs", epochs, from(least))? {
        settings.descent.epochs = epochs;
    }
    if let Some(step_size) =
        given.parsed("--step-size", "a number above 0", |text| finite(text).filter(|&number| number > 0.0))?
    {
        settings.descent.step_size = step_size;
    }
    if let Some(lambda) =
        given.parsed("--reg", "a number from 0", |text| finite(text).filter(|&number| number >= 0.0))?
    {
        settings.descent.lambda = lambda;
    }
    if let Some(weights) = given.parsed("--init", "he, glorot, mirrored or a number from 0", parse_spread)? {
        settings.init.weights = weights;
    }
    if let Some(bias) = given.parsed("--bias", "a number", finite)? {
        settings.init.bias = bias;
    }
    if let Some(hidden) = given.parsed("--hidden", &widths(program), |text| text.parse().ok())? {
        settings.hidden = hidden;
    }
    if let Some(batch) = given.parsed("--batch", "an integer from 1", from(1))? {
        settings.batch = Some(batch);
    }
    let seed =
        given.parsed("--seed", "an integer from 0 to 18446744073709551615", |text| text.parse().ok())?;
    let path = |name| given.value(name).map(PathBuf::from);
    let standard = Options::new(program);
    Ok(Options {
        settings,
        seed: seed.unwrap_or(standard.seed),
        data: path("--data"),
        validation: path("--validation"),
        out: path("--out").unwrap_or(standard.out),
        save: path("--save"),
        load: path("--load"),
        ppm: given.parsed("--ppm", "WIDTHxHEIGHT from 1x1 to 10000x10000", parse_size)?.unwrap_or(PPM_SIZE),
        ascii: given.has("--ascii") || io::stdout().is_terminal(),
        quiet: given.has("--quiet"),
        ..standard
    })
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
    let note =
        "In brackets the defaults; those of training are what the sweeps of tune found best (out/tuning/).";
    format!(
        "{}\n\nExamples:\n  {name}                        train, report, draw into out/{name}/\n  \
         {name} --seed 7 --epochs 500  another run\n  {name} --starter              the course's settings\n  \
         {name} --data DIR             other data files of the same names\n\n{}",
        program.title,
        arguments::help(&flags(program), note)
    )
}
