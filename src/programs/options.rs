//! The flags of the six programs, and the options that they set.

use std::fmt::Write as _;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use crate::math::init::{Init, WeightInit};
use crate::programs::arguments::{Arguments, Flag, flag};
use crate::programs::settings::{PROB1C, Problem, Settings};
use crate::training::dataset::XOR;
use crate::training::error::{Error, escaped};
use crate::training::names::listed;
use crate::training::numbers::{finite, readable};

/// The options of a run, as the flags set them; data never change them. The help of its flag says what each is.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the table of flags has it")]
#[expect(clippy::struct_excessive_bools, reason = "one for each flag without a value")]
pub struct Options {
    pub problem: &'static Problem,
    pub settings: Settings,
    pub seed: u64,
    pub data: Option<PathBuf>,
    pub validation: Option<PathBuf>,
    /// The positions of the two inputs that are drawn.
    pub axes: [usize; 2],
    pub out: PathBuf,
    pub save: Option<PathBuf>,
    pub load: Option<PathBuf>,
    pub predict: Option<PathBuf>,
    pub one_step: bool,
    pub standardize: bool,
    pub keep_best: bool,
    pub comparisons: bool,
    pub ppm: Option<[usize; 2]>,
    pub ascii: bool,
    pub quiet: bool,
}

/// The flags of a problem's program compiled for these widths, in the order of the help, with its defaults.
pub fn flags(problem: &Problem, compiled: &[usize]) -> Vec<Flag> {
    let Settings { epochs, step_size, lambda, batch, init: Init { weights, bias }, hidden } = problem.tuned;
    let weights = format!("first weights: he, glorot, mirrored, or their deviation [{weights}]");
    let compiled = listed(compiled.iter().map(usize::to_string));
    let units = format!("units of a hidden layer: {compiled} [{hidden}]");
    let all = true;
    let (is_deep, has_batches) = (hidden > 0, batch.is_some());
    let [is_xor, has_steps] = [problem.training.name == XOR.name, problem.name == PROB1C.name];
    let rows: [(bool, _, _, &str); 23] = [
        (all, "--seed", "N", "seed of the generator [0]"),
        (all, "--epochs", "N", &format!("passes over the data [{epochs}]")),
        (all, "--step-size", "X", &format!("step size alpha [{step_size}]")),
        (all, "--reg", "X", &format!("regularisation lambda [{lambda}]")),
        (all, "--init", "NAME|X", &weights),
        (all, "--bias", "X", &format!("first biases [{bias}]")),
        (is_deep, "--hidden", "N", &units),
        (has_batches, "--batch", "N", &format!("samples in a mini-batch [{}]", batch.unwrap_or_default())),
        (!has_batches, "--ppm", "WxH", "draw regions.ppm too, WIDTHxHEIGHT pixels [none]"),
        (has_steps, "--one-step", "", "one step of back-propagation with its numbers, and no training"),
        (all, "--data", "PATH", "other training data, or a folder with files of these names [inside]"),
        (!is_xor, "--validation", "FILE", "a second data file, only scored [none, or rows of the first]"),
        (!is_xor, "--keep", "EPOCH", "the epoch to keep: last, or best on the validation data [last]"),
        (has_batches, "--axes", "N,N", "the two inputs that petals.svg shows [3,4]"),
        (all, "--standardize", "", "scale inputs to mean 0, deviation 1 (divisor N) over the training data"),
        (is_deep, "--no-comparisons", "", "train no further networks for figures that compare"),
        (all, "--out", "DIR", "folder for the results [out]"),
        (all, "--ascii", "", "draw in characters too [only on a terminal]"),
        (all, "--save", "FILE", "write the trained parameters to a file [none]"),
        (all, "--load", "FILE", "go on from saved parameters; --epochs 0 only evaluates them [none]"),
        (all, "--predict", "FILE", "only print its rows' classes by --load's parameters, as CSV [none]"),
        (all, "--starter", "", "the settings of the course's starter script"),
        (all, "--quiet", "", "no losses and no progress during training"),
    ];
    let own = rows.into_iter().filter(|(is_own, ..)| *is_own);
    own.map(|(_, name, value, help)| flag(name, value, help)).collect()
}

/// Two numbers from 1 to `most` with a separator between them.
fn pair(text: &str, separator: char, most: usize) -> Option<[usize; 2]> {
    let (a, b) = text.split_once(separator)?;
    let number = |text: &str| text.trim().parse().ok().filter(|number| (1..=most).contains(number));
    Some([number(a)?, number(b)?])
}

/// A file name as a shell takes it.
fn quoted(name: &str) -> String {
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    if is_plain { name.to_owned() } else { format!("'{}'", name.replace('\'', "'\\''")) }
}

impl Options {
    /// The options that these flags set, for hidden layers of one of the `compiled` widths. [`Error::Usage`] is for an unexpected
    /// value, and for a flag that has no effect beside another or needs one that is missing.
    pub fn read(problem: &'static Problem, compiled: &[usize], given: &Arguments) -> Result<Self, Error> {
        let Settings { epochs, step_size, lambda, batch, init, hidden } =
            if given.has("--starter") { problem.starter } else { problem.tuned };
        let path = |name| given.value(name).map(PathBuf::from);
        let fewest = u64::from(!given.has("--load"));
        let [seeds, passes] = [0, fewest].map(|least| format!("an integer from {least} to {}", u64::MAX));
        let enough = |text: &str| text.parse().ok().filter(|&epochs| epochs >= fewest);
        let widths = format!("{} (a width is a type)", listed(compiled.iter().map(usize::to_string)));
        let is_compiled = |text: &str| text.parse().ok().filter(|width| compiled.contains(width));
        let weights = "he, glorot, mirrored or a number from 0";
        // As u32: its range is the same on every machine.
        let size = |text: &str| text.parse::<NonZeroU32>().ok()?.get().try_into().ok();
        let axes = |text: &str| Some(pair(text, ',', 4)?.map(|number| number - 1)).filter(|[x, y]| x != y);
        let two = "two different numbers from 1 to 4, as 3,4";
        let is_best = |text: &str| ["last", "best"].contains(&text).then_some(text == "best");
        let options = Options {
            problem,
            settings: Settings {
                epochs: given.parsed("--epochs", &passes, enough)?.unwrap_or(epochs),
                step_size: given
                    .parsed("--step-size", "a number above 0", |text| text.parse().ok())?
                    .unwrap_or(step_size),
                lambda: given.parsed("--reg", "a number from 0", |text| text.parse().ok())?.unwrap_or(lambda),
                batch: given.parsed("--batch", "an integer from 1 to 4294967295", size)?.or(batch),
                init: Init {
                    weights: given.parsed("--init", weights, WeightInit::parse)?.unwrap_or(init.weights),
                    bias: given.parsed("--bias", "a number", finite)?.unwrap_or(init.bias),
                },
                hidden: given.parsed("--hidden", &widths, is_compiled)?.unwrap_or(hidden),
            },
            seed: given.parsed("--seed", &seeds, |text| text.parse().ok())?.unwrap_or(0),
            data: path("--data"),
            validation: path("--validation"),
            axes: given.parsed("--axes", two, axes)?.unwrap_or([2, 3]),
            out: path("--out").unwrap_or_else(|| PathBuf::from("out")),
            save: path("--save"),
            load: path("--load"),
            predict: path("--predict"),
            one_step: given.has("--one-step"),
            standardize: given.has("--standardize"),
            keep_best: given.parsed("--keep", "best or last", is_best)?.unwrap_or(false),
            comparisons: !given.has("--no-comparisons"),
            ppm: given
                .parsed("--ppm", "WIDTHxHEIGHT from 1x1 to 10000x10000", |text| pair(text, 'x', 10_000))?,
            ascii: given.has("--ascii"),
            quiet: given.has("--quiet"),
        };
        options.settings.hyperparameters().check(0)?;
        let wrong = |message: String| Err(Error::Usage(message));
        if options.keep_best && problem.validation.is_none() && options.validation.is_none() {
            return wrong("--keep best needs --validation FILE, on which it is best".to_owned());
        }
        if options.predict.is_some() && options.load.is_none() {
            return wrong("--predict needs --load FILE, the saved parameters that predict".to_owned());
        }
        // Training for no epochs is none.
        let epochs = if options.settings.epochs == 0 { "--epochs" } else { "" };
        let rules: [(&str, bool, &[&str]); 3] = [
            ("--load", true, &["--init", "--bias", "--seed", "--standardize"]),
            ("--one-step", false, &["--one-step", "--out"]),
            ("--predict", false, &["--predict", "--load", "--hidden", "--out", "--ascii", "--quiet", epochs]),
        ];
        for (beside, are_idle, names) in rules.into_iter().filter(|(beside, ..)| given.has(beside)) {
            if let Some(name) = given.names().find(|name| names.contains(name) == are_idle) {
                return wrong(format!("{name} has no effect with {beside}"));
            }
        }
        Ok(options)
    }

    /// The flags of training with these settings up to an epoch, as saved parameters record them.
    pub fn training_flags(&self, settings: &Settings, epochs: u64) -> String {
        let Settings { step_size, lambda, hidden, batch, .. } = *settings;
        let [alpha, lambda] = [step_size, lambda].map(readable);
        let hidden = if hidden > 0 { format!(" --hidden {hidden}") } else { String::new() };
        let batch = batch.map_or(String::new(), |batch| format!(" --batch {batch}"));
        let keep = if self.keep_best { " --keep best" } else { "" };
        format!("--epochs {epochs} --step-size {alpha} --reg {lambda}{hidden}{batch}{keep}")
    }

    /// Of a run that recorded these flags of training, and more after a semicolon, the command that goes on after this many
    /// epochs; `None` if it is at its end.
    pub fn rest(&self, recorded: &str, epochs: u64) -> Option<String> {
        let (flags, _) = recorded.split_once("; ")?;
        let (last, flags) = flags.strip_prefix("--epochs ")?.split_once(' ')?;
        let left = last.parse::<u64>().ok()?.checked_sub(epochs).filter(|left| *left > 0)?;
        let mut command = self.problem.name.to_owned();
        let Options { load, save, data, validation, .. } = self;
        let save = if save.is_some() { save } else { load };
        for (flag, file) in [("load", load), ("save", save), ("data", data), ("validation", validation)] {
            if let Some(file) = file {
                let _ = write!(command, " --{flag} {}", quoted(&file.to_string_lossy()));
            }
        }
        // Whatever else stands in the file is none of these flags.
        let is_plain = flags.chars().all(|c| c.is_ascii_alphanumeric() || " .-".contains(c));
        is_plain.then(|| format!("{command} --epochs {left} {flags}"))
    }

    /// The file of `--data`, if it is one and no folder.
    pub fn data_file(&self) -> Option<&Path> {
        self.data.as_deref().filter(|data| !data.is_dir())
    }

    /// A title with the number of the problem and the file that takes the place of its data.
    pub fn titled(&self, what: &str) -> String {
        let file = self.data_file().and_then(Path::file_name);
        let file = file.map_or(String::new(), |file| format!(" on {}", escaped(&file.to_string_lossy())));
        format!("Problem {}{file}: {what}", self.problem.short())
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;
    use crate::programs::settings::PROB2A;

    fn read(arguments: &[&str]) -> Result<Options, String> {
        let given = Arguments::read(&flags(&PROB2A, &[8, 16, 100]), arguments.iter().map(OsString::from));
        given
            .and_then(|given| Options::read(&PROB2A, &[8, 16, 100], &given))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn every_flag_sets_what_it_names() {
        let plain = read(&[]).unwrap();
        assert_eq!((plain.problem, plain.settings, plain.axes), (&PROB2A, PROB2A.tuned, [2, 3]));
        assert_eq!(read(&["--starter"]), Ok(Options { settings: PROB2A.starter, ..plain }));
        let flags = "--seed=18446744073709551615 --epochs=7 --step-size=0.5 --reg=0 --init=he --bias=-0.25 --hidden=8 \
                     --batch=3 --data=d --validation=v --axes=1,3 --out=o --ascii --save=s --quiet";
        let given = read(&flags.split(' ').collect::<Vec<_>>()).unwrap();
        let Settings { epochs, step_size, lambda, init, hidden, batch } = given.settings;
        assert_eq!((epochs, step_size, lambda), (7, 0.5, 0.0));
        assert_eq!((init.weights, init.bias, hidden, batch), (WeightInit::He, -0.25, 8, Some(3)));
        assert_eq!((given.seed, given.load), (u64::MAX, None));
        assert!(given.ascii && given.quiet);
        assert_eq!(given.axes, [0, 2]);
        let path = |name: &str| Some(PathBuf::from(name));
        assert_eq!((given.data, given.validation, given.save), (path("d"), path("v"), path("s")));
        assert_eq!(Some(given.out), path("o"));
        let largest = read(&["--epochs=18446744073709551615", "--batch=4294967295"]).unwrap();
        assert_eq!((largest.settings.epochs, largest.settings.batch), (u64::MAX, Some(4_294_967_295)));
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
        refused(&["1,5", "x"], "--step-size", "a number above 0");
        refused(&["0,1"], "--reg", "a number from 0");
        for (flag, value, expected) in [
            ("--step-size", "nan", "step size NaN: expected a finite number above 0"),
            ("--step-size", "0", "step size 0: expected a finite number above 0"),
            ("--reg", "-0.1", "regularisation -0.1: expected a finite number from 0"),
        ] {
            assert_eq!(read(&[flag, value]).unwrap_err(), expected);
        }
        refused(&["inf"], "--bias", "a number");
        let axes = "two different numbers from 1 to 4, as 3,4";
        refused(&["3", "3,3", "0,1", "4,5", "1,2,3", "a,b", "1;2"], "--axes", axes);
        for init in ["he", "glorot", "mirrored", "0.25", "0"] {
            assert_eq!(read(&["--init", init]).unwrap().settings.init.weights.to_string(), init);
        }
        refused(&["HE", "wide", "-1", "inf", "nan"], "--init", "he, glorot, mirrored or a number from 0");
        refused(&["-6", "six", "7"], "--hidden", "8, 16, 100 (a width is a type)");
        refused(&["0", "-1", "2.0", "4294967296"], "--batch", "an integer from 1 to 4294967295");
        assert_eq!(pair("10000x1", 'x', 10_000), Some([10_000, 1]));
        for size in ["800", "0x5", "5x10001", "-5x5", "5x5x5"] {
            assert_eq!(pair(size, 'x', 10_000), None, "{size}");
        }
        let message = "--epochs -1: expected an integer from 0 to 18446744073709551615";
        assert_eq!(read(&["--load", "x", "--epochs", "-1"]).unwrap_err(), message);
        for (flag, value) in [("--init", "he"), ("--bias", "1"), ("--seed", "1")] {
            let message = format!("{flag} has no effect with --load");
            assert_eq!(read(&[flag, value, "--load", "x"]).unwrap_err(), message);
        }
    }
}
