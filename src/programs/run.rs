//! A run: its data and first parameters, random or loaded; its training; its last parameters, saved.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::Path;
use std::sync::Mutex;

use crate::math::model::{Model, widths};
use crate::math::rng::Rng;
use crate::programs::console::Console;
use crate::programs::options::Options;
use crate::programs::output::{check_place, write_atomically};
use crate::programs::settings::{Problem, Settings};
use crate::training::checkpoint::{Checkpoint, is_saved};
use crate::training::dataset::{Dataset, Source};
use crate::training::error::Error;
use crate::training::fingerprint::Fingerprint;
use crate::training::names::Names;
use crate::training::numbers::readable;
use crate::training::reader::bytes_of;
use crate::training::scaling::{Scaling, advice};
use crate::training::train::{EpochScores, History, Split, Trainer};

/// The data of a run.
#[derive(Debug)]
pub struct Data<const D: usize, const K: usize> {
    /// The samples that the network learns from.
    pub training: Dataset<D, K>,
    /// Samples that it is only scored on.
    pub validation: Option<Dataset<D, K>>,
}

impl<const D: usize, const K: usize> Data<D, K> {
    /// The data inside the program, or those that the flags name. `names` are those of loaded parameters.
    fn load(
        options: &Options,
        training: &Source,
        validation: Option<&Source>,
        names: Option<&Names>,
    ) -> Result<Self, Error> {
        let load = |source: &Source, names| {
            let Some(path) = &options.data else { return source.load(names) };
            let file = if path.is_dir() { path.join(source.name) } else { path.clone() };
            read(&file, names, "--data names the file, or the folder that holds it")
        };
        let training: Dataset<D, K> = load(training, names)?;
        let names = Some(training.names());
        let validation = match (&options.validation, validation, options.data_file()) {
            (Some(file), ..) => Some(read(file, names, "--validation names the file itself")?),
            (None, Some(_), Some(file)) => {
                return Err(Error::Usage(format!(
                    "--data {} is a single file: --validation names the one to validate with, which may be the same",
                    file.display()
                )));
            }
            (None, Some(source), None) => Some(load(source, names)?),
            (None, None, _) => None,
        };
        Ok(Data { training, validation })
    }

    fn scaled(&self, scaling: &Scaling<D>) -> Self {
        let validation = self.validation.as_ref().map(|data| scaling.apply(data));
        Data { training: scaling.apply(&self.training), validation }
    }

    /// The data as [`Trainer::train`] takes them.
    pub fn split(&self) -> Split<'_, D, K> {
        Split { training: &self.training, validation: self.validation.as_ref() }
    }

    /// The training and the validation data.
    ///
    /// # Panics
    ///
    /// If there are no validation data.
    pub fn both(&self) -> [&Dataset<D, K>; 2] {
        [&self.training, self.validation.as_ref().expect("problem 2 has validation data")]
    }
}

/// The data of a file. What was inferred of them is said on standard error, once for all programs of a document.
fn read<const D: usize, const K: usize>(
    file: &Path,
    names: Option<&Names>,
    advice: &'static str,
) -> Result<Dataset<D, K>, Error> {
    static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let bytes = bytes_of(file).map_err(|error| error.advise(advice))?;
    let data = Dataset::parse(&file.display().to_string(), &bytes, names)?;
    if let (Some(reading), Ok(mut said)) = (data.reading(), SAID.lock()) {
        if !said.iter().any(|earlier| earlier == reading) {
            // If standard error is closed, there is nobody to tell.
            let _ = writeln!(io::stderr(), "{reading}");
            said.push(reading.to_owned());
        }
    }
    Ok(data)
}

/// The options of a run and what follows from them once its data are known, in words.
#[derive(Debug, Clone)]
pub struct Setup {
    /// What the flags say.
    pub options: Options,
    /// The settings of training; the default mini-batch is at most all samples.
    pub settings: Settings,
    /// The network: `2 inputs → 6 ReLU units → 2 classes`.
    pub network: String,
    /// Where training starts: the initialisation, the seed and whether the inputs are standardised.
    pub start: String,
}

impl Setup {
    fn new(options: &Options, samples: usize, network: String, is_scaled: bool) -> Result<Self, Error> {
        let settings = options.settings_for(samples)?;
        let mut start = match options.load {
            Some(_) => "from saved parameters".to_owned(),
            None => {
                let init = settings.init;
                format!("init {} (biases {}), seed {}", init.weights, readable(init.bias), options.seed)
            }
        };
        start += if is_scaled { ", inputs standardised" } else { "" };
        Ok(Setup { options: options.clone(), settings, network, start })
    }

    /// All settings of the run on one line.
    pub fn settings_line(&self) -> String {
        format!("{}, λ = {}, {}", self.settings.steps(), readable(self.settings.lambda), self.start)
    }

    /// The text below a title for runs with other settings from the same start, without λ and accuracy.
    pub fn subtitle(&self, settings: &Settings) -> String {
        format!("{}\n{}\n{}", self.network, settings.steps(), self.start)
    }

    /// Prints the problem, the network, the data and the settings, with where they come from.
    fn print(&self, console: &mut Console, files: &str) -> Result<(), Error> {
        let Setup { options, settings, network, .. } = self;
        let Problem { name, tuned, starter, .. } = options.problem;
        console.line(options.title())?;
        console.line(format!("network: {network}"))?;
        console.line(format!("data: {files}"))?;
        console.line(format!("settings: {}", self.settings_line()))?;
        let default = options.settings.batch.filter(|_| options.batch.is_none());
        if let Some(batch) = default.filter(|_| settings.batch != default) {
            console.line(format!("batch: all training samples, fewer than the default batch of {batch}"))?;
        }
        if settings == tuned {
            let on = if options.data.is_some() { ", on the built-in data" } else { "" };
            console.line(format!("settings from: the sweeps of tune (out/tuning/{name}.md){on}"))?;
        } else if settings == starter {
            console.line("settings from: the course's starter script")?;
        }
        Ok(())
    }
}

/// A network in words: `2 inputs → 6 ReLU units → 2 classes`.
pub fn network<M: Model<D, K>, const D: usize, const K: usize>(model: &M) -> String {
    let widths = widths(&model.parameters(), " ReLU units → ");
    let widths = widths.replacen("ReLU units", "inputs", 1);
    format!("{widths} classes")
}

/// A run of a network M.
#[derive(Debug)]
pub struct Run<M, const D: usize, const K: usize> {
    /// The options and what follows from them.
    pub setup: Setup,
    /// The network and where its training stands.
    pub state: Checkpoint<M, D>,
    /// The data as they were read, which figures show.
    pub raw: Data<D, K>,
    /// The data standardised, if they are.
    scaled: Option<Data<D, K>>,
}

impl<M: Model<D, K>, const D: usize, const K: usize> Run<M, D, K> {
    /// Reads the data, and makes the first parameters: random ones, or those that `--load` names, with their scaling. Prints
    /// the problem, the network, the data and the settings.
    pub fn start(
        console: &mut Console,
        options: &Options,
        training: &Source,
        validation: Option<&Source>,
    ) -> Result<Self, Error> {
        // Not only after long training.
        options.save.as_deref().map_or(Ok(()), check_save)?;
        let loaded: Option<Checkpoint<M, D>> = options.load.is_some().then(|| saved(options)).transpose()?;
        let raw = Data::load(options, training, validation, loaded.as_ref().map(|state| &state.names))?;
        let state = loaded.unwrap_or_else(|| {
            let (seed, names) = (options.seed, raw.training.names().clone());
            let mut rng = Rng::new(seed);
            let model = M::initialised(&options.settings.init, &mut rng);
            let scaling = options.standardize.then(|| Scaling::of(&raw.training));
            Checkpoint { model, rng, epochs: 0, seed, names, scaling }
        });
        let scaled = state.scaling.as_ref().map(|scaling| raw.scaled(scaling));
        let setup = Setup::new(options, raw.training.len(), network(&state.model), scaled.is_some())?;
        let described = |file: Option<&Path>, source: Option<&Source>, data: &Dataset<D, K>| {
            let inside = source.map_or(String::new(), |source| source.name.to_owned());
            format!("{} ({})", file.map_or(inside, |file| file.display().to_string()), data.len())
        };
        let mut files = described(options.data_file(), Some(training), &raw.training);
        if let Some(data) = &raw.validation {
            files = format!("{files}, {}", described(options.validation.as_deref(), validation, data));
        }
        console.settings = setup.settings_line();
        setup.print(console, &files)?;
        if let Some(file) = &options.load {
            let Checkpoint { epochs, seed, .. } = &state;
            console
                .line(format!("loaded {}: trained for {epochs} epochs from seed {seed}", file.display()))?;
        } else if let Some(advice) = advice(&raw.training).filter(|_| scaled.is_none()) {
            console.line(advice)?;
        }
        Ok(Run { setup, state, raw, scaled })
    }

    /// The data as the network sees them.
    pub fn data(&self) -> &Data<D, K> {
        self.scaled.as_ref().unwrap_or(&self.raw)
    }

    /// The network for inputs in their own units, which figures show.
    pub fn in_own_units(&self) -> M {
        self.state.in_own_units(&self.state.model)
    }

    /// Trains with the run's settings, prints the losses, and lets `watch` see each epoch's network. Leaves the network of the
    /// last epoch or, with `--keep best`, of the first with the lowest validation loss (without the penalty), and the
    /// generator as it was then: whoever goes on from there takes the steps that this run took.
    pub fn train<const N: usize>(
        &mut self,
        console: &mut Console,
        trainer: &mut Trainer<M, D, K, N>,
        mut watch: impl FnMut(&M, &EpochScores),
    ) -> Result<History, Error> {
        let Run {
            setup: Setup { options, settings, .. },
            state: Checkpoint { model, rng, epochs, .. },
            raw,
            scaled,
        } = self;
        let data = scaled.as_ref().unwrap_or(raw);
        let (first, mut kept_rng) = (*epochs, rng.clone());
        let last = first.saturating_add(settings.epochs);
        let (mut lowest, mut best) = (f64::INFINITY, None);
        let see = |model: &M, scores: &EpochScores| {
            let loss = scores.validation_loss();
            if options.keep_best && loss < lowest {
                (lowest, best) = (loss, Some((scores.epoch, model.clone())));
            }
            watch(model, scores);
            console.iteration(scores, last)
        };
        let (hyper, batches) = (settings.hyperparameters(), settings.batches(rng));
        let history = trainer.train(model, data.split(), batches, &hyper, see)?;
        *epochs = history[history.len() - 1].epoch;
        if let Some((epoch, kept)) = best {
            if settings.batch.is_some() {
                let mut order = vec![(); data.training.len()];
                (first..epoch).for_each(|_| kept_rng.shuffle(&mut order));
            }
            (*model, *epochs, *rng) = (kept, epoch, kept_rng);
        }
        Ok(history)
    }

    /// Saves the parameters if `--save` says where, and prints their fingerprint.
    pub fn finish(&self, console: &mut Console) -> Result<(), Error> {
        let Run { setup, state, .. } = self;
        if let Some(file) = &setup.options.save {
            let text = state.to_text(setup.options.problem.name, &setup.settings_line());
            write_atomically(file, text.as_bytes()).map_err(|error| error.advise(SAVE_ADVICE))?;
            console.line(format!("saved {}", file.display()))?;
        }
        console.line(format!("fingerprint: {}", Fingerprint::of(&state.model)))
    }
}

const SAVE_ADVICE: &str = "--save names the file to write";

/// Refuses a file that cannot be written, or that holds something else than saved parameters: data, perhaps.
fn check_save(file: &Path) -> Result<(), Error> {
    check_place(file).map_err(|error| error.advise(SAVE_ADVICE))?;
    let mut start = Vec::new();
    match File::open(file).and_then(|file| file.take(100).read_to_end(&mut start)) {
        Ok(_) if start.is_empty() || is_saved(&start) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        _ => Err(Error::Usage(format!(
            "--save {} would replace a file without saved parameters: name another, or remove it",
            file.display()
        ))),
    }
}

/// The saved parameters that `--load` names.
///
/// # Panics
///
/// If it names none.
pub(super) fn saved<M: Model<D, K>, const D: usize, const K: usize>(
    options: &Options,
) -> Result<Checkpoint<M, D>, Error> {
    let file = options.load.as_ref().expect("--load is given");
    Checkpoint::read(file, options.problem.name)
        .map_err(|error| error.advise("--load names a file that --save has written"))
}
