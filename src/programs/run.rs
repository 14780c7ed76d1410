//! A run: its data and first parameters, random or loaded; its training; its last parameters, saved.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use crate::math::model::{Model, widths};
use crate::math::rng::Rng;
use crate::programs::check::GradientCheck;
use crate::programs::console::Console;
use crate::programs::data::Data;
use crate::programs::findings::{self, advice};
use crate::programs::options::Options;
use crate::programs::outcome::{Outcome, Setup};
use crate::programs::output::{check_place, write_atomically};
use crate::training::checkpoint::{Checkpoint, is_saved};
use crate::training::diagnosis::diagnose;
use crate::training::error::Error;
use crate::training::fingerprint::Fingerprint;
use crate::training::reader::bytes_of;
use crate::training::scaling::Scaling;
use crate::training::train::{EpochScores, Trainer};

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
        let setup = Setup::new(options, raw.training.len(), network(&state.model), scaled.is_some())?;
        console.settings = setup.settings_line();
        setup.print(console, &raw.described(options))?;
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
        check: GradientCheck,
        mut watch: impl FnMut(&M, &EpochScores),
    ) -> Result<Outcome, Error> {
        let Run { setup, state: Checkpoint { model, rng, epochs, .. }, raw, scaled } = self;
        let (options, hyper, data) =
            (&setup.options, setup.settings.hyperparameters(), scaled.as_ref().unwrap_or(raw));
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
        let history = trainer.train(model, data.split(), setup.settings.batches(rng), &hyper, see)?;
        *epochs = history[history.len() - 1].epoch;
        if let Some((epoch, kept, generator)) = best {
            (*epochs, *model) = (epoch, kept);
            if let Some(generator) = generator {
                *rng = generator;
            }
        }
        let line =
            |finding| findings::line(finding, data.training.names(), hyper.lambda, options.load.is_some());
        let findings = diagnose(model, &data.training, trainer, &history, &hyper, *epochs)
            .map(|findings| findings.into_iter().map(line).collect())
            .map_err(|divergence| findings::cause(divergence, &hyper));
        // Of a long run, not every epoch is in the history.
        let scores = history[history.partition_point(|scores| scores.epoch < *epochs)];
        Ok(Outcome { setup: setup.clone(), check, history, scores, findings })
    }

    /// Saves the parameters if `--save` says where, and prints their fingerprint.
    pub fn finish(&self, console: &mut Console) -> Result<(), Error> {
        let Run { setup, state, .. } = self;
        if let Some(file) = &setup.options.save {
            let text = state.to_text(setup.options.problem.name, &setup.settings_line());
            write_atomically(file, text.as_bytes()).map_err(|error| error.advise(SAVE_ADVICE))?;
            console.line(format!("saved {}", file.display()))?;
        }
        console.line(format!("fingerprint: {}", Fingerprint::of_model(&state.model)))
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

const LOAD_ADVICE: &str = "--load takes a file that --save has written, of the same program and --hidden";

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
    let contents = bytes_of(file).map_err(advised)?;
    Checkpoint::parse(&file.display().to_string(), &contents, options.problem.name).map(Some).map_err(advised)
}
