//! The command line of the six programs.

use std::io::{self, Write};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::math::init::WeightInit;
use crate::math::model::Model;
use crate::programs::arguments::{self, Arguments, Flag, Interface, flag};
use crate::programs::console::Console;
use crate::programs::one_step::show_one_step;
use crate::programs::predict::predict;
use crate::programs::settings::{PROB1C, Problem, Settings};
use crate::programs::terminal;
use crate::training::error::Error;
use crate::training::numbers::{finite, readable};

/// A program of a problem, whose runs result in R.
#[derive(Debug)]
pub struct Program<R: 'static> {
    /// The problem.
    pub problem: &'static Problem,
    /// Whether it takes `--validation FILE`.
    pub takes_validation: bool,
    /// The name of the figure to look at first.
    pub figure: &'static str,
    /// The program itself for each number of hidden units it is compiled for; a single entry if there is no
    /// choice.
    pub widths: Vec<Width<R>>,
}

/// A run of a program compiled for one width.
pub type RunFn<R> = fn(&Options, &mut Console) -> Result<R, Error>;

/// A program compiled for one width.
#[derive(Debug)]
pub struct Width<R> {
    hidden: usize,
    run: RunFn<R>,
    predict: fn(&Options, &mut dyn Write) -> Result<(), Error>,
}

impl<R> Width<R> {
    /// The program whose network is M, with this number of hidden units.
    pub fn of<M: Model<D, K>, const D: usize, const K: usize>(hidden: usize, run: RunFn<R>) -> Self {
        Width { hidden, run, predict: predict::<M, D, K> }
    }
}

/// The settings of a run and everything else its flags say.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "one for each flag without a value")]
pub struct Options {
    /// The problem.
    pub problem: &'static Problem,
    /// The settings of training.
    pub settings: Settings,
    /// Whether the mini-batch is that of `--batch`.
    pub batch_is_given: bool,
    /// The default mini-batch, if there are fewer training samples.
    pub replaced_batch: Option<usize>,
    /// The seed of the generator.
    pub seed: u64,
    /// The folder to read data files from instead of those inside the program, or the file with the training data.
    pub data: Option<PathBuf>,
    /// A second file to score.
    pub validation: Option<PathBuf>,
    /// The positions of the two inputs that are drawn, for problems with more.
    pub axes: [usize; 2],
    /// The folder to write to; each program has its own folder inside.
    pub out: PathBuf,
    /// The file to write the trained parameters to.
    pub save: Option<PathBuf>,
    /// The file with the parameters to start from.
    pub load: Option<PathBuf>,
    /// The file whose rows the loaded parameters classify, instead of a run.
    pub predict: Option<PathBuf>,
    /// Whether the inputs are standardised.
    pub standardize: bool,
    /// Whether the network of the epoch with the lowest validation loss is kept, not that of the last.
    pub keep_best: bool,
    /// Width and height of the decision regions as a PPM image, in pixels; `None` for no image.
    pub ppm: Option<[usize; 2]>,
    /// Whether to draw in characters too.
    pub ascii: bool,
    /// The width of the terminal, if standard output is one.
    pub columns: Option<usize>,
    /// Whether to leave out the losses and the progress during training.
    pub quiet: bool,
}

impl Options {
    /// The options of a program without flags, quiet and not on a terminal.
    pub fn new(problem: &'static Problem) -> Self {
        Options {
            problem,
            settings: problem.tuned,
            batch_is_given: false,
            replaced_batch: None,
            seed: 0,
            data: None,
            validation: None,
            axes: [2, 3],
            out: PathBuf::from("out"),
            save: None,
            load: None,
            predict: None,
            standardize: false,
            keep_best: false,
            ppm: None,
            ascii: false,
            columns: None,
            quiet: true,
        }
    }

    /// A figure's title, with the number of the problem and the file that takes the place of its data.
    pub fn titled(&self, what: &str) -> String {
        let problem = self.problem.title.split(':').next().unwrap_or_default();
        let file = self.file().map_or_else(String::new, |file| format!(" on {file}"));
        format!("{problem}{file}: {what}")
    }

    /// The initialisation, the seed and whether the inputs are standardised, as output and figures show them.
    pub fn start(&self) -> String {
        let Settings { init, .. } = self.settings;
        let start = match self.load {
            Some(_) => "from saved parameters".to_owned(),
            None => format!("init {} (biases {}), seed {}", init.weights, readable(init.bias), self.seed),
        };
        if self.standardize { start + ", inputs standardised" } else { start }
    }

    /// All settings of the run on one line.
    pub fn settings_line(&self) -> String {
        let Options { settings, .. } = self;
        format!("{}, λ = {}, {}", settings.steps(), readable(settings.lambda), self.start())
    }

    /// The options for training data of this many samples: the default mini-batch is at most all of them.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] if `--batch` asks for more samples than there are.
    pub fn for_samples(&self, samples: usize) -> Result<Self, Error> {
        let mut options = self.clone();
        if let Some(batch) = self.settings.batch.filter(|&batch| batch > samples) {
            if self.batch_is_given {
                return Err(Error::Usage(format!(
                    "--batch {batch}: expected at most {samples}, the samples of the training data"
                )));
            }
            options.replaced_batch = Some(batch);
            options.settings.batch = Some(samples);
        }
        Ok(options)
    }
}

/// The flag of problem 1c that shows one step instead of training.
const ONE_STEP: &str = "--one-step";

/// The `main` of the six programs.
pub fn main<R>(program: &Program<R>) -> ExitCode {
    arguments::main(interface(program), |given, out| {
        let options = options(program, given)?;
        let width = program.widths.iter().find(|width| width.hidden == options.settings.hidden);
        let width = width.ok_or_else(|| {
            Error::Usage(format!(
                "--hidden {}: widths are types and this program is compiled for {}",
                options.settings.hidden,
                widths(program)
            ))
        })?;
        if options.predict.is_some() {
            return (width.predict)(&options, out);
        }
        let mut console = Console::new(&options, out);
        if given.has(ONE_STEP) {
            let result = show_one_step(&mut console);
            return result.and(console.close("one_step.svg"));
        }
        let result = (width.run)(&options, &mut console);
        // A run that failed may have written files too.
        let closed = console.close(program.figure);
        result.and(closed)
    })
}

fn interface<R>(program: &Program<R>) -> Interface {
    let Problem { name, title, .. } = program.problem;
    Interface {
        name,
        about: format!(
            "{title}\n\nExamples:\n  {name}                        train, report, draw into out/{name}/\n  \
             {name} --seed 7 --epochs 500  another run\n  {name} --starter              the course's settings\n  \
             {name} --data FILE            your own data"
        ),
        flags: flags(program),
        note: "In brackets the defaults; those of training are the best settings of tune's sweeps (out/tuning/).\n\
               First weights: he are normal with variance 2/inputs, glorot with 2/(inputs + outputs), mirrored\n\
               orthogonal directions, each with its opposite.",
    }
}

/// The flags that a program takes, in the order of its help.
fn flags<R>(program: &Program<R>) -> Vec<Flag> {
    let Settings { epochs, step_size, lambda, batch, init, hidden } = program.problem.tuned;
    let mut flags = vec![
        flag("--seed", "N", "seed of the generator [0]"),
        flag("--epochs", "N", format!("passes over the data [{epochs}]")),
        flag("--step-size", "X", format!("step size alpha [{step_size}]")),
        flag("--reg", "X", format!("regularisation lambda [{lambda}]")),
        flag(
            "--init",
            "NAME|X",
            format!("first weights: he, glorot, mirrored, or their deviation [{}]", init.weights),
        ),
        flag("--bias", "X", format!("first biases [{}]", init.bias)),
    ];
    if program.widths.len() > 1 {
        flags.push(flag("--hidden", "N", format!("units of a hidden layer: {} [{hidden}]", widths(program))));
    }
    if let Some(batch) = batch {
        flags.push(flag("--batch", "N", format!("samples in a mini-batch [{batch}]")));
    } else {
        // The problems of the full batch are those with two inputs, whose regions can be drawn.
        flags.push(flag("--ppm", "WxH", "draw regions.ppm too, WIDTHxHEIGHT pixels [none]"));
    }
    if *program.problem == PROB1C {
        flags.push(flag(ONE_STEP, "", "one step of back-propagation with its numbers, and no training"));
    }
    flags.push(flag("--data", "PATH", "other training data, or a folder with files of these names [inside]"));
    if program.takes_validation {
        flags.push(flag("--validation", "FILE", "a second data file, only scored [none]"));
        flags.push(flag("--keep", "EPOCH", "the epoch to keep: last, or best on the validation data [last]"));
    }
    if batch.is_some() {
        flags.push(flag("--axes", "N,N", "the two inputs that petals.svg shows [3,4]"));
    }
    flags.push(flag("--standardize", "", "scale inputs to mean 0 and deviation 1 over the training data"));
    flags.extend([
        flag("--out", "DIR", "folder for the results [out]"),
        flag("--ascii", "", "draw in characters too [only on a terminal]"),
        flag("--save", "FILE", "write the trained parameters to a file [none]"),
        flag("--load", "FILE", "go on from saved parameters; --epochs 0 only evaluates them [none]"),
        flag("--predict", "FILE", "only print the classes of its rows by --load's parameters, as CSV [none]"),
        flag("--starter", "", "the settings of the course's starter script"),
        flag("--quiet", "", "no losses and no progress during training"),
    ]);
    flags
}

/// The flags that may stand beside `--predict`, which neither trains nor draws.
const FOR_PREDICTION: [&str; 6] = ["--predict", "--load", "--hidden", "--out", "--ascii", "--quiet"];

/// Replaces `place` by a value, if there is one.
fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

/// A program's options as the flags set them.
fn options<R>(program: &Program<R>, given: &Arguments) -> Result<Options, Error> {
    let mut options = Options::new(program.problem);
    if given.has("--starter") {
        options.settings = program.problem.starter;
    }
    let settings = &mut options.settings;
    let least = u64::from(!given.has("--load"));
    let epochs = |text: &str| text.parse().ok().filter(|&epochs| epochs >= least);
    // As u32: its range is the same on every machine.
    let batch = |text: &str| text.parse::<NonZeroU32>().ok()?.get().try_into().ok();
    let positive = |text: &str| finite(text).filter(|&number| number > 0.0);
    let not_negative = |text: &str| finite(text).filter(|&number| number >= 0.0);
    let integer = format!("an integer from {least} to 18446744073709551615");
    set(&mut settings.epochs, given.parsed("--epochs", &integer, epochs)?);
    set(&mut settings.step_size, given.parsed("--step-size", "a number above 0", positive)?);
    set(&mut settings.lambda, given.parsed("--reg", "a number from 0", not_negative)?);
    let weights = given.parsed("--init", "he, glorot, mirrored or a number from 0", WeightInit::parse)?;
    set(&mut settings.init.weights, weights);
    set(&mut settings.init.bias, given.parsed("--bias", "a number", finite)?);
    set(&mut settings.hidden, given.parsed("--hidden", &widths(program), |text| text.parse().ok())?);
    set(&mut settings.batch, given.parsed("--batch", "an integer from 1 to 4294967295", batch)?.map(Some));
    let seed = "an integer from 0 to 18446744073709551615";
    set(&mut options.seed, given.parsed("--seed", seed, |text| text.parse().ok())?);
    let size = "WIDTHxHEIGHT from 1x1 to 10000x10000";
    options.ppm = given.parsed("--ppm", size, parse_size)?;
    set(&mut options.axes, given.parsed("--axes", "two different numbers from 1 to 4, as 3,4", parse_axes)?);
    // Refuses these flags beside another one that takes away their effect.
    let refuse = |names: &[&str], beside: &str, why: &str| match names.iter().find(|name| given.has(name)) {
        Some(name) if given.has(beside) => {
            Err(Error::Usage(format!("{name} has no effect with {beside}, {why}")))
        }
        _ => Ok(()),
    };
    refuse(&["--init", "--bias", "--seed", "--standardize"], "--load", "which says where training starts")?;
    let keeps = |name: &str| ["last", "best"].iter().position(|known| *known == name);
    options.keep_best = given.parsed("--keep", "best or last", keeps)? == Some(1);
    // Problem 2, the one with mini-batches, has validation data of its own.
    if options.keep_best && options.settings.batch.is_none() && !given.has("--validation") {
        return Err(Error::Usage("--keep best needs --validation FILE, on which it is best".to_owned()));
    }
    let all_but = |kept: &[&str]| -> Vec<&str> {
        flags(program).iter().map(|flag| flag.name).filter(|name| !kept.contains(name)).collect()
    };
    refuse(&all_but(&[ONE_STEP, "--out"]), ONE_STEP, "whose numbers are fixed")?;
    if given.has("--predict") && !given.has("--load") {
        return Err(Error::Usage(
            "--predict needs --load FILE, the saved parameters that predict".to_owned(),
        ));
    }
    let mut kept = FOR_PREDICTION.to_vec();
    // Training for no epochs is none.
    kept.extend((options.settings.epochs == 0).then_some("--epochs"));
    refuse(&all_but(&kept), "--predict", "which trains nothing")?;
    let path = |name| given.value(name).map(PathBuf::from);
    set(&mut options.out, path("--out"));
    let columns = terminal::columns(io::stdout());
    Ok(Options {
        batch_is_given: given.has("--batch"),
        data: path("--data"),
        validation: path("--validation"),
        save: path("--save"),
        load: path("--load"),
        predict: path("--predict"),
        standardize: given.has("--standardize"),
        ascii: given.has("--ascii") || columns.is_some(),
        columns,
        quiet: given.has("--quiet"),
        ..options
    })
}

fn parse_size(text: &str) -> Option<[usize; 2]> {
    let (width, height) = text.split_once('x')?;
    let length = |text: &str| text.parse().ok().filter(|pixels| (1..=10_000).contains(pixels));
    Some([length(width)?, length(height)?])
}

/// Two of four inputs, counted from 1, as their positions.
fn parse_axes(text: &str) -> Option<[usize; 2]> {
    let (x, y) = text.split_once(',')?;
    let position = |text: &str| (1..=4).position(|number: usize| number.to_string() == text.trim());
    Some([position(x)?, position(y)?]).filter(|[x, y]| x != y)
}

/// The widths a program is compiled for, as a list for people.
fn widths<R>(program: &Program<R>) -> String {
    let widths: Vec<String> = program.widths.iter().map(|width| width.hidden.to_string()).collect();
    match widths.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;
    use crate::math::mlp1::Mlp1;
    use crate::programs::settings::PROB2A;

    fn nothing(_: &Options, _: &mut Console) -> Result<(), Error> {
        Err(Error::WrongGradient)
    }

    /// A program with all flags that there are.
    fn program() -> Program<()> {
        Program {
            problem: &PROB2A,
            takes_validation: true,
            figure: "loss.svg",
            widths: vec![
                Width::of::<Mlp1<4, 8, 3>, 4, 3>(8, nothing),
                Width::of::<Mlp1<4, 100, 3>, 4, 3>(100, nothing),
            ],
        }
    }

    fn read(arguments: &[&str]) -> Result<Options, String> {
        let mut flags = flags(&program());
        flags.push(flag("--help", "", "print this"));
        let given = Arguments::read(&flags, arguments.iter().map(OsString::from));
        given.and_then(|given| options(&program(), &given)).map_err(|error| error.to_string())
    }

    #[test]
    fn every_flag_sets_what_it_names() {
        let plain =
            Options { quiet: false, columns: terminal::columns(io::stdout()), ..Options::new(&PROB2A) };
        let plain = Options { ascii: plain.columns.is_some(), ..plain };
        assert_eq!(read(&[]), Ok(plain.clone()));
        assert_eq!(read(&["--starter"]), Ok(Options { settings: PROB2A.starter, ..plain.clone() }));
        let given = read(&[
            "--seed=18446744073709551615",
            "--epochs=7",
            "--step-size=0.5",
            "--reg=0",
            "--init=he",
            "--bias=-0.25",
            "--hidden=8",
            "--batch=3",
            "--data=d",
            "--validation=v",
            "--axes=1,3",
            "--out=o",
            "--ascii",
            "--save=s",
            "--quiet",
        ]);
        let given = given.unwrap();
        let Settings { epochs, step_size, lambda, init, hidden, batch } = given.settings;
        assert_eq!((epochs, step_size, lambda), (7, 0.5, 0.0));
        assert_eq!((init.weights, init.bias, hidden, batch), (WeightInit::He, -0.25, 8, Some(3)));
        assert_eq!((given.seed, given.load), (u64::MAX, None));
        assert!(given.batch_is_given && given.ascii && given.quiet);
        assert_eq!(given.axes, [0, 2]);
        let path = |name: &str| Some(PathBuf::from(name));
        assert_eq!((given.data, given.validation, given.save), (path("d"), path("v"), path("s")));
        assert_eq!(Some(given.out), path("o"));
        let largest = read(&["--epochs=18446744073709551615", "--batch=4294967295"]).unwrap().settings;
        assert_eq!((largest.epochs, largest.batch), (u64::MAX, Some(4_294_967_295)));
        let loaded = read(&["--load", "p", "--epochs", "0"]).unwrap();
        assert_eq!((loaded.load, loaded.settings.epochs), (path("p"), 0));
    }

    #[test]
    fn a_value_that_is_none_of_those_expected_is_refused() {
        let refused = |values: &[&str], flag: &str, expected: &str| {
            for value in values {
                let message = format!("{flag} {value}: expected {expected}");
                assert_eq!(read(&[flag, value]).unwrap_err(), message);
            }
        };
        let seed = "an integer from 0 to 18446744073709551615";
        refused(&["-1", "18446744073709551616", "1.0"], "--seed", seed);
        let epochs = "an integer from 1 to 18446744073709551615";
        refused(&["0", "many", "-3", "18446744073709551616"], "--epochs", epochs);
        refused(&["nan", "inf", "1e999", "-1", "0", "1,5"], "--step-size", "a number above 0");
        refused(&["-0.1", "nan"], "--reg", "a number from 0");
        refused(&["inf"], "--bias", "a number");
        let axes = "two different numbers from 1 to 4, as 3,4";
        refused(&["3", "3,3", "0,1", "4,5", "1,2,3", "a,b", "+1,2", "1;2"], "--axes", axes);
        refused(&["wide", "-1"], "--init", "he, glorot, mirrored or a number from 0");
        refused(&["-6", "six"], "--hidden", "8 or 100");
        refused(&["0", "-1", "2.0", "4294967296"], "--batch", "an integer from 1 to 4294967295");
        assert_eq!(parse_size("10000x1"), Some([10_000, 1]));
        for size in ["800", "0x5", "5x10001", "-5x5", "5x5x5"] {
            assert_eq!(parse_size(size), None, "{size}");
        }
        let message = "--epochs -1: expected an integer from 0 to 18446744073709551615";
        assert_eq!(read(&["--load", "x", "--epochs", "-1"]).unwrap_err(), message);
        for (flag, value) in [("--init", "he"), ("--bias", "1"), ("--seed", "1")] {
            let message = format!("{flag} has no effect with --load, which says where training starts");
            assert_eq!(read(&[flag, value, "--load", "x"]).unwrap_err(), message);
        }
    }

    #[test]
    fn the_words_of_other_programs_lead_to_the_flag() {
        for (flag, words) in [
            (
                "--step-size",
                "--stepsize --lr --learning-rate --learning_rate --alpha --eta --step_size -lr --LR",
            ),
            ("--reg", "--lambda --weight-decay --weight_decay --l2 --wd --regularization"),
            ("--epochs", "--epoch --iterations --iters --num_epochs --n-epochs --max-iter -epochs --Epochs"),
            ("--batch", "--batch-size --batch_size --batchsize --mini-batch"),
            ("--hidden", "--hidden-units --hidden_size --width --neurons"),
            ("--out", "--output --output-dir --out-dir -o"),
            ("--seed", "--random-seed --random_state"),
            ("--save", "--checkpoint --save-model"),
            ("--load", "--resume --load_model"),
            ("--quiet", "--silent -q"),
            ("--data", "--dataset --data-dir"),
            ("--validation", "--test --val"),
            ("--help", "help -help -? /? --usage"),
        ] {
            for word in words.split(' ') {
                let message = format!("unknown flag {word}; did you mean {flag}?");
                assert_eq!(read(&[word, "0.1"]).unwrap_err(), message);
            }
        }
        for word in ["nonsense", "-x", "--", "", "--=3"] {
            let name = word.split('=').next().unwrap_or_default();
            assert_eq!(read(&[word]).unwrap_err(), format!("unknown flag {name}"));
        }
    }

    #[test]
    fn the_default_batch_is_at_most_all_samples_and_a_given_one_must_be() {
        for (arguments, default) in [(&[][..], 22), (&["--starter"], 10)] {
            let options = read(arguments).unwrap();
            for samples in [1, 2, default - 1, default, default + 1] {
                let fitted = options.for_samples(samples).unwrap();
                assert_eq!(fitted.settings.batch, Some(samples.min(default)));
                assert_eq!(fitted.replaced_batch, (samples < default).then_some(default));
            }
        }
        let given = read(&["--batch", "5"]).unwrap();
        assert_eq!(given.for_samples(5).unwrap(), given);
        let message = "--batch 5: expected at most 4, the samples of the training data";
        assert_eq!(given.for_samples(4).unwrap_err().to_string(), message);
    }
}
