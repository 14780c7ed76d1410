//! A run: its data and first parameters, random or loaded; its training; its last parameters, saved.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use crate::math::model::{Model, widths};
use crate::math::rng::Rng;
use crate::programs::cli::Options;
use crate::programs::console::Console;
use crate::programs::findings::advice;
use crate::programs::output::{check_place, write_atomically};
use crate::programs::settings::Problem;
use crate::training::checkpoint::{Checkpoint, is_saved};
use crate::training::dataset::{Dataset, Source};
use crate::training::error::Error;
use crate::training::fingerprint::Fingerprint;
use crate::training::reader::bytes_of;
use crate::training::scaling::Scaling;
use crate::training::train::{EpochScores, History, Split, Trainer};

/// [`Error::Usage`] if there is a file in the place of the saved parameters that holds something else: data, perhaps.
fn refuse_to_replace(file: &Path) -> Result<(), Error> {
    let mut start = Vec::new();
    let read = File::open(file).and_then(|file| file.take(100).read_to_end(&mut start));
    match read {
        Ok(_) if start.is_empty() || is_saved(&start) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        _ => Err(Error::Usage(format!(
            "--save {} would replace a file without saved parameters: name another, or remove it",
            file.display()
        ))),
    }
}

const SAVE_ADVICE: &str = "--save names the file to write";
const LOAD_ADVICE: &str = "--load takes a file that --save has written, of the same program and --hidden";

/// The data of a run.
#[derive(Debug)]
pub struct Data<const D: usize, const K: usize> {
    /// The samples that the network learns from.
    pub training: Dataset<D, K>,
    /// Samples that it is only scored on.
    pub validation: Option<Dataset<D, K>>,
}

impl<const D: usize, const K: usize> Data<D, K> {
    /// The same for [`Trainer::train`].
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

/// A run of a network M.
#[derive(Debug)]
pub struct Run<M, const D: usize, const K: usize> {
    /// The options; the default mini-batch is at most all samples.
    pub options: Options,
    /// The network and where its training stands.
    pub state: Checkpoint<M, D>,
    /// The data as they were read, which figures show.
    pub raw: Data<D, K>,
    /// The same, standardised, if they are.
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
        let Problem { name, tuned, starter, .. } = options.problem;
        if let Some(file) = &options.save {
            // Not only after long training.
            check_place(file).map_err(|error| error.advise(SAVE_ADVICE))?;
            refuse_to_replace(file)?;
        }
        let loaded = options.load.is_some().then(|| saved(options)).transpose()?;
        let names = [training.name, validation.map_or("", |source| source.name)];
        let training = options.samples(training, loaded.as_ref().map(|state| &state.names))?;
        let validation = match validation {
            Some(source) => Some(options.validation(source, &training)?),
            None => options.second_file(&training)?,
        };
        let raw = Data { training, validation };
        let mut options = options.for_samples(raw.training.len())?;
        let state = loaded.unwrap_or_else(|| {
            let (seed, names) = (options.seed, raw.training.names().clone());
            let mut rng = Rng::new(seed);
            let model = M::initialised(&options.settings.init, &mut rng);
            let scaling = options.standardize.then(|| Scaling::of(&raw.training));
            Checkpoint { model, rng, epochs: 0, seed, names, scaling }
        });
        options.standardize = state.scaling.is_some();
        let scaled = state.scaling.as_ref().map(|scaling| Data {
            training: scaling.apply(&raw.training),
            validation: raw.validation.as_ref().map(|data| scaling.apply(data)),
        });
        let given = options.files();
        let file = |n: usize, data: &Dataset<D, K>| {
            let name = given[n].map_or(names[n].to_owned(), |file| file.display().to_string());
            format!("{name} ({})", data.len())
        };
        let mut files = file(0, &raw.training);
        if let Some(data) = &raw.validation {
            files = format!("{files}, {}", file(1, data));
        }
        console.describe(options.settings_line());
        console.line(options.title())?;
        console.line(format!("network: {}", network(&state.model)))?;
        console.line(format!("data: {files}"))?;
        console.line(format!("settings: {}", options.settings_line()))?;
        if let Some(batch) = options.replaced_batch {
            console.line(format!("batch: all training samples, fewer than the default batch of {batch}"))?;
        }
        if options.settings == *tuned {
            let on = if options.data.is_some() { ", on the built-in data" } else { "" };
            console.line(format!("settings from: the sweeps of tune (out/tuning/{name}.md){on}"))?;
        } else if options.settings == *starter {
            console.line("settings from: the course's starter script")?;
        }
        if let Some(file) = &options.load {
            let Checkpoint { epochs, seed, .. } = &state;
            console
                .line(format!("loaded {}: trained for {epochs} epochs from seed {seed}", file.display()))?;
        } else if scaled.is_none() {
            advice(&raw.training).map_or(Ok(()), |advice| console.line(advice))?;
        }
        Ok(Run { options, state, raw, scaled })
    }

    /// The data as the network sees them.
    pub fn data(&self) -> &Data<D, K> {
        self.scaled.as_ref().unwrap_or(&self.raw)
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
        let Run { options, state: Checkpoint { model, rng, epochs, .. }, raw, scaled } = self;
        let data = scaled.as_ref().unwrap_or(raw);
        let (first, mut kept_rng) = (*epochs, rng.clone());
        let mut best: Option<(f64, u64, M)> = None;
        let see = |model: &M, scores: &EpochScores| {
            let loss = scores.validation_loss();
            let lowest = best.as_ref().map_or(f64::INFINITY, |(lowest, ..)| *lowest);
            if options.keep_best && loss < lowest {
                best = Some((loss, scores.epoch, model.clone()));
            }
            watch(model, scores);
            console.iteration(scores)
        };
        let (hyper, batches) = (options.settings.hyperparameters(), options.settings.batches(rng));
        let history = trainer.train(model, data.split(), batches, &hyper, see)?;
        *epochs = history[history.len() - 1].epoch;
        if let Some((_, epoch, kept)) = best {
            if options.settings.batch.is_some() {
                let mut order = vec![(); data.training.len()];
                (first..epoch).for_each(|_| kept_rng.shuffle(&mut order));
            }
            (*model, *epochs, *rng) = (kept, epoch, kept_rng);
        }
        Ok(history)
    }

    /// Saves the parameters if `--save` says where, and prints their fingerprint.
    pub fn finish(&self, console: &mut Console) -> Result<(), Error> {
        let Run { options, state, .. } = self;
        if let Some(file) = &options.save {
            let text = state.to_text(options.problem.name, &options.settings_line());
            write_atomically(file, text.as_bytes()).map_err(|error| error.advise(SAVE_ADVICE))?;
            console.line(format!("saved {}", file.display()))?;
        }
        console.line(format!("fingerprint: {}", Fingerprint::of(&state.model)))
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
    let advised = |error| match error {
        Error::Data { file, line, column, problem } => {
            Error::Data { file, line, column, problem: format!("{problem}; {LOAD_ADVICE}") }
        }
        other => other.advise(LOAD_ADVICE),
    };
    let contents = bytes_of(file).map_err(advised)?;
    Checkpoint::parse(&file.display().to_string(), &contents, options.problem.name).map_err(advised)
}

/// A network in words: `2 inputs → 6 ReLU units → 2 classes`.
pub fn network<M: Model<D, K>, const D: usize, const K: usize>(model: &M) -> String {
    let widths = widths(&model.parameters(), " ReLU units → ");
    let widths = widths.replacen("ReLU units", "inputs", 1);
    format!("{widths} classes")
}
