//! The flags of the six programs, a row each, and the options that they set.

use std::ffi::OsStr;
use std::io;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use crate::math::init::WeightInit;
use crate::programs::arguments::{Arguments, Flag, flag};
use crate::programs::settings::{Problem, Settings};
use crate::programs::terminal;
use crate::training::error::Error;
use crate::training::numbers::finite;

/// The options of a run, as the flags set them; data never change them. What each is, the help of its flag says.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the table of flags has it")]
#[expect(clippy::struct_excessive_bools, reason = "one for each flag without a value")]
pub struct Options {
    pub problem: &'static Problem,
    /// The settings of training, with the default mini-batch.
    pub settings: Settings,
    /// The mini-batch of `--batch`.
    pub batch: Option<usize>,
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
    pub ppm: Option<[usize; 2]>,
    pub ascii: bool,
    /// The width of the terminal, if standard output is one.
    pub columns: Option<usize>,
    pub quiet: bool,
}

/// Sets an option to the value of its flag, or fails with the values that are expected.
type Set = fn(&mut Options, &OsStr) -> Result<(), String>;

impl Flag {
    /// The flag with its effect.
    fn sets(self, set: Set) -> (Flag, Set) {
        (self, set)
    }
}

/// Sets `place` to the value that `understand` finds in a text.
fn put<T>(
    place: &mut T,
    text: &OsStr,
    expected: &str,
    understand: impl FnOnce(&str) -> Option<T>,
) -> Result<(), String> {
    *place = text.to_str().and_then(understand).ok_or(expected)?;
    Ok(())
}

/// Sets `place` to the value of a flag that needs no reading.
#[expect(clippy::unnecessary_wraps, reason = "a flag's effect may fail")]
fn set<T>(place: &mut T, value: T) -> Result<(), String> {
    *place = value;
    Ok(())
}

/// The programs with hidden layers, with mini-batches, with two inputs, and with a choice of validation data.
const HIDDEN: &str = "prob1c, prob1d, prob2a and prob2b";
const BATCHES: &str = "prob2a and prob2b";
const PLANAR: &str = "prob1a, prob1b, prob1c and prob1d";
const VALIDATED: &str = "prob1b, prob1d, prob2a and prob2b";

/// The flags of the six programs in the order of the help, which shows the defaults of this problem.
#[expect(clippy::too_many_lines, reason = "a row for each flag")]
fn rows(problem: &Problem) -> Vec<(Flag, Set)> {
    let Settings { epochs, step_size, lambda, batch, init, hidden } = problem.tuned;
    let weights = format!("first weights: he, glorot, mirrored, or their deviation [{}]", init.weights);
    let units = format!("units of a hidden layer: {} [{hidden}]", problem.listed_widths());
    let batch = format!("samples in a mini-batch [{}]", batch.unwrap_or_default());
    vec![
        flag("--seed", "N", "seed of the generator [0]").known_as("random-seed random-state rng").sets(
            |o, text| {
                put(&mut o.seed, text, "an integer from 0 to 18446744073709551615", |text| text.parse().ok())
            },
        ),
        flag("--epochs", "N", format!("passes over the data [{epochs}]"))
            .known_as("iterations iters steps num-epochs n-epochs max-epochs max-iter")
            .sets(|o, text| {
                let least = u64::from(o.load.is_none());
                let expected = format!("an integer from {least} to {}", u64::MAX);
                let epochs = |text: &str| text.parse().ok().filter(|&epochs| epochs >= least);
                put(&mut o.settings.epochs, text, &expected, epochs)
            }),
        flag("--step-size", "X", format!("step size alpha [{step_size}]"))
            .known_as("lr learning-rate learningrate alpha eta rate step")
            .sets(|o, text| {
                let positive = |text: &str| finite(text).filter(|&number| number > 0.0);
                put(&mut o.settings.step_size, text, "a number above 0", positive)
            }),
        flag("--reg", "X", format!("regularisation lambda [{lambda}]"))
            .known_as("lambda weight-decay wd decay l2 penalty regularization regularisation")
            .sets(|o, text| {
                let not_negative = |text: &str| finite(text).filter(|&number| number >= 0.0);
                put(&mut o.settings.lambda, text, "a number from 0", not_negative)
            }),
        flag("--init", "NAME|X", weights)
            .known_as("weights initialization initialisation weight-init std sigma")
            .sets(|o, text| {
                let expected = "he, glorot, mirrored or a number from 0";
                put(&mut o.settings.init.weights, text, expected, WeightInit::parse)
            }),
        flag("--bias", "X", format!("first biases [{}]", init.bias))
            .sets(|o, text| put(&mut o.settings.init.bias, text, "a number", finite)),
        flag("--hidden", "N", units)
            .only_of(HIDDEN)
            .known_as("hidden-units hidden-size width units neurons nodes h")
            .sets(|o, text| {
                put(&mut o.settings.hidden, text, &o.problem.listed_widths(), |text| text.parse().ok())
            }),
        flag("--batch", "N", batch)
            .only_of(BATCHES)
            .known_as("batch-size batchsize bs mini-batch minibatch")
            .sets(|o, text| {
                // As u32: its range is the same on every machine.
                let size = |text: &str| text.parse::<NonZeroU32>().ok()?.get().try_into().ok();
                put(&mut o.batch, text, "an integer from 1 to 4294967295", |text| size(text).map(Some))
            }),
        flag("--ppm", "WxH", "draw regions.ppm too, WIDTHxHEIGHT pixels [none]").only_of(PLANAR).sets(
            |o, text| {
                let expected = "WIDTHxHEIGHT from 1x1 to 10000x10000";
                put(&mut o.ppm, text, expected, |text| parse_size(text).map(Some))
            },
        ),
        flag("--one-step", "", "one step of back-propagation with its numbers, and no training")
            .only_of("prob1c")
            .sets(|o, _| set(&mut o.one_step, true)),
        flag("--data", "PATH", "other training data, or a folder with files of these names [inside]")
            .only_of("prob1a, prob1b, prob1c, prob1d, prob2a, prob2b and answers")
            .known_as("dataset data-dir input train training")
            .sets(|o, path| set(&mut o.data, Some(path.into()))),
        flag("--validation", "FILE", "a second data file, only scored [none]")
            .only_of(VALIDATED)
            .known_as("val valid test dev")
            .sets(|o, path| set(&mut o.validation, Some(path.into()))),
        flag("--keep", "EPOCH", "the epoch to keep: last, or best on the validation data [last]")
            .only_of(VALIDATED)
            .known_as("best keep-best save-best early-stopping restore-best")
            .sets(|o, text| {
                let keeps_best = |text: &str| ["last", "best"].contains(&text).then_some(text == "best");
                put(&mut o.keep_best, text, "best or last", keeps_best)
            }),
        flag("--axes", "N,N", "the two inputs that petals.svg shows [3,4]")
            .only_of(BATCHES)
            .sets(|o, text| put(&mut o.axes, text, "two different numbers from 1 to 4, as 3,4", parse_axes)),
        flag("--standardize", "", "scale inputs to mean 0 and deviation 1 over the training data")
            .known_as("standardise normalize normalise scale scaling zscore")
            .sets(|o, _| set(&mut o.standardize, true)),
        flag("--out", "DIR", "folder for the results [out]")
            .known_as("output output-dir out-dir outdir results o")
            .sets(|o, path| set(&mut o.out, path.into())),
        flag("--ascii", "", "draw in characters too [only on a terminal]")
            .sets(|o, _| set(&mut o.ascii, true)),
        flag("--save", "FILE", "write the trained parameters to a file [none]")
            .known_as("checkpoint export save-model")
            .sets(|o, path| set(&mut o.save, Some(path.into()))),
        flag("--load", "FILE", "go on from saved parameters; --epochs 0 only evaluates them [none]")
            .known_as("resume restore load-model pretrained")
            .sets(|o, path| set(&mut o.load, Some(path.into()))),
        flag("--predict", "FILE", "only print the classes of its rows by --load's parameters, as CSV [none]")
            .known_as("prediction infer inference classify")
            .sets(|o, path| set(&mut o.predict, Some(path.into()))),
        flag("--starter", "", "the settings of the course's starter script")
            .sets(|o, _| set(&mut o.settings, o.problem.starter)),
        flag("--quiet", "", "no losses and no progress during training")
            .known_as("silent no-progress q")
            .sets(|o, _| set(&mut o.quiet, true)),
    ]
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

/// The flags of the six programs, of which each has some, with the defaults of this problem.
pub fn flags(problem: &Problem) -> impl Iterator<Item = Flag> {
    rows(problem).into_iter().map(|(flag, _)| flag)
}

impl Options {
    /// The options of a program without flags, quiet and not on a terminal.
    pub fn new(problem: &'static Problem) -> Self {
        Options {
            problem,
            settings: problem.tuned,
            batch: None,
            seed: 0,
            data: None,
            validation: None,
            axes: [2, 3],
            out: PathBuf::from("out"),
            save: None,
            load: None,
            predict: None,
            one_step: false,
            standardize: false,
            keep_best: false,
            ppm: None,
            ascii: false,
            columns: None,
            quiet: true,
        }
    }

    /// The options that these flags set. [`Error::Usage`] is for a value that is none of those expected, and for a flag that has
    /// no effect beside another or lacks one.
    pub fn read(problem: &'static Problem, given: &Arguments) -> Result<Self, Error> {
        let columns = terminal::columns(io::stdout());
        let mut options =
            Options { quiet: false, columns, ascii: columns.is_some(), ..Options::new(problem) };
        // From the last to the first: --starter before the settings that replace its own, --load before --epochs, whose values
        // depend on it.
        for (flag, set) in rows(problem).into_iter().rev() {
            if let Some(value) = given.value(flag.name) {
                set(&mut options, value).map_err(|expected| {
                    let value = value.to_string_lossy();
                    Error::Usage(format!("{} {value}: expected {expected}", flag.name))
                })?;
            }
        }
        options.check_combinations(given).map_err(Error::Usage)?;
        Ok(options)
    }

    /// Refuses flags that take away each other's effect, or lack another one.
    fn check_combinations(&self, given: &Arguments) -> Result<(), String> {
        let refuse = |names: &[&str], beside: &str, why: &str| match names.iter().find(|name| given.has(name))
        {
            Some(name) if given.has(beside) => Err(format!("{name} has no effect with {beside}, {why}")),
            _ => Ok(()),
        };
        let all_but = |kept: &[&str]| -> Vec<&str> {
            flags(self.problem).map(|flag| flag.name).filter(|name| !kept.contains(name)).collect()
        };
        refuse(
            &["--init", "--bias", "--seed", "--standardize"],
            "--load",
            "which says where training starts",
        )?;
        if self.keep_best && self.problem.validation.is_none() && self.validation.is_none() {
            return Err("--keep best needs --validation FILE, on which it is best".to_owned());
        }
        refuse(&all_but(&["--one-step", "--out"]), "--one-step", "whose numbers are fixed")?;
        if self.predict.is_some() && self.load.is_none() {
            return Err("--predict needs --load FILE, the saved parameters that predict".to_owned());
        }
        // Training for no epochs is none.
        let epochs = if self.settings.epochs == 0 { "--epochs" } else { "" };
        let kept = ["--predict", "--load", "--hidden", "--out", "--ascii", "--quiet", epochs];
        refuse(&all_but(&kept), "--predict", "which trains nothing")
    }

    /// The settings of a run with this many training samples: the default mini-batch is at most all of them, and one of
    /// `--batch` must be.
    pub fn settings_for(&self, samples: usize) -> Result<Settings, Error> {
        if let Some(batch) = self.batch.filter(|&batch| batch > samples) {
            return Err(Error::Usage(format!(
                "--batch {batch}: expected at most {samples}, the samples of the training data"
            )));
        }
        let default = self.settings.batch.map(|batch| batch.min(samples));
        Ok(Settings { batch: self.batch.or(default), ..self.settings })
    }

    /// The file of `--data`, if it is one and no folder.
    pub fn data_file(&self) -> Option<&Path> {
        self.data.as_deref().filter(|data| !data.is_dir())
    }

    /// A figure's title, with the number of the problem and the file that takes the place of its data.
    pub fn titled(&self, what: &str) -> String {
        let problem = self.problem.title.split(':').next().unwrap_or_default();
        let file = self.data_file_name().map_or_else(String::new, |file| format!(" on {file}"));
        format!("{problem}{file}: {what}")
    }

    /// The title of the problem, with the file that takes the place of its data.
    pub fn title(&self) -> String {
        let title = self.problem.title;
        match (title.rsplit_once(" on "), self.data_file_name()) {
            (Some((network, _)), Some(file)) => format!("{network} on {file}"),
            _ => title.to_owned(),
        }
    }

    fn data_file_name(&self) -> Option<String> {
        Some(self.data_file()?.file_name()?.to_string_lossy().into_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;
    use crate::programs::settings::PROB2A;

    fn read(arguments: &[&str]) -> Result<Options, String> {
        let own: Vec<Flag> = flags(&PROB2A).filter(|flag| flag.is_of("prob2a")).collect();
        let given = Arguments::read(&own, &[], arguments.iter().map(OsString::from));
        given.and_then(|given| Options::read(&PROB2A, &given)).map_err(|error| error.to_string())
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
        assert_eq!((init.weights, init.bias, hidden, batch), (WeightInit::He, -0.25, 8, Some(22)));
        assert_eq!((given.seed, given.load), (u64::MAX, None));
        assert!(given.ascii && given.quiet);
        assert_eq!((given.batch, given.axes), (Some(3), [0, 2]));
        let path = |name: &str| Some(PathBuf::from(name));
        assert_eq!((given.data, given.validation, given.save), (path("d"), path("v"), path("s")));
        assert_eq!(Some(given.out), path("o"));
        let largest = read(&["--epochs=18446744073709551615", "--batch=4294967295"]).unwrap();
        assert_eq!((largest.settings.epochs, largest.batch), (u64::MAX, Some(4_294_967_295)));
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
        refused(&["-6", "six"], "--hidden", "8, 16 or 100");
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
                let fitted = Settings { batch: Some(samples.min(default)), ..options.settings };
                assert_eq!(options.settings_for(samples).unwrap(), fitted);
            }
        }
        let given = read(&["--batch", "5"]).unwrap();
        assert_eq!(given.settings_for(5).unwrap().batch, Some(5));
        let message = "--batch 5: expected at most 4, the samples of the training data";
        assert_eq!(given.settings_for(4).unwrap_err().to_string(), message);
    }
}
