//! The flags of the six programs, and the options that they set.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::math::init::{Init, WeightInit};
use crate::programs::arguments::{Arguments, Flag, flag};
use crate::programs::settings::{Problem, Settings};
use crate::training::error::Error;
use crate::training::numbers::finite;

/// The options of a run, as the flags set them; data never change them. The help of its flag says what each is.
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
    pub comparisons: bool,
    pub ppm: Option<[usize; 2]>,
    /// The columns that drawings in characters may take, if there are to be any.
    pub columns: Option<usize>,
    pub quiet: bool,
}

/// The programs with mini-batches, and those with a choice of validation data.
const BATCHES: &str = "prob2a and prob2b";
const VALIDATED: &str = "prob1b, prob1d, prob2a and prob2b";

/// The flags of the six programs, of which each has some, in the order of the help, with the defaults of this problem.
pub fn flags(problem: &Problem) -> Vec<Flag> {
    let Settings { epochs, step_size, lambda, batch, init, hidden } = problem.tuned;
    let weights = format!("first weights: he, glorot, mirrored, or their deviation [{}]", init.weights);
    let units = format!("units of a hidden layer: {} [{hidden}]", problem.listed_widths());
    let batch = format!("samples in a mini-batch [{}]", batch.unwrap_or_default());
    vec![
        flag("--seed", "N", "seed of the generator [0]").known_as("random-seed random-state rng"),
        flag("--epochs", "N", format!("passes over the data [{epochs}]"))
            .known_as("iterations iters steps num-epochs n-epochs max-epochs max-iter"),
        flag("--step-size", "X", format!("step size alpha [{step_size}]"))
            .known_as("lr learning-rate learningrate alpha eta rate step"),
        flag("--reg", "X", format!("regularisation lambda [{lambda}]"))
            .known_as("lambda weight-decay wd decay l2 penalty regularization regularisation"),
        flag("--init", "NAME|X", weights)
            .known_as("weights initialization initialisation weight-init std sigma"),
        flag("--bias", "X", format!("first biases [{}]", init.bias)),
        flag("--hidden", "N", units)
            .only_of("prob1c, prob1d, prob2a and prob2b")
            .known_as("hidden-units hidden-size width units neurons nodes h"),
        flag("--batch", "N", batch).only_of(BATCHES).known_as("batch-size batchsize bs mini-batch minibatch"),
        flag("--ppm", "WxH", "draw regions.ppm too, WIDTHxHEIGHT pixels [none]")
            .only_of("prob1a, prob1b, prob1c and prob1d"),
        flag("--one-step", "", "one step of back-propagation with its numbers, and no training")
            .only_of("prob1c"),
        flag("--data", "PATH", "other training data, or a folder with files of these names [inside]")
            .only_of("prob1a, prob1b, prob1c, prob1d, prob2a, prob2b and answers")
            .known_as("dataset data-dir input train training"),
        flag("--validation", "FILE", "a second data file, only scored [none; 2a, 2b: rows of a single file]")
            .only_of(VALIDATED)
            .known_as("val valid test dev"),
        flag("--keep", "EPOCH", "the epoch to keep: last, or best on the validation data [last]")
            .only_of(VALIDATED)
            .known_as("best keep-best save-best early-stopping restore-best"),
        flag("--axes", "N,N", "the two inputs that petals.svg shows [3,4]").only_of(BATCHES),
        flag("--standardize", "", "scale inputs to mean 0, deviation 1 (divisor N) over the training data")
            .known_as("standardise normalize normalise scale scaling zscore"),
        flag("--no-comparisons", "", "train no further networks for figures that compare")
            .only_of("prob1c, prob1d, prob2a and prob2b"),
        flag("--out", "DIR", "folder for the results [out]")
            .known_as("output output-dir out-dir outdir results o"),
        flag("--ascii", "", "draw in characters too [only on a terminal]"),
        flag("--save", "FILE", "write the trained parameters to a file [none]")
            .known_as("checkpoint export save-model"),
        flag("--load", "FILE", "go on from saved parameters; --epochs 0 only evaluates them [none]")
            .known_as("resume restore load-model pretrained"),
        flag("--predict", "FILE", "only print the classes of its rows by --load's parameters, as CSV [none]")
            .known_as("prediction infer inference classify"),
        flag("--starter", "", "the settings of the course's starter script"),
        flag("--quiet", "", "no losses and no progress during training").known_as("silent no-progress q"),
    ]
}

fn number<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
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

impl Options {
    /// The options that these flags set. [`Error::Usage`] is for an unexpected value, and for a flag that has no effect
    /// beside another or needs one that is missing.
    pub fn read(problem: &'static Problem, given: &Arguments) -> Result<Self, Error> {
        let Settings { epochs, step_size, lambda, batch, init, hidden } =
            if given.has("--starter") { problem.starter } else { problem.tuned };
        let path = |name| given.value(name).map(PathBuf::from);
        let fewest = u64::from(!given.has("--load"));
        let [seeds, passes] = [0, fewest].map(|least| format!("an integer from {least} to {}", u64::MAX));
        let enough = |text: &str| text.parse().ok().filter(|&epochs| epochs >= fewest);
        let positive = |text: &str| finite(text).filter(|&number| number > 0.0);
        let not_negative = |text: &str| finite(text).filter(|&number| number >= 0.0);
        let weights = "he, glorot, mirrored or a number from 0";
        // As u32: its range is the same on every machine.
        let size = |text: &str| text.parse::<NonZeroU32>().ok()?.get().try_into().ok();
        let axes = "two different numbers from 1 to 4, as 3,4";
        let is_best = |text: &str| ["last", "best"].contains(&text).then_some(text == "best");
        let options = Options {
            problem,
            settings: Settings {
                epochs: given.parsed("--epochs", &passes, enough)?.unwrap_or(epochs),
                step_size: given.parsed("--step-size", "a number above 0", positive)?.unwrap_or(step_size),
                lambda: given.parsed("--reg", "a number from 0", not_negative)?.unwrap_or(lambda),
                batch,
                init: Init {
                    weights: given.parsed("--init", weights, WeightInit::parse)?.unwrap_or(init.weights),
                    bias: given.parsed("--bias", "a number", finite)?.unwrap_or(init.bias),
                },
                hidden: given.parsed("--hidden", &problem.listed_widths(), number)?.unwrap_or(hidden),
            },
            batch: given.parsed("--batch", "an integer from 1 to 4294967295", size)?,
            seed: given.parsed("--seed", &seeds, number)?.unwrap_or(0),
            data: path("--data"),
            validation: path("--validation"),
            axes: given.parsed("--axes", axes, parse_axes)?.unwrap_or([2, 3]),
            out: path("--out").unwrap_or_else(|| PathBuf::from("out")),
            save: path("--save"),
            load: path("--load"),
            predict: path("--predict"),
            one_step: given.has("--one-step"),
            standardize: given.has("--standardize"),
            keep_best: given.parsed("--keep", "best or last", is_best)?.unwrap_or(false),
            comparisons: !given.has("--no-comparisons"),
            ppm: given.parsed("--ppm", "WIDTHxHEIGHT from 1x1 to 10000x10000", parse_size)?,
            columns: given.has("--ascii").then_some(usize::MAX),
            quiet: given.has("--quiet"),
        };
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
            flags(self.problem).iter().map(|flag| flag.name).filter(|name| !kept.contains(name)).collect()
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
        let file = self.data_file_name().map_or_else(String::new, |file| format!(" on {file}"));
        format!("Problem {}{file}: {what}", self.problem.short())
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
        let own: Vec<Flag> = flags(&PROB2A).into_iter().filter(|flag| flag.is_of("prob2a")).collect();
        let given = Arguments::read(&own, &[], arguments.iter().map(OsString::from));
        given.and_then(|given| Options::read(&PROB2A, &given)).map_err(|error| error.to_string())
    }

    #[test]
    fn every_flag_sets_what_it_names() {
        let plain = read(&[]).unwrap();
        assert_eq!((plain.problem, plain.settings, plain.axes), (&PROB2A, PROB2A.tuned, [2, 3]));
        assert_eq!(read(&["--starter"]), Ok(Options { settings: PROB2A.starter, ..plain }));
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
        assert!(given.columns.is_some() && given.quiet);
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
