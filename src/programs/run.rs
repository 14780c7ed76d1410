//! A run: its data and first parameters, random or loaded; its training; its last parameters, saved.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;

use crate::math::init::Init;
use crate::math::model::{Model, widths};
use crate::math::rng::Rng;
use crate::programs::check::Verdicts;
use crate::programs::console::Console;
use crate::programs::data::Data;
use crate::programs::findings::{self, advice};
use crate::programs::options::Options;
use crate::programs::outcome::Outcome;
use crate::programs::output::{check_place, write_atomically};
use crate::programs::settings::{Problem, Settings};
use crate::training::checkpoint::{Checkpoint, is_saved};
use crate::training::diagnosis::diagnose;
use crate::training::error::Error;
use crate::training::fingerprint::Fingerprint;
use crate::training::numbers::readable;
use crate::training::scaling::Scaling;
use crate::training::train::{EpochScores, Trainer};

/// A network in words: `2 inputs → 6 ReLU units → 2 classes`.
pub fn network<M: Model<D, K>, const D: usize, const K: usize>(model: &M) -> String {
    let widths = widths(&model.parameters(), " ReLU units → ");
    let widths = widths.replacen("ReLU units", "inputs", 1);
    format!("{widths} classes")
}

/// A run of a network M, which trains in tiles of N rows.
#[derive(Debug)]
pub struct Run<M, const D: usize, const K: usize, const N: usize> {
    /// The settings of training; the default mini-batch is at most all samples.
    pub settings: Settings,
    /// Where training starts: the initialisation, the seed and whether the inputs are standardised.
    pub starting_point: String,
    /// The network and where its training stands.
    pub state: Checkpoint<M, D>,
    /// The data as they were read, which figures show.
    pub raw: Data<D, K>,
    /// The data standardised, if they are.
    scaled: Option<Data<D, K>>,
}

impl<M: Model<D, K>, const D: usize, const K: usize, const N: usize> Run<M, D, K, N> {
    /// Reads the data, and makes the first parameters: random ones, or those that `--load` names, with their scaling. Prints
    /// the problem, the network, the data and the settings.
    pub fn start(console: &mut Console) -> Result<Self, Error> {
        let options = console.options;
        // Not only after long training.
        options.save.as_deref().map_or(Ok(()), check_save)?;
        let loaded = saved::<M, D, K>(options)?;
        let raw = Data::load(options, loaded.as_ref().map(|state| &state.names))?;
        let state = loaded.unwrap_or_else(|| {
            let (seed, names) = (options.seed, raw.training.names().clone());
            let mut rng = Rng::new(seed);
            let model = M::initialised(&options.settings.init, &mut rng);
            let scaling = options.standardize.then(|| Scaling::of(&raw.training));
            Checkpoint { model, rng, epochs: 0, seed, names, scaling }
        });
        let scaled = state.scaling.as_ref().map(|scaling| raw.scaled(scaling));
        let settings = options.settings_for(raw.training.len())?;
        let starting_point = described_start(options, settings.init, scaled.is_some());
        console.settings =
            format!("{}, λ = {}, {starting_point}", settings.steps(), readable(settings.lambda));
        print_start(console, &settings, &network(&state.model), &raw.described(options))?;
        if let Some(file) = &options.load {
            let Checkpoint { epochs, seed, .. } = &state;
            console
                .line(format!("loaded {}: trained for {epochs} epochs from seed {seed}", file.display()))?;
        } else if let Some(advice) = advice(&raw.training).filter(|_| scaled.is_none()) {
            console.line(advice)?;
        }
        Ok(Run { settings, starting_point, state, raw, scaled })
    }

    /// The data as the network sees them.
    pub fn data(&self) -> &Data<D, K> {
        self.scaled.as_ref().unwrap_or(&self.raw)
    }

    /// The text below a title for runs with other settings from the same start, without λ and accuracy.
    pub fn subtitle(&self, settings: &Settings) -> String {
        format!("{}\n{}\n{}", network(&self.state.model), settings.steps(), self.starting_point)
    }

    /// The network for inputs in their own units, which figures show.
    pub fn in_own_units(&self) -> M {
        self.state.in_own_units(&self.state.model)
    }

    /// The classes that the network gives the training and the validation data.
    pub fn predictions(&self) -> [Vec<usize>; 2] {
        let mut trainer = Trainer::<M, D, K, N>::new();
        self.data().both().map(|data| trainer.predictions(&self.state.model, data))
    }

    /// Trains with the run's settings, prints the losses, and lets `watch` see each epoch's network. Leaves the network of the
    /// last epoch or, with `--keep best`, of the first with the lowest validation loss (without the penalty), and the
    /// generator as it was then: whoever goes on from there takes the steps that this run took.
    pub fn train(
        &mut self,
        console: &mut Console,
        check: Verdicts,
        mut watch: impl FnMut(&M, &EpochScores),
    ) -> Result<Outcome, Error> {
        let Run { settings, state: Checkpoint { model, rng, epochs, .. }, raw, scaled, .. } = self;
        let mut trainer = Trainer::<M, D, K, N>::after(*epochs);
        let (hyper, data) = (settings.hyperparameters(), scaled.as_ref().unwrap_or(raw));
        let options = console.options;
        let last = epochs.saturating_add(hyper.epochs);
        let (mut lowest, mut best) = (f64::INFINITY, None);
        let see = |model: &M, scores: &EpochScores, generator: Option<&Rng>| {
            let loss = scores.validation_loss();
            if options.keep_best && loss < lowest {
                (lowest, best) = (loss, Some((scores.epoch, model.clone(), generator.cloned())));
            }
            watch(model, scores);
            console.iteration(scores, last)
        };
        let history = trainer.train(model, data.split(), settings.batches(rng), &hyper, see)?;
        *epochs = history[history.len() - 1].epoch;
        if let Some((epoch, kept, generator)) = best {
            (*epochs, *model) = (epoch, kept);
            if let Some(generator) = generator {
                *rng = generator;
            }
        }
        let line =
            |finding| findings::line(finding, data.training.names(), hyper.lambda, options.load.is_some());
        let findings = diagnose(model, &data.training, &mut trainer, &history, &hyper, *epochs)
            .map(|findings| findings.into_iter().map(line).collect())
            .map_err(|divergence| findings::cause(divergence, &hyper));
        // Of a long run, not every epoch is in the history.
        let scores = history[history.partition_point(|scores| scores.epoch < *epochs)];
        let (problem, settings, settings_line) = (options.problem, *settings, console.settings.clone());
        Ok(Outcome { problem, settings, settings_line, check, history, scores, findings })
    }

    /// Saves the parameters if `--save` says where, and prints their fingerprint.
    pub fn finish(&self, console: &mut Console) -> Result<(), Error> {
        let Options { problem, save, .. } = console.options;
        if let Some(file) = save {
            let text = self.state.to_text(problem.name, &console.settings);
            write_atomically(file, text.as_bytes()).map_err(|error| error.advise(SAVE_ADVICE))?;
            console.line(format!("saved {}", file.display()))?;
        }
        console.line(format!("fingerprint: {}", Fingerprint::of_model(&self.state.model)))
    }
}

fn described_start(options: &Options, Init { weights, bias }: Init, is_scaled: bool) -> String {
    let start = match options.load {
        Some(_) => "from saved parameters".to_owned(),
        None => format!("init {weights} (biases {}), seed {}", readable(bias), options.seed),
    };
    start + if is_scaled { ", inputs standardised" } else { "" }
}

/// Prints the problem, the network, the data and the settings, with where they come from.
fn print_start(console: &mut Console, settings: &Settings, network: &str, files: &str) -> Result<(), Error> {
    let options = console.options;
    let Problem { name, tuned, starter, .. } = options.problem;
    console.line(options.title())?;
    console.line(format!("network: {network}"))?;
    console.line(format!("data: {files}"))?;
    console.line(format!("settings: {}", console.settings))?;
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

const LOAD_ADVICE: &str = "--load takes a file that --save has written, of the same program and --hidden";

/// The bytes of saved parameters, or the first of a file that is none, whatever its size.
fn contents(file: &Path) -> io::Result<Vec<u8>> {
    let (mut file, mut bytes) = (File::open(file)?, Vec::new());
    file.by_ref().take(100).read_to_end(&mut bytes)?;
    if is_saved(&bytes) {
        file.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// The saved parameters that `--load` names, if it is given.
pub(super) fn saved<M: Model<D, K>, const D: usize, const K: usize>(
    options: &Options,
) -> Result<Option<Checkpoint<M, D>>, Error> {
    let Some(file) = &options.load else { return Ok(None) };
    let advised = |error| match error {
        Error::Data { file, line, column, problem } => {
            Error::Data { file, line, column, problem: format!("{problem}; {LOAD_ADVICE}") }
        }
        other => other.advise(LOAD_ADVICE),
    };
    let contents = contents(file).map_err(|source| advised(Error::file(file, "read", source)))?;
    Checkpoint::parse(&file.display().to_string(), &contents, options.problem.name).map(Some).map_err(advised)
}
